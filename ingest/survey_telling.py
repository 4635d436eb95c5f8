"""What leaves the restricted store of a survey's quality: rounded shares of whole waves, frozen when one is closed."""

from collections.abc import Mapping
from datetime import date

import duckdb
import polars as pl

from ingest.release_ledger import LEAST_SHOWN, SHOWN_STEP
from ingest.releases.class_rule import NOT_TOLD, WHY_NOT_TOLD
from ingest.releases.wave_kinds import make_wave_kinds

_LEDGER = """
    CREATE SCHEMA IF NOT EXISTS release;
    CREATE TABLE IF NOT EXISTS release.survey_quality (
        quality_id VARCHAR PRIMARY KEY,
        source_id VARCHAR NOT NULL,
        wave_id VARCHAR NOT NULL,
        wave_closed_on DATE NOT NULL,
        known_on DATE NOT NULL,
        measure VARCHAR NOT NULL,
        category VARCHAR,
        sheets_at_least BIGINT,
        value DOUBLE,
        state VARCHAR NOT NULL
    );
    ALTER TABLE release.survey_quality ADD COLUMN IF NOT EXISTS reason VARCHAR;
"""

# Of a wave whose classes are protected nothing is told that depends on what was answered, not even that it was equal.
# Of languages and channels the rare ones are told together; where even these are few, none of the dimension is told.
# The effect of interviewers is the intraclass correlation of reporting anything, by analysis of variance (Fleiss 1986).
_DECIDE = """
    INSERT INTO release.survey_quality BY NAME
    WITH wave AS (
        SELECT source_id, wave_id, max(closes_on) AS wave_closed_on FROM last_version GROUP BY ALL
        HAVING max(closes_on) <= $as_of
    ), sheet AS (
        SELECT survey_sheet.*, wave_closed_on, adverse > 0 AS is_reporting,
            coalesce(class_kind, '') = 'protected' AS is_protected
        FROM survey_sheet JOIN wave USING (source_id, wave_id) LEFT JOIN release.survey_wave USING (source_id, wave_id)
        WHERE (source_id, wave_id) NOT IN (SELECT (source_id, wave_id) FROM release.survey_quality)
    ), flag AS (
        SELECT source_id, wave_id, 'fast' AS measure, NULL AS category, count(*) FILTER (is_fast) AS hits,
            count(*) FILTER (duration_seconds IS NOT NULL AND median_seconds IS NOT NULL) AS base
        FROM sheet GROUP BY ALL
        UNION ALL
        SELECT source_id, wave_id, 'straight_lined', NULL, count(*) FILTER (is_straight_lined), count(*)
        FROM sheet GROUP BY ALL
        UNION ALL
        SELECT source_id, wave_id, 'duplicate', NULL, count(*) FILTER (is_duplicate), count(duration_seconds)
        FROM sheet GROUP BY ALL
        UNION ALL
        SELECT source_id, wave_id, 'response', NULL, count(*), any_value(invited)
        FROM sheet JOIN invitation USING (source_id, wave_id) GROUP BY ALL
    ), mix AS (
        SELECT source_id, wave_id, measure, category, count(*) AS hits
        FROM (
            SELECT source_id, wave_id, 'language' AS measure, language AS category FROM sheet
            UNION ALL SELECT source_id, wave_id, 'channel', channel FROM sheet
        ) WHERE category IS NOT NULL GROUP BY ALL
    ), grouped AS (
        SELECT source_id, wave_id, measure, CASE WHEN hits >= $least THEN category ELSE 'other' END AS category,
            CAST(sum(hits) AS BIGINT) AS hits
        FROM mix GROUP BY ALL
    ), whole AS (
        SELECT *, CAST(sum(hits) OVER dimension AS BIGINT) AS base, min(hits) OVER dimension AS fewest
        FROM grouped WINDOW dimension AS (PARTITION BY source_id, wave_id, measure)
    ), share AS (
        SELECT source_id, wave_id, measure, category,
            CASE WHEN hits >= $least AND base - hits >= $least
                THEN least(95, greatest(5, round(20.0 * hits / base) * 5)) END AS value
        FROM flag WHERE base > 0
        UNION ALL
        SELECT source_id, wave_id, measure, CASE WHEN fewest >= $least THEN category END,
            CASE WHEN fewest >= $least AND base - hits >= $least
                THEN least(95, greatest(5, round(20.0 * hits / base) * 5)) END
        FROM whole QUALIFY fewest >= $least OR row_number() OVER (PARTITION BY source_id, wave_id, measure) = 1
    ), enumerator AS (
        SELECT source_id, wave_id, enumerator_key, count(*) AS sheets, avg(CAST(is_reporting AS INTEGER)) AS share
        FROM sheet WHERE enumerator_key IS NOT NULL GROUP BY ALL HAVING count(*) >= $least
    ), variance AS (
        SELECT source_id, wave_id, count(*) AS groups, sum(sheets) AS total,
            (sum(sheets) - sum(sheets * sheets) / sum(sheets)) / (count(*) - 1) AS usual,
            (sum(sheets * share * share) - pow(sum(sheets * share), 2) / sum(sheets)) / (count(*) - 1)
                AS between_groups,
            sum(sheets * share * (1 - share)) / (sum(sheets) - count(*)) AS within_groups
        FROM enumerator GROUP BY ALL HAVING count(*) > 1
    ), size AS (
        SELECT source_id, wave_id, any_value(wave_closed_on) AS wave_closed_on, count(*) AS sheets,
            any_value(is_protected) AS is_protected
        FROM sheet GROUP BY ALL
    ), told AS (
        SELECT * FROM share
        UNION ALL
        SELECT source_id, wave_id, 'sheets', NULL, NULL FROM sheet GROUP BY ALL
        UNION ALL
        SELECT source_id, wave_id, 'median_minutes', NULL, round(median(duration_seconds) / 60)
        FROM sheet GROUP BY ALL HAVING count(duration_seconds) >= $least
        UNION ALL
        SELECT source_id, wave_id, 'enumerator_effect', NULL, round(20 * greatest(0,
            (between_groups - within_groups) / (between_groups + (usual - 1) * within_groups))) * 5
        FROM variance JOIN size USING (source_id, wave_id)
        WHERE is_protected OR between_groups + (usual - 1) * within_groups > 0
    ), allowed AS (
        SELECT * REPLACE (CASE WHEN NOT is_withheld THEN value END AS value)
        FROM (
            SELECT *, is_protected AND measure IN ('straight_lined', 'duplicate', 'enumerator_effect') AS is_withheld
            FROM told JOIN size USING (source_id, wave_id) WHERE sheets >= $least
        )
    )
    SELECT 'Q' || left(sha256(concat_ws('|', source_id, wave_id, measure, coalesce(category, ''))), 16) AS quality_id,
        source_id, wave_id, wave_closed_on, wave_closed_on AS known_on, measure, category,
        sheets // $step * $step AS sheets_at_least, value,
        CASE WHEN is_withheld THEN $not_told WHEN value IS NULL AND measure <> 'sheets' THEN 'suppressed'
            ELSE 'told' END AS state,
        CASE WHEN is_withheld THEN $why END AS reason
    FROM allowed ORDER BY ALL
"""

