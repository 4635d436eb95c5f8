"""The release ledger: every class that ever left the restricted store, as it was decided."""

from datetime import date

import duckdb
import polars as pl

LEAST_SHOWN = 10
"""Respondents below which no number of them is told (METHOD §6)."""
SHOWN_STEP = 5
LEAST_WITHDRAWALS = 10
"""Withdrawals from one site's wave with which they reach what was released of it (METHOD §6)."""

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
    ALTER TABLE release.survey_class ADD COLUMN IF NOT EXISTS cell_id VARCHAR;
    ALTER TABLE release.survey_class ADD COLUMN IF NOT EXISTS superseded_on DATE;
    ALTER TABLE release.survey_class ADD COLUMN IF NOT EXISTS class_kind VARCHAR;
    UPDATE release.survey_class SET cell_id = release_id WHERE cell_id IS NULL;
    UPDATE release.survey_class SET class_kind = 'exact' WHERE class_kind IS NULL;
"""

# Withdrawals reach the outputs of a site's wave in batches, or when the wave's time is over, and then at once.
_DUE = """
    CREATE OR REPLACE TEMP TABLE due AS
    WITH pending AS (
        SELECT source_id, supplier_ref, facility_ref, wave_id, count(DISTINCT respondent_key) AS withdrawn
        FROM release.withdrawn_answer WHERE reached_outputs_on IS NULL GROUP BY ALL
    ), decided AS (
        SELECT source_id, supplier_ref, facility_ref, wave_id, max(wave_closed_on) AS wave_closed_on
        FROM release.survey_class WHERE superseded_on IS NULL GROUP BY ALL
    )
    SELECT pending.source_id, pending.supplier_ref, pending.facility_ref, pending.wave_id
    FROM pending JOIN decided ON pending.source_id = decided.source_id AND pending.wave_id = decided.wave_id
        AND pending.facility_ref = decided.facility_ref
        AND pending.supplier_ref IS NOT DISTINCT FROM decided.supplier_ref
    JOIN terms ON pending.source_id = terms.source_name
    WHERE (withdrawn >= $batch OR wave_closed_on + to_days(terms.retention_days) <= $as_of)
        AND pending.source_id IN (
            SELECT source_name FROM ingest.source_load GROUP BY source_name HAVING bool_and(status = 'loaded')
        )
"""

_SUPERSEDE = """
    UPDATE release.survey_class AS ledger SET superseded_on = $as_of FROM due
    WHERE ledger.superseded_on IS NULL AND ledger.source_id = due.source_id AND ledger.wave_id = due.wave_id
        AND ledger.facility_ref = due.facility_ref AND ledger.supplier_ref IS NOT DISTINCT FROM due.supplier_ref
"""

_SETTLE = """
    UPDATE release.withdrawn_answer AS noted SET reached_outputs_on = $as_of FROM due
    WHERE noted.reached_outputs_on IS NULL AND noted.source_id = due.source_id AND noted.wave_id = due.wave_id
        AND noted.facility_ref = due.facility_ref AND noted.supplier_ref IS NOT DISTINCT FROM due.supplier_ref
"""

_RELEASE = """
    INSERT INTO release.survey_class BY NAME
    WITH earlier AS (
        SELECT cell_id, count(*) AS versions, max(superseded_on) AS superseded_on
        FROM release.survey_class GROUP BY cell_id
    )
    SELECT
        CASE WHEN versions IS NULL THEN cell_id
            ELSE 'R' || left(sha256(cell_id || '|' || versions), 16) END AS release_id,
        cell_id, source_id, supplier_ref, facility_ref, indicator_id, wave_id, wave_closed_on,
        greatest(known_on, superseded_on) AS known_on, class, class_kind, source_type, $run_id AS decided_in_run,
        is_coached,
        CASE WHEN respondents >= $least THEN respondents // $step * $step END AS respondents_at_least
    FROM decided LEFT JOIN earlier USING (cell_id) ORDER BY cell_id
"""

_RELEASED = """
    SELECT release_id AS row_id, source_id, '' AS snapshot_sha256, CAST(0 AS BIGINT) AS record_no,
        CAST(NULL AS BIGINT) AS item_no, known_on, facility_ref, supplier_ref, indicator_id, wave_id, wave_closed_on,
        class, class_kind, source_type, release_id, respondents_at_least, is_coached
    FROM release.survey_class JOIN (SELECT unnest($sources) AS source_id) USING (source_id)
    WHERE known_on <= $as_of AND (superseded_on IS NULL OR superseded_on > $as_of)
        AND NOT (source_type = 'grievance' AND class = 'undetermined')
    ORDER BY release_id
"""


def make_ledger(store: duckdb.DuckDBPyConnection) -> None:
    """Makes the ledger where it is missing, and adds to one of an older version what it lacks; no class is lost."""
    store.execute(_LEDGER)


def supersede_withdrawn(store: duckdb.DuckDBPyConnection, as_of: date) -> None:
    """Opens the cells again from which enough respondents withdrew, or whose wave's time is over.

    What was released of them stays in the ledger with the day on which it ended, so that a day before is as it was.
    Needs the tables `terms` and `release.withdrawn_answer`.
    """
    store.execute(_DUE, {"batch": LEAST_WITHDRAWALS, "as_of": as_of})
    store.execute(_SUPERSEDE, {"as_of": as_of})
    store.execute(_SETTLE, {"as_of": as_of})


def leave_out_classes(store: duckdb.DuckDBPyConnection, sources: list[str], run_id: str, as_of: date) -> None:
    """Takes back what a run decided of sources that it then could not use: exact classes go, to be decided anew.

    Protected ones end instead, as a second word on the same answers would tell too much.
    """
    make_ledger(store)
    bound = {"sources": sources, "run_id": run_id}
    decided = "list_contains(CAST($sources AS VARCHAR[]), source_id) AND decided_in_run = $run_id"
    store.execute(f"DELETE FROM release.survey_class WHERE {decided} AND class_kind = 'exact'", bound)
    store.execute(
        f"UPDATE release.survey_class SET superseded_on = $as_of WHERE {decided} AND superseded_on IS NULL",
        {**bound, "as_of": as_of},
    )


def release_classes(store: duckdb.DuckDBPyConnection, decided: pl.DataFrame, run_id: str) -> None:
    """Writes decided classes to the ledger, where each stays as it is; counts are rounded down here."""
    store.register("decided", decided)
    store.execute(_RELEASE, {"run_id": run_id, "least": LEAST_SHOWN, "step": SHOWN_STEP})
    store.unregister("decided")


def released_classes(store: duckdb.DuckDBPyConnection, names: list[str], as_of: date) -> pl.DataFrame:
    """Gives the classes of the named sources that were known on the day, as rows of `canonical.survey_class`.

    Of grievances only what fires leaves: any other row would tell that somebody complained.
    """
    return store.execute(_RELEASED, {"sources": names, "as_of": as_of}).pl()
