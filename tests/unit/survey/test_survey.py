"""Classes of surveys: decided at hand-worked counts, once per closed wave, and nothing finer leaves the store."""

import json
import logging
import stat
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import comb
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ingest import survey as survey_module
from ingest.contracts import SURVEY_ANSWER, SURVEY_CLASS
from ingest.sealed_store import sealed_store
from ingest.stores import RESTRICTED_TABLES, make_tables
from ingest.survey import SurveyTerms, survey
from ingest.survey_classes import decide_classes, read_rule, read_thresholds
from tierline.errors import ConfigError, TierlineError
from tierline.run import PROJECT, Run
from tierline.settings import Settings, SourceConfig
from tierline.warehouse import connect

AS_OF = date(2026, 8, 1)
CANARY = "CANARY-the-foreman-took-my-passport"
TERMS = SurveyTerms("kobo", months=3, closes_after_days=30, design_effect=2.0)


@dataclass(frozen=True)
class Answer:
    """One answer, as the loader leaves it in the restricted store."""

    respondent: str
    answer: str = "adverse"
    facility: str = "erp:site1"
    supplier: str | None = "erp:V1"
    question: str = "q/documents_held"
    indicator: str = "F07"
    submitted_on: date = date(2026, 5, 4)
    wave: str = "2026-Q2"
    place: str = "offsite_survey"
    source: str = "kobo"
    record: int = 1
    known_on: date | None = None


def respondents(adverse: int, of: int, **fields: Any) -> list[Answer]:
    """`adverse` of `of` distinct respondents report the condition."""
    return [
        Answer(f"{fields.get('indicator', 'F07')}-{number}", "adverse" if number < adverse else "not_adverse", **fields)
        for number in range(of)
    ]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(survey_module, "survey_terms", lambda run: [TERMS])
    settings = Settings(home=tmp_path / "home", sources=(SourceConfig(id="kobo", path="kobo.json"),), threads=1)
    with connect(tmp_path / "home" / "warehouse.duckdb") as warehouse:
        warehouse.execute("CREATE SCHEMA canonical")
        warehouse.execute(SURVEY_CLASS.ddl())
    return Run(run_id="r1", as_of=AS_OF, settings=settings)


def store(run: Run, answers: list[Answer]) -> None:
    """Adds answers to the restricted store."""
    rows = [
        (f"row{number}", answer.source, "0" * 64, answer.record, number, answer.known_on, answer.respondent,
         answer.facility, answer.supplier, answer.wave, answer.submitted_on, answer.place, answer.question,
         answer.indicator, answer.answer)
        for number, answer in enumerate(answers)
    ]  # fmt: skip
    with sealed_store(run) as connection:
        make_tables(connection, RESTRICTED_TABLES)
        marks = ", ".join("?" * len(rows[0]))
        columns = ", ".join(field.name for field in SURVEY_ANSWER.all_fields[: len(rows[0])])
        connection.executemany(f"INSERT INTO canonical.survey_answer ({columns}) VALUES ({marks})", rows)


def classes(run: Run) -> dict[tuple[str, str, str], str]:
    """What has left the store: (facility, indicator, wave) → class."""
    with connect(run.home.warehouse, read_only=True) as warehouse:
        rows = warehouse.execute("SELECT facility_ref, indicator_id, wave_id, class FROM canonical.survey_class")
        return {(facility, indicator, wave): name for facility, indicator, wave, name in rows.fetchall()}


def probability_above(threshold: Fraction, adverse: int, clean: int) -> Fraction:
    """Pr(p > τ) under Beta(a, b) for whole a and b, by the binomial identity: exact, without numerics.

    With design effect 2 and odd counts, Beta(½ + k/2, ½ + (n - k)/2) has whole parameters.
    """
    a, b = Fraction(1 + adverse, 2), Fraction(1 + clean, 2)
    assert a.denominator == b.denominator == 1
    trials = int(a + b) - 1
    return sum(
        (comb(trials, hits) * threshold**hits * (1 - threshold) ** (trials - hits) for hits in range(int(a))),
        Fraction(0),
    )


