"""Uniqueness at scale: counting equal keys row by row takes minutes for millions of rows; hashes find the few first.

Great Expectations runs the query of unexpected rows twice, once to count them and once to fetch some. So the repeated
rows are found once, beforehand, and kept in a temporary table that the query reads.
"""

from typing import Any

import duckdb

from ingest.checks.suites import Expectation
from tierline.warehouse import quote_identifier

_WIDEST_SPREAD = 8


def unique_columns(expectation: Expectation) -> tuple[str, ...]:
    """Gives the columns whose values together an expectation wants to be there once; none if it wants another thing."""
    if expectation.kind == "ExpectColumnValuesToBeUnique":
        return (str(expectation.arguments["column"]),)
    if expectation.kind == "ExpectCompoundColumnsToBeUnique":
        return tuple(expectation.arguments["column_list"])
    return ()


def find_repeated_rows(
    connection: duckdb.DuckDBPyConnection, expectation: Expectation, *, view: str, found: str
) -> None:
    """Makes the temporary table `found` with a row for each row of the view whose key is there more than once.

    Rows in which all the columns are blank are passed over. The table holds no value of the data. Raises
    duckdb.BinderException where the view is without one of the columns.
    """
    columns = unique_columns(expectation)
    names = ", ".join(quote_identifier(name) for name in columns)
    described = connection.execute(f"DESCRIBE SELECT {names} FROM {view}").fetchall()
    if described[-1][1] == "BIGINT" and _numbers_each_row(connection, view, quote_identifier(columns[-1])):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {found} (repeated INTEGER)")
        return
    keyed = f"(SELECT {names}, hash({names}) AS _key_hash FROM {view} WHERE {is_given(expectation)})"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {found} AS SELECT 1 AS repeated FROM {keyed} WHERE _key_hash IN "
        f"(SELECT _key_hash FROM {keyed} GROUP BY _key_hash HAVING count(*) > 1) "
        f"QUALIFY count(*) OVER (PARTITION BY {names}) > 1"
    )


def _numbers_each_row(connection: duckdb.DuckDBPyConnection, view: str, column: str) -> bool:
    """Tells whether a column of whole numbers has one of its own in each row; false where that would take long to tell.

    Numbers that lie close together are counted as bits, in a tenth of the time that hashes take.
    """
    found = connection.execute(f"SELECT count(*), count({column}), min({column}), max({column}) FROM {view}").fetchone()
    rows, numbers, lowest, highest = found or (0, 0, 0, 0)
    if not rows or numbers < rows or highest - lowest >= _WIDEST_SPREAD * rows:
        return False
    bits = f"bitstring_agg({column}, {int(lowest)}, {int(highest)})"
    told = connection.execute(f"SELECT bit_count({bits}) FROM {view}").fetchone()
    return told == (rows,)


def repeated_rows(expectation: Expectation, found: str) -> dict[str, Any]:
    """Gives the arguments of an UnexpectedRowsExpectation that reads what `find_repeated_rows` found.

    Its query names the columns, so that it fails where the table that is tested is without one of them.
    """
    names = ", ".join(_escaped(name) for name in unique_columns(expectation))
    return {
        "unexpected_rows_query": f"SELECT repeated FROM {found} WHERE EXISTS (SELECT {names} FROM {{batch}})",
        "description": expectation.text,
    }


def is_given(expectation: Expectation) -> str:
    """Gives the SQL of whether a row has a key at all."""
    return "(" + " OR ".join(f"{quote_identifier(name)} IS NOT NULL" for name in unique_columns(expectation)) + ")"


def _escaped(name: str) -> str:
    """Gives the identifier for a text in which braces mean something."""
    return quote_identifier(name).replace("{", "{{").replace("}", "}}")
