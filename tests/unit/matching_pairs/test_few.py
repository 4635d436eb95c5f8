import duckdb
import pytest

from matching.tables import few

PLAIN = "FROM large SEMI JOIN chosen USING (key)"


@pytest.fixture
def tables(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    connection.execute("CREATE TABLE large AS SELECT hash(number) AS key FROM range(400_000) AS numbers(number)")
    connection.execute("CREATE TABLE chosen AS SELECT hash(number * 1000) AS key FROM range(400) AS numbers(number)")
    return connection


@pytest.mark.parametrize(
    "query",
    [f"FROM large SEMI JOIN {few('chosen', 'key')} USING (key)", f"FROM large WHERE key IN {few('chosen', 'key')}"],
)
def test_a_large_table_is_sifted_before_it_is_joined_with_few_rows(
    tables: duckdb.DuckDBPyConnection, query: str
) -> None:
    assert "BF(" in _plan(tables, query)
    assert "BF(" not in _plan(tables, PLAIN)
    assert sorted(tables.execute(query).fetchall()) == sorted(tables.execute(PLAIN).fetchall())


def test_no_row_is_left_out(tables: duckdb.DuckDBPyConnection) -> None:
    tables.execute("INSERT INTO chosen VALUES (NULL), (0)")

    rows = tables.execute(f"SELECT count(*), count(key) FROM {few('chosen', 'key')}").fetchall()

    assert rows == [(402, 401)]


def _plan(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    rows = connection.execute(f"EXPLAIN (ANALYZE, FORMAT json) {query}").fetchall()
    return str(rows[0][1])
