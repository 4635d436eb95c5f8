"""Q02: sheets that look rehearsed are told from honest ones, site by site, and nothing is said where nothing can be."""

from dataclasses import dataclass
from datetime import date

import polars as pl
import pytest

from ingest.release_ledger import make_ledger, release_classes
from ingest.survey_quality import judge_sheets, read_quality_rule
from tierline.run import PROJECT
from tierline.warehouse import connect

QUESTIONS = {  # question → whether "yes" is the adverse answer
    "held": True, "debt": True, "late": True, "threats": True, "free": False, "promised": False, "phone": False,
}  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """One respondent's sheet: the words said, and how long it took."""

    site: str
    words: dict[str, str]
    seconds: int | None = 600
    day: str = "2026-05-04"


def honest(*adverse: str) -> dict[str, str]:
    """Words of a sheet that reports the named conditions and nothing else."""
    return {question: "yes" if (question in adverse) == is_bad else "no" for question, is_bad in QUESTIONS.items()}


def coached(sheets: list[Sheet]) -> dict[str, bool | None]:
    """Site → what is said of it."""
    rows = [
        ("s", None, sheet.site, "w", f"r{number}", sheet.day, question, "F07",
         "adverse" if (word == "yes") == QUESTIONS[question] else "not_adverse", word, sheet.seconds)
        for number, sheet in enumerate(sheets)
        for question, word in sheet.words.items()
    ]  # fmt: skip
    names = ["source_id", "supplier_ref", "facility_ref", "wave_id", "respondent_key", "submitted_on", "question",
             "indicator_id", "answer", "answer_word", "duration_seconds"]  # fmt: skip
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names[:-1], pl.String) | {"duration_seconds": pl.Int64},
                         orient="row")  # fmt: skip
    with connect() as store:
        store.register("answers", frame)
        store.execute(
            "CREATE TEMP TABLE last_version AS SELECT *, NULL AS language, NULL AS channel, NULL AS enumerator_key "
            "FROM answers"
        )
        judge_sheets(store, read_quality_rule(PROJECT))
        return dict(store.execute("SELECT facility_ref, is_coached FROM survey_site ORDER BY 1").fetchall())


def at(site: str, count: int, words: dict[str, str] | None = None, seconds: int | None = 600) -> list[Sheet]:
    """Sheets of one site, each with a time of its own."""
    return [
        Sheet(site, words or honest(), None if seconds is None else seconds + 7 * number) for number in range(count)
    ]


def test_sheets_done_in_less_than_a_third_of_the_median_make_a_site_coached() -> None:
    usual = [sheet for number in range(4) for sheet in at(f"usual{number}", 12)]

    found = coached([*usual, *at("fast", 12, seconds=60), *at("quick", 12, seconds=400)])

    assert found == {"fast": True, "quick": False, **{f"usual{number}": False for number in range(4)}}


@pytest.mark.parametrize(("fast", "expected"), [(3, False), (4, True)])
def test_the_share_of_suspect_sheets_decides(fast: int, expected: bool) -> None:
    usual = [sheet for number in range(4) for sheet in at(f"usual{number}", 12)]

    assert coached([*usual, *at("mixed", fast, seconds=60), *at("mixed", 12 - fast)])["mixed"] is expected


def test_one_word_to_questions_that_point_both_ways_is_straight_lining() -> None:
    yes = dict.fromkeys(QUESTIONS, "yes")

    found = coached([*at("line", 12, yes, seconds=None), *at("clean", 12, seconds=None)])

    assert found == {"line": True, "clean": False}


def test_a_site_that_reports_nothing_is_not_straight_lined() -> None:
    assert coached(at("clean", 30, seconds=None)) == {"clean": False}


def test_where_no_question_points_the_other_way_sameness_says_nothing() -> None:
    one_sided = {question: "no" for question, is_bad in QUESTIONS.items() if is_bad}

    assert coached(at("site", 30, one_sided, seconds=None)) == {"site": None}


def test_the_same_sheet_twice_on_a_day_in_the_same_seconds_is_a_copy() -> None:
    copies = [Sheet("copied", honest("held", "late"), 600 + number // 2) for number in range(12)]

    assert coached([*copies, *at("usual", 12)]) == {"copied": True, "usual": False}


def test_the_same_answers_alone_are_no_copies() -> None:
    assert coached(at("bad", 20, honest("held", "debt", "late"))) == {"bad": False}


def test_zeros_are_implausible_where_hardly_any_site_has_none() -> None:
    usual = [
        sheet for number in range(12) for sheet in [*at(f"u{number:02}", 9), *at(f"u{number:02}", 3, honest("late"))]
    ]

    found = coached([*usual, *at("silent", 40), *at("small", 10)])

    assert found["silent"] is True
    assert found["small"] is False, "one in twenty-five honest sites of this size would say nothing"
    assert found["u00"] is False


def test_zeros_are_plausible_where_many_sites_have_none() -> None:
    quiet = [sheet for number in range(12) for sheet in at(f"q{number:02}", 12)]

    assert set(coached([*quiet, *at("silent", 60)]).values()) == {False}


def test_fewer_than_ten_sheets_are_not_judged() -> None:
    usual = [sheet for number in range(4) for sheet in at(f"usual{number}", 12)]

    assert coached([*usual, *at("few", 9, seconds=60)])["few"] is None


@pytest.mark.parametrize(("respondents", "told"), [(9, None), (10, 10), (14, 10), (15, 15), (123, 120)])
def test_the_number_of_respondents_leaves_rounded_down(respondents: int, told: int | None) -> None:
    cell = pl.DataFrame({
        "cell_id": ["R1"], "source_id": ["s"], "supplier_ref": ["v"], "facility_ref": ["f"], "indicator_id": ["F07"],
        "wave_id": ["w"], "wave_closed_on": [date(2026, 1, 1)], "known_on": [date(2026, 1, 1)], "class": ["clean"],
        "class_kind": ["exact"],
        "source_type": ["offsite_survey"], "respondents": [respondents], "is_coached": [True],
    })  # fmt: skip
    with connect() as store:
        make_ledger(store)
        release_classes(store, cell, "r1")
        assert store.execute("SELECT respondents_at_least, is_coached FROM release.survey_class").fetchall() == [
            (told, True)
        ]


def test_a_ledger_of_an_older_version_keeps_its_classes() -> None:
    with connect() as store:
        store.execute(
            "CREATE SCHEMA release; CREATE TABLE release.survey_class (release_id VARCHAR PRIMARY KEY, "
            "source_id VARCHAR NOT NULL, supplier_ref VARCHAR, facility_ref VARCHAR NOT NULL, "
            "indicator_id VARCHAR NOT NULL, wave_id VARCHAR NOT NULL, wave_closed_on DATE NOT NULL, "
            "known_on DATE NOT NULL, class VARCHAR NOT NULL, source_type VARCHAR NOT NULL, "
            "decided_in_run VARCHAR NOT NULL)"
        )
        store.execute(
            "INSERT INTO release.survey_class VALUES "
            "('R1', 's', NULL, 'f', 'F07', 'w', '2026-01-01', '2026-01-01', 'clean', 'offsite_survey', 'r0')"
        )

        make_ledger(store)
        make_ledger(store)

        assert store.execute(
            "SELECT release_id, class, respondents_at_least, is_coached FROM release.survey_class"
        ).fetchall() == [("R1", "clean", None, None)]
