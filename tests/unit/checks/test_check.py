"""Checks at the raw boundary: what leaves a source out or is warned about, and what is kept of it."""

import json
import logging
import socket
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.checks import check, step
from ingest.contracts import AUDIT_FINDING, SUPPLIER, SURVEY_ANSWER, Contract
from ingest.release_ledger import make_ledger
from ingest.restricted_store import restricted_connection
from ingest.spec import parse_spec
from ingest.stores import OPEN_TABLES, RESTRICTED_TABLES, make_tables
from tierline.errors import CheckFailed
from tierline.run import Run
from tierline.settings import Settings, SourceConfig
from tierline.warehouse import connect, quote_identifier

AS_OF = date(2026, 8, 1)
CANARY = "CANARY-passport-in-the-safe"
HEAD = """
title: t
publisher: p
licence: {name: l}
citation: c
cadence: monthly
corrections_contact: x
shape_checked: false
reference_namespace: erp
"""
DECLARATIONS = {
    "vendors": """
id: vendors
sensitivity: internal
format: {kind: csv}
columns: [vendor id, "Name: of {vendor}", country]
null_values: ["", "n/a"]
key: [vendor id]
volume: {minimum: 2, maximum: 5}
mapping:
  - table: supplier
    fields:
      supplier_ref: {column: vendor id}
      name: {column: "Name: of {vendor}"}
      country_text: {column: country}
""",
    "audits": """
id: audits
sensitivity: internal
format: {kind: jsonl}
mapping:
  - table: audit_finding
    fields:
      finding_ref: {path: $.id}
      scheme: {value: S}
      outcome: {path: $.outcome}
      found_on: {path: $.day}
      source_type: {value: announced_audit}
""",
    "kobo": """
id: kobo
sensitivity: restricted
format: {kind: jsonl}
survey: {place: offsite_survey}
mapping:
  - table: survey_answer
    questions: {"$.q": {indicator: F07, adverse: ["yes"], not_adverse: ["no"]}}
    fields:
      respondent_key: {path: $.id}
      facility_ref: {path: $.site}
      submitted_on: {path: $.day}
""",
}
SPECS = {name: parse_spec(HEAD + text, name) for name, text in DECLARATIONS.items()}
VENDOR_COLUMNS = ("vendor id", "Name: of {vendor}", "country")
VENDORS = [("V1", "Alpha", "Brazil"), ("V2", "Beta", "Brazil"), ("V3", "Gamma", "Brazil")]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Three sources, each loaded as it should be."""
    monkeypatch.setattr(step, "load_spec", lambda source_id, folder: SPECS[source_id])
    settings = Settings(
        home=tmp_path / "home", sources=tuple(SourceConfig(id=name, path="x") for name in SPECS), threads=1
    )
    made = Run(run_id="r1", as_of=AS_OF, settings=settings)
    with connect(made.home.warehouse) as warehouse:
        make_tables(warehouse, OPEN_TABLES)
        load_vendors(warehouse, VENDORS)
        load_audits(warehouse, ["adverse", "clean"])
        load_account(warehouse, "kobo", 2)
    with restricted_connection(made.home, made.settings) as store:
        make_tables(store, RESTRICTED_TABLES)
        load_account(store, "kobo", 2)
        load_answers(store, ["yes", "no"])
    return made


def load_raw(
    connection: duckdb.DuckDBPyConnection, source: str, columns: Sequence[str], rows: Sequence[tuple[str | None, ...]]
) -> None:
    """Writes a raw table as the loader does: text, with lineage."""
    declared = ", ".join(f"{quote_identifier(column)} VARCHAR" for column in columns)
    lineage = "_source_id VARCHAR, _snapshot_sha256 VARCHAR, _record_no BIGINT, _run_id VARCHAR"
    connection.execute(f"CREATE OR REPLACE TABLE raw.{source} ({declared}, {lineage})")
    marks = ", ".join("?" * (len(columns) + 4))
    for number, row in enumerate(rows, start=1):
        connection.execute(f"INSERT INTO raw.{source} VALUES ({marks})", [*row, source, "0" * 64, number, "r1"])


def load_rows(connection: duckdb.DuckDBPyConnection, contract: Contract, rows: Sequence[dict[str, Any]]) -> None:
    """Writes canonical rows of one source, replacing those it had."""
    for number, row in enumerate(rows, start=1):
        lineage = {"row_id": f"{row['source_id']}:{number}", "snapshot_sha256": "0" * 64, "record_no": number}
        full = {**lineage, **row}
        columns, marks = ", ".join(full), ", ".join("?" * len(full))
        connection.execute(f"INSERT INTO {contract.qualified_name} ({columns}) VALUES ({marks})", list(full.values()))


def load_account(
    connection: duckdb.DuckDBPyConnection, source: str, loaded: int, quarantined: int = 0, read: int | None = None
) -> None:
    """Writes what the loader says of one source."""
    connection.execute("DELETE FROM ingest.source_load WHERE source_name = ?", [source])
    connection.execute(
        """
        INSERT INTO ingest.source_load
            (source_name, declared_id, snapshot_sha256, read_count, loaded_count, quarantined_count, status)
        VALUES ($1, $1, '0', $2, $3, $4, 'loaded')
        """,
        [source, loaded + quarantined if read is None else read, loaded, quarantined],
    )


def load_vendors(
    connection: duckdb.DuckDBPyConnection,
    rows: Sequence[tuple[str | None, ...]],
    columns: Sequence[str] = VENDOR_COLUMNS,
) -> None:
    load_raw(connection, "vendors", columns, rows)
    connection.execute("DELETE FROM canonical.supplier")
    suppliers = [
        {"source_id": "vendors", "supplier_ref": f"erp:{row[0]}", "name": row[1], "country_code": "BR"} for row in rows
    ]
    load_rows(connection, SUPPLIER, suppliers)
    load_account(connection, "vendors", len(rows))


def load_audits(connection: duckdb.DuckDBPyConnection, outcomes: Sequence[str]) -> None:
    load_raw(connection, "audits", ["record"], [(json.dumps({"outcome": outcome}),) for outcome in outcomes])
    connection.execute("DELETE FROM canonical.audit_finding")
    finding = {
        "source_id": "audits", "supplier_ref": "erp:V1", "issue_code": "A1.1", "scheme": "S",
        "found_on": date(2026, 3, 1), "source_type": "announced_audit",
    }  # fmt: skip
    findings = [
        {**finding, "finding_ref": f"erp:f{number}", "outcome": outcome} for number, outcome in enumerate(outcomes)
    ]
    load_rows(connection, AUDIT_FINDING, findings)
    load_account(connection, "audits", len(outcomes))


def load_answers(store: duckdb.DuckDBPyConnection, answers: Sequence[str], note: str = "") -> None:
    load_raw(store, "kobo", ["record"], [(json.dumps({"q": answer, "note": note}),) for answer in answers])
    store.execute("DELETE FROM canonical.survey_answer")
    row = {
        "source_id": "kobo", "facility_ref": "erp:s1", "wave_id": "2026-Q2", "submitted_on": date(2026, 5, 1),
        "source_type": "offsite_survey", "question": "q", "indicator_id": "F07",
    }  # fmt: skip
    meaning = {"yes": "adverse", "no": "not_adverse"}
    rows = [
        {**row, "respondent_key": f"k{number}", "answer": meaning.get(answer, answer)}
        for number, answer in enumerate(answers)
    ]
    load_rows(store, SURVEY_ANSWER, rows)


def only(run: Run, *names: str) -> Run:
    """The run with these sources alone."""
    sources = tuple(source for source in run.settings.sources if source.name in names)
    return replace(run, settings=run.settings.model_copy(update={"sources": sources}))


def query(run: Run, sql: str) -> list[tuple[Any, ...]]:
    with connect(run.home.warehouse, read_only=True) as warehouse:
        return warehouse.execute(sql).fetchall()


def missed(run: Run, source: str) -> set[tuple[str, str | None, str, str]]:
    """What the source does not meet: expectation, column, severity, detail."""
    rows = query(
        run,
        "SELECT source_name, expectation, column_name, severity, detail FROM ingest.data_quality WHERE NOT success",
    )
    return {(expectation, *rest) for name, expectation, *rest in rows if name == source}


def test_good_sources_meet_everything(run: Run) -> None:
    outcome = check(run)
    assert outcome["degraded"] == {}
    assert outcome["warnings"] == {}
    assert outcome["met"] == outcome["expectations"] > 40
    kept = query(run, "SELECT DISTINCT run_id, source_name FROM ingest.data_quality ORDER BY ALL")
    assert kept == [("r1", "audits"), ("r1", "kobo"), ("r1", "vendors")]
    assert run.read_outcome("check") == outcome


def test_a_mapped_field_that_is_never_filled_is_warned_about(run: Run) -> None:
    """The vendors' country is read from no record: the code says nothing, and `country_text` stays empty."""
    many = [(f"V{number}", "Alpha", "Brazil") for number in range(20)]
    with connect(run.home.warehouse) as warehouse:
        load_vendors(warehouse, many)
    outcome = check(only(run, "vendors"))
    assert outcome["degraded"] == {}
    assert "filled in no record: canonical.supplier.country_text;" in outcome["warnings"]["vendors"]
    expected = "canonical.supplier: field country_text is filled in at least one record"
    assert (expected, "country_text", "warn", "20 of 20 rows do not meet it") in missed(run, "vendors")
    told = query(run, "SELECT column_name FROM ingest.data_quality WHERE expectation LIKE '%: field %' ORDER BY 1")
    assert told == [("country_text",), ("name",), ("supplier_ref",)]

    with connect(run.home.warehouse) as warehouse:
        warehouse.execute("UPDATE canonical.supplier SET country_text = 'Brazil' WHERE record_no = 20")
    check(only(run, "vendors"))
    assert "country_text" not in {column for _, column, _, _ in missed(run, "vendors")}


