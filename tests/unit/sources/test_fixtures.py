"""Every fixture of every source, loaded as a run loads it: each record is loaded or says why not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.catalogue.trial import (
    EXPECTED,
    FileOutcome,
    Fixture,
    differences,
    expected_outcomes,
    fixtures_of,
    load_fixtures,
    outcomes,
)
from ingest.contracts import CONTRACTS
from ingest.spec import SOURCES
from tierline.run import Run
from tierline.warehouse import connect

DECLARED = sorted(path.parent.name for path in SOURCES.glob("*/source.yml"))
FIXTURES: dict[str, Fixture] = {item.name: item for source in DECLARED for item in fixtures_of(source)}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that has loaded all fixtures, each under a name of its own."""
    return load_fixtures(FIXTURES.values(), tmp_path_factory.mktemp("fixtures") / "home")


@pytest.fixture(scope="module")
def found(run: Run) -> dict[str, FileOutcome]:
    return outcomes(run, FIXTURES.values())


@pytest.fixture(scope="module")
def warehouse(run: Run) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(run.home.warehouse, read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("source", DECLARED)
def test_expected_json_speaks_of_the_fixtures_and_of_nothing_else(source: str) -> None:
    there = {path.name for path in (SOURCES / source / "fixtures").iterdir() if path.name != EXPECTED}
    assert there == set(expected_outcomes(source))


@pytest.mark.parametrize("name", FIXTURES)
def test_a_fixture_does_as_expected(name: str, found: dict[str, FileOutcome]) -> None:
    item = FIXTURES[name]
    assert differences(expected_outcomes(item.source_id)[item.path.name], found[name]) == []


@pytest.mark.parametrize("name", FIXTURES)
def test_every_record_is_accounted_for(name: str, found: dict[str, FileOutcome]) -> None:
    assert found[name].read == found[name].loaded + sum(found[name].quarantined.values())


def test_a_row_has_an_id_of_its_own(warehouse: duckdb.DuckDBPyConnection) -> None:
    for table in CONTRACTS:
        if table not in ("survey_answer", "grievance_case"):
            repeated = warehouse.execute(
                f"SELECT row_id FROM canonical.{table} GROUP BY 1 HAVING count(*) > 1"
            ).fetchall()
            assert repeated == [], table


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return connection.execute(sql).fetchall()


def test_the_swapped_headings_of_the_kilns_are_mapped_right(warehouse: duckdb.DuckDBPyConnection) -> None:
    places = _rows(
        warehouse,
        "SELECT min(latitude), max(latitude), min(longitude), max(longitude) FROM canonical.facility"
        " WHERE source_id LIKE 'kashmir%'",
    )
    assert places == [(33.759, 33.9887, 74.7625, 75.1081)]


def test_persons_of_the_register_have_no_name_and_no_number(warehouse: duckdb.DuckDBPyConnection) -> None:
    entries = _rows(
        warehouse,
        "SELECT entry_kind, name, tax_number, CAST(listed_on AS VARCHAR), CAST(ended_on AS VARCHAR)"
        " FROM canonical.list_entry WHERE source_id LIKE 'br_lista%' ORDER BY record_no",
    )
    assert entries == [
        ("company", "CERÂMICA EXEMPLO LTDA", "12345678000195", "2022-10-05", "2024-10-05"),
        ("company", "CARVOARIA MODELO EIRELI", "02345678000190", "2023-04-05", "2025-04-05"),
        ("person", "natural person", None, "2022-10-05", "2024-10-05"),
        ("person", "natural person", None, "2022-10-05", "2024-10-05"),
        ("person", "natural person", None, "2022-02-11", "2024-02-11"),
    ]


def test_one_visit_gives_one_answer_to_one_question(warehouse: duckdb.DuckDBPyConnection) -> None:
    findings = _rows(
        warehouse,
        "SELECT audit_ref, issue_code, outcome, source_type, count(*) FROM canonical.audit_finding"
        " WHERE source_id LIKE 'ipis%' GROUP BY ALL ORDER BY ALL",
    )
    assert findings == [
        ("ipis:1", "childunder15", "adverse", "field_visit", 1),
        ("ipis:1", "forced_labour", "adverse", "field_visit", 1),
        ("ipis:1", "taxation", "adverse", "field_visit", 2),
        ("ipis:2", "childunder15", "clean", "field_visit", 1),
        ("ipis:2", "forced_labour", "clean", "field_visit", 1),
        ("ipis:2", "pillaging", "adverse", "field_visit", 1),
        ("ipis:4", "forced_labour_reported", "adverse", "single_media", 1),
    ]


def test_local_party_ids_of_two_processes_are_two_suppliers(warehouse: duckdb.DuckDBPyConnection) -> None:
    suppliers = _rows(
        warehouse,
        "SELECT DISTINCT supplier_ref, name, country_code, company_number FROM canonical.supplier"
        " WHERE source_id = 'ocds_bulk_jsonl__ocds_1_jsonl' ORDER BY 1",
    )
    assert suppliers == [
        ("ocds:GB-COH-01234567", "Spotless Example Ltd", "GB", "01234567"),
        ("ocds:ocds-x1-001|org-7", "Local Cleaners", None, None),
        ("ocds:ocds-x1-002|org-7", "Quite Another Firm", None, None),
    ]


def test_an_amended_award_keeps_both_releases_and_tells_which_is_newer(warehouse: duckdb.DuckDBPyConnection) -> None:
    awards = _rows(
        warehouse,
        "SELECT DISTINCT award_ref, CAST(amount AS VARCHAR), CAST(known_on AS VARCHAR) FROM canonical.award"
        " WHERE source_id LIKE 'ocds_bulk%' AND process_ref = 'ocds:ocds-x1-001' ORDER BY ALL",
    )
    assert awards == [
        ("ocds:ocds-x1-001|a1", "5000.00", "2025-02-02"),
        ("ocds:ocds-x1-001|a1", "7000.00", "2025-05-02"),
    ]


def test_corruption_scores_are_on_the_scale_of_today(warehouse: duckdb.DuckDBPyConnection) -> None:
    scores = _rows(
        warehouse,
        "SELECT country_code, year, round(value, 2) FROM canonical.country_context WHERE measure = 'cpi' ORDER BY ALL",
    )
    assert scores == [
        ("AL", 2016, 39.0),
        ("AL", 2017, 38.0),
        ("CI", 2010, 22.0),
        ("CI", 2011, 22.34),
        ("KW", 1998, 47.0),
        ("SO", 2017, 9.0),
    ]


def test_tiers_lose_their_padding(warehouse: duckdb.DuckDBPyConnection) -> None:
    tiers = _rows(
        warehouse,
        "SELECT country_code, year, value_text FROM canonical.country_context WHERE measure = 'tip_tier' ORDER BY ALL",
    )
    assert tiers == [("AL", 2014, "2"), ("AL", 2015, "2W"), ("BO", 2015, "2"), ("IR", 2015, "3"), ("SO", 2015, "S")]


def test_owners_who_are_persons_have_no_name(warehouse: duckdb.DuckDBPyConnection) -> None:
    edges = _rows(
        warehouse,
        "SELECT subject_ref, party_ref, party_name, party_kind, share_minimum, share_maximum, CAST(ended_on AS VARCHAR)"
        " FROM canonical.ownership_edge WHERE source_id LIKE 'bods%' ORDER BY record_no, item_no",
    )
    assert edges == [
        ("bods:rec-a", "bods:rec-b", None, None, 60.0, 60.0, None),
        ("bods:rec-a", "bods:rec-p", None, None, 25.0, 50.0, None),
        ("bods:rec-a", "bods:rec-p", None, None, 40.0, 40.0, None),
        ("bods:rec-b", "bods:rec-a", None, None, 26.0, 26.0, "2026-01-10"),
        ("bods:rec-b", None, None, "anonymous", None, None, None),
        ("bods:rec-b", "bods:rec-p", None, None, None, None, "2026-02-01"),
    ]


def test_the_named_orders_have_their_aliases_and_kinds(warehouse: duckdb.DuckDBPyConnection) -> None:
    entries = _rows(
        warehouse,
        "SELECT name, entry_kind, len(aliases), status, CAST(listed_on AS VARCHAR), feeds_indicator"
        " FROM canonical.list_entry WHERE list_name = 'us_cbp_wro' ORDER BY record_no",
    )
    assert entries == [
        ("Compañía Maderera Río Seco", "unknown", 3, "in_force", "2024-03-14", "A01"),
        ("Teluk Rubber Sdn Bhd", "unknown", 1, "ended", "2021-07-02", "A01"),
        ("Fishing Vessel: Blue Heron 9", "vessel", 1, "in_force", "2025-02-11", "A01"),
        ("All cotton produced in Turkmenistan", "good", 1, "modified", "2018-05-18", "A01"),
    ]


def test_no_free_text_of_a_worker_is_outside_the_restricted_store(run: Run) -> None:
    outside = [path for path in Path(run.home.root).rglob("*") if path.is_file() and "restricted" not in path.parts]
    assert [path for path in outside if b"CANARY-IN-A-FREE-TEXT" in path.read_bytes()] == []


def test_a_guest_worker_employer_without_a_business_word_is_a_natural_person(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    found = warehouse.execute(
        "SELECT DISTINCT name FROM canonical.supplier WHERE starts_with(supplier_ref, 'h2:') AND is_natural_person"
    ).fetchall()

    assert found == [("QUILLA B. EXAMPLE JR.",)]


def test_a_statement_of_a_person_keeps_the_record_id_alone(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = warehouse.execute(
        "SELECT DISTINCT supplier_ref, name FROM canonical.supplier"
        " WHERE starts_with(supplier_ref, 'bods:') AND is_natural_person"
    ).fetchall()

    assert found == [("bods:rec-p", "natural person")]
