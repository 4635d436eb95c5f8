"""The counts that are kept of each kind of expectation: rows looked at, and rows among them that do not meet it."""

from typing import Any

import pytest

from ingest.checks.suites import Expectation, Kind, Suite
from ingest.checks.validation import validate
from tierline.warehouse import connect

ROWS = "(1, 'a', 5, 4), (2, 'a', 6, 7), (3, NULL, NULL, 1), (4, 'c', 9, 9)"


@pytest.mark.parametrize(
    ("kind", "arguments", "counts"),
    [
        ("ExpectTableRowCountToBeBetween", {"min_value": 5}, (False, 4, None)),
        ("ExpectColumnToExist", {"column": "nowhere"}, (False, None, None)),
        ("ExpectColumnValuesToNotBeNull", {"column": "b"}, (False, 4, 1)),
        ("ExpectColumnValuesToNotBeNull", {"column": "b", "mostly": 0.5}, (True, 4, 1)),
        ("ExpectColumnValuesToBeUnique", {"column": "b"}, (False, 3, 2)),
        ("ExpectCompoundColumnsToBeUnique", {"column_list": ["a", "b"]}, (True, 4, 0)),
        ("ExpectCompoundColumnsToBeUnique", {"column_list": ["b", "e"]}, (False, 4, 2)),
        ("ExpectColumnValuesToBeInSet", {"column": "b", "value_set": ["a"]}, (False, 3, 1)),
        ("ExpectColumnValuesToBeInSet", {"column": "b", "value_set": ["a"], "mostly": 0.6}, (True, 3, 1)),
        ("ExpectColumnValuesToBeBetween", {"column": "c", "max_value": 5}, (False, 3, 2)),
        (
            "ExpectColumnPairValuesAToBeGreaterThanB",
            {"column_A": "c", "column_B": "d", "or_equal": True, "ignore_row_if": "either_value_is_missing"},
            (False, 3, 1),
        ),
        ("UnexpectedRowsExpectation", {"unexpected_rows_query": "SELECT 1 FROM {batch} WHERE c > 5"}, (False, 4, 2)),
    ],
)
def test_counts_of(kind: Kind, arguments: dict[str, Any], counts: tuple[bool, int | None, int | None]) -> None:
    with connect() as connection:
        connection.execute(f"CREATE TABLE t AS SELECT *, 1 AS e FROM (VALUES {ROWS}) AS rows(a, b, c, d)")
        suite = Suite("s", "t", "FROM t", (Expectation(kind, "text", "stop", arguments=arguments),))

        (verdict,) = validate(connection, [suite])

    assert (verdict.success, verdict.observed_count, verdict.unexpected_count) == counts


@pytest.mark.parametrize(
    ("numbers", "repeated"),
    [
        ([3, 1, 2], 0),
        ([-1, 0, 1], 0),
        ([1, 2, 2, 1, 4], 4),
        ([1, 2, None], 0),
        ([7, None, None], 2),
        ([1, 10**15], 0),
        ([10**15, 1, 10**15], 2),
    ],
)
def test_whole_numbers_that_repeat_are_counted_wherever_they_lie(numbers: list[int | None], repeated: int) -> None:
    with connect() as connection:
        connection.execute("CREATE TABLE t AS SELECT 'one' AS file, unnest(CAST($n AS BIGINT[])) AS n", {"n": numbers})
        arguments = {"column_list": ["file", "n"]}
        expectation = Expectation("ExpectCompoundColumnsToBeUnique", "text", "stop", arguments=arguments)

        (verdict,) = validate(connection, [Suite("s", "t", "FROM t", (expectation,))])

    assert (verdict.observed_count, verdict.unexpected_count) == (len(numbers), repeated)