def test_findings_under_one_reference_are_warned_about(run: Run) -> None:
    with connect(run.home.warehouse) as warehouse:
        load_audits(warehouse, ["adverse", "adverse"])
        warehouse.execute("UPDATE canonical.audit_finding SET finding_ref = 'erp:f'")
    check(only(run, "audits"))
    expected = "canonical.audit_finding: a reference of a finding is there once"
    assert (expected, "finding_ref", "warn", "2 of 2 rows do not meet it") in missed(run, "audits")


def test_every_suite_counts_rows(run: Run) -> None:
    check(run)
    tables = query(run, "SELECT DISTINCT split_part(expectation, ':', 1) FROM ingest.data_quality")
    counted = query(
        run,
        "SELECT split_part(expectation, ':', 1) FROM ingest.data_quality WHERE observed_count IS NOT NULL "
        "AND expectation LIKE '%: records at least: %' OR expectation LIKE '%: at least one row'",
    )
    assert set(counted) == set(tables) - {("ingest.source_load",)}


def test_a_missing_column_stops_the_source_and_is_an_error_of_its_own(run: Run) -> None:
    with connect(run.home.warehouse) as warehouse:
        load_vendors(warehouse, VENDORS, columns=("vendor id", "vendor", "country"))
    outcome = check(only(run, "vendors"))
    assert set(outcome["degraded"]) == {"vendors"}
    name = "Name: of {vendor}"
    assert missed(run, "vendors") == {
        ("raw.vendors: the column is there", name, "stop", "missing"),
        (
            "raw.vendors: given in at least 50 % of records",
            name,
            "stop",
            "could not be tested: a column is missing or of another type",
        ),
        (
            "raw.vendors: given in at least 95 % of records",
            name,
            "warn",
            "could not be tested: a column is missing or of another type",
        ),
    }


