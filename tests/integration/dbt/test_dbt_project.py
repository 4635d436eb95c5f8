"""The dbt project on a few canonical rows: what was known on the day, and nothing that was not."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingest.contracts import CANONICAL, LEDGERS
from matching.steps import match, prepare
from tierline import transform as transform_step
from tierline.errors import CheckFailed
from tierline.run import Run
from tierline.settings import Settings, SourceConfig
from tierline.warehouse import connect, quote_identifier

pytestmark = pytest.mark.integration

SHA = "ab" * 32
SUPPLIER = {"supplier_ref": "erp:V1", "name": "Alfa Garments Ltd", "country_code": "BD", "sector_text": "Garments"}
SITE = {"facility_ref": "erp:S1", "supplier_ref": "erp:V1", "name": "Alfa plant"}
FINDING = {
    "finding_ref": "erp:F1",
    "audit_ref": "erp:A1",
    "facility_ref": "erp:S1",
    "supplier_ref": "erp:V1",
    "scheme": "ETHICAL-A",
    "issue_code": "A1.1",
    "grade": "major",
    "outcome": "adverse",
    "status": "closed",
    "found_on": date(2025, 3, 1),
    "closed_on": date(2025, 6, 1),
    "closure_verified_by": "workers",
    "source_type": "unannounced_audit",
}
PERSON = {
    "entry_ref": "list:1",
    "list_name": "register",
    "entry_kind": "person",
    "name": "CANARY Firstname Lastname",
    "other_identifier": "REG:77",
    "listed_on": date(2024, 1, 1),
    "ended_on": date(2025, 5, 1),
    "status": "in_force",
    "feeds_indicator": "A01",
    "second_hand": False,
}
Rows = Mapping[str, list[dict[str, Any]]]


def a_run(home: Path, as_of: date) -> Run:
    settings = Settings(home=home, sources=(SourceConfig(id="erp", path="unused.csv"),))
    return Run(run_id="test", as_of=as_of, settings=settings)


def fill(run: Run, tables: Rows) -> None:
    run.home.root.mkdir(parents=True, exist_ok=True)
    with connect(run.home.warehouse) as connection:
        connection.execute("CREATE SCHEMA canonical")
        connection.execute("CREATE SCHEMA ingest")
        for contract in (*CANONICAL, *LEDGERS):
            connection.execute(contract.ddl())
        for table, rows in tables.items():
            for number, row in enumerate(rows, start=1):
                lineage = {
                    "row_id": f"{table}:{number}",
                    "source_id": "erp",
                    "snapshot_sha256": SHA,
                    "record_no": number,
                }
                insert(connection, table, {**lineage, **row})


def insert(connection: Any, table: str, row: Mapping[str, Any]) -> None:
    columns = ", ".join(quote_identifier(column) for column in row)
    marks = ", ".join("?" for _ in row)
    connection.execute(
        f"INSERT INTO canonical.{quote_identifier(table)} ({columns}) VALUES ({marks})", list(row.values())
    )


def transform(run: Run, *models: str) -> None:
    """Builds and tests the models named and all that they read, or where none is named the whole project."""
    prepare(run)
    match(run)
    if models:
        selection = ("--select", *(f"+{model}" for model in models), "--exclude", "tag:linkage")
        transform_step._build(run, "transform", selection)
    else:
        transform_step.transform(run)


def built(home: Path, as_of: date, tables: Rows, *models: str) -> Run:
    """Gives a run whose warehouse holds the rows, and the models named and all that they read, or all models."""
    run = a_run(home, as_of)
    fill(run, tables)
    transform(run, *models)
    return run


def ask(run: Run, query: str) -> list[tuple[Any, ...]]:
    with connect(run.home.warehouse, read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_a_day_sees_only_what_was_known_on_it(tmp_path: Path) -> None:
    tables: Rows = {
        "supplier": [
            {**SUPPLIER, "other_identifier": "reg:77"},
            {**SUPPLIER, "supplier_ref": "erp:V2", "name": PERSON["name"]},
            {**SUPPLIER, "supplier_ref": "erp:V3", "name": "Later", "known_on": date(2026, 1, 1)},
        ],
        "facility": [SITE],
        "audit_finding": [FINDING, {**FINDING, "finding_ref": "erp:F2", "found_on": date(2025, 9, 1)}],
        "list_entry": [PERSON],
    }
    models = ("ftr_indicator_fact", "fct_list_match")
    early = built(tmp_path / "early", date(2025, 4, 1), tables, *models)
    late = built(tmp_path / "late", date(2026, 4, 1), tables, *models)

    findings = "SELECT status, closed_on, closure_verified_by FROM marts.fct_audit_finding ORDER BY row_id"
    assert ask(early, findings) == [("open", None, None)]
    assert ask(late, findings) == [("closed", date(2025, 6, 1), "workers")] * 2
    closed = "SELECT closure_verified_by_workers FROM features.ftr_indicator_fact WHERE fact_id = 'audit_finding:1'"
    assert (ask(early, closed), ask(late, closed)) == ([(False,)], [(True,)])
    suppliers = "SELECT count(*) FROM marts.dim_supplier"
    assert (ask(early, suppliers), ask(late, suppliers)) == ([(2,)], [(3,)])
    # The listed person: matched by its identifier and not by its name, unnamed, and gone once delisted.
    matches = "SELECT matched_on, match_status, gates, entry_name_published FROM marts.fct_list_match"
    unnamed = "natural person, list register, entry list_entry:1"
    assert ask(early, matches) == [("other_identifier", "confirmed", True, unnamed)]
    assert ask(late, matches) == ask(late, "SELECT * FROM marts.dim_list_entry") == []
    official = "SELECT description FROM features.ftr_indicator_fact WHERE indicator_id = 'A01'"
    assert ask(early, official) == [(f"List register: {unnamed}, in force",)]


def test_a_natural_person_is_named_nowhere_and_matches_by_reference_alone(tmp_path: Path) -> None:
    name = "CANARY Firstname Lastname"
    person = {**SUPPLIER, "supplier_ref": f"h2:{name}|Baggs|WY", "name": name, "aliases": [name]}
    tables: Rows = {
        "supplier": [{**person, "is_natural_person": True}, {**SUPPLIER, "name": name}],
        "facility": [{**SITE, "supplier_ref": person["supplier_ref"], "name": name, "address": name}],
        "list_entry": [{**PERSON, "entry_kind": "company", "other_identifier": None, "ended_on": None}],
    }
    models = ("dim_supplier_record", "dim_facility", "ftr_site", "fct_list_match")
    run = built(tmp_path / "home", date(2025, 4, 1), tables, *models)

    persons = "SELECT supplier_id, name FROM marts.dim_supplier WHERE is_natural_person"
    [(supplier_id, shown)] = ask(run, persons)
    assert shown == "natural person, source erp, record supplier:1"
    matched = ask(run, "SELECT supplier_id FROM marts.fct_list_match")
    assert matched
    assert supplier_id not in {row[0] for row in matched}
    for table in ("marts.dim_supplier_record", "marts.dim_facility", "features.ftr_site"):
        rows = ask(run, f"SELECT * FROM {table} WHERE supplier_id = '{supplier_id}'")
        assert rows
        assert "CANARY" not in str(rows)


def test_who_is_known_from_ownership_statements_alone_is_no_supplier(tmp_path: Path) -> None:
    run = a_run(tmp_path / "home", date(2026, 1, 1))
    holding = {"supplier_ref": "bods:h", "name": "Holding", "country_code": "GB", "source_id": "register"}
    person = {"supplier_ref": "bods:p", "name": "natural person", "is_natural_person": True, "source_id": "register"}
    subject = {**SUPPLIER, "supplier_ref": "bods:a", "source_id": "register"}
    owned = {"subject_ref": "bods:a", "source_id": "register"}
    fill(
        run,
        {
            "supplier": [SUPPLIER, subject, holding, person],
            "ownership_edge": [{**owned, "party_ref": "bods:h"}, {**owned, "party_ref": "bods:p"}],
        },
    )
    with connect(run.home.warehouse) as connection:
        connection.execute(
            "INSERT INTO ingest.source_load"
            " (source_name, declared_id, snapshot_sha256, read_count, loaded_count, quarantined_count, status)"
            " VALUES ('register', 'bods_ownership', ?, 5, 5, 0, 'loaded')",
            [SHA],
        )
    transform(run, "dim_supplier", "ftr_site", "fct_network_edge")

    assert ask(run, "SELECT name, record_count FROM marts.dim_supplier") == [("Alfa Garments Ltd", 2)]
    assert ask(run, "SELECT count(*) FROM features.ftr_site") == [(1,)]
    edges = "SELECT party_name_published, party_ref, party_supplier_id FROM marts.fct_network_edge ORDER BY row_id"
    assert ask(run, edges) == [("Holding", "bods:h", None), ("natural person", "P1", None)]


def test_suppliers_and_sites_that_are_only_mentioned_are_scored_too(tmp_path: Path) -> None:
    run = built(
        tmp_path / "home",
        date(2026, 1, 1),
        {
            "audit_finding": [FINDING],
            "award": [{"award_ref": "o:1", "supplier_ref": "ocds:9", "supplier_name": "Beta"}],
        },
        "ftr_site",
    )

    names = ask(run, "SELECT name, site_count FROM marts.dim_supplier ORDER BY name")
    assert names == [("Beta", 0), ("erp:V1", 1)]
    sites = ask(run, "SELECT site_name, is_unknown_site FROM features.ftr_site ORDER BY site_name")
    assert sites == [("erp:S1", False), ("site not known", True)]


def test_an_unknown_type_of_source_stops_the_run(tmp_path: Path) -> None:
    run = a_run(tmp_path / "home", date(2026, 1, 1))
    fill(run, {"audit_finding": [{**FINDING, "source_type": "hearsay"}]})

    with pytest.raises(CheckFailed, match="reliability"):
        transform(run)


def test_a_template_gives_no_points_until_the_company_verifies_it(tmp_path: Path) -> None:
    finding = {**FINDING, "scheme": "SMETA", "issue_code": "1", "status": "open", "closed_on": None}
    tables = {"supplier": [SUPPLIER], "facility": [SITE], "audit_finding": [finding]}
    own = {"scheme": "SMETA", "issue_code": "1", "indicator_id": "F07", "strength": "S", "is_verified": True}

    template = built(tmp_path / "template", date(2025, 12, 31), tables, "ftr_indicator_fact")
    verified = built(
        tmp_path / "verified",
        date(2025, 12, 31),
        {**tables, "audit_issue_mapping": [{**own, "basis": "audit programme"}]},
        "ftr_indicator_fact",
    )

    told = "SELECT indicator_id, possible_indicator_id, mapping_state FROM marts.fct_audit_finding"
    points = "SELECT indicator_id, strength FROM features.ftr_indicator_fact WHERE kind = 'adverse'"
    assert ask(template, told) == [(None, "F03", "template, unverified")]
    assert ask(template, points) == []
    assert ask(verified, told) == [("F07", None, "verified")]
    assert ask(verified, points) == [("F07", "S")]
