"""The ledger of told rates inside the restricted store: every rate that ever left it, as it was decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import polars as pl

from ingest.release_ledger import LEAST_WITHDRAWALS
from ingest.releases.rate_rule import LEAST_COUNT

_LEDGER = """
    CREATE SCHEMA IF NOT EXISTS release;
    CREATE TABLE IF NOT EXISTS release.survey_rate (
        rate_id VARCHAR PRIMARY KEY,
        source_id VARCHAR NOT NULL,
        wave_id VARCHAR NOT NULL,
        wave_closed_on DATE NOT NULL,
        known_on DATE NOT NULL,
        breakdown VARCHAR NOT NULL,
        country_code VARCHAR,
        sector_key VARCHAR,
        indicator_id VARCHAR NOT NULL,
        state VARCHAR NOT NULL,
        rate_percent BIGINT,
        shrunk_percent BIGINT,
        respondents_at_least BIGINT,
        respondents BIGINT,
        decided_on DATE NOT NULL,
        decided_in_run VARCHAR NOT NULL,
        superseded_on DATE
    );
    ALTER TABLE release.survey_rate ADD COLUMN IF NOT EXISTS reason VARCHAR;
"""

# An answer is in one finest group: that of its site's country and sector. Several questions may bear on one indicator.
_RESPONDENTS = """
    CREATE OR REPLACE TEMP TABLE rate_respondent AS
    SELECT source_id, wave_id, indicator_id, coalesce(country_code, '') AS country_code,
        coalesce(sector_key, '') AS sector_key, respondent_key, bool_or(answer = 'adverse') AS is_adverse,
        max(known_on) AS known_on
    FROM last_version LEFT JOIN place USING (facility_ref) GROUP BY ALL
"""

# One row a cell and respondent, so that shared respondents are counted by a join alone.
_MEMBERS = """
    CREATE TEMP TABLE IF NOT EXISTS rate_member AS
    WITH numbered AS (
        SELECT respondent_key, row_number() OVER () AS respondent_no
        FROM (SELECT DISTINCT respondent_key FROM rate_respondent)
    )
    SELECT DISTINCT source_id, wave_id, indicator_id, breakdown,
        CASE breakdown WHEN 'country' THEN country_code WHEN 'sector' THEN sector_key ELSE '' END AS heading,
        respondent_no
    FROM rate_respondent JOIN numbered USING (respondent_key),
        (SELECT unnest(['country', 'sector', 'wave']) AS breakdown)
"""

_NEW_WAVES = """
    SELECT source_id, wave_id, max(closes_on) AS wave_closed_on, coalesce(any_value(class_kind), '') = 'protected'
    FROM last_version LEFT JOIN release.survey_wave USING (source_id, wave_id)
    WHERE (source_id, wave_id) NOT IN (SELECT (source_id, wave_id) FROM release.survey_rate)
    GROUP BY ALL HAVING max(closes_on) <= $as_of ORDER BY wave_closed_on, source_id, wave_id
"""

_FINEST = """
    SELECT indicator_id, country_code, sector_key, count(*) AS respondents,
        count(*) FILTER (WHERE is_adverse) AS adverse, max(known_on) AS known_on
    FROM rate_respondent WHERE source_id = $source AND wave_id = $wave
    GROUP BY ALL ORDER BY indicator_id, country_code, sector_key
"""

# Two cells of the same heading that were heard from nearly the same people could be subtracted from each other.
_TOO_ALIKE = """
    WITH told AS (
        SELECT source_id, wave_id, indicator_id, breakdown, respondents,
            coalesce(country_code, sector_key, '') AS heading
        FROM release.survey_rate WHERE state = 'told' AND (source_id, wave_id) <> ($source, $wave)
    ), new AS (
        SELECT indicator_id, breakdown, heading, respondent_no FROM rate_member
        WHERE source_id = $source AND wave_id = $wave
    ), heard AS (
        SELECT indicator_id, breakdown, heading, count(*) AS heard FROM new GROUP BY ALL
    ), shared AS (
        SELECT old.source_id, old.wave_id, indicator_id, breakdown, heading, count(*) AS shared
        FROM rate_member AS old JOIN new USING (indicator_id, breakdown, heading, respondent_no)
        WHERE (old.source_id, old.wave_id) <> ($source, $wave)
        GROUP BY ALL
    )
    SELECT DISTINCT breakdown, heading, indicator_id
    FROM told JOIN heard USING (indicator_id, breakdown, heading)
    JOIN shared USING (source_id, wave_id, indicator_id, breakdown, heading)
    WHERE respondents + heard - 2 * shared BETWEEN 1 AND $least - 1
