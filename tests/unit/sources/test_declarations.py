"""What every declaration under ingest/sources promises to readers of reports."""

import csv
import re
from pathlib import Path

import pytest

from ingest.mapping_spec import FieldMapping
from ingest.spec import SOURCES, SourceSpec, load_spec

DECLARED = sorted(path.parent.name for path in SOURCES.glob("*/source.yml"))
SEEDS = Path(__file__).resolve().parents[3] / "dbt_project" / "seeds"


def _feeds(spec: SourceSpec) -> list[FieldMapping]:
    return [mapping.fields["feeds_indicator"] for mapping in spec.mapping if "feeds_indicator" in mapping.fields]


def test_the_promised_sources_are_declared() -> None:
    promised = [
        "audit_findings_csv",
        "audit_issue_mapping",
        "bods_ownership",
        "br_lista_suja",
        "brand_supplier_list",
        "country_cpi",
        "country_tip",
        "ecb_exchange_rates",
        "erp_purchase_orders",
        "erp_vendor_master",
        "ipis_mine_visits",
        "kashmir_brick_kilns",
        "kobo_survey",
        "kobo_survey_csv",
        "labour_cost_csv",
        "match_ledger",
        "match_verdicts",
        "supplier_verdicts",
        "ocds_bulk_jsonl",
        "ocds_record_package",
        "ocds_release_package",
        "open_supply_hub",
        "open_supply_hub_api",
        "opensanctions_simple",
        "public_contracts_scotland",
        "survey_csv",
        "survey_csv_long",
        "uk_contracts_finder",
        "uk_find_a_tender",
        "us_cbp_wro",
        "us_cbp_wro_secondhand",
        "us_dol_tvpra",
        "us_dol_tvpra_editions",
        "us_h2_certifications",
        "us_h2_debarments",
        "us_uflpa_entities",
    ]
    assert [source for source in promised if source not in DECLARED] == []


@pytest.mark.parametrize("source", DECLARED)
def test_a_declaration_says_where_its_source_comes_from(source: str) -> None:
    spec = load_spec(source)
    for text in (spec.title, spec.publisher, spec.licence.name, spec.citation, spec.cadence, spec.corrections_contact):
        assert text.strip()
    assert len(spec.shape_note) > 80, "say what was checked and what was not"


@pytest.mark.parametrize("source", DECLARED)
def test_a_declaration_has_fixtures_with_wrong_records(source: str) -> None:
    fixtures = SOURCES / source / "fixtures"
    assert (fixtures / "expected.json").is_file()
    assert len(list(fixtures.iterdir())) > 1


def test_a_list_entry_feeds_an_indicator_only_by_decision() -> None:
    spec = load_spec("opensanctions_simple")
    assert [field.enumeration for field in _feeds(spec)] == ["feeds"]
    assert spec.enumerations["feeds"] == {
        "US-UFLPA": "A01",
        "DEMO-FORCED-LABOUR": "A01",
        "DEMO-STATE-LABOUR": "F12",
        "DEMO-LABOUR-DEBARMENT": "A02",
        "DEMO-FRAUD": None,
    }


@pytest.mark.parametrize("source", ["us_cbp_wro_secondhand", "us_h2_debarments"])
def test_copies_of_copies_say_so_in_every_row(source: str) -> None:
    spec = load_spec(source)
    assert spec.second_hand
    assert [mapping.fields["second_hand"].value for mapping in spec.mapping] == [True]


def test_no_reference_and_no_typed_field_of_the_register_holds_the_number_of_a_person() -> None:
    (mapping,) = load_spec("br_lista_suja").mapping
    taking_the_number = [name for name, field in mapping.fields.items() if field.column == "cnpj_cpf"]
    assert taking_the_number == []
    assert "cnpj_cpf" not in (mapping.fields["entry_ref"].join or ())
    assert "between 12 and 14" in (mapping.fields["tax_number"].sql or "")


@pytest.mark.parametrize("source", [source for source in DECLARED if load_spec(source).is_survey])
def test_a_survey_maps_nothing_that_could_name_a_worker(source: str) -> None:
    spec = load_spec(source)
    assert spec.is_restricted
    assert spec.retention_days is not None
    for mapping in spec.mapping:
        # of who interviewed, a keyed hash alone is kept
        fields = [field for name, field in mapping.fields.items() if name != "enumerator_key"]
        used = {str(field.path or field.column) for field in fields} | set(mapping.questions)
        assert not [name for name in used if re.search(r"free_text|comment|_submitted_by|_geolocation|_attach", name)]


def test_every_issue_of_the_mine_site_visits_has_a_row_in_the_crosswalk() -> None:
    mapped = {
        str(value)
        for mapping in load_spec("ipis_mine_visits").mapping
        if mapping.table == "audit_finding"
        for value in ([mapping.fields["issue_code"].value] if mapping.fields["issue_code"].value else [])
        + [entry["issue"] for entry in mapping.each_of if "issue" in entry]
    }
    with (SEEDS / "audit_issues" / "audit_issues_ipis_mine_visit.csv").open(encoding="utf-8", newline="") as file:
        known = {row["issue_code"] for row in csv.DictReader(file)}
    assert mapped == known


def test_share_alike_terms_are_accepted_before_the_data_are_used() -> None:
    for source in DECLARED:
        licence = load_spec(source).licence
        assert licence.consent_required or not licence.share_alike, source
    assert load_spec("open_supply_hub").licence.share_alike
    assert "Open Supply Hub" in str(load_spec("open_supply_hub").licence.attribution)


def test_lines_of_entities_are_chosen_by_what_the_enumerations_feed() -> None:
    spec = load_spec("opensanctions_ftm")
    by_programme, by_dataset = (mapping.when[0].within for mapping in spec.mapping)
    assert by_programme == tuple(spec.enumerations["feeds_by_programme"])
    assert by_dataset == tuple(spec.enumerations["feeds_by_dataset"])