@pytest.mark.parametrize(
    ("indicator", "adverse", "clean"),
    [("F11", k, m) for k in (1, 3, 5, 7) for m in (7, 9, 21, 31, 33, 35, 41, 43, 51, 61, 71, 101, 201)]
    + [("F03", k, m) for k in (1, 3, 5) for m in (7, 51, 101, 151, 201, 401, 601)],
)
def test_classes_are_those_of_the_exact_probabilities(indicator: str, adverse: int, clean: int) -> None:
    threshold = Fraction(1, 100) if indicator == "F03" else Fraction(1, 20)
    above = probability_above(threshold, adverse, clean)
    may_fire = adverse >= 3 and adverse + clean >= 10
    if may_fire and above >= Fraction(4, 5):
        expected = "fires_strongly" if above >= Fraction(19, 20) else "fires"
    else:
        expected = "clean" if 1 - above >= Fraction(4, 5) else "undetermined"

    assert decided(indicator, adverse, adverse + clean) == expected


def decided(indicator: str, adverse: int, count: int, design_effect: float = 2.0) -> str:
    cells = pl.DataFrame(
        {
            "indicator_id": [indicator],
            "respondents": [count],
            "adverse_respondents": [adverse],
            "design_effect": [design_effect],
        }
    )
    made = decide_classes(cells, read_rule(PROJECT), read_thresholds(PROJECT))
    return str(made["class"].item())


@pytest.mark.parametrize(
    ("adverse", "count", "expected"),
    [
        # Worked by hand, τ = 5 %, design effect 2. Three of n: Beta(2, b), Pr(p > τ) = .95^(b+1) + (b+1)·.05·.95^b.
        (3, 14, "fires_strongly"),  # b = 6: .698 + .257 = .956
        (3, 16, "fires"),  # b = 7: .663 + .279 = .943
        (3, 30, "fires"),  # b = 14: .463 + .366 = .829
        (3, 34, "undetermined"),  # b = 16: .418 + .374 = .792
        # One of n: Beta(1, b), Pr(p > τ) = .95^b.
        (1, 60, "undetermined"),  # b = 30: .215, so Pr(p ≤ τ) = .785
        (1, 64, "clean"),  # b = 32: .194, so Pr(p ≤ τ) = .806
    ],
)
def test_hand_worked_counts(adverse: int, count: int, expected: str) -> None:
    assert decided("F11", adverse, count) == expected


def test_fewer_than_ten_respondents_never_fire() -> None:
    assert decided("F07", 9, 9) == "undetermined"
    assert decided("F07", 9, 10) == "fires_strongly"


def test_two_respondents_never_fire() -> None:
    assert decided("F07", 2, 10) == "undetermined"
    assert decided("F07", 3, 10) == "fires_strongly"


def test_clean_needs_enough_respondents() -> None:
    assert decided("F11", 0, 10) == "undetermined"
    assert decided("F11", 0, 60) == "clean"
    assert decided("F07", 0, 60) == "undetermined"
    assert decided("F07", 0, 400) == "clean"


def test_a_larger_design_effect_tells_less() -> None:
    assert decided("F11", 0, 30, design_effect=1.0) == "clean"
    assert decided("F11", 0, 30, design_effect=3.0) == "undetermined"


def test_what_leaves_has_exactly_the_columns_of_the_contract(run: Run) -> None:
    store(run, respondents(6, 12))
    survey(run)
    with connect(run.home.warehouse, read_only=True) as warehouse:
        released = warehouse.execute("SELECT * FROM canonical.survey_class").pl()
    assert tuple(released.columns) == tuple(field.name for field in SURVEY_CLASS.all_fields)
    row = released.row(0, named=True)
    identity = row.pop("row_id")
    assert row == {
        "source_id": "kobo",
        "snapshot_sha256": "",
        "record_no": 0,
        "item_no": None,
        "known_on": date(2026, 7, 30),
        "facility_ref": "erp:site1",
        "supplier_ref": "erp:V1",
        "indicator_id": "F07",
        "wave_id": "2026-Q2",
        "wave_closed_on": date(2026, 7, 30),
        "class": "fires_strongly",
        "class_kind": "exact",
        "source_type": "offsite_survey",
        "release_id": identity,
        "respondents_at_least": 10,
        "is_coached": None,
    }


def test_the_release_id_is_the_same_everywhere(run: Run) -> None:
    from hashlib import sha256

    store(run, [*respondents(0, 3), *respondents(0, 3, supplier=None, facility="erp:site2")])
    survey(run)
    with connect(run.home.warehouse, read_only=True) as warehouse:
        made = {row[0] for row in warehouse.execute("SELECT release_id FROM canonical.survey_class").fetchall()}
    keys = (b"kobo|erp:V1|erp:site1|F07|2026-Q2", b"kobo||erp:site2|F07|2026-Q2")
    assert made == {"R" + sha256(key).hexdigest()[:16] for key in keys}


