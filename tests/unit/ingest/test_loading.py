"""Loading replaces a source by its present state, once, whole or not at all."""

import json
from dataclasses import replace
from datetime import date

import pytest

from ingest import source_loading
from ingest.landing import landing_of
from ingest.load import load_sources
from ingest.spec import load_spec
from ingest.steps import fetch_source, load
from tests.unit.ingest.conftest import CSV_SOURCE, JSON_LINES_SOURCE, Installation
from tierline.errors import FetchError
from tierline.files import sha256_of_bytes

HEADING = "id,name,country\n"


def test_loading_the_same_snapshot_again_changes_nothing(makers: Installation) -> None:
    makers.write("makers.csv", HEADING + "M1,Ada,VN\nM2,,VN\n")
    first = makers.load(run_id="r1")
    before = makers.contents()

    second = makers.load(run_id="r2")

    assert first["sources"]["makers"]["status"] == "loaded"
    assert second["sources"]["makers"]["status"] == "unchanged"
    assert second["sources"]["makers"] | {"status": "loaded"} == first["sources"]["makers"]
    assert makers.contents() == before


def test_a_new_snapshot_replaces_the_old_one_and_the_landing_keeps_both(makers: Installation) -> None:
    makers.write("makers.csv", HEADING + "M1,Ada,VN\nM2,,VN\n")
    makers.load(run_id="r1")
    makers.write("makers.csv", HEADING + "M3,Bo,VN\n")

    makers.load(run_id="r2")

    assert makers.query("SELECT supplier_ref FROM canonical.supplier") == [("erp:M3",)]
    assert makers.query("SELECT id, _run_id FROM raw.makers") == [("M3", "r2")]
    assert makers.quarantine() == []
    assert makers.query("SELECT read_count FROM ingest.source_load") == [(1,)]
    assert len(list((makers.run().home.landing / "makers").glob("*/makers.csv"))) == 2


def on_day(installation: Installation, day: date, run_id: str, *, fetches: bool) -> list[tuple[str]]:
    """Loads for a day and gives the names that the store then has."""
    run = replace(installation.run(run_id), as_of=day)
    if fetches:
        fetch_source(run, "makers")
    load(run)
    return installation.query("SELECT name FROM canonical.supplier ORDER BY 1")


def test_what_a_later_run_landed_is_not_known_on_an_earlier_day(makers: Installation) -> None:
    makers.write("makers.csv", HEADING + "M1,Ada,VN\n")
    on_day(makers, date(2026, 9, 1), "r1", fetches=True)
    makers.write("makers.csv", HEADING + "M1,Ada Renamed,VN\n")
    assert on_day(makers, date(2026, 10, 1), "r2", fetches=True) == [("Ada Renamed",)]

    assert on_day(makers, date(2026, 9, 30), "r3", fetches=False) == [("Ada",)]
    assert on_day(makers, date(2026, 10, 1), "r4", fetches=False) == [("Ada Renamed",)]


