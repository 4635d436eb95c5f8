"""What the publication before knew of matches: read by reference of supplier, and carried on within one day."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from matching.list_history import write_known_matches
from matching.tables import create_missing_tables
from tierline.warehouse import connect

DAY = date(2026, 5, 1)
MATCH = {
    "supplier_id": "S1",
    "entry_id": "E1",
    "first_known_on": date(2026, 1, 1),
    "match_status": "possible",
    "list_status": "in_force",
    "is_new": True,
}


@pytest.fixture
def warehouse():
    with connect() as connection:
        create_missing_tables(connection)
        yield connection


def publication(folder: Path, matches: list[dict[str, Any]]) -> Path:
    (folder / "parquet").mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"as_of": DAY.isoformat()}))
    records = {"supplier_id": ["S1", "S1", "S2"], "supplier_ref": ["a:1", "b:1", "c:1"]}
    pl.DataFrame(records).write_parquet(folder / "parquet" / "dim_supplier_record.parquet")
    pl.DataFrame(matches, schema_overrides={"first_known_on": pl.Date}).write_parquet(
        folder / "parquet" / "fct_list_match.parquet"
    )
    return folder


def known(connection) -> list[tuple[Any, ...]]:
    return connection.execute("SELECT * FROM matching.known_list_match ORDER BY ALL").fetchall()


def screened_on(connection) -> list[tuple[Any, ...]]:
    return connection.execute("SELECT * FROM matching.earlier_screening").fetchall()


def test_a_match_is_known_by_every_reference_of_its_supplier(warehouse, tmp_path):
    earlier = publication(tmp_path / "one", [MATCH])

    assert write_known_matches(warehouse, earlier, as_of=date(2026, 6, 1)) == 2
    assert known(warehouse) == [
        ("S1", "a:1", "E1", date(2026, 1, 1), True, False),
        ("S1", "b:1", "E1", date(2026, 1, 1), True, False),
    ]
    assert screened_on(warehouse) == [(DAY,)]


def test_what_was_new_on_the_same_day_is_still_new(warehouse, tmp_path):
    write_known_matches(warehouse, publication(tmp_path / "one", [MATCH]), as_of=DAY)

    assert {row[5] for row in known(warehouse)} == {True}


@pytest.mark.parametrize(("status", "of_list", "was_hit"), [
    ("confirmed", "in_force", True), ("rejected", "in_force", True),
    ("past", "ended", False), ("confirmed", "ended", False),
])  # fmt: skip
def test_what_was_over_was_no_hit(warehouse, tmp_path, status, of_list, was_hit):
    earlier = publication(tmp_path / "one", [{**MATCH, "match_status": status, "list_status": of_list}])
    write_known_matches(warehouse, earlier, as_of=date(2026, 6, 1))

    assert {row[4] for row in known(warehouse)} == {was_hit}


def test_with_nothing_to_compare_with_nothing_is_known(warehouse, tmp_path):
    write_known_matches(warehouse, publication(tmp_path / "one", [MATCH]), as_of=DAY)
    write_known_matches(warehouse, None, as_of=DAY)
    assert known(warehouse) == screened_on(warehouse) == []

    without_history = publication(tmp_path / "two", [{"supplier_id": "S1"}])
    write_known_matches(warehouse, without_history, as_of=DAY)
    assert known(warehouse) == screened_on(warehouse) == []


def test_a_publication_without_matches_is_something_to_compare_with(warehouse, tmp_path):
    earlier = publication(tmp_path / "one", [])
    pl.DataFrame([MATCH]).clear().write_parquet(earlier / "parquet" / "fct_list_match.parquet")
    write_known_matches(warehouse, earlier, as_of=date(2026, 6, 1))

    assert (known(warehouse), screened_on(warehouse)) == ([], [(DAY,)])