def test_a_missing_table_stops_the_source(run: Run) -> None:
    with connect(run.home.warehouse) as warehouse:
        warehouse.execute("DROP TABLE raw.vendors")
    detail = "missing, or without a column that it must have"
    assert check(only(run, "vendors"))["degraded"] == {"vendors": f"raw.vendors: the table is there ({detail})"}


def test_an_empty_table_stops_the_source(run: Run) -> None:
    with connect(run.home.warehouse) as warehouse:
        load_vendors(warehouse, [])
    assert set(check(only(run, "vendors"))["degraded"]) == {"vendors"}
    assert ("raw.vendors: records at least: 2", None, "stop", "0 rows") in missed(run, "vendors")


def test_too_many_records_are_warned_about(run: Run) -> None:
    with connect(run.home.warehouse) as warehouse:
        load_vendors(warehouse, [(f"V{number}", "Name", "Brazil") for number in range(6)])
    outcome = check(only(run, "vendors"))
    assert outcome["degraded"] == {}
    assert outcome["warnings"] == {"vendors": "raw.vendors: records at most: 5 (6 rows)"}


def test_a_key_that_is_there_twice_is_warned_about(run: Run) -> None:
    with connect(run.home.warehouse) as warehouse:
        load_vendors(warehouse, [*VENDORS, ("V1", "Alpha again", "Brazil")])
    assert check(only(run, "vendors"))["degraded"] == {}
    assert missed(run, "vendors") == {
        ("raw.vendors: the key vendor id is there once", "vendor id", "warn", "2 of 4 rows do not meet it")
    }


