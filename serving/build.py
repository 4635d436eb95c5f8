"""Builds the published DuckDB file and its Parquet files from the working warehouse."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb

from serving.descriptions import ColumnText, TableText, described_tables
from serving.shape import column_texts, comment_statements, create_statement, key_statement
from serving.tables import ACCEPTED_LICENCES, COPIED, RUN_MANIFEST, WORKING, PublishedTable
from tierline.errors import PublishError
from tierline.warehouse import quote_identifier

_ROW_GROUP_ROWS = 122_880
_COMPRESSION: Final = "zstd"


def attach_working(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> None:
    """Attaches the working warehouse read-only as `working`; raises PublishError where it cannot be opened."""
    # ATTACH takes no parameter; the path comes from the operator's configuration, not from data.
    literal = "'" + str(warehouse).replace("'", "''") + "'"
    try:
        connection.execute(f"ATTACH {literal} AS {WORKING} (READ_ONLY)")
    except duckdb.Error as error:
        raise PublishError(
            f"the working warehouse cannot be read: {error}",
            remedy="Run the steps up to `tierline score` first, and let no other run write meanwhile.",
        ) from error


def copy_tables(
    connection: duckdb.DuckDBPyConnection, run_id: str, accepted_licences: Sequence[str], project: Path
) -> None:
    """Copies every published table from the attached warehouse, sorted by its key, with its constraints and comments.

    What must be filled and which values a column may have is what the dbt project below `project` says of it. Raises
    PublishError that names each table or column that the warehouse lacks, nobody describes, or a row breaks.
    """
    _refuse_gaps(connection)
    described = described_tables(project)
    connection.execute(f"SET VARIABLE {ACCEPTED_LICENCES} = CAST($ids AS VARCHAR[])", {"ids": list(accepted_licences)})
    for table in COPIED:
        parameters = {"run_id": run_id} if table.of_this_run_only else {}
        _copy(connection, table, column_texts(table, described), parameters)


def declare_keys(connection: duckdb.DuckDBPyConnection, project: Path) -> None:
    """Declares the primary key of each table that has one; to be called once the keys are known to be unique."""
    described: Mapping[str, TableText] = described_tables(project)
    for table in COPIED:
        statement = key_statement(table, column_texts(table, described))
        if statement:
            connection.execute(statement)


def add_run_manifest(connection: duckdb.DuckDBPyConnection, values: Mapping[str, Any]) -> None:
    """Adds the one-row table `run_manifest`; values become columns of their own types, with what is said of them."""
    columns = ", ".join(f"${name} AS {quote_identifier(name)}" for name in values)
    connection.execute(f"CREATE TABLE run_manifest AS SELECT {columns}", dict(values))
    for statement in comment_statements(RUN_MANIFEST, column_texts(RUN_MANIFEST, {})):
        connection.execute(statement)


def write_parquet(connection: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, Path]:
    """Writes each copied table as one Parquet file and gives name → file; the same rows give the same bytes."""
    folder.mkdir()
    # With one thread the row groups hold the rows in the order of the table, whatever the machine.
    connection.execute("SET threads = 1")
    files = {table.name: folder / f"{table.name}.parquet" for table in COPIED}
    for name, path in files.items():
        connection.table(name).write_parquet(str(path), compression=_COMPRESSION, row_group_size=_ROW_GROUP_ROWS)
    connection.execute("RESET threads")
    return files


def origin(table: PublishedTable) -> str:
    """Gives the SQL that stands for the table's origin: the rows that are to be published, nothing left out."""
    of_run = "run_id = $run_id" if table.of_this_run_only else "true"
    return f"(SELECT * FROM {WORKING}.{table.origin} WHERE {of_run} AND {table.condition})"


def _selection(table: PublishedTable) -> str:
    made = {**table.expressions, **table.derived}
    columns = ", ".join(
        f"{made[name]} AS {quote_identifier(name)}" if name in made else quote_identifier(name)
        for name in table.columns
    )
    order = ", ".join(quote_identifier(name) for name in table.key)
    return f"SELECT {columns} FROM {origin(table)} ORDER BY {order}"


def _copy(
    connection: duckdb.DuckDBPyConnection,
    table: PublishedTable,
    texts: Mapping[str, ColumnText],
    parameters: Mapping[str, Any],
) -> None:
    selection = _selection(table)
    shown = connection.execute(f"DESCRIBE {selection}", dict(parameters)).fetchall()
    connection.execute(create_statement(table, {name: sql_type for name, sql_type, *_ in shown}, texts))
    try:
        connection.execute(f"INSERT INTO {quote_identifier(table.name)} {selection}", dict(parameters))
    except duckdb.ConstraintException as error:
        raise PublishError(
            f"a row of {table.origin} breaks what {table.name} promises: {error}",
            remedy="What readers see is unchanged. Mend the step that wrote the row and run it again.",
        ) from error
    for statement in comment_statements(table, texts):
        connection.execute(statement)


def _refuse_gaps(connection: duckdb.DuckDBPyConnection) -> None:
    found: dict[str, set[str]] = {}
    for schema, table, column in connection.execute(
        "SELECT schema_name, table_name, column_name FROM duckdb_columns() WHERE database_name = ?", [WORKING]
    ).fetchall():
        found.setdefault(f"{schema}.{table}", set()).add(column)
    gaps = [gap for table in COPIED for gap in _gaps(table, found.get(table.origin))]
    if gaps:
        raise PublishError(
            "the warehouse lacks what is to be published: " + "; ".join(gaps),
            remedy="Run the earlier steps again, all with the same version of the code.",
        )


def _gaps(table: PublishedTable, found: set[str] | None) -> list[str]:
    if found is None:
        return [f"table {table.origin}"]
    wanted = {*table.columns, *(["run_id"] if table.of_this_run_only else [])} - table.derived.keys()
    missing = sorted(wanted - found)
    return [f"column {', '.join(missing)} of {table.origin}"] if missing else []
