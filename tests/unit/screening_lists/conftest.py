"""A small publication to screen bidders against: suppliers, entries of lists of every kind, levels of countries."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from serving.language import language
from serving.screening.check import Asked, checked
from serving.screening.columns import recognised
from serving.screening.reading import OpenPublication, Row, opened
from serving.screening.table import Limits
from serving.screening.upload import read_table
from serving.steps import publish
from tests.unit.command_line import command_line
from tests.unit.serving.world import SPELLING, Rows, make_rows, make_run, write_warehouse

__all__ = ["command_line"]

ENGLISH = language("en")
CHECKED_ON = date(2026, 11, 20)
LEI = "5493001KJTIIGC8Y1R12"
WRONG_LEI = "5493001KJTIIGC8Y1R13"
SUPPLIERS = (
    ("Amber Textiles Ltd", "BD"), ("Blue River Garments Ltd", "VN"), ("Twin Mills Spinning", "IN"),
    ("Twin Mills Spinning", "IN"), ("Khanh Hai Rubber Products Corp", "VN"),
    ("natural person, source erp, record erp:5", "ES"), ("<b>Acme</b>\u202e Works Ltd", "TR"),
)  # fmt: skip
PERSON = 5
ENTRIES: tuple[dict[str, Any], ...] = (
    {"row_id": "wro:1", "name": "Valley Ore Co. Ltd.", "country_code": "CN", "feeds_indicator": "A01"},
    {"row_id": "wro:2", "name": "Delisted Bricks Ltd", "country_code": "PK", "status": "ended"},
    {"row_id": "wro:3", "name": "natural person, list WRO, entry wro:3", "country_code": "ES", "entry_kind": "person"},
    {"row_id": "wro:4", "name": "All cotton from the valley", "country_code": "CN", "entry_kind": "good"},
    {"row_id": "wro:5", "name": "Sunset Fisheries Ltd", "country_code": "TH", "ended_on": date(2026, 11, 15)},
    {"row_id": "wro:6", "name": "Paper Fraud Holdings Ltd", "country_code": "GB"},
    {"row_id": "wro:7", "name": "Golden Star Trading Ltd", "country_code": "GH", "feeds_indicator": "A02"},
    {"row_id": "wro:8", "name": "Северный Лес ООО", "country_code": "RU", "feeds_indicator": "A01"},
)
OTHER_NAMES = (
    ("wro:1", "Ore Brothers Trading", "alias"), ("wro:1", "Old Valley Mining", "former_name"),
    ("wro:1", "Hilltop Smelting Works", "subsidiary"),
)  # fmt: skip


def supplier_id(number: int) -> str:
    return f"S{number:012x}"


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of publications."""
    return publish_bidders(tmp_path_factory.mktemp("screening"))


def publish_bidders(root: Path) -> Path:
    """Writes the publication below a folder and gives the folder of publications."""
    run = make_run(root)
    rows = make_rows(len(SUPPLIERS), names=tuple(name for name, _ in SUPPLIERS))
    _place_suppliers(rows)
    _add_entries(rows)
    _add_levels(rows)
    write_warehouse(run, rows)
    publish(run)
    return run.home.published


@pytest.fixture
def publication(published: Path) -> Iterator[OpenPublication]:
    with opened((published / "current").resolve()) as read:
        yield read


@pytest.fixture
def screened(publication: OpenPublication) -> Callable[..., Row]:
    """Screens rows of a table whose headings are as recognised and gives the record."""

    def screen(headings: Sequence[str], *rows: Sequence[str], **asked: Any) -> Row:
        content = "\n".join(";".join(row) for row in (headings, *rows)).encode()
        table = read_table(content, Limits(), ENGLISH, has_headings=True)
        day = asked.pop("checked_on", CHECKED_ON)
        return checked(
            Asked("bidders.csv", content, table, recognised(table), day, **asked), publication, Limits()
        )  # fmt: skip

    return screen


def _place_suppliers(rows: Rows) -> None:
    person = supplier_id(PERSON)
    for row, (_, country) in zip(rows.tables["marts.dim_supplier"], SUPPLIERS, strict=True):
        row["country_code"] = country
        row["is_natural_person"] = row["supplier_id"] == person
    for table in ("marts.dim_supplier_name", "marts.dim_supplier_identifier"):
        rows.tables[table] = [row for row in rows.tables[table] if row["supplier_id"] != person]
    rows.add("marts.dim_supplier_identifier", supplier_id=supplier_id(1), method="lei", link_key=f"lei {LEI}")
    rows.add("marts.dim_supplier_identifier", supplier_id=supplier_id(4), method="lei", link_key=f"lei {WRONG_LEI}")
    for row in rows.tables["marts.dim_facility"]:
        if row["supplier_id"] == supplier_id(0):
            row["address"] = "1 Mill Road, Dhaka"


def _add_entries(rows: Rows) -> None:
    for number, entry in enumerate(ENTRIES, start=1):
        told = {"entry_kind": "company", "status": "in_force", "feeds_indicator": None, **entry}
        rows.add(
            "marts.dim_list_entry", source_id="us_cbp_wro", snapshot_sha256="ab" * 32, record_no=number,
            entry_ref=f"wro:{number}", entry_id=f"E{number:012x}", list_name="WRO", programme="WRO", second_hand=False,
            listed_on=date(2021, 3, 4), **told,
        )  # fmt: skip
        if told["entry_kind"] == "company":
            _add_name(rows, told["row_id"], told["name"], "name")
    for row_id, name, role in OTHER_NAMES:
        _add_name(rows, row_id, name, role)
    rows.add(
        "marts.dim_list_entry_identifier",
        row_id="wro:7",
        method="company_number",
        link_key="company_number GH C1234567",
    )
    rows.add("marts.dim_list_entry_identifier", row_id="wro:6", method="lei", link_key=f"lei {WRONG_LEI}")


def _add_name(rows: Rows, row_id: str, name: str, role: str) -> None:
    key = SPELLING.key(name)
    rows.add("marts.dim_list_entry_name", row_id=row_id, name=name, name_role=role, name_key=key)


def _add_levels(rows: Rows) -> None:
    for country, level in (("CN", 5.0), ("DE", 1.0), ("BD", 4.0)):
        rows.add("marts.dim_country_level", country_code=country, country_level=level, country_level_year=2024,
                 country_level_basis=f"TIP tier of {country} (2024)")  # fmt: skip
    for sector, level in (("garments", 4.0), ("electronics", 2.0)):
        rows.add("marts.dim_sector_level", sector_key=sector, sector_label=sector.title(), sector_level=level,
                 sector_level_basis="goods flagged")  # fmt: skip
    rows.add("marts.dim_good_level", country_code="CN", sector_key="garments", good="Cotton", matched_on="good",
             good_level=2.0, good_level_basis="Cotton flagged for forced labour, edition 2024")  # fmt: skip
    rows.add("marts.dim_good_level", country_code="CN", sector_key="garments", good=None, matched_on="sector",
             good_level=1.0, good_level_basis="goods of the sector flagged for forced labour")  # fmt: skip
