"""A small publication with identifiers and lists, and the lookup over it: in the test, and as a server on loopback."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from serving.lookup.app import create_app
from serving.lookup.settings import LookupSettings
from serving.steps import publish
from tests.loopback import served
from tests.unit.command_line import command_line
from tests.unit.documents.conftest import FIRST, HOSTILE, SECOND, SHA, THIRD, fill
from tests.unit.serving.world import Rows, make_rows, make_run, write_warehouse

__all__ = ["FIRST", "HOSTILE", "SECOND", "SHA", "THIRD", "command_line"]

LEI = "5493001KJTIIGC8Y1R12"
TAX = "BD 123456789"
PERSON = "natural person, list CBP WRO, entry 9"
SOLE_TRADER = f"S{5:012x}"
SECRET_NAME = "SECRET-NAME-OF-A-PERSON"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The publication 'first'."""
    run = make_run(tmp_path_factory.mktemp("interfaces"))
    rows = make_rows(12, names=(HOSTILE, "Twin Mills", "Third Weavers"))
    fill(rows)
    _name(rows)
    _list(rows)
    _look_at_one_site_only(rows)
    _one_is_a_person(rows)
    _own(rows)
    write_warehouse(run, rows)
    publish(run)
    return run.home.published / "first"


@pytest.fixture(scope="session")
def settings(folder: Path) -> LookupSettings:
    return LookupSettings(published=folder.parent, requests_a_minute=1_000_000)


@pytest.fixture(scope="session")
def client(settings: LookupSettings) -> Iterator[TestClient]:
    with TestClient(create_app(settings), base_url="http://127.0.0.1") as opened:
        yield opened


@pytest.fixture(scope="session")
def server(settings: LookupSettings) -> Iterator[str]:
    """The address of a server on loopback."""
    with served(create_app(settings)) as address:
        yield address


def _name(rows: Rows) -> None:
    second = next(row for row in rows.tables["marts.dim_supplier"] if row["supplier_id"] == SECOND)
    second |= {"country_code": "BD"}
    for supplier, method, told in (
        (SECOND, "lei", LEI),
        (SECOND, "tax_number", TAX),
        (THIRD, "company_number", "VN C77"),
    ):
        rows.add("marts.dim_supplier_identifier", supplier_id=supplier, method=method, link_key=f"{method} {told}")


def _look_at_one_site_only(rows: Rows) -> None:
    """At one of several sites it was looked for isolation, and nothing was found."""
    several = next(row["supplier_id"] for row in rows.tables["marts.dim_supplier"] if row["site_count"] > 1)
    states = [
        row
        for row in rows.tables["scores.supplier_indicator"]
        if row["supplier_id"] == several and row["indicator_id"] == "F04"
    ]
    states[0]["state"] = "absent"


def _one_is_a_person(rows: Rows) -> None:
    """One supplier is a natural person, whom a record calls otherwise than the publication does."""
    supplier = next(row for row in rows.tables["marts.dim_supplier"] if row["supplier_id"] == SOLE_TRADER)
    supplier |= {"is_natural_person": True, "name": "sole trader 5"}
    record = next(row for row in rows.tables["marts.dim_supplier_record"] if row["supplier_id"] == SOLE_TRADER)
    record |= {"name": SECRET_NAME}
    for table in ("marts.dim_supplier_name", "marts.dim_supplier_identifier"):
        rows.tables[table] = [row for row in rows.tables[table] if row["supplier_id"] != SOLE_TRADER]


def _own(rows: Rows) -> None:
    """Owners and officers: a company, a person, nobody whom the source names, and an owner of a sole trader."""
    for party, kind, name in (
        ("C1", "company", "Holding Ltd"),
        ("P1", "person", "natural person"),
        ("N1", "anonymous", "not disclosed"),
    ):
        rows.add("marts.dim_network_party", party_id=party, party_kind=kind, name=name)
    for number, (kind, subject, party, party_kind, told) in enumerate(
        (
            (
                "ownership",
                FIRST,
                "C1",
                "company",
                {
                    "interest": "shareholding",
                    "share_minimum": 25.0,
                    "share_maximum": 50.0,
                    "valid_from": date(2020, 1, 2),
                    "valid_to": date(2025, 3, 4),
                },
            ),
            ("officer", FIRST, "P1", "person", {"interest": "chair of the board"}),
            ("ownership", SECOND, "N1", "anonymous", {"interest": "interested party exempt"}),
            ("ownership", SOLE_TRADER, "P1", "person", {"share_minimum": 100.0, "share_maximum": 100.0}),
        )
    ):
        rows.add(
            "marts.fct_network_edge", edge_id=f"bods:{number}", row_id=f"bods:{number}", source_id="bods_ownership",
            snapshot_sha256=SHA, record_no=number, edge_kind=kind, subject_id=subject, party_id=party,
            supplier_id=subject, party_kind=party_kind, party_name_published="as in dim_network_party", **told,
        )  # fmt: skip


def _list(rows: Rows) -> None:
    for number, kind, name in (
        (7, "company", "Twin Mils Holding"),
        (8, "good", "Cotton from somewhere"),
        (9, "person", PERSON),
    ):
        rows.add(
            "marts.dim_list_entry", source_id="us_cbp_wro", snapshot_sha256=SHA, record_no=number,
            row_id=f"wro:{number}", entry_id=f"E{number:012x}", entry_ref=f"cbp:{number}", list_name="CBP WRO",
            programme="WRO", entry_kind=kind, name=name, country_code="BD",
            listed_on=date(2021, 3, 4), status="in_force", second_hand=False,
            known_on=date(2021, 3, 5),
        )  # fmt: skip
    rows.add("marts.dim_list_entry_name", row_id="wro:7", name="TM Holding", name_role="alias", name_key="TM HOLDING")
    rows.add("marts.dim_list_entry_identifier", row_id="wro:7", method="tax_number", link_key="tax_number BD 5550001")
