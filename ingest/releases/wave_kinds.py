"""How each wave's classes are decided, exact or protected: settled with the first thing that is told, and for ever."""

from datetime import date

import duckdb
import polars as pl

_LEDGER = """
    CREATE SCHEMA IF NOT EXISTS release;
    CREATE TABLE IF NOT EXISTS release.survey_wave (
        source_id VARCHAR NOT NULL, wave_id VARCHAR NOT NULL, class_kind VARCHAR NOT NULL, first_on DATE, last_on DATE,
        PRIMARY KEY (source_id, wave_id)
    );
"""

# A version that knew no kinds told of answers exactly: of all that it decided, and hashes of files of all that it held.
_SETTLE_EARLIER = """
    INSERT INTO release.survey_wave BY NAME
    WITH told AS (
        SELECT source_id, wave_id FROM release.survey_class
        UNION SELECT source_id, wave_id FROM release.survey_quality
        UNION SELECT source_id, wave_id FROM release.survey_rate
    ), held AS (
        SELECT source_id, wave_id FROM last_version UNION SELECT source_id, wave_id FROM counted_case
    )
    SELECT *, 'exact' AS class_kind FROM told
    UNION SELECT *, 'exact' FROM held WHERE EXISTS (FROM told) AND NOT EXISTS (FROM release.survey_wave)
    ON CONFLICT DO NOTHING
"""

# The same answers may come back under another name of their source, or in waves of another length: what was told of
# them then binds them still.
_SETTLE = """
    INSERT INTO release.survey_wave
    WITH wave AS (
        SELECT source_id, wave_id, max(closes_on) AS wave_closed_on, min(submitted_on) AS first_on,
            max(submitted_on) AS last_on
        FROM last_version GROUP BY ALL
        UNION ALL
        SELECT source_id, wave_id, max(closes_on), min(reported_on), max(reported_on) FROM counted_case GROUP BY ALL
    ), bound AS (
        SELECT wave.source_id, wave.wave_id, max(told.class_kind) AS class_kind
        FROM wave JOIN release.survey_wave AS told
            ON (told.source_id = wave.source_id AND told.first_on <= wave.last_on AND wave.first_on <= told.last_on)
            OR (told.source_id NOT IN (SELECT source_name FROM terms) AND told.wave_id = wave.wave_id
                AND told.class_kind = 'protected')
        GROUP BY ALL
    )
    SELECT source_id, wave_id, coalesce(class_kind, $chosen), first_on, last_on
    FROM wave LEFT JOIN bound USING (source_id, wave_id)
    WHERE wave_closed_on <= $as_of
    ON CONFLICT DO NOTHING
"""

# Protected answers have one word for ever: late ones wait for the next wave, and sites may have got other references.
# A class that ended is not decided anew: one who withdrew stands in the first word and not in the second, so that with
# the same noise both together would tell the answer, and with other noise they would tell too much of all who stayed.
_KINDS = """
    WITH told_wave AS (
        SELECT DISTINCT source_id, wave_id, first_on, last_on
        FROM release.survey_class JOIN release.survey_wave USING (source_id, wave_id)
    ), bound_wave AS (
        SELECT DISTINCT kind.source_id, kind.wave_id
        FROM release.survey_wave AS kind JOIN told_wave
            ON told_wave.source_id = kind.source_id AND told_wave.first_on <= kind.last_on
            AND kind.first_on <= told_wave.last_on
    ), renamed AS (
        SELECT DISTINCT supplier_ref, facility_ref, indicator_id, wave_id, source_type = 'grievance' AS is_grievance
        FROM release.survey_class WHERE source_id NOT IN (SELECT source_name FROM terms)
    )
    SELECT cell.*, kind.class_kind,
        kind.class_kind = 'protected' AND (bound_wave.wave_id IS NOT NULL OR renamed.wave_id IS NOT NULL)
            AS is_told_already
    FROM undecided AS cell
    JOIN release.survey_wave AS kind ON cell.source_id = kind.source_id AND cell.wave_id = kind.wave_id
    LEFT JOIN bound_wave ON cell.source_id = bound_wave.source_id AND cell.wave_id = bound_wave.wave_id
    LEFT JOIN renamed ON renamed.supplier_ref IS NOT DISTINCT FROM cell.supplier_ref
        AND renamed.facility_ref = cell.facility_ref AND renamed.indicator_id = cell.indicator_id
        AND renamed.wave_id = cell.wave_id AND renamed.is_grievance = (cell.source_type = 'grievance')
"""


def make_wave_kinds(store: duckdb.DuckDBPyConnection) -> None:
    """Makes the ledger of kinds where it is missing."""
    store.execute(_LEDGER)


def settle_wave_kinds(store: duckdb.DuckDBPyConnection, chosen: str, as_of: date) -> None:
    """Settles how classes are decided of every wave closed by the day of which that is open: as the setting chooses.

    A wave stays what it was. Waves of which an earlier version told anything are exact. Needs `last_version`,
    `counted_case`, `terms` and all ledgers of releases.
    """
    store.execute(_SETTLE_EARLIER)
    store.execute(_SETTLE, {"chosen": chosen, "as_of": as_of})


def with_kinds(store: duckdb.DuckDBPyConnection, cells: pl.DataFrame) -> pl.DataFrame:
    """Gives the cells with `class_kind` and `is_told_already`: whether they are protected and were decided before."""
    store.register("undecided", cells)
    known = store.execute(_KINDS).pl()
    store.unregister("undecided")
    return known