def test_rows_with_one_id_stop_the_source(run: Run) -> None:
    with connect(run.home.warehouse) as warehouse:
        warehouse.execute("INSERT INTO canonical.supplier SELECT * FROM canonical.supplier WHERE name = 'Beta'")
    assert check(only(run, "vendors"))["degraded"] == {
        "vendors": "canonical.supplier: each row has an id of its own, column row_id (2 of 4 rows do not meet it)"
    }


def test_texts_declared_as_null_count_as_blank(run: Run) -> None:
    with connect(run.home.warehouse) as warehouse:
        load_vendors(warehouse, [("V1", "n/a", "x"), ("V2", " ", "x"), ("V3", "Gamma", "x")])
    expected = "raw.vendors: given in at least 50 % of records, column Name: of {vendor} (2 of 3 rows do not meet it)"
    assert check(only(run, "vendors"))["degraded"] == {"vendors": expected}


def test_a_value_outside_the_code_list_stops_the_source(run: Run) -> None:
    with connect(run.home.warehouse) as warehouse:
        load_audits(warehouse, ["adverse", CANARY])
    outcome = check(only(run, "audits"))
    assert set(outcome["degraded"]) == {"audits"}
    assert "one of adverse, clean, column outcome (1 of 2 rows do not meet it)" in outcome["degraded"]["audits"]


@pytest.mark.parametrize(("quarantined", "severity"), [(0, None), (1, "warn"), (3, "warn"), (4, "stop")])
def test_the_share_in_quarantine_warns_and_stops(run: Run, quarantined: int, severity: str | None) -> None:
    with connect(run.home.warehouse) as warehouse:
        load_account(warehouse, "vendors", 3, quarantined)
    outcome = check(only(run, "vendors"))
    assert ("3 of 6 rows" in str(outcome["warnings"])) == (quarantined == 3)
    assert set(outcome["warnings"]) == (set() if severity is None else {"vendors"})
    assert set(outcome["degraded"]) == ({"vendors"} if severity == "stop" else set())


def test_records_that_are_unaccounted_for_stop_the_source(run: Run) -> None:
    with connect(run.home.warehouse) as warehouse:
        load_account(warehouse, "audits", 2, read=3)
    assert set(check(only(run, "audits"))["degraded"]) == {"audits"}


def test_a_stop_removes_that_source_and_no_other(run: Run) -> None:
    with connect(run.home.warehouse) as warehouse:
        load_vendors(warehouse, [])
        load_rows(warehouse, SUPPLIER, [{"source_id": "other", "supplier_ref": "o:1", "name": "Other"}])
        load_rows(warehouse, SUPPLIER, [{"source_id": "vendors", "supplier_ref": "erp:V9", "name": "Left over"}])
    outcome = check(only(run, "vendors", "audits"))
    assert query(run, "SELECT source_id FROM canonical.supplier") == [("other",)]
    assert query(run, "SELECT count(*) FROM canonical.audit_finding") == [(2,)]
    states = query(run, "SELECT source_name, status, error FROM ingest.source_load ORDER BY ALL")
    assert states == [
        ("audits", "loaded", None),
        ("kobo", "loaded", None),
        ("vendors", "failed", outcome["degraded"]["vendors"]),
    ]


