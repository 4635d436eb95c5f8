"""The declarations on all real files: every record of every file is loaded or quarantined, and no file is nobody's."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
import yaml

from ingest.steps import fetch_source, load
from tierline.run import Run, open_run
from tierline.settings import load_settings
from tierline.warehouse import connect

PROJECT = Path(__file__).resolve().parents[3]
EXAMPLE = PROJECT / "examples" / "real.yml"
REAL_DATA = (PROJECT.parent / "shared" / "data").resolve()
FURTHER = [
    {"id": "country_policy_index", "path": str(REAL_DATA / "country/us-tip-tiers/policy_index.csv")},
    {"id": "facility_pairs", "path": str(REAL_DATA / "linkage/facility-pairs/training.json")},
    {"id": "gleif_entities_parquet", "path": str(REAL_DATA / "ownership/gleif-lei/gleif_entities.parquet")},
    {"id": "legal_forms_iso20275", "path": str(REAL_DATA / "ownership/iso20275-legal-forms/elf-codes-1.4.1.csv")},
    {"id": "name_pairs", "path": str(REAL_DATA / "linkage/name-pairs/cases.csv")},
    {"id": "ocds_record_package", "path": str(REAL_DATA / "procurement/ocds-fictional-example/record/*.json")},
    {"id": "open_supply_hub_contributors", "path": str(REAL_DATA / "facilities/open-supply-hub/osh_contributors.csv")},
    {"id": "kashmir_brick_kilns", "path": str(REAL_DATA / "facilities/kashmir-brick-kilns/kilns.csv")},
    {"id": "bods_ownership", "path": str(REAL_DATA / "ownership/bods-fixtures/*/*.json")},
    {"id": "ocds_release_package", "path": str(REAL_DATA / "procurement/ocds-fictional-example/*.json")},
]
RECORDS = {
    "bods_ownership": (9, {}),
    "br_lista_suja": (290, {}),
    "brand_supplier_list": (2854, {}),
    "country_cpi": (252, {"unknown country": 6}),
    "country_policy_index": (3021, {"unknown country": 3}),
    "country_tip": (3208, {}),
    "facility_pairs": (1, {}),
    "gleif_entities_parquet": (399_203, {}),
    "ipis_mine_visits": (5037, {}),
    "kashmir_brick_kilns": (566, {"identical repeat": 3, "duplicate key": 1}),
    "legal_forms_iso20275": (3659, {}),
    "name_pairs": (405, {}),
    "ocds_record_package": (2, {"superseded": 1}),
    "ocds_release_package": (12, {"identical repeat": 6}),
    "open_supply_hub": (5444, {}),
    "open_supply_hub_contributors": (487, {}),
    "public_contracts_scotland": (90, {}),
    "uk_contracts_finder": (200, {"missing value": 1}),
    "us_cbp_wro_secondhand": (54, {}),
    "us_dol_tvpra_editions": (1588, {}),
    "us_h2_certifications": (172_879, {"missing value": 724}),
    "us_h2_debarments": (48, {}),
}
# What tells of the data and is none: licences, texts, and the description of a table in the form of a data package.
NO_DATA = {".md", ""}
DESCRIPTIONS = {"datapackage.json"}

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(
        not REAL_DATA.is_dir(), reason="../shared/data is not there: the real files are not in the project"
    ),
]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that has loaded the example's files and all others."""
    folder = tmp_path_factory.mktemp("real")
    example = load_settings(EXAMPLE)
    named = [
        {"id": source.id, "name": source.name, "path": str(example.base / source.path)} for source in example.sources
    ]
    config = folder / "tierline.yml"
    accepted = [*example.accepted_licences, "kashmir_brick_kilns", "open_supply_hub_contributors"]
    config.write_text(
        yaml.safe_dump({"home": "home", "sources": [*named, *FURTHER], "accepted_licences": accepted}), encoding="utf-8"
    )
    made = open_run(config, run_id="real", today=example.as_of or date(2025, 3, 31))
    for source in made.settings.sources:
        fetch_source(made, source.name)
    load(made)
    return made


@pytest.fixture(scope="module")
def warehouse(run: Run) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(run.home.warehouse, read_only=True) as connection:
        yield connection


def test_no_file_is_nobodys(run: Run) -> None:
    taken = {
        file
        for source in run.settings.sources
        for file in REAL_DATA.glob(str(Path(str(source.path)).resolve().relative_to(REAL_DATA)))
    }
    data = {
        path
        for path in REAL_DATA.rglob("*")
        if path.is_file() and path.suffix not in NO_DATA and path.name not in DESCRIPTIONS
    }
    assert sorted(data - taken) == []


def test_every_row_of_every_file_is_accounted_for(warehouse: duckdb.DuckDBPyConnection) -> None:
    counted = warehouse.execute(
        "SELECT source_name, sum(read_count), sum(loaded_count + quarantined_count)"
        " FROM ingest.source_load GROUP BY source_name"
    ).fetchall()
    assert {name: read for name, read, _ in counted} == {name: read for name, (read, _) in RECORDS.items()}
    assert all(read == accounted for _, read, accounted in counted)


def test_what_is_in_quarantine_is_known(warehouse: duckdb.DuckDBPyConnection) -> None:
    counted = warehouse.execute(
        "SELECT source_name, reason_code, count(*) FROM ingest.quarantined_record GROUP BY ALL"
    ).fetchall()
    expected = [(name, reason, count) for name, (_, reasons) in RECORDS.items() for reason, count in reasons.items()]
    assert set(counted) ^ set(expected) == set()


def test_the_numbers_of_the_mine_site_mapping_hold(warehouse: duckdb.DuckDBPyConnection) -> None:
    counted = warehouse.execute(
        "SELECT issue_code, count(DISTINCT audit_ref) FROM canonical.audit_finding WHERE outcome = 'adverse'"
        " AND issue_code IN ('forced_labour', 'forced_labour_reported', 'childunder15') GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    assert counted == [("childunder15", 223), ("forced_labour", 112), ("forced_labour_reported", 19)]


def test_companies_and_persons_of_the_register_are_told_apart(warehouse: duckdb.DuckDBPyConnection) -> None:
    counted = warehouse.execute(
        "SELECT entry_kind, count(*), count(tax_number), bool_or(name = 'natural person'),"
        " count(*) FILTER (WHERE regexp_matches(concat_ws(' ', name, entry_ref, address), '[0-9]{11}'))"
        " FROM canonical.list_entry WHERE list_name = 'br_lista_suja' GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    assert counted == [("company", 70, 70, False, 0), ("person", 220, 0, True, 0)]


def test_no_country_has_two_values_for_one_year(warehouse: duckdb.DuckDBPyConnection) -> None:
    repeated = warehouse.execute(
        "SELECT country_code, measure, year FROM canonical.country_context GROUP BY ALL HAVING count(*) > 1"
    ).fetchall()
    assert repeated == []


def test_kilns_lie_in_kashmir(warehouse: duckdb.DuckDBPyConnection) -> None:
    bounds = warehouse.execute(
        "SELECT min(latitude) > 32, max(latitude) < 35, min(longitude) > 73, max(longitude) < 77"
        " FROM canonical.facility WHERE source_id = 'kashmir_brick_kilns'"
    ).fetchall()
    assert bounds == [(True, True, True, True)]