"""

# Rates of a wave end as a whole and are never told anew, so that no two versions of them can be compared.
_END = """
    UPDATE release.survey_rate AS ledger SET superseded_on = $as_of
    FROM (
        SELECT noted.source_id, noted.wave_id, count(DISTINCT noted.respondent_key) AS withdrawn,
            any_value(told.wave_closed_on) AS wave_closed_on
        FROM release.withdrawn_answer AS noted
        JOIN release.withdrawal USING (source_id, respondent_key)
        JOIN (SELECT DISTINCT source_id, wave_id, wave_closed_on, decided_on FROM release.survey_rate) AS told
            ON noted.source_id = told.source_id AND noted.wave_id = told.wave_id AND withdrawn_on >= decided_on
        GROUP BY ALL
    ) AS gone JOIN terms ON gone.source_id = terms.source_name
    WHERE ledger.superseded_on IS NULL AND ledger.source_id = gone.source_id AND ledger.wave_id = gone.wave_id
        AND (withdrawn >= $batch OR gone.wave_closed_on + to_days(terms.retention_days) <= $as_of)
"""

_TOLD = """
    SELECT rate_id AS row_id, source_id, '' AS snapshot_sha256, CAST(0 AS BIGINT) AS record_no,
        CAST(NULL AS BIGINT) AS item_no, known_on, rate_id, wave_id, wave_closed_on, breakdown, country_code,
        sector_key, indicator_id, state, reason, rate_percent, shrunk_percent, respondents_at_least
    FROM release.survey_rate JOIN (SELECT unnest($sources) AS source_id) USING (source_id)
    WHERE known_on <= $as_of AND (superseded_on IS NULL OR superseded_on > $as_of)
    ORDER BY rate_id
"""


@dataclass(frozen=True)
class Wave:
    """One closed wave of one source of which no rate was told yet; of protected classes none ever is."""

    source_id: str
    wave_id: str
    closed_on: date
    is_protected: bool


def make_rate_ledger(store: duckdb.DuckDBPyConnection) -> None:
    """Makes the ledger of rates where it is missing."""
    store.execute(_LEDGER)


def end_withdrawn_rates(store: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Ends the rates of waves from which ten have withdrawn since, or any where the wave's time is over.

    Needs the tables `terms`, `release.withdrawal` and `release.withdrawn_answer`.
    """
    store.execute(_END, {"as_of": as_of, "batch": LEAST_WITHDRAWALS})


def place_respondents(store: duckdb.DuckDBPyConnection, places: pl.DataFrame) -> None:
    """Makes the temporary table `rate_respondent` of `last_version`: a row a respondent, wave, indicator and group."""
    store.register("place", places)
    store.execute(_RESPONDENTS)
    store.execute("DROP TABLE IF EXISTS rate_member")
    store.unregister("place")


def new_waves(store: duckdb.DuckDBPyConnection, as_of: date) -> list[Wave]:
    """Gives the waves closed by the day of which nothing was decided, in the order in which they closed."""
    return [Wave(*row) for row in store.execute(_NEW_WAVES, {"as_of": as_of}).fetchall()]


def finest_counts(store: duckdb.DuckDBPyConnection, wave: Wave) -> pl.DataFrame:
    """Gives respondents and adverse ones of a wave by indicator, country and sector; empty text where unknown."""
    return store.execute(_FINEST, {"source": wave.source_id, "wave": wave.wave_id}).pl()


def too_alike(store: duckdb.DuckDBPyConnection, wave: Wave) -> set[tuple[str, str, str]]:
    """Gives the cells (breakdown, heading, indicator) that fewer than ten respondents set apart from an earlier one."""
    if store.execute("SELECT 1 FROM release.survey_rate WHERE state = 'told' LIMIT 1").fetchone() is None:
        return set()
    store.execute(_MEMBERS)
    bound = {"source": wave.source_id, "wave": wave.wave_id, "least": LEAST_COUNT}
    return set(store.execute(_TOO_ALIKE, bound).fetchall())


def write_rates(store: duckdb.DuckDBPyConnection, rates: pl.DataFrame) -> None:
    """Adds the decided cells of one wave to the ledger, where they stay as they are."""
    store.register("decided_rate", rates)
    store.execute("INSERT INTO release.survey_rate BY NAME SELECT * FROM decided_rate ORDER BY rate_id")
    store.unregister("decided_rate")


def told_rates(store: duckdb.DuckDBPyConnection, names: Sequence[str], as_of: date) -> pl.DataFrame:
    """Gives what was told of the named sources by the day, as rows of `canonical.survey_rate`."""
    return store.execute(_TOLD, {"sources": list(names), "as_of": as_of}).pl()
