"""The two DuckDB files that ingest fills: which tables they hold, and that those are as the contracts say."""

from collections.abc import Sequence

import duckdb

from ingest.contracts import (
    ANNOUNCED_VOLUME,
    CANONICAL,
    LEDGERS,
    QUARANTINED_RECORD,
    SOURCE_LOAD,
    WORKER_TABLES,
    Contract,
)
from ingest.readers.incoming import KEPT_TEXT_CHARACTERS, LINEAGE_COLUMNS, RECORD_COLUMN
from ingest.spec import SourceSpec
from tierline.warehouse import quote_identifier

OPEN_TABLES = (*CANONICAL, *LEDGERS)
RESTRICTED_TABLES = (*WORKER_TABLES, SOURCE_LOAD, QUARANTINED_RECORD, ANNOUNCED_VOLUME)
RAW_SCHEMA = "raw"
_INCOMING = " (incoming)"


def raw_table(source_name: str) -> str:
    """Gives the raw table of a source as SQL."""
    return f"{quote_identifier(RAW_SCHEMA)}.{quote_identifier(source_name)}"


def incoming_table(source_name: str) -> str:
    """Gives the table, as SQL, in which the records of a source wait until all of them are loaded."""
    return raw_table(source_name + _INCOMING)


def put_incoming_in_place(connection: duckdb.DuckDBPyConnection, source_name: str) -> None:
    """Makes the waiting records of a source its raw table, which must not be there."""
    connection.execute(f"ALTER TABLE {incoming_table(source_name)} RENAME TO {quote_identifier(source_name)}")


def raw_columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """Gives the columns of a raw table that came from the source."""
    described = connection.execute(f"DESCRIBE {table}").fetchall()
    return [row[0] for row in described if row[0] not in LINEAGE_COLUMNS]


def text_of_row(spec: SourceSpec, columns: Sequence[str]) -> str:
    """Gives the SQL of the text of a raw row named `loaded`: its JSON, or its cells under their headings as JSON."""
    return f"left({whole_text_of_row(spec, columns)}, {KEPT_TEXT_CHARACTERS})"


def whole_text_of_row(spec: SourceSpec, columns: Sequence[str]) -> str:
    """Gives the same SQL as `text_of_row`, without a limit of length."""
    if not spec.is_tabular:
        return f"loaded.{RECORD_COLUMN}"
    cells = ", ".join(f"{name} := loaded.{name}" for name in map(quote_identifier, columns))
    return f"CAST(to_json(struct_pack({cells})) AS VARCHAR)"


def make_tables(connection: duckdb.DuckDBPyConnection, contracts: Sequence[Contract]) -> None:
    """Makes the tables that are missing.

    A table of another layout, left by an older version, is made anew, and the ledger is emptied, so that every source
    is loaded again from the landing.
    """
    for schema in sorted({contract.schema_name for contract in contracts} | {RAW_SCHEMA}):
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quote_identifier(schema)}")
    outdated = [contract for contract in contracts if _is_outdated(connection, contract)]
    for contract in (*outdated, SOURCE_LOAD) if outdated else ():
        connection.execute(f"DROP TABLE IF EXISTS {contract.qualified_name}")
    for contract in contracts:
        connection.execute(contract.ddl())


def forget_sources(connection: duckdb.DuckDBPyConnection, contracts: Sequence[Contract], kept: Sequence[str]) -> None:
    """Removes all rows and raw tables of sources that are not among those kept."""
    for contract in contracts:
        column = _source_column(contract)
        connection.execute(
            f"DELETE FROM {contract.qualified_name} WHERE NOT list_contains(CAST($kept AS VARCHAR[]), {column})",
            {"kept": list(kept)},
        )
    for (name,) in connection.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = $schema", {"schema": RAW_SCHEMA}
    ).fetchall():
        if name not in kept:
            connection.execute(f"DROP TABLE {raw_table(name)}")


def forget_source(connection: duckdb.DuckDBPyConnection, contracts: Sequence[Contract], source_name: str) -> None:
    """Removes all rows and the raw table of one source."""
    for contract in contracts:
        connection.execute(
            f"DELETE FROM {contract.qualified_name} WHERE {_source_column(contract)} = $name", {"name": source_name}
        )
    connection.execute(f"DROP TABLE IF EXISTS {raw_table(source_name)}")


def _source_column(contract: Contract) -> str:
    return "source_id" if contract.has_lineage else "source_name"


def _is_outdated(connection: duckdb.DuckDBPyConnection, contract: Contract) -> bool:
    found = connection.execute(
        "SELECT column_name, data_type FROM information_schema.columns "
        "WHERE table_schema = $schema AND table_name = $table ORDER BY ordinal_position",
        {"schema": contract.schema_name, "table": contract.table},
    ).fetchall()
    return bool(found) and found != [(field.name, field.sql_type) for field in contract.all_fields]
