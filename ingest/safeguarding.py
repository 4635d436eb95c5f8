"""Safeguarding notices: single serious cases, for one role to follow up, in the restricted store and nowhere else."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from ingest.sealed_store import sealed_store
from tierline.errors import ConfigError
from tierline.run import Run

_RULE = Path("dbt_project") / "seeds" / "catalogue" / "safeguarding_rule.csv"
_TABLE = """
    CREATE SCHEMA IF NOT EXISTS safeguarding;
    CREATE TABLE IF NOT EXISTS safeguarding.notice (
        source_id VARCHAR NOT NULL, case_id VARCHAR NOT NULL, facility_ref VARCHAR NOT NULL, supplier_ref VARCHAR,
        category VARCHAR NOT NULL, severity VARCHAR, reported_on DATE NOT NULL, due_on DATE NOT NULL,
        role VARCHAR NOT NULL
    );
"""

# A testimony in a survey has no case id: its pseudonym stands for it. Notices are made anew, so that one goes with its
# case when that is closed, withdrawn or purged.
_NOTICES = """
    INSERT INTO safeguarding.notice
    WITH told AS (
        SELECT source_id, case_id, facility_ref, supplier_ref, category, severity, indicator_id, reported_on
        FROM canonical.grievance_case
        WHERE coalesce(status, 'open') IN ('open', 'investigated') AND reported_on <= $as_of
        UNION ALL
        SELECT source_id, 'testimony ' || left(respondent_key, 12), facility_ref, supplier_ref,
            'testimony in a survey', NULL, indicator_id, max(submitted_on)
        FROM canonical.survey_answer WHERE answer = 'adverse' AND submitted_on <= $as_of GROUP BY ALL
    ), raised AS (
        SELECT told.*, min(rule.due_hours) AS due_hours, min(rule.role) AS role
        FROM told JOIN safeguarding_rule AS rule
            ON (rule.kind = 'severity' AND rule.value = told.severity)
            OR (rule.kind = 'indicator' AND rule.value = told.indicator_id)
        GROUP BY ALL
    )
    SELECT source_id, case_id, facility_ref, supplier_ref, category, severity, reported_on,
        CAST(reported_on + to_hours(CAST(due_hours AS INTEGER)) AS DATE), role
    FROM raised ORDER BY ALL
"""


@dataclass(frozen=True)
class Notice:
    """One serious case: where it is followed up, since when, by when, and by which role; nothing that was told."""

    source: str
    case_id: str
    facility_ref: str
    supplier_ref: str | None
    category: str
    severity: str | None
    reported_on: date
    due_on: date
    role: str


def make_notices(store: duckdb.DuckDBPyConnection, project: Path, as_of: date) -> int:
    """Makes the notices of the day anew from what the store holds; gives how many there are."""
    store.execute(_TABLE)
    store.execute("DELETE FROM safeguarding.notice")
    store.register("safeguarding_rule", _read_rule(project))
    store.execute(_NOTICES, {"as_of": as_of})
    store.unregister("safeguarding_rule")
    row = store.execute("SELECT count(*) FROM safeguarding.notice").fetchone()
    return int(row[0]) if row else 0


def forget_notices(store: duckdb.DuckDBPyConnection, source: str) -> None:
    """Removes the notices of a source, whose cases are being deleted."""
    store.execute(_TABLE)
    store.execute("DELETE FROM safeguarding.notice WHERE source_id = ?", [source])


def read_notices(run: Run) -> list[Notice]:
    """Gives the notices that stand, the earliest due first; none where there is no restricted store."""
    if not run.home.restricted_warehouse.exists():
        return []
    with sealed_store(run) as store:
        store.execute(_TABLE)
        rows = store.execute("SELECT * FROM safeguarding.notice ORDER BY due_on, source_id, case_id").fetchall()
    return [Notice(*row) for row in rows]


def _read_rule(project: Path) -> pl.DataFrame:
    try:
        with (project / _RULE).open(encoding="utf-8", newline="") as stream:
            rows = [(row["kind"], row["value"], float(row["due_hours"]), row["role"]) for row in csv.DictReader(stream)]
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ConfigError(
            f"the seed {_RULE.name} cannot be used: {type(error).__name__}",
            remedy="It needs the columns kind, value, due_hours (a number) and role.",
        ) from error
    return pl.DataFrame(rows, schema=["kind", "value", "due_hours", "role"], orient="row")
