"""Exact or protected is settled once for each wave: what a later setting, name or withdrawal can and cannot change."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import polars as pl
import pytest

from ingest import survey as survey_module
from ingest.answered_indicators import answered_indicators
from ingest.contracts import FACILITY, SUPPLIER
from ingest.release_ledger import leave_out_classes
from ingest.releases import synthetic
from ingest.releases.synthetic import synthesize
from ingest.sealed_store import sealed_store
from ingest.spec import load_spec
from ingest.stores import RESTRICTED_TABLES, make_tables
from ingest.survey import SurveyTerms, survey
from tierline.errors import TierlineError
from tierline.run import Run
from tierline.settings import Settings, SourceConfig
from tierline.warehouse import connect

Kind = Literal["exact", "protected"]
TERMS = SurveyTerms("kobo", 3, 30, 1.0, retention_days=3650)
WAVES = {"2026-Q1": date(2026, 2, 4), "2026-Q2": date(2026, 5, 4)}
AFTER_FIRST, AFTER_SECOND, LATER = date(2026, 5, 1), date(2026, 8, 1), date(2026, 9, 1)
PLACES = pl.DataFrame({"facility_ref": ["site"], "country_code": ["BD"], "sector_key": ["textiles"]})
SCHEMA = (
    "row_id", "source_id", "snapshot_sha256", "record_no", "respondent_key", "facility_ref", "supplier_ref", "wave_id",
    "submitted_on", "source_type", "question", "indicator_id", "answer",
)  # fmt: skip


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """An installation with one survey of two waves: of 30 workers, ten report the condition."""
    monkeypatch.setenv("TIERLINE_PSEUDONYM_KEY", "5a" * 32)
    name_source(monkeypatch, "kobo")
    settings = Settings(home=tmp_path / "home", sources=(SourceConfig(id="kobo", path="kobo.json"),), threads=1)
    with connect(tmp_path / "home" / "warehouse.duckdb") as warehouse:
        make_tables(warehouse, (SUPPLIER, FACILITY))
    this = Run(run_id="r1", as_of=AFTER_FIRST, settings=settings)
    for wave in WAVES:
        answer(this, wave, range(30))
    return this


def name_source(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(survey_module, "survey_terms", lambda run: [replace(TERMS, source_name=name)])


def answer(run: Run, wave: str, workers: range, source: str = "kobo") -> None:
    """The first ten of the workers report that documents are held."""
    rows = [
        (f"{source}{wave}{worker}", source, "0" * 64, 1, f"w{worker}", "site", "V1", wave, WAVES[wave],
         "offsite_survey", "q", "F07", "adverse" if worker < 10 else "not_adverse")
        for worker in workers
    ]  # fmt: skip
    with sealed_store(run) as store:
        make_tables(store, RESTRICTED_TABLES)
        store.register("answers", pl.DataFrame(rows, schema=SCHEMA, orient="row"))
        store.execute("INSERT INTO canonical.survey_answer BY NAME SELECT * FROM answers")


def at(run: Run, as_of: date, kind: Kind) -> Run:
    """The same installation on another day, with the setting as given."""
    return replace(run, as_of=as_of, settings=run.settings.model_copy(update={"survey_classes": kind}))


def told(run: Run, as_of: date, kind: Kind) -> dict[str, tuple[str, str, set[str]]]:
    """Wave → kind and word of its class, and states of its rates."""
    survey(at(run, as_of, kind))
    with connect(run.home.warehouse, read_only=True) as warehouse:
        classes = warehouse.execute("SELECT wave_id, class_kind, class FROM canonical.survey_class").fetchall()
        rates = warehouse.execute("SELECT wave_id, state FROM canonical.survey_rate").fetchall()
    return {wave: (kind, word, {state for of, state in rates if of == wave}) for wave, kind, word in classes}


def withdraw(run: Run, workers: range, wave: str) -> None:
    """Deletes the answers of the workers and notes that the outputs do not know it yet."""
    keys = [f"w{worker}" for worker in workers]
    with sealed_store(run) as store:
        store.execute("DELETE FROM canonical.survey_answer WHERE list_contains(?, respondent_key)", [keys])
        store.executemany(
            "INSERT INTO release.withdrawn_answer VALUES ('kobo', 'V1', 'site', ?, ?, NULL)",
            [(wave, key) for key in keys],
        )
        store.execute(
            "INSERT INTO ingest.source_load (source_name, declared_id, snapshot_sha256, read_count, loaded_count, "
            "quarantined_count, status) VALUES ('kobo', 'kobo', '0', 0, 0, 0, 'loaded')"
        )


@pytest.mark.parametrize(("first", "second"), [("exact", "protected"), ("protected", "exact")])
def test_a_closed_wave_stays_what_it_was_and_the_next_goes_by_the_setting(run: Run, first: Kind, second: Kind) -> None:
    before = told(run, AFTER_FIRST, first)
    after = told(run, AFTER_SECOND, second)

    assert {wave: kind for wave, (kind, *_) in before.items()} == {"2026-Q1": first}
    assert {wave: kind for wave, (kind, *_) in after.items()} == {"2026-Q1": first, "2026-Q2": second}
    assert after["2026-Q1"] == before["2026-Q1"]
    for kind, _, states in after.values():
        assert (states == {"not told"}) == (kind == "protected")
    assert told(run, LATER, first) == after


def test_a_wave_whose_rates_an_earlier_version_told_has_no_protected_class(run: Run) -> None:
    survey(at(run, AFTER_FIRST, "exact"))
    with sealed_store(run) as store:  # as the version before kinds left it, and a site that nothing was decided of
        store.execute("DROP TABLE release.survey_wave; ALTER TABLE release.survey_class DROP class_kind")
        store.execute("DELETE FROM release.survey_class")

    assert {wave: kind for wave, (kind, *_) in told(run, AFTER_SECOND, "protected").items()} == {
        "2026-Q1": "exact",
        "2026-Q2": "exact",  # its file was there, and that version published hashes of files
    }


def test_late_answers_and_new_references_of_a_site_get_no_second_word(run: Run) -> None:
    survey(at(run, AFTER_FIRST, "protected"))
    with sealed_store(run) as store:
        store.execute("UPDATE canonical.survey_answer SET facility_ref = 'late', row_id = row_id || 'late'")

    survey(at(run, LATER, "exact"))
    with connect(run.home.warehouse, read_only=True) as warehouse:
        kinds = warehouse.execute(
            "SELECT facility_ref, class_kind, class FROM canonical.survey_class WHERE wave_id = '2026-Q1' ORDER BY 1"
        ).fetchall()
    assert kinds == [("late", "protected", "undetermined"), ("site", "protected", "fires_strongly")]


@pytest.mark.parametrize(("first", "second"), [("exact", "protected"), ("protected", "exact")])
def test_waves_of_another_length_stay_what_their_answers_were_told_as(
    run: Run, monkeypatch: pytest.MonkeyPatch, first: Kind, second: Kind
) -> None:
    survey(at(run, AFTER_SECOND, first))
    with sealed_store(run) as store:
        store.execute("UPDATE canonical.survey_answer SET wave_id = '2026-H1'")
    monkeypatch.setattr(survey_module, "survey_terms", lambda run: [replace(TERMS, months=6)])

    kind, word, states = told(run, LATER, second)["2026-H1"]
    assert kind == first
    assert (word == "undetermined", states == {"not told"}) == (first == "protected", first == "protected")


def test_after_ten_withdrawals_a_protected_class_ends_and_no_word_follows(run: Run) -> None:
    before = told(run, AFTER_FIRST, "protected")["2026-Q1"]
    withdraw(run, range(20, 30), "2026-Q1")
    after = told(run, AFTER_SECOND, "protected")["2026-Q1"]

    assert (before[1], after[1]) == ("fires_strongly", "undetermined")
    assert told(run, AFTER_FIRST, "protected")["2026-Q1"] == before, "the day before is as it was"
    assert told(run, LATER, "exact")["2026-Q1"] == after


def test_after_ten_withdrawals_an_exact_class_is_decided_anew(run: Run) -> None:
    before = told(run, AFTER_FIRST, "exact")["2026-Q1"]
    withdraw(run, range(10), "2026-Q1")

    assert (before[1], told(run, AFTER_SECOND, "exact")["2026-Q1"][1]) == ("fires_strongly", "undetermined")


def test_a_source_under_another_name_gives_no_second_class_of_the_same_site(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey(at(run, AFTER_FIRST, "protected"))
    answer(run, "2026-Q1", range(30), source="renamed")
    name_source(monkeypatch, "renamed")

    assert told(run, AFTER_FIRST, "exact") == {"2026-Q1": ("protected", "undetermined", {"not told"})}


def test_a_run_that_failed_its_checks_ends_protected_classes_and_never_decides_them_again(run: Run) -> None:
    survey(at(run, AFTER_FIRST, "protected"))
    with sealed_store(run) as store:
        leave_out_classes(store, ["kobo"], "r1", AFTER_FIRST)

    assert told(run, AFTER_FIRST, "protected")["2026-Q1"][:2] == ("protected", "undetermined")


def test_no_synthetic_records_are_made_of_protected_waves(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    survey(at(run, AFTER_FIRST, "exact"))
    used: list[Any] = []
    monkeypatch.setattr(synthetic, "_release", lambda rows, *_: used.extend(rows[1:]))

    synthesize(at(run, AFTER_SECOND, "protected"), PLACES, 0.5)
    assert {row[0] for row in used} == {"2026-Q1"}


def test_a_wave_of_which_synthetic_records_were_made_has_no_protected_class(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(synthetic, "_release", lambda *_: None)
    synthesize(at(run, AFTER_FIRST, "exact"), PLACES, 0.5)

    assert told(run, AFTER_FIRST, "protected")["2026-Q1"][0] == "exact"


def test_where_all_waves_are_protected_nothing_synthetic_is_made_and_nothing_spent(run: Run) -> None:
    with pytest.raises(TierlineError, match="whose answers may be released") as refused:
        synthesize(at(run, AFTER_SECOND, "protected"), PLACES, 0.5)
    assert "protected" in str(refused.value.remedy)


@pytest.mark.parametrize("source", ["survey_csv", "survey_csv_long", "kobo_survey", "kobo_survey_csv"])
def test_an_answer_of_the_bundled_surveys_counts_in_one_cell(source: str) -> None:
    indicators, counted_in = answered_indicators(load_spec(source))

    assert len(indicators) > 5
    assert counted_in == 1


def test_a_case_may_move_from_one_cell_to_another() -> None:
    assert answered_indicators(load_spec("grievance_csv")) == (
        ("F02", "F03", "F04", "F05", "F06", "F07", "F08", "F09", "F10", "F11", "X02"), 2,
    )  # fmt: skip


def test_a_question_that_bears_on_two_indicators_counts_in_both() -> None:
    spec = load_spec("kobo_survey")
    (mapping,) = spec.mapping
    questions = {name: one.model_copy(update={"indicator": "F12"}) for name, one in mapping.questions.items()}
    twice = (mapping, mapping.model_copy(update={"questions": questions}))

    assert answered_indicators(spec.model_copy(update={"mapping": twice}))[1] == 2