def test_an_open_wave_gives_nothing(run: Run) -> None:
    store(run, respondents(6, 12))
    assert survey(replace(run, as_of=date(2026, 7, 29)))["classes"] == {"kobo": 0}
    assert classes(run) == {}
    assert survey(replace(run, as_of=date(2026, 7, 30)))["classes"] == {"kobo": 1}


def test_an_open_wave_is_not_decided_early(run: Run) -> None:
    store(run, respondents(0, 400))
    survey(replace(run, as_of=date(2026, 7, 29)))
    store(run, [replace(answer, respondent=f"later{answer.respondent}") for answer in respondents(400, 400)])
    survey(run)
    assert classes(run) == {("erp:site1", "F07", "2026-Q2"): "fires_strongly"}


def test_an_earlier_day_sees_fewer_classes_again(run: Run) -> None:
    store(run, respondents(6, 12))
    survey(run)
    survey(replace(run, as_of=date(2026, 7, 29)))
    assert classes(run) == {}
    survey(run)
    assert len(classes(run)) == 1


def test_late_answers_change_nothing_in_a_closed_wave(run: Run) -> None:
    store(run, respondents(6, 12))
    survey(run)
    before = classes(run)
    store(run, [replace(answer, respondent=f"late{answer.respondent}") for answer in respondents(0, 400)])
    survey(replace(run, run_id="r2"))
    assert classes(run) == before == {("erp:site1", "F07", "2026-Q2"): "fires_strongly"}


def test_answers_known_later_do_not_count_yet(run: Run) -> None:
    store(run, [replace(answer, known_on=date(2026, 9, 1)) for answer in respondents(6, 12)])
    survey(run)
    assert classes(run) == {}
    survey(replace(run, as_of=date(2026, 9, 1)))
    assert len(classes(run)) == 1


def test_answers_known_later_are_not_in_what_is_decided_now(run: Run) -> None:
    later = [
        replace(answer, respondent=f"x{answer.respondent}", known_on=date(2026, 9, 1)) for answer in respondents(0, 400)
    ]
    store(run, [*respondents(6, 12), *later])
    survey(run)
    assert classes(run) == {("erp:site1", "F07", "2026-Q2"): "fires_strongly"}


def test_a_source_that_failed_to_load_decides_nothing(run: Run) -> None:
    store(run, respondents(6, 12))
    with sealed_store(run) as connection:
        connection.execute(
            "INSERT INTO ingest.source_load "
            "(source_name, declared_id, snapshot_sha256, read_count, loaded_count, quarantined_count, status) "
            "VALUES ('kobo', 'kobo', '0', 0, 0, 0, 'failed')"
        )
    survey(run)
    assert classes(run) == {}
    with sealed_store(run) as connection:
        connection.execute("DELETE FROM ingest.source_load")
    survey(run)
    assert len(classes(run)) == 1


def test_the_last_version_of_a_submission_replaces_it_whole(run: Run) -> None:
    held = respondents(6, 12)
    other = [replace(answer, question="q/paid_fee", indicator="F09") for answer in held]
    edits = [replace(answer, answer="not_adverse", record=2) for answer in held]
    store(run, [*held, *other, *edits])
    survey(run)
    assert classes(run) == {("erp:site1", "F07", "2026-Q2"): "undetermined"}


def test_a_respondent_with_two_questions_on_one_indicator_counts_once(run: Run) -> None:
    few = respondents(5, 8, indicator="F09", question="q/paid_fee")
    store(run, [*few, *(replace(answer, question="q/debt_blocks_leaving") for answer in few)])
    survey(run)
    assert classes(run) == {("erp:site1", "F09", "2026-Q2"): "undetermined"}


def test_one_adverse_answer_of_two_makes_a_respondent_adverse(run: Run) -> None:
    paid = respondents(6, 12, indicator="F09", question="q/paid_fee")
    blocked = [replace(answer, question="q/debt_blocks_leaving", answer="not_adverse") for answer in paid]
    store(run, [*paid, *blocked])
    survey(run)
    assert classes(run) == {("erp:site1", "F09", "2026-Q2"): "fires_strongly"}


def test_one_answer_on_site_makes_the_cell_on_site(run: Run) -> None:
    store(run, [*respondents(6, 12), Answer("extra", place="onsite_survey")])
    survey(run)
    with connect(run.home.warehouse, read_only=True) as warehouse:
        place = warehouse.execute("SELECT source_type FROM canonical.survey_class").fetchall()
    assert place == [("onsite_survey",)]


