from pathlib import Path

import polars as pl
import pytest

from matching.check_digits import checked_numbers, is_sound, write_identifier_checks
from tierline.warehouse import connect

LEI, MISTYPED_LEI = "529900T8BM49AURSDO55", "529900T8BM49AURSDO56"


@pytest.mark.parametrize(
    ("method", "country", "identifier", "verdict"),
    [
        ("lei", "", LEI, True),
        ("lei", "", MISTYPED_LEI, False),
        ("tax_number", "BR", "11222333000181", True),
        ("tax_number", "BR", "11222333000182", False),
        ("company_number", "FR", "552008443", True),
        ("tax_number", "BR", "R-7788", None),
        ("tax_number", "BD", "11222333000181", None),
    ],
)
def test_only_wrong_check_digits_count_against_a_number(
    method: str, country: str, identifier: str, verdict: bool | None
) -> None:
    assert is_sound(method, country, identifier) is verdict


def test_nothing_is_said_of_numbers_that_cannot_be_checked() -> None:
    numbers = pl.DataFrame({
        "method": ["lei", "tax_number"],
        "country_code": ["", "BD"],
        "identifier": [MISTYPED_LEI, "1234"],
        "link_key": [f"lei {MISTYPED_LEI}", "tax_number BD 1234"],
    })  # fmt: skip

    assert checked_numbers(numbers).rows() == [(f"lei {MISTYPED_LEI}", False)]


def test_each_number_of_the_canonical_tables_is_checked_once_under_the_key_that_links(tmp_path: Path) -> None:
    columns = "country_code VARCHAR, lei VARCHAR, tax_number VARCHAR, company_number VARCHAR"
    with connect(tmp_path / "w.duckdb") as connection:
        connection.execute(f"CREATE SCHEMA canonical; CREATE TABLE canonical.list_entry ({columns})")
        connection.execute(f"CREATE TABLE canonical.supplier ({columns})")
        connection.execute(
            "INSERT INTO canonical.supplier VALUES ('BR', ?, '11.222.333/0001-81', NULL), ('BR', NULL, '1', NULL)",
            [MISTYPED_LEI],
        )
        for _ in range(2):
            failing = write_identifier_checks(connection)
        rows = connection.execute("FROM matching.identifier_check ORDER BY ALL").fetchall()

    assert failing == 1
    assert rows == [(f"lei {MISTYPED_LEI}", False), ("tax_number BR 11222333000181", True)]
