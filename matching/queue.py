"""What waits for a verdict, and what a verdict names: read from the publication, so that no run is in the way."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from matching.verdict_ledger import Subject
from tierline.errors import ConfigError
from tierline.home import Home
from tierline.publications import nothing_current

_WAITING = """
    SELECT queue_id, queue_rank, queue.kind, queue.supplier_id, supplier_name, other_supplier_id, other_name, list_name,
        match_weight, explanation, feeds_indicator, could_gate, is_unsure, spend, supplier_ref,
        coalesce(other_supplier_ref, entry_ref) AS other_ref, here.country_code,
        coalesce(there.country_code, entries.country_code) AS other_country_code
    FROM match_queue AS queue
    LEFT JOIN dim_supplier AS here ON here.supplier_id = queue.supplier_id
    LEFT JOIN dim_supplier AS there ON there.supplier_id = queue.other_supplier_id
    LEFT JOIN (
        SELECT list_name, entry_ref, min(country_code) AS country_code FROM dim_list_entry GROUP BY ALL
    ) AS entries USING (list_name, entry_ref)
"""
_QUEUE = f"{_WAITING} WHERE $kind IS NULL OR queue.kind = $kind ORDER BY queue_rank LIMIT $limit"
_QUEUE_OF_SUPPLIER = f"{_WAITING} WHERE $id IN (queue.supplier_id, other_supplier_id) ORDER BY queue_rank"

# What waits, what a list says of a supplier though it was decided, and every pair that was compared.
_SUBJECTS = """
    SELECT supplier_ref, other_supplier_ref, list_name, entry_ref FROM match_queue WHERE queue_id = $id
    UNION ALL
    SELECT supplier_ref, NULL, list_name, entry_ref FROM fct_list_match
    LEFT JOIN (
        SELECT supplier_id, min(supplier_ref) AS supplier_ref FROM dim_supplier_record
        JOIN dim_supplier USING (supplier_id) WHERE NOT is_natural_person GROUP BY supplier_id
    ) USING (supplier_id)
    WHERE match_id = $id
    UNION ALL
    SELECT left_ref, right_ref, NULL, NULL FROM supplier_pair
    WHERE 'Q' || left(sha256(left_ref || ' ' || right_ref), 12) = $id
"""

_RECORDS = """
    SELECT supplier_ref, name, source_id, record_no, matched_by FROM dim_supplier_record
    WHERE supplier_id = $id ORDER BY supplier_ref, row_id
"""

_PAIRS = """
    WITH refs AS (SELECT DISTINCT supplier_ref FROM dim_supplier_record WHERE supplier_id = $id)
    SELECT 'Q' || left(sha256(left_ref || ' ' || right_ref), 12) AS queue_id, left_ref, right_ref, match_weight,
        is_automatic, explanation
    FROM supplier_pair
    WHERE left_ref IN (FROM refs) AND right_ref IN (FROM refs)
    ORDER BY match_weight DESC, left_ref, right_ref
"""

_CHANGES = """
    SELECT changed_on, kind, supplier_id, other_supplier_id, supplier_ref, reason FROM entity_change
    WHERE supplier_id = $id OR other_supplier_id = $id ORDER BY changed_on, change_id
"""


@dataclass(frozen=True)
class Waiting:
    """One possible match that waits for a verdict: columns of the published table `match_queue`, with both countries.

    `supplier_ref` and `other_ref` are the references of both records or of the list entry, empty for a natural person.
    """

    queue_id: str
    rank: int
    kind: str
    supplier_id: str
    supplier_name: str
    other_supplier_id: str | None
    other_name: str
    list_name: str | None
    match_weight: float | None
    explanation: str | None
    feeds_indicator: str | None
    could_gate: bool
    is_unsure: bool
    spend: float | None
    supplier_ref: str | None
    other_ref: str | None
    country_code: str | None
    other_country_code: str | None


@dataclass(frozen=True)
class SupplierHistory:
    """Why records are one supplier: records, compared pairs among them, what of it waits for a verdict, and changes."""

    records: list[tuple[object, ...]]
    pairs: list[tuple[object, ...]]
    waiting: list[Waiting]
    changes: list[tuple[object, ...]]


def published_database(home: Home) -> Path:
    """Gives the DuckDB file that readers see; raises TierlineError where nothing is published yet."""
    path = home.published / "current" / "warehouse.duckdb"
    if not path.exists():
        raise nothing_current(home.published)
    return path


def waiting_matches(
    connection: duckdb.DuckDBPyConnection, *, kind: str | None, limit: int
) -> tuple[list[Waiting], int]:
    """Gives the first matches of the queue, of one kind or both, and how many wait in all."""
    rows = connection.execute(_QUEUE, {"kind": kind, "limit": limit}).fetchall()
    counted = connection.execute(
        "SELECT count(*) FROM match_queue WHERE $kind IS NULL OR kind = $kind", {"kind": kind}
    ).fetchone()
    return [Waiting(*row) for row in rows], counted[0] if counted else 0


def subject_of(connection: duckdb.DuckDBPyConnection, queue_id: str) -> Subject:
    """Gives what a verdict under that id names; also of a match that was decided, or a pair that joined by itself.

    Raises ConfigError where nothing has the id, or where the supplier is a natural person.
    """
    row = connection.execute(_SUBJECTS, {"id": queue_id}).fetchone()
    if row is None:
        raise ConfigError(
            f"nothing in the publication has the id '{queue_id}'",
            remedy="Take an id from `tierline match queue` or `tierline match why`; a newer run may have renewed them.",
        )
    if row[0] is None:
        raise ConfigError(
            f"{queue_id} is about a natural person, whose reference is not published",
            remedy="Put the verdict into the reviewed file of the source match_verdicts.",
        )
    return Subject(*(cell or "" for cell in row))


def subject_of_references(connection: duckdb.DuckDBPyConnection, one: str, other: str) -> Subject:
    """Gives the subject of a verdict on two references; raises ConfigError where one is unknown or both are one."""
    known = connection.execute(
        "SELECT DISTINCT supplier_ref FROM dim_supplier_record WHERE supplier_ref IN ($one, $other)",
        {"one": one, "other": other},
    ).fetchall()
    unknown = sorted({one, other} - {row[0] for row in known})
    if unknown:
        raise ConfigError(
            f"no supplier record of the publication has the reference {' or '.join(unknown)}",
            remedy="Give whole references, with their namespace, as `tierline match why` shows them.",
        )
    if one == other:
        raise ConfigError(f"{one} is compared with itself", remedy="Give two references.")
    return Subject(min(one, other), max(one, other))


def supplier_history(connection: duckdb.DuckDBPyConnection, supplier_id: str) -> SupplierHistory:
    """Gives why the records of a supplier are one and what became of it; raises ConfigError for an unknown id."""
    records, pairs, waiting, changes = (
        connection.execute(query, {"id": supplier_id}).fetchall()
        for query in (_RECORDS, _PAIRS, _QUEUE_OF_SUPPLIER, _CHANGES)
    )
    if not records and not changes:
        raise ConfigError(
            f"no supplier has or had the id '{supplier_id}'", remedy="Take an id from a report or from dim_supplier."
        )
    return SupplierHistory(records, pairs, [Waiting(*row) for row in waiting], changes)
