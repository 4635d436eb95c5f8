"""Cases of grievance channels: counted to the same classes as surveys, but silence is never clean, and few stay inside.

The rate is the share of a site's cases that bear on the indicator, since nobody knows how many would have complained.
"""

from datetime import date

import duckdb
import polars as pl

# A case that was withdrawn or not upheld counts no more. One complainant with several cases is one.
_COUNTED = """
    CREATE OR REPLACE TEMP TABLE counted_case AS
    WITH told AS (
        SELECT grievance_case.*, terms.design_effect, CAST(make_date(
                year(reported_on), (month(reported_on) - 1) // terms.months * terms.months + 1, 1
            ) + to_months(terms.months) - INTERVAL 1 DAY + to_days(terms.closes_after_days) AS DATE) AS closes_on
        FROM canonical.grievance_case JOIN terms ON grievance_case.source_id = terms.source_name
        WHERE reported_on <= $as_of AND (known_on IS NULL OR known_on <= $as_of)
            AND source_id NOT IN (SELECT source_name FROM ingest.source_load WHERE status = 'failed')
    ), last_version AS (
        SELECT * REPLACE (coalesce(complainant_key, case_key) AS complainant_key) FROM told
        QUALIFY row_number() OVER (
            PARTITION BY source_id, case_key ORDER BY reported_on DESC, known_on DESC NULLS LAST, record_no DESC
        ) = 1
    )
    SELECT * FROM last_version WHERE coalesce(status, 'open') NOT IN ('withdrawn', 'not_upheld')
"""

# A protected wave has a cell for all that anybody may have complained of: that there is one tells of no complaint.
_CELLS = """
    WITH wave AS (
        SELECT source_id, wave_id, max(closes_on) AS wave_closed_on FROM counted_case GROUP BY ALL
    ), site AS (
        SELECT source_id, supplier_ref, facility_ref, wave_id, any_value(design_effect) AS design_effect,
            count(DISTINCT complainant_key) AS respondents, max(known_on) AS known_on
        FROM counted_case GROUP BY ALL
    ), complaint AS (
        SELECT source_id, supplier_ref, facility_ref, indicator_id, wave_id,
            count(DISTINCT complainant_key) AS adverse_respondents, max(known_on) AS known_on
        FROM counted_case WHERE indicator_id IS NOT NULL GROUP BY ALL
    ), asked AS (
        SELECT source_name AS source_id, wave_id, unnest(indicators) AS indicator_id
        FROM terms JOIN release.survey_wave ON source_name = source_id WHERE class_kind = 'protected'
        UNION
        SELECT DISTINCT source_id, wave_id, indicator_id FROM complaint
    ), cell AS (
        SELECT site.* EXCLUDE (known_on), asked.indicator_id,
            coalesce(complaint.adverse_respondents, 0) AS adverse_respondents,
            CASE WHEN class_kind = 'protected' THEN site.known_on ELSE complaint.known_on END AS known_on, class_kind,
            'R' || left(sha256(concat_ws(
                '|', 'grievance', site.source_id, coalesce(site.supplier_ref, ''), site.facility_ref,
                asked.indicator_id, site.wave_id
            )), 16) AS cell_id
        FROM site JOIN asked ON site.source_id = asked.source_id AND site.wave_id = asked.wave_id
        JOIN release.survey_wave AS kind ON site.source_id = kind.source_id AND site.wave_id = kind.wave_id
        LEFT JOIN complaint ON site.source_id = complaint.source_id AND site.wave_id = complaint.wave_id
            AND site.facility_ref = complaint.facility_ref AND asked.indicator_id = complaint.indicator_id
            AND site.supplier_ref IS NOT DISTINCT FROM complaint.supplier_ref
    )
    SELECT cell.* EXCLUDE (known_on, class_kind), 'grievance' AS source_type, wave_closed_on,
        CAST(NULL AS BOOLEAN) AS is_coached, greatest(wave_closed_on, known_on) AS known_on
    FROM cell JOIN wave USING (source_id, wave_id)
    WHERE wave_closed_on <= $as_of AND (adverse_respondents > 0 OR class_kind = 'protected')
        AND cell_id NOT IN (SELECT cell_id FROM release.survey_class WHERE superseded_on IS NULL)
"""


def count_cases(store: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Makes the temporary table `counted_case`: each case that counts, as it stood on the day; needs `terms`."""
    store.execute(_COUNTED, {"as_of": as_of})


def undecided_grievances(store: duckdb.DuckDBPyConnection, as_of: date) -> pl.DataFrame:
    """Gives the undecided cells of closed waves. Needs the tables `terms` and `counted_case` and the kinds of waves."""
    return store.execute(_CELLS, {"as_of": as_of}).pl()


def never_clean(decided: pl.DataFrame) -> pl.DataFrame:
    """Gives the decided cells with 'undetermined' for 'clean', as silence of a grievance channel says nothing.

    A class that does not fire never leaves, see `released_classes`: that there was a case at all would tell of the one
    who complained.
    """
    return decided.with_columns(pl.col("class").replace({"clean": "undetermined"}))