def test_a_day_before_all_that_landed_takes_it_as_known_and_says_so(
    makers: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    makers.write("makers.csv", HEADING + "M1,Ada,VN\n")
    on_day(makers, date(2026, 10, 1), "r1", fetches=True)

    assert on_day(makers, date(2026, 9, 30), "r2", fetches=False) == [("Ada",)]

    assert "makers: all that landed is of runs for a later day, first 2026-10-01" in caplog.text


def test_rows_that_carry_their_own_day_are_all_loaded(installation: Installation) -> None:
    installation.declare(CSV_SOURCE, "makers.csv", known_on=date(2026, 8, 1))
    installation.write("makers.csv", HEADING + "M1,Ada,VN\n")
    on_day(installation, date(2026, 9, 1), "r1", fetches=True)
    installation.write("makers.csv", HEADING + "M1,Ada Renamed,VN\n")
    on_day(installation, date(2026, 10, 1), "r2", fetches=True)

    assert on_day(installation, date(2026, 9, 1), "r3", fetches=False) == [("Ada Renamed",)]


def test_the_files_matched_now_are_the_present_state(installation: Installation) -> None:
    installation.declare(CSV_SOURCE, "*.csv")
    installation.write("a.csv", HEADING + "M1,Ada,VN\n")
    installation.write("b.csv", "id,maker,country,extra\nM2,Bo,VN,x\n")
    installation.write("copy-of-a.csv", HEADING + "M1,Ada,VN\n")
    installation.load(run_id="r1")
    assert installation.query("SELECT supplier_ref, name FROM canonical.supplier ORDER BY 1") == [
        ("erp:M1", "Ada"),
        ("erp:M2", "Bo"),
    ]
    assert installation.query("SELECT file_name FROM ingest.source_load ORDER BY 1") == [("a.csv",), ("b.csv",)]
    (installation.root / "files" / "a.csv").unlink()
    (installation.root / "files" / "copy-of-a.csv").unlink()

    installation.load(run_id="r2")

    assert installation.query("SELECT supplier_ref FROM canonical.supplier") == [("erp:M2",)]
    assert installation.query("SELECT file_name, read_count FROM ingest.source_load") == [("b.csv", 1)]


def test_a_folder_is_read_as_its_files(installation: Installation) -> None:
    installation.declare(CSV_SOURCE, "lists")
    installation.write("lists/a.csv", HEADING + "M1,Ada,VN\n")
    installation.write("lists/b.csv", HEADING + "M2,Bo,VN\n")
    installation.write("lists/.hidden", "no")

    assert installation.load()["sources"]["makers"]["loaded"] == 2


def test_one_declaration_serves_two_sources(installation: Installation) -> None:
    for name in ("east", "west"):
        installation.declare(CSV_SOURCE, f"{name}.csv", name=name, known_on=date(2020, 1, 31))
        installation.write(f"{name}.csv", HEADING + f"M1,{name},VN\n")

    installation.load()

    assert installation.query("SELECT source_id, supplier_ref, name, known_on FROM canonical.supplier ORDER BY 1") == [
        ("east", "erp:M1", "east", date(2020, 1, 31)),
        ("west", "erp:M1", "west", date(2020, 1, 31)),
    ]
    assert installation.query("SELECT DISTINCT declared_id FROM ingest.source_load") == [("makers",)]


def test_a_source_that_broke_keeps_its_last_state_and_is_degraded(makers: Installation) -> None:
    makers.write("makers.csv", HEADING + "M1,Ada,VN\n")
    makers.load(run_id="r1")
    makers.write("makers.csv", "id,title\nM2,Bo\n")

    outcome = makers.load(run_id="r2")

    assert "stays in use" in outcome["degraded"]["makers"]
    assert outcome["sources"]["makers"]["loaded"] == 1
    assert makers.query("SELECT supplier_ref FROM canonical.supplier") == [("erp:M1",)]
    assert sorted(makers.query("SELECT status FROM ingest.source_load")) == [("failed",), ("loaded",)]


def test_a_mended_source_leaves_no_trace_of_its_failure(makers: Installation) -> None:
    makers.write("makers.csv", HEADING + "M1,Ada,VN\n")
    makers.load(run_id="r1")
    before = makers.contents()
    makers.write("makers.csv", b"")
    makers.load(run_id="r2")
    makers.write("makers.csv", HEADING + "M1,Ada,VN\n")

    outcome = makers.load(run_id="r3")

    assert outcome["degraded"] == {}
    after = makers.contents()
    assert {**after, 'raw."makers"': None} == {**before, 'raw."makers"': None}


def test_a_source_taken_out_of_the_configuration_leaves_the_store(makers: Installation) -> None:
    makers.declare(JSON_LINES_SOURCE, "notices.jsonl")
    makers.write("makers.csv", HEADING + "M1,,VN\nM2,Bo,VN\n")
    makers.write("notices.jsonl", '{"id": "r1"}\n')
    makers.load(run_id="r1")
    makers.sources = [source for source in makers.sources if source.name == "notices"]

    makers.load(run_id="r2")

    assert makers.query("SELECT count(*) FROM canonical.supplier") == [(0,)]
    assert makers.quarantine() == []
    assert makers.query("SELECT source_name FROM ingest.source_load") == [("notices",)]
    assert makers.query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'raw'") == [("notices",)]


def test_a_load_that_breaks_off_leaves_the_store_as_it_was(
    makers: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    makers.write("makers.csv", HEADING + "M1,Ada,VN\n")
    makers.load(run_id="r1")
    before = makers.contents()
    makers.write("makers.csv", HEADING + "M2,Bo,VN\n")
    run = makers.run("r2")
    fetch_source(run, "makers")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(source_loading, "_write_ledgers", stop)
    with pytest.raises(KeyboardInterrupt):
        load_sources(run)

    assert makers.contents() == before
    monkeypatch.undo()
    assert load_sources(run)["sources"]["makers"]["status"] == "loaded"
    assert not (makers.run().home.landing / ".work").exists()


def test_a_changed_declaration_loads_again(makers: Installation) -> None:
    makers.write("makers.csv", HEADING + "M1,Ada,VN\n")
    makers.load(run_id="r1")
    makers.declare(CSV_SOURCE.replace("reference_namespace: erp", "reference_namespace: other"), "makers.csv")

    makers.load(run_id="r2")

    assert makers.query("SELECT supplier_ref FROM canonical.supplier") == [("other:M1",)]


def test_too_few_records_fail_and_too_many_are_told(installation: Installation) -> None:
    installation.declare(CSV_SOURCE + "volume: {minimum: 2, maximum: 2}\n", "makers.csv")
    installation.write("makers.csv", HEADING + "M1,Ada,VN\n")
    assert "1 records, and a whole source has at least 2" in installation.load(run_id="r1")["degraded"]["makers"]
    installation.write("makers.csv", HEADING + "M1,Ada,VN\nM2,Bo,VN\nM3,Cy,VN\n")

    outcome = installation.load(run_id="r2")

    assert outcome["degraded"] == {}
    assert "more than the 2" in outcome["sources"]["makers"]["warning"]


def test_the_landing_keeps_bytes_name_and_origin(makers: Installation) -> None:
    content = (HEADING + "M1,Ada,VN\n").encode()
    makers.write("makers.csv", content)

    outcome = fetch_source(makers.run(), "makers")

    (file,) = outcome["files"]
    folder = makers.run().home.landing / "makers" / file["sha256"]
    assert file == {"name": "makers.csv", "sha256": sha256_of_bytes(content), "bytes": len(content)}
    assert (folder / "makers.csv").read_bytes() == content
    sidecar = json.loads((folder / "makers.csv.origin.json").read_text(encoding="utf-8"))
    assert sidecar | {"origin": "makers.csv", "run_id": "r1", "as_of": "2026-11-01"} == sidecar
    assert str(makers.root) not in json.dumps(sidecar)
    assert not list((makers.run().home.landing / "makers").glob(".landing-*"))


def test_landed_bytes_that_changed_are_refused(makers: Installation) -> None:
    makers.write("makers.csv", HEADING + "M1,Ada,VN\n")
    run = makers.run()
    fetch_source(run, "makers")
    landing = landing_of(run.home, "makers", load_spec("makers", run.project / "ingest" / "sources"))
    (file,) = landing.present_files()
    path = landing.verified(file)
    path.write_text("changed", encoding="utf-8")

    with pytest.raises(FetchError, match="its bytes changed"):
        landing.verified(file)

    assert "its bytes changed" in load_sources(run)["degraded"]["makers"]


def test_a_file_that_fails_leaves_the_present_state_of_the_landing(makers: Installation) -> None:
    makers.write("makers.csv", HEADING + "M1,Ada,VN\n")
    run = makers.run()
    fetch_source(run, "makers")
    landing = landing_of(run.home, "makers", load_spec("makers", run.project / "ingest" / "sources"))
    before = landing.present_files()
    makers.write("makers.csv", b"")

    with pytest.raises(FetchError):
        fetch_source(makers.run("r2"), "makers")

    assert landing.present_files() == before
    assert not list(landing.folder.glob(".landing-*"))


def test_a_source_that_never_landed_is_told(makers: Installation) -> None:
    assert "nothing has landed yet" in load_sources(makers.run())["degraded"]["makers"]


def test_all_canonical_tables_exist_after_any_load(makers: Installation) -> None:
    load_sources(makers.run())

    tables = {name for (name,) in makers.query(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'canonical'"
    )}  # fmt: skip
    assert tables == {
        *("supplier", "facility", "award", "purchase_order_line", "audit_finding", "survey_class", "list_entry"),
        *("match_verdict", "ownership_edge", "country_context", "good_country", "legal_entity", "company_statement"),
        *("contracting_process", "exchange_rate", "legal_form", "labelled_pair", "audit_issue_mapping"),
        *("bid", "labour_cost", "supply_link", "report", "mitigation", "survey_quality", "survey_rate"),
        *("action_entry", "contest_entry"),
    }
