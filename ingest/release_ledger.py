"""The release ledger: every class that ever left the restricted store, as it was decided."""

from datetime import date

import duckdb
import polars as pl

from tierline.warehouse import connect

LEAST_SHOWN = 10
"""Respondents below which no number of them is told (METHOD §6)."""
SHOWN_STEP = 5

_LEDGER = """
    CREATE SCHEMA IF NOT EXISTS release;
    CREATE TABLE IF NOT EXISTS release.survey_class (
        release_id VARCHAR PRIMARY KEY,
        source_id VARCHAR NOT NULL,
        supplier_ref VARCHAR,
        facility_ref VARCHAR NOT NULL,
        indicator_id VARCHAR NOT NULL,
        wave_id VARCHAR NOT NULL,
        wave_closed_on DATE NOT NULL,
        known_on DATE NOT NULL,
        class VARCHAR NOT NULL,
        source_type VARCHAR NOT NULL,
        decided_in_run VARCHAR NOT NULL
    );
    ALTER TABLE release.survey_class ADD COLUMN IF NOT EXISTS respondents_at_least BIGINT;
    ALTER TABLE release.survey_class ADD COLUMN IF NOT EXISTS is_coached BOOLEAN;
"""

_RELEASE = """
    INSERT INTO release.survey_class BY NAME
    SELECT release_id, source_id, supplier_ref, facility_ref, indicator_id, wave_id, wave_closed_on, known_on, class,
        source_type, $run_id AS decided_in_run, is_coached,
        CASE WHEN respondents >= $least THEN respondents // $step * $step END AS respondents_at_least
    FROM decided ORDER BY release_id
"""

_RELEASED = """
    SELECT release_id AS row_id, source_id, '' AS snapshot_sha256, CAST(0 AS BIGINT) AS record_no,
        CAST(NULL AS BIGINT) AS item_no, known_on, facility_ref, supplier_ref, indicator_id, wave_id, wave_closed_on,
        class, source_type, release_id, respondents_at_least, is_coached
    FROM release.survey_class JOIN (SELECT unnest($sources) AS source_id) USING (source_id)
    WHERE known_on <= $as_of
    ORDER BY release_id
"""


def make_ledger(store: duckdb.DuckDBPyConnection) -> None:
    """Makes the ledger where it is missing, and adds to one of an older version what it lacks; no class is lost."""
    store.execute(_LEDGER)


def release_classes(store: duckdb.DuckDBPyConnection, decided: pl.DataFrame, run_id: str) -> None:
    """Writes decided classes to the ledger, where each stays as it is; counts are rounded down here."""
    store.register("decided", decided)
    store.execute(_RELEASE, {"run_id": run_id, "least": LEAST_SHOWN, "step": SHOWN_STEP})
    store.unregister("decided")


def released_classes(store: duckdb.DuckDBPyConnection, names: list[str], as_of: date) -> pl.DataFrame:
    """Gives the classes of the named sources that were known on the day, as rows of `canonical.survey_class`."""
    return store.execute(_RELEASED, {"sources": names, "as_of": as_of}).pl()


def no_classes() -> pl.DataFrame:
    """Gives the same columns without a row."""
    with connect() as connection:
        make_ledger(connection)
        return released_classes(connection, [], date.max)
