"""A small publication with all that documents tell, and names that would like to be code."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from serving.documents.register import Register, open_register
from serving.language import language
from serving.steps import publish
from tests.unit.command_line import command_line
from tests.unit.serving.world import Rows, make_rows, make_run, write_warehouse

__all__ = ["command_line"]

HOSTILE = "<script>alert(1)</script> \u202e{{ 7 * 7 }} Ltd"
SHA = "cd" * 32
FIRST, SECOND, THIRD = (f"S{number:012x}" for number in range(3))
WORKER_TEXT = "Worker survey off site: SENTINEL-FROM-WORKERS"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The publication 'first'."""
    run = make_run(tmp_path_factory.mktemp("documents"))
    rows = make_rows(12, names=(HOSTILE, "Twin Mills", "Third Weavers"))
    fill(rows)
    write_warehouse(run, rows)
    publish(run)
    return run.home.published / "first"


@pytest.fixture
def register(folder: Path) -> Iterator[Register]:
    with open_register(folder, language("en")) as opened:
        yield opened


def fill(rows: Rows) -> None:
    """Adds to the first supplier what every part of every document could tell; to the others only what they have."""
    first = next(row for row in rows.tables["scores.supplier_score"] if row["supplier_id"] == FIRST)
    site = first["worst_site_id"]
    _levels(rows)
    _ties(rows)
    _trade(rows)
    _listed(rows)
    rows.add(
        "marts.fct_survey_indicator", release_id="R-worker", supplier_id=FIRST, facility_id=site, indicator_id="F09",
        wave_id="2026Q2", wave_closed_on=date(2026, 7, 30), **{"class": "fires"}, source_type="offsite_survey",
    )  # fmt: skip
    for indicator, source_type, table, key, text in (
        ("F12", "official_order", "fct_list_match", "list:1", "On a list of state-imposed forced labour"),
        ("F09", "offsite_survey", "fct_survey_indicator", None, WORKER_TEXT),
        ("W01", "network", "fct_network_edge", "links:1", "Tied to a case SENTINEL-FROM-TIES"),
        ("P03", "procurement_data", "fct_purchase_order_line", "orders:1", "Orders by the buyer: lead time 40 %"),
        ("P05", "procurement_data", "fct_network_edge", "links:1", "Subcontracting that nobody declared"),
    ):
        _evidence(rows, site, indicator, source_type, table, key, text)
    for state in rows.tables["scores.supplier_indicator"]:
        if state["supplier_id"] == FIRST and state["site_id"] == site and state["indicator_id"] in {"F12", "F09"}:
            state["state"] = "present"


def _listed(rows: Rows) -> None:
    rows.add(
        "marts.dim_list_entry", source_id="us_cbp_wro", snapshot_sha256=SHA, record_no=1, row_id="list:1",
        entry_ref="list:1", list_name="CBP WRO", programme="WRO", entry_kind="company", name="Somebody",
        status="in_force", feeds_indicator="F12", second_hand=False,
    )  # fmt: skip
    rows.add(
        "marts.fct_list_match", match_id="M-first", supplier_id=FIRST, list_name="CBP WRO", entry_ref="list:1",
        match_status="confirmed", confirmed_by="identifier", matched_on="lei", list_status="in_force",
        feeds_indicator="F12", gates=True, second_hand=False, source_id="us_cbp_wro", snapshot_sha256=SHA,
        record_no=1, row_id="list:1",
    )  # fmt: skip


def _evidence(rows: Rows, site: str, indicator: str, source_type: str, table: str, key: str | None, text: str) -> None:
    number = len(rows.tables["scores.score_evidence"])
    lineage = {"source_key": key, "source_id": "audits", "snapshot_sha256": SHA, "source_record_no": number}
    rows.add(
        "scores.score_evidence", evidence_id=f"E{number:08d}", supplier_id=FIRST, site_id=site, kind="adverse",
        indicator_id=indicator, contribution=0.0, points=0.0, event_date=date(2026, 5, 1), description=text,
        source_type=source_type, source_table=table, rule_version="1.0.0",
        **(lineage if key else {"release_id": "R-worker"}),
    )  # fmt: skip


def _levels(rows: Rows) -> None:
    for score in rows.tables["scores.site_score"]:
        rows.add(
            "features.ftr_site", supplier_id=score["supplier_id"], site_id=score["site_id"], country_code="BD",
            sector_key="garments", good="Garments", country_level=4.0, country_level_basis="TIP tier 2 (2026)",
            sector_level=3.0, sector_level_basis="12 goods listed", good_level=1.0, good_level_basis="listed",
        )  # fmt: skip
    rows.add(
        "marts.fct_level_source", level_source_id="L1", row_id="us_dol_tvpra:1", source_id="us_dol_tvpra",
        snapshot_sha256=SHA, record_no=1, level_kind="good", country_code="BD", sector_key="garments", good="Garments",
    )  # fmt: skip
    for record in rows.tables["marts.dim_supplier_record"]:
        record |= {"snapshot_sha256": SHA, "record_no": 1}
    supplier = next(row for row in rows.tables["marts.dim_supplier"] if row["supplier_id"] == FIRST)
    supplier |= {"country_code": "BD", "sector_key": "garments", "sector_label": "Garments", "good": "Garments"}


def _ties(rows: Rows) -> None:
    for number, (customer, party, kind) in enumerate(
        ((FIRST, SECOND, "subcontract"), (SECOND, THIRD, "supply"), (FIRST, "G1", "labour_agent")), start=1
    ):
        rows.add(
            "marts.fct_network_edge", edge_id=f"tie:{number}", row_id=f"links:{number}", source_id="links",
            snapshot_sha256=SHA, record_no=number, edge_kind=kind, subject_id=customer, party_id=party,
            supplier_id=customer, party_kind="labour_agent" if kind == "labour_agent" else "supplier",
            is_declared=number != 1,
        )  # fmt: skip
    rows.add("marts.dim_network_party", party_id="G1", party_kind="labour_agent", name="labour agent")
    rows.add("marts.fct_supplier_tier", supplier_id=FIRST, tier=1, basis="bought from")


def _trade(rows: Rows) -> None:
    for number in range(3):
        rows.add(
            "marts.fct_purchase_order_line", row_id=f"orders:{number}", source_id="orders", snapshot_sha256=SHA,
            record_no=number, supplier_id=FIRST, order_ref=f"PO{number}", line_no="1", ordered_on=date(2026, 3, 1),
            invoiced_on=date(2026, 4, 1), quantity=100.0, amount_converted=1000, conversion_currency="EUR",
        )  # fmt: skip
    rows.add(
        "marts.fct_award", row_id="ocds:1", source_id="ocds_bulk_jsonl", snapshot_sha256=SHA, record_no=1,
        supplier_id=FIRST, award_ref="ocds:ocds-x1-1|A-1", process_ref="ocds:ocds-x1-1", status="active",
        is_effective=True, awarded_on=date(2026, 2, 2), classification_scheme="CPV", classification_code="18000000-9",
        supplier_count=1, release_id="r-7", package_url="https://x.example/package.json",
    )  # fmt: skip
    rows.add(
        "marts.fct_mitigation", row_id="mitigation:1", source_id="mitigation_csv", snapshot_sha256=SHA, record_no=1,
        mitigation_ref="mitigation:1", supplier_id=FIRST, mitigation_kind="fee_repayment", verified_by="offsite_survey",
        is_verified_by_workers=True, verified_on=date(2026, 3, 3), status="counts",
    )  # fmt: skip
