"""A small prepared warehouse: references with keys, identifiers, pairs and verdicts, as dbt and Splink leave them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import duckdb

from matching.entities import write_entities
from matching.entity_ledger import EntityLedger, no_ledger
from matching.tables import TABLES, create_missing_tables
from tierline.warehouse import open_connection

AS_OF = date(2026, 4, 1)
RANKS = {"lei": 1, "os_id": 2, "tax_number": 3, "company_number": 4, "other_identifier": 5, "name": 6}


@dataclass
class Prepared:
    """What the part of dbt before matching leaves; identifiers and names are given as `method key`."""

    records: dict[str, str]
    """Reference → name."""
    keys: list[tuple[str, str]] = field(default_factory=list)
    """Reference and key, such as `tax_number BD 1`; the method is its first word."""
    pairs: list[tuple[str, str, float]] = field(default_factory=list)
    """Automatic pairs with their weight."""
    verdicts: list[tuple[str, str, str, int]] = field(default_factory=list)
    """One, other, decision and day of March 2026."""
    persons: frozenset[str] = frozenset()

    def warehouse(self) -> duckdb.DuckDBPyConnection:
        connection = open_connection()
        self.fill(connection)
        return connection

    def fill(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Replaces what dbt and the pairs left in a warehouse."""
        for schema in ("intermediate", "staging"):
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        create_missing_tables(connection)
        _fill(
            connection,
            "intermediate.int_supplier_records",
            "supplier_ref VARCHAR, row_id VARCHAR, supplier_name VARCHAR, country_code VARCHAR, is_declared BOOLEAN,"
            " is_natural_person BOOLEAN",
            [(ref, f"row:{ref}", name, "BD", True, ref in self.persons) for ref, name in self.records.items()],
        )
        keys = [(ref, key.split()[0], RANKS[key.split()[0]], key) for ref, key in self.keys]
        columns = "supplier_ref VARCHAR, method VARCHAR, method_rank INTEGER, link_key VARCHAR"
        _fill(connection, "intermediate.int_supplier_link_keys", columns, keys)
        _fill(connection, "intermediate.int_supplier_identifiers", columns, [key for key in keys if key[1] != "name"])
        _fill(
            connection,
            "staging.stg_match_verdict",
            "subject VARCHAR, supplier_ref VARCHAR, other_supplier_ref VARCHAR, verdict VARCHAR, decided_on DATE,"
            " decided_at VARCHAR, decided_by_role VARCHAR, source_id VARCHAR, record_no BIGINT",
            [
                ("supplier", one, other, decision, date(2026, 3, day), None, "reviewer", "ledger", number)
                for number, (one, other, decision, day) in enumerate(self.verdicts, start=1)
            ],
        )
        connection.execute("DELETE FROM matching.supplier_pair")
        for pair in self.pairs:
            connection.execute("INSERT INTO matching.supplier_pair VALUES (?, ?, ?, 0.999, true, [])", list(pair))


@dataclass(frozen=True)
class Matched:
    """What matching wrote."""

    ids: dict[str, str]
    joined_by: dict[str, str]
    changes: list[tuple[str, str, str | None, str]]
    """Kind, supplier, the other supplier or reference, and why, of this run alone."""
    contradictions: list[tuple[str, list[str]]]
    refused: list[tuple[str, str, str, str]]
    counted: tuple[int, int]
    """References and suppliers, as the step tells them."""
    ledger: EntityLedger

    def groups(self) -> set[str]:
        found: dict[str, str] = {}
        for ref, supplier_id in sorted(self.ids.items()):
            found[supplier_id] = found.get(supplier_id, "") + ref
        return set(found.values())


def matched(prepared: Prepared, before: EntityLedger | None = None, as_of: date = AS_OF) -> Matched:
    """Runs the entities of matching on the prepared warehouse, going on from the ledger of `before`."""
    earlier = before or no_ledger()
    with prepared.warehouse() as connection:
        outcome = write_entities(connection, earlier, as_of=as_of)
        entity = connection.execute("SELECT supplier_ref, supplier_id, matched_by FROM matching.supplier_entity")
        rows = entity.fetchall()
        changes = connection.execute("FROM matching.entity_change").pl()
        told = set(earlier.changes["change_id"])
        return Matched(
            ids={ref: supplier_id for ref, supplier_id, _ in rows},
            joined_by={ref: matched_by for ref, _, matched_by in rows},
            changes=sorted(
                (row["kind"], row["supplier_id"], row["other_supplier_id"] or row["supplier_ref"], row["reason"])
                for row in changes.iter_rows(named=True)
                if row["change_id"] not in told
            ),
            contradictions=connection.execute("SELECT left_ref, path FROM matching.verdict_contradiction").fetchall(),
            refused=connection.execute("FROM matching.refused_link ORDER BY ALL").fetchall(),
            counted=(outcome["references"], outcome["suppliers"]),
            ledger=ledger_of(connection),
        )


def ledger_of(connection: duckdb.DuckDBPyConnection) -> EntityLedger:
    """Gives the ledger that a publication of this warehouse would keep."""
    return EntityLedger(
        "before",
        connection.execute("FROM matching.entity_ledger").pl(),
        connection.execute("FROM matching.entity_change").pl().select(list(TABLES["entity_change"])),
        connection.execute(
            "WITH spelled AS (SELECT supplier_id, supplier_name AS name, count(*) AS uses"
            " FROM intermediate.int_supplier_records JOIN matching.supplier_entity USING (supplier_ref)"
            " WHERE NOT is_natural_person GROUP BY ALL)"
            " SELECT supplier_id, first(name ORDER BY uses DESC, name) AS name FROM spelled GROUP BY supplier_id"
        ).pl(),
        {},
    )


def _fill(connection: duckdb.DuckDBPyConnection, table: str, columns: str, rows: Iterable[tuple[object, ...]]) -> None:
    connection.execute(f"CREATE OR REPLACE TABLE {table} ({columns})")
    marks = ", ".join("?" for _ in columns.split(","))
    for row in rows:
        connection.execute(f"INSERT INTO {table} VALUES ({marks})", list(row))
