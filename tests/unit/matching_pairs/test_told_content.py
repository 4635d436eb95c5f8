import duckdb
import pytest

from matching.told_content import content_table_sql, find_moved_content, keep_moved_content

_BEFORE = [("a", "ROMASHKA"), ("a", "Shymkent"), ("b", "VASILEK"), ("c", "LILIA"), ("c", "LILIA")]


@pytest.fixture
def told_before(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    connection.execute(content_table_sql("before"))
    _tell(connection, _BEFORE)
    find_moved_content(connection, "SELECT supplier_ref, hash(said) AS content FROM told", "before")
    keep_moved_content(connection, "before")
    return connection


@pytest.mark.parametrize(
    ("now", "moved"),
    [
        (_BEFORE[::-1], set()),
        ([*_BEFORE, ("d", "NEZABUDKA")], {"d"}),
        (_BEFORE[1:], {"a"}),
        ([row for row in _BEFORE if row[0] != "b"], {"b"}),
        ([*_BEFORE[:2], ("b", "VASILEK STEEL"), *_BEFORE[3:]], {"b"}),
        ([({"a": "b", "b": "a"}.get(ref, ref), said) for ref, said in _BEFORE], {"a", "b"}),
        (_BEFORE[:-1], {"c"}),
        ([], {"a", "b", "c"}),
    ],
)  # fmt: skip
def test_references_told_otherwise_are_found_and_no_others(
    told_before: duckdb.DuckDBPyConnection, now: list[tuple[str, str]], moved: set[str]
) -> None:
    _tell(told_before, now)

    assert _moved(told_before) == moved
    keep_moved_content(told_before, "before")
    assert _moved(told_before) == set()
    known = {ref for ref, _ in now}
    assert told_before.execute("SELECT count(*) FROM before").fetchall() == [(len(known),)]


def test_a_reference_told_of_a_million_times_has_a_content(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(content_table_sql("before"))
    find_moved_content(connection, "SELECT 'a' AS supplier_ref, hash(row) AS content FROM range(1000000) AS rows(row)",
        "before")  # fmt: skip
    keep_moved_content(connection, "before")

    assert connection.execute("SELECT count(*) FROM before").fetchall() == [(1,)]


def _tell(connection: duckdb.DuckDBPyConnection, rows: list[tuple[str, str]]) -> None:
    connection.execute("CREATE OR REPLACE TABLE told (supplier_ref VARCHAR, said VARCHAR)")
    for row in rows:
        connection.execute("INSERT INTO told VALUES (?, ?)", list(row))


def _moved(connection: duckdb.DuckDBPyConnection) -> set[str]:
    find_moved_content(connection, "SELECT supplier_ref, hash(said) AS content FROM told", "before")
    rows = connection.execute(
        "SELECT ref FROM unnest(['a', 'b', 'c', 'd']) AS refs(ref) SEMI JOIN moved_content ON hash(ref) = reference"
    ).fetchall()
    return {ref for (ref,) in rows}
