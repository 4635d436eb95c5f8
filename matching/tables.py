"""The tables of the schema `matching`: their columns, and writing one of them whole."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

import duckdb
import polars as pl

from tierline.warehouse import quote_identifier

SCHEMA = "matching"
_EXPLANATION = "STRUCT(feature VARCHAR, level VARCHAR, weight DOUBLE)[]"

TABLES: Mapping[str, Mapping[str, str]] = {
    "listed_name": {"text": "VARCHAR", "is_note": "BOOLEAN", "spelling": "VARCHAR", "name_role": "VARCHAR"},
    "latin_spelling": {"spelling": "VARCHAR", "latin": "VARCHAR"},
    "identifier_check": {"link_key": "VARCHAR", "is_sound": "BOOLEAN"},
    "supplier_pair": {
        "left_ref": "VARCHAR", "right_ref": "VARCHAR", "match_weight": "DOUBLE", "match_probability": "DOUBLE",
        "is_automatic": "BOOLEAN", "explanation": _EXPLANATION,
    },
    "supplier_entity": {
        "supplier_ref": "VARCHAR", "supplier_id": "VARCHAR", "matched_by": "VARCHAR", "link_weight": "DOUBLE",
        "linked_ref": "VARCHAR",
    },
    "entity_ledger": {
        "supplier_ref": "VARCHAR", "supplier_id": "VARCHAR", "assigned_on": "DATE", "is_present": "BOOLEAN",
    },
    "refused_link": {"left_ref": "VARCHAR", "right_ref": "VARCHAR", "matched_by": "VARCHAR", "reason": "VARCHAR"},
    "entity_change": {
        "change_id": "VARCHAR", "supplier_id": "VARCHAR", "other_supplier_id": "VARCHAR", "supplier_ref": "VARCHAR",
        "kind": "VARCHAR", "changed_on": "DATE", "reason": "VARCHAR",
    },
    "verdict_contradiction": {
        "left_ref": "VARCHAR", "right_ref": "VARCHAR", "path": "VARCHAR[]", "explanation": "VARCHAR",
    },
    "list_candidate": {
        "supplier_ref": "VARCHAR", "entry_row_id": "VARCHAR", "match_weight": "DOUBLE", "matched_on": "VARCHAR",
        "explanation": _EXPLANATION,
    },
    "known_list_match": {
        "supplier_id": "VARCHAR", "supplier_ref": "VARCHAR", "entry_id": "VARCHAR", "first_known_on": "DATE",
        "was_hit": "BOOLEAN", "is_still_new": "BOOLEAN",
    },
    "earlier_screening": {"screened_on": "DATE"},
    "known_action": {
        "action_id": "VARCHAR", "supplier_id": "VARCHAR", "rule_id": "VARCHAR", "addressee": "VARCHAR",
        "action": "VARCHAR", "opened_on": "DATE", "is_asked": "BOOLEAN",
    },
}  # fmt: skip
"""Columns and SQL types of each table; weights are log2 Bayes factors."""


def create_missing_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes each table that is not there yet, empty; one that was made with other columns is made anew."""
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    for name, columns in TABLES.items():
        if _present_columns(connection, name) != list(columns):
            connection.execute(f"DROP TABLE IF EXISTS {_qualified(name)}")
            connection.execute(_ddl(name))


def replace_rows(connection: duckdb.DuckDBPyConnection, name: str, relation: str) -> None:
    """Replaces all rows of a table by those of a relation (a table or view) that has its columns."""
    columns = ", ".join(map(quote_identifier, TABLES[name]))
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    connection.execute(f"DROP TABLE IF EXISTS {_qualified(name)}")
    connection.execute(_ddl(name))
    connection.execute(f"INSERT INTO {_qualified(name)} SELECT {columns} FROM {quote_identifier(relation)}")


def replace_concerned_rows(connection: duckdb.DuckDBPyConnection, name: str, relation: str) -> None:
    """Replaces the rows of the references in the table `concerned(supplier_ref)` by those of a relation."""
    columns = ", ".join(map(quote_identifier, TABLES[name]))
    ends = [column for column in ("supplier_ref", "left_ref", "right_ref") if column in TABLES[name]]
    concerned = " OR ".join(f"{quote_identifier(end)} IN (FROM concerned)" for end in ends)
    connection.execute(f"DELETE FROM {_qualified(name)} WHERE {concerned}")
    connection.execute(f"INSERT INTO {_qualified(name)} SELECT {columns} FROM {quote_identifier(relation)}")


def few(relation: str, column: str) -> str:
    """Gives the SQL of one column of a relation with few of the values of a large table, for a join with that table.

    DuckDB sifts the large table by a Bloom filter before it joins, at half the cost, only where the other side has a
    filter of its own. This one keeps every row, since no hash is null; the planner does not know that it does.
    """
    return f"(SELECT {quote_identifier(column)} FROM {relation} WHERE hash({quote_identifier(column)}) IS NOT NULL)"


@contextmanager
def registered(
    connection: duckdb.DuckDBPyConnection, relations: Mapping[str, pl.DataFrame], *, is_read_whole: bool = False
) -> Iterator[None]:
    """Lets SQL read frames under the given names for the length of a `with` block.

    Frames that are read whole, without a filter, are handed over as Polars holds them: no text is copied.
    """
    # Filters are pushed down to Arrow, which has none for the newer layout of text.
    layout = pl.CompatLevel.newest() if is_read_whole else pl.CompatLevel.oldest()
    with ExitStack() as stack:
        for name, frame in relations.items():
            connection.register(name, frame.to_arrow(compat_level=layout))
            stack.callback(connection.unregister, name)
        yield


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Keeps all that is written in a `with` block, or nothing where it raises."""
    connection.execute("BEGIN")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _present_columns(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    rows = connection.execute(
        "SELECT column_name FROM duckdb_columns()"
        " WHERE database_name = current_database() AND schema_name = ? AND table_name = ? ORDER BY column_index",
        [SCHEMA, name],
    ).fetchall()
    return [row[0] for row in rows]


def _ddl(name: str) -> str:
    columns = ", ".join(f"{quote_identifier(column)} {sql_type}" for column, sql_type in TABLES[name].items())
    return f"CREATE TABLE {_qualified(name)} ({columns})"


def _qualified(name: str) -> str:
    return f"{quote_identifier(SCHEMA)}.{quote_identifier(name)}"
