"""Which references the entities are made for anew: all of them, or those that a change may reach.

What is one supplier hangs on what is said of its references, on the links between them and on the ids that they had.
A change reaches no further than the references that links join with the changed ones, now or before, and those whose id
they had. So where the tables are those that the earlier run left, only these references are worked on, and the outcome
is that of a run over all.
"""

import hashlib
from collections.abc import Mapping

import duckdb
import polars as pl

from matching.entity_ledger import EntityLedger
from matching.tables import few, registered
from matching.told_content import content_table_sql, find_moved_content, keep_moved_content
from matching.verdicts import Rulings

_TOLD_BEFORE = "matching.entity_content"
_TABLES = f"""
CREATE TABLE IF NOT EXISTS matching.entity_linked (supplier_ref VARCHAR, linked VARCHAR);
CREATE TABLE IF NOT EXISTS matching.entity_state (fingerprint VARCHAR);
{content_table_sql(_TOLD_BEFORE)}
"""

# A person's id comes from the first row, so for a person that is content as well.
_TOLD = """
    SELECT supplier_ref, hash('record', supplier_name, country_code, is_declared, is_natural_person,
        CASE WHEN is_natural_person THEN row_id END) AS content
    FROM intermediate.int_supplier_records
    UNION ALL
    SELECT supplier_ref, hash('key', link_key, method_rank) FROM intermediate.int_supplier_link_keys
    UNION ALL
    SELECT supplier_ref, hash('identifier', link_key) FROM intermediate.int_supplier_identifiers
    UNION ALL
    SELECT left_ref, hash('pair', right_ref, match_weight) FROM matching.supplier_pair WHERE is_automatic
    UNION ALL
    SELECT right_ref, hash('pair', left_ref, match_weight) FROM matching.supplier_pair WHERE is_automatic
"""

_CHANGED = """
CREATE OR REPLACE TEMP TABLE changed_reference AS
SELECT supplier_ref FROM intermediate.int_supplier_records
WHERE hash(supplier_ref) IN (SELECT reference FROM moved_content)
UNION
SELECT supplier_ref FROM matching.entity_linked WHERE hash(supplier_ref) IN (SELECT reference FROM moved_content)
"""

_ALL_CONCERNED = """
CREATE OR REPLACE TEMP TABLE concerned AS SELECT DISTINCT supplier_ref FROM intermediate.int_supplier_records
"""

_CHANGED_ONES = few("changed_reference", "supplier_ref")
_CONCERNED = f"""
CREATE OR REPLACE TEMP TABLE concerned AS
WITH linked_now AS (
    SELECT supplier_ref FROM intermediate.int_supplier_link_keys
    WHERE link_key IN (
        SELECT link_key FROM intermediate.int_supplier_link_keys SEMI JOIN {_CHANGED_ONES} USING (supplier_ref)
    )
    UNION
    SELECT right_ref FROM matching.supplier_pair WHERE is_automatic AND left_ref IN {_CHANGED_ONES}
    UNION
    SELECT left_ref FROM matching.supplier_pair WHERE is_automatic AND right_ref IN {_CHANGED_ONES}
),
changed_id AS (SELECT supplier_id FROM matching.entity_ledger SEMI JOIN {_CHANGED_ONES} USING (supplier_ref)),
of_one_id AS (SELECT supplier_ref FROM matching.entity_ledger WHERE supplier_id IN (FROM changed_id)),
reached AS (FROM changed_reference UNION FROM linked_now UNION FROM of_one_id),
linked_before AS (
    SELECT supplier_ref FROM matching.entity_linked
    WHERE linked IN (
        SELECT linked FROM matching.entity_linked SEMI JOIN {few("reached", "supplier_ref")} USING (supplier_ref)
    )
)
FROM reached UNION FROM linked_before
"""

_NEW_LINKED = """
DELETE FROM matching.entity_linked WHERE supplier_ref IN (FROM concerned);
INSERT INTO matching.entity_linked SELECT node, linked FROM linked_reference;
"""

_RECORD = "supplier_ref, row_id, supplier_name, country_code, is_declared, is_natural_person"
_SEEN_THROUGH = {
    "entity_record": (f"SELECT {_RECORD} FROM intermediate.int_supplier_records", "supplier_ref"),
    "entity_link_key": ("FROM intermediate.int_supplier_link_keys", "supplier_ref"),
    "entity_identifier": ("FROM intermediate.int_supplier_identifiers", "supplier_ref"),
    "entity_pair": ("SELECT left_ref, right_ref, match_weight, is_automatic FROM matching.supplier_pair", "left_ref"),
}
"""Names under which the entities are read, each a query and its column of references; pairs have both ends inside."""