def test_a_stop_of_a_survey_removes_answers_and_what_this_run_decided_of_them(run: Run) -> None:
    with restricted_connection(run.home, run.settings) as store:
        load_answers(store, ["yes", CANARY])
        make_ledger(store)
        store.execute(
            "INSERT INTO release.survey_class BY NAME SELECT concat(run, kind) AS release_id, 'kobo' AS source_id, "
            "'f' AS facility_ref, 'F07' AS indicator_id, '2026-Q2' AS wave_id, DATE '2026-07-30' AS wave_closed_on, "
            "DATE '2026-07-30' AS known_on, 'fires' AS class, 'offsite_survey' AS source_type, run AS decided_in_run, "
            "kind AS class_kind "
            "FROM (SELECT unnest(['r0', 'r1']) AS run), (SELECT unnest(['exact', 'protected']) AS kind)"
        )
    assert set(check(only(run, "kobo"))["degraded"]) == {"kobo"}
    with restricted_connection(run.home, run.settings, read_only=True) as store:
        assert store.execute("SELECT count(*) FROM canonical.survey_answer").fetchall() == [(0,)]
        left = store.execute("SELECT release_id, superseded_on FROM release.survey_class ORDER BY 1").fetchall()
        assert left == [("r0exact", None), ("r0protected", None), ("r1protected", run.as_of)]
        assert store.execute("SELECT status FROM ingest.source_load").fetchall() == [("failed",)]


def test_running_again_reports_the_same(run: Run) -> None:
    with connect(run.home.warehouse) as warehouse:
        load_vendors(warehouse, [])
    first = check(only(run, "vendors"))
    kept = query(run, "SELECT * FROM ingest.data_quality ORDER BY ALL")
    assert check(only(run, "vendors")) == first
    assert query(run, "SELECT * FROM ingest.data_quality ORDER BY ALL") == kept


def test_another_run_keeps_its_own_verdicts(run: Run) -> None:
    check(only(run, "vendors"))
    check(only(replace(run, run_id="r2"), "vendors"))
    counts = dict(query(run, "SELECT run_id, count(*) FROM ingest.data_quality GROUP BY ALL"))
    assert counts["r1"] == counts["r2"]


def test_a_required_source_that_is_left_out_fails_the_run(run: Run) -> None:
    with connect(run.home.warehouse) as warehouse:
        load_vendors(warehouse, [])
    sources = tuple(source.model_copy(update={"required": True}) for source in only(run, "vendors").settings.sources)
    strict = replace(run, settings=run.settings.model_copy(update={"sources": sources}))
    with pytest.raises(CheckFailed, match="records at least: 2"):
        check(strict)
    assert query(run, "SELECT status FROM ingest.source_load WHERE source_name = 'vendors'") == [("failed",)]


def test_no_value_leaks(run: Run, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    with restricted_connection(run.home, run.settings) as store:
        load_answers(store, ["yes", CANARY], note=CANARY)
    with connect(run.home.warehouse) as warehouse:
        load_audits(warehouse, ["adverse", f"{CANARY}-open"])
    before = query(run, "SELECT count(*) FROM canonical.audit_finding")
    assert before == [(2,)]
    with caplog.at_level(logging.DEBUG):
        outcome = check(run)
    assert set(outcome["degraded"]) == {"audits", "kobo"}
    printed = capfd.readouterr()
    verdicts = str(query(run, "SELECT * FROM ingest.data_quality"))
    assert CANARY not in caplog.text + printed.out + printed.err + json.dumps(outcome) + verdicts
    assert CANARY not in run.outcome_path("check").read_text(encoding="utf-8")
    assert "Calculating Metrics" not in printed.err
    assert not [record for record in caplog.records if record.name.startswith("great_expectations")]


def test_nothing_a_worker_said_is_in_the_open_warehouse(run: Run) -> None:
    with restricted_connection(run.home, run.settings) as store:
        load_answers(store, ["yes", CANARY], note=CANARY)
    check(only(run, "kobo"))
    for path in run.home.root.rglob("*"):
        if path.is_file() and run.home.restricted not in path.parents:
            assert CANARY.encode() not in path.read_bytes(), path.name


def test_a_fault_of_the_library_quotes_no_data(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from ingest.checks import validation

    def fail(*arguments: object) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr(validation, "_run", fail)
    with pytest.raises(CheckFailed) as failed:
        check(only(run, "vendors"))
    assert CANARY not in str(failed.value)
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__


def test_it_opens_no_connection_and_writes_nothing_elsewhere(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("a network connection was tried")

    person = tmp_path / "person"
    person.mkdir()
    monkeypatch.setenv("HOME", str(person))
    monkeypatch.chdir(person)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    check(run)
    assert list(person.rglob("*")) == []