def test_running_again_changes_nothing(run: Run) -> None:
    store(run, [*respondents(6, 12), *respondents(1, 30, indicator="F11")])
    survey(run)
    first, ledger = classes(run), ledger_rows(run)
    survey(replace(run, run_id="r2"))
    assert classes(run) == first
    assert ledger_rows(run) == ledger


def ledger_rows(run: Run) -> list[tuple[Any, ...]]:
    with sealed_store(run, read_only=True) as connection:
        return connection.execute("SELECT * FROM release.survey_class ORDER BY release_id").fetchall()


def test_a_source_that_is_no_longer_configured_is_not_released(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    store(run, respondents(6, 12))
    survey(run)
    monkeypatch.setattr(survey_module, "survey_terms", lambda run: [replace(TERMS, source_name="other")])
    survey(run)
    assert classes(run) == {}


@pytest.mark.parametrize(
    ("months", "closed_on"),
    [(1, date(2026, 6, 30)), (3, date(2026, 7, 30)), (6, date(2026, 7, 30)), (12, date(2027, 1, 30))],
)
def test_waves_of_other_lengths(run: Run, monkeypatch: pytest.MonkeyPatch, months: int, closed_on: date) -> None:
    monkeypatch.setattr(survey_module, "survey_terms", lambda run: [replace(TERMS, months=months)])
    store(run, respondents(6, 12))
    survey(replace(run, as_of=date(2028, 1, 1)))
    with connect(run.home.warehouse, read_only=True) as warehouse:
        assert warehouse.execute("SELECT wave_closed_on FROM canonical.survey_class").fetchall() == [(closed_on,)]


def test_no_survey_source_leaves_no_store_and_no_class(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey_module, "survey_terms", lambda run: [])
    assert survey(run) == {"classes": {}, "degraded": {}}
    assert not run.home.restricted.exists()


def test_surveys_that_were_never_loaded_are_told(run: Run) -> None:
    with pytest.raises(TierlineError, match="restricted store is empty"):
        survey(run)


def test_nothing_a_worker_said_is_outside_the_store(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    canary = Answer(CANARY, question=f"q/{CANARY}")
    store(run, [*respondents(6, 12), canary])
    with sealed_store(run) as connection:
        connection.execute("CREATE TABLE raw.kobo AS SELECT ? AS record", [CANARY])
    with caplog.at_level(logging.DEBUG):
        outcome = survey(run)
    outside = [path for path in run.home.root.rglob("*") if path.is_file() and run.home.restricted not in path.parents]
    assert run.home.warehouse in outside
    assert run.outcome_path("survey") in outside
    for path in outside:
        assert CANARY.encode() not in path.read_bytes()
    with sealed_store(run, read_only=True) as connection:
        assert connection.execute("SELECT record FROM raw.kobo").fetchall() == [(CANARY,)]
    assert CANARY.encode() not in run.home.restricted_warehouse.read_bytes()
    assert CANARY not in json.dumps(outcome) + caplog.text


def test_an_error_in_the_store_quotes_no_answer(run: Run) -> None:
    with pytest.raises(TierlineError) as failed, sealed_store(run) as connection:
        connection.execute("SELECT CAST(? AS DATE)", [CANARY])
    assert CANARY not in str(failed.value)
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__


def test_only_the_owner_can_read_the_store(run: Run) -> None:
    store(run, respondents(6, 12))
    survey(run)
    assert stat.S_IMODE(run.home.restricted.stat().st_mode) == 0o700
    with sealed_store(run) as connection:
        connection.execute("CREATE TABLE written AS SELECT 1 AS one")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in run.home.restricted.rglob("*.duckdb*")}
    assert modes["restricted.duckdb"] == 0o600
    assert "restricted.duckdb.wal" in modes
    assert set(modes.values()) == {0o600}


@pytest.mark.parametrize(
    "content", [None, "name,value\n", "name,amount\nfires_probability,1\n", "name,value\nfires,x\n"]
)
def test_a_broken_seed_is_told(tmp_path: Path, content: str | None) -> None:
    seeds = tmp_path / "dbt_project" / "seeds" / "catalogue"
    seeds.mkdir(parents=True)
    if content is not None:
        (seeds / "survey_rule.csv").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"survey_rule\.csv"):
        read_rule(tmp_path)