def open_scope(connection: duckdb.DuckDBPyConnection, ledger: EntityLedger, held: Rulings) -> bool:
    """Leaves `concerned(supplier_ref)` and what the entities read; gives whether all references are concerned.

    They read `entity_record`, `entity_link_key`, `entity_identifier` and `entity_pair`.
    """
    connection.execute(_TABLES)
    known = connection.execute("FROM matching.entity_state").fetchall()
    is_whole = known != [(_fingerprint(connection, held),)] or not _is_that_of_the_tables(connection, ledger)
    # Until the tables are written there is no state: after a run that was killed everything is made anew.
    connection.execute("DELETE FROM matching.entity_state")
    if is_whole:
        connection.execute(f"DELETE FROM {_TOLD_BEFORE}")
    find_moved_content(connection, _TOLD, _TOLD_BEFORE)
    if is_whole:
        connection.execute(_ALL_CONCERNED)
    else:
        connection.execute(_CHANGED)
        connection.execute(_CONCERNED)
    for name, (query, column) in _SEEN_THROUGH.items():
        within = "" if is_whole else f" WHERE {column} IN {few('concerned', 'supplier_ref')}"
        kind = "VIEW" if is_whole else "TABLE"
        connection.execute(f"CREATE TEMP {kind} {name} AS {query}{within}")
    return is_whole


def close_scope(connection: duckdb.DuckDBPyConnection, linked: pl.DataFrame, held: Rulings, *, is_whole: bool) -> None:
    """Keeps what the next run compares with, in the transaction that writes the tables.

    `linked` has `node, linked`: what each concerned reference hangs together with before anything is kept apart.
    """
    with registered(connection, {"linked_reference": linked}):
        if is_whole:
            connection.execute("DELETE FROM matching.entity_linked")
        connection.execute(_NEW_LINKED)
    keep_moved_content(connection, _TOLD_BEFORE)
    connection.execute("INSERT INTO matching.entity_state VALUES (?)", [_fingerprint(connection, held)])
    for name in _SEEN_THROUGH:
        connection.execute(f"DROP {'VIEW' if is_whole else 'TABLE'} {name}")


def concerned_rows(connection: duckdb.DuckDBPyConnection, frame: pl.DataFrame) -> pl.DataFrame:
    """Gives the rows of a frame whose `supplier_ref` is concerned."""
    return frame.join(connection.execute("FROM concerned").pl(), on="supplier_ref", how="semi")


def _fingerprint(connection: duckdb.DuckDBPyConnection, held: Rulings) -> str:
    """Gives a hash of what the tables depend on besides the references: verdicts, and that no row was lost since."""
    counts = [
        _told(connection, f"SELECT count(*) FROM matching.{name}")
        for name in ("supplier_entity", "entity_linked", "entity_content")
    ]
    verdicts = [sorted(_ruled(ruled)) for ruled in (held.joined, held.apart, held.unsure)]
    return hashlib.sha256(repr((_TOLD, _CONCERNED, verdicts, counts)).encode()).hexdigest()


def _ruled(ruled: Mapping[tuple[str, str], object]) -> list[tuple[str, str]]:
    return list(ruled)


def _is_that_of_the_tables(connection: duckdb.DuckDBPyConnection, ledger: EntityLedger) -> bool:
    """Whether the publication that ids are read from has the ids and changes that the warehouse has."""
    frames = {"published_id": ledger.ids, "published_change": ledger.changes}
    with registered(connection, frames, is_read_whole=True):
        return all(
            _told(connection, f"SELECT count(*), sum(hash({columns})::HUGEINT) FROM {published}")
            == _told(connection, f"SELECT count(*), sum(hash({columns})::HUGEINT) FROM matching.{table}")
            for published, table, columns in (
                ("published_id", "entity_ledger", "supplier_ref, supplier_id, assigned_on, is_present"),
                ("published_change", "entity_change", "change_id"),
            )
        )


def _told(connection: duckdb.DuckDBPyConnection, query: str) -> object:
    return connection.execute(query).fetchone()
