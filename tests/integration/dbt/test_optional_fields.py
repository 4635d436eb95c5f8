"""What a contract calls optional may be missing everywhere: no model and no test of the marts demands it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.contracts import CANONICAL, CONTRACTS, Contract, ContractField
from tests.integration.dbt.test_dbt_project import FINDING, SITE, SUPPLIER, Rows, ask, built
from tierline.run import PROJECT

pytestmark = pytest.mark.integration
MARTS = sorted((PROJECT / "dbt_project" / "models" / "marts").glob("[!_]*.yml"))
FILLED_FROM = {
    "dim_supplier_record": "supplier",
    "dim_facility": "facility",
    "dim_list_entry": "list_entry",
    "fct_audit_finding": "audit_finding",
    "fct_award": "award",
    "fct_contracting_process": "contracting_process",
    "dim_list_entry_name": "list_entry",
    "fct_list_match": "list_entry",
    "dim_network_party": "ownership_edge",
    "fct_network_edge": "ownership_edge",
    "fct_supplier_tier": "supply_link",
    "fct_purchase_order_line": "purchase_order_line",
    "fct_survey_indicator": "survey_class",
    "fct_report": "report",
    "fct_mitigation": "mitigation",
}
FILLED_FROM_SEVERAL = {
    *("dim_supplier", "fct_confirmed_case", "fct_level_source", "match_queue"),
    *("dim_country_level", "dim_sector_level", "dim_good_level"),
    *("dim_supplier_name", "dim_supplier_identifier", "dim_list_entry_identifier"),
}
"""Marts of which no single contract gives the columns, or of which a record of required fields alone gives no row."""
GIVEN_WHERE_MISSING = {
    ("dim_list_entry", "entry_kind"),
    ("dim_list_entry", "status"),
    ("dim_list_entry", "second_hand"),
    ("fct_list_match", "second_hand"),
    ("dim_network_party", "party_kind"),
    ("fct_network_edge", "party_kind"),
    ("fct_report", "indicator_id"),
    ("fct_report", "second_hand"),
}
"""Columns for which staging has a value of its own where a source gives none."""
SAMPLES: dict[str, Any] = {
    "date": date(2025, 3, 1),
    "integer": 2020,
    "number": 1,
    "money": 1,
    "price": 1,
    "flag": True,
    "list": ["one"],
}
REFERENCES = {
    "supplier_ref": "erp:V1",
    "facility_ref": "erp:S1",
    "entry_ref": "erp:E1",
    "subject_ref": "erp:V1",
    "customer_ref": "erp:V1",
    "indicator_id": "F07",
}


def marts() -> list[dict[str, Any]]:
    return [model for path in MARTS for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]]


def demanded(model: dict[str, Any]) -> set[str]:
    """Columns that must not be empty, or the run stops."""
    constrained = {
        column["name"] for column in model["columns"] if {"type": "not_null"} in column.get("constraints", [])
    }
    return constrained | {column["name"] for column in model["columns"] if "not_null" in column.get("data_tests", [])}


def sample(one: ContractField) -> Any:
    if one.allowed:
        return one.allowed[0]
    return SAMPLES.get(one.kind, REFERENCES.get(one.name, f"a {one.name}"))


def least_row(contract: Contract) -> dict[str, Any]:
    return {one.name: sample(one) for one in contract.fields if one.required}


def test_every_mart_is_compared_with_the_contract_that_fills_it() -> None:
    assert {model["name"] for model in marts()} - FILLED_FROM.keys() == FILLED_FROM_SEVERAL


@pytest.mark.parametrize("model", marts(), ids=lambda model: str(model["name"]))
def test_a_mart_demands_nothing_that_its_contract_leaves_open(model: dict[str, Any]) -> None:
    if model["name"] not in FILLED_FROM:
        return
    contract = CONTRACTS[FILLED_FROM[model["name"]]]
    optional = {one.name for one in contract.fields if not one.required}
    given = {column for name, column in GIVEN_WHERE_MISSING if name == model["name"]}

    assert demanded(model) & optional == given


def test_rows_with_required_fields_alone_go_all_the_way(tmp_path: Path) -> None:
    tables: Rows = {contract.table: [least_row(contract)] for contract in CANONICAL}

    run = built(tmp_path / "home", date(2026, 6, 30), tables)

    for mart, table in FILLED_FROM.items():
        assert ask(run, f"SELECT count(*) > 0 FROM marts.{mart}") == [(True,)], (mart, table)


def test_findings_without_a_reference_of_their_audit_are_one_audit_a_site_and_day(tmp_path: Path) -> None:
    """An adverse finding of the day keeps what it found from being cleared; another day's audit clears by itself."""
    finding = {**FINDING, "audit_ref": None, "status": "open", "closed_on": None, "closure_verified_by": None}
    nothing_found = {**finding, "finding_ref": "erp:F2", "issue_code": None, "grade": "none", "outcome": "clean"}
    later = {**nothing_found, "finding_ref": "erp:F3", "found_on": date(2025, 9, 1)}
    tables: Rows = {"supplier": [SUPPLIER], "facility": [SITE], "audit_finding": [finding, nothing_found, later]}

    run = built(tmp_path / "home", date(2026, 6, 30), tables, "ftr_indicator_fact", "ftr_supplier")

    [(adverse,)] = ask(run, "SELECT indicator_id FROM features.ftr_indicator_fact WHERE kind = 'adverse'")
    cleared = f"SELECT event_date FROM features.ftr_indicator_fact WHERE kind = 'clean' AND indicator_id = '{adverse}'"
    assert ask(run, cleared) == [(later["found_on"],)]
    assert ask(run, "SELECT audit_count FROM features.ftr_supplier") == [(2,)]
    events = "SELECT count(DISTINCT origin_event_id) FROM features.ftr_indicator_fact"
    assert ask(run, events) == [(2,)]