_TOLD = """
    SELECT quality_id AS row_id, source_id, '' AS snapshot_sha256, CAST(0 AS BIGINT) AS record_no,
        CAST(NULL AS BIGINT) AS item_no, known_on, quality_id, wave_id, wave_closed_on, measure, category,
        sheets_at_least, value, state, reason
    FROM release.survey_quality JOIN (SELECT unnest($sources) AS source_id) USING (source_id)
    WHERE known_on <= $as_of ORDER BY quality_id
"""


def make_quality_ledger(store: duckdb.DuckDBPyConnection) -> None:
    """Makes the ledger of what was told of quality, where it is missing."""
    store.execute(_LEDGER)
    make_wave_kinds(store)


def decide_quality(store: duckdb.DuckDBPyConnection, invited: Mapping[tuple[str, str], int], as_of: date) -> None:
    """Writes what may be told of newly closed waves of 10 sheets or more, once and for all.

    Shares are of the whole wave, to the nearest 5 %, never 0 or 100, with 10 sheets or more on either side; anything
    else is suppressed. Needs `last_version` and `survey_sheet`; `invited` is by source and wave.
    """
    rows = [(source, wave, count) for (source, wave), count in sorted(invited.items())]
    frame = pl.DataFrame(rows, schema={"source_id": pl.String, "wave_id": pl.String, "invited": pl.Int64}, orient="row")
    store.register("invitation", frame)
    limits = {"as_of": as_of, "least": LEAST_SHOWN, "step": SHOWN_STEP}
    store.execute(_DECIDE, {**limits, "not_told": NOT_TOLD, "why": WHY_NOT_TOLD})
    store.unregister("invitation")


def told_quality(store: duckdb.DuckDBPyConnection, names: list[str], as_of: date) -> pl.DataFrame:
    """Gives what was told of the named sources by the day, as rows of `canonical.survey_quality`."""
    return store.execute(_TOLD, {"sources": names, "as_of": as_of}).pl()
