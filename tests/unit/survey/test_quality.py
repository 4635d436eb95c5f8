"""What is told of a survey's quality: shares of whole waves, rounded, with enough sheets on either side, once."""

from datetime import date
from typing import Any

import duckdb
import pytest

from ingest.spec import load_spec
from ingest.survey_quality import judge_sheets, read_quality_rule
from ingest.survey_telling import decide_quality, make_quality_ledger, told_quality
from tierline.run import PROJECT
from tierline.warehouse import connect

AS_OF = date(2026, 8, 1)


def told(sheets: list[dict[str, Any]], *, invited: int | None = None) -> dict[tuple[str, str | None], float | None]:
    """(measure, category) → value, of one wave whose sheets are as given."""
    with connect() as store:
        make_quality_ledger(store)
        put(store, sheets)
        decide_quality(store, {("s", "w"): invited} if invited else {}, AS_OF)
        rows = told_quality(store, ["s"], AS_OF)
    assert rows.filter(rows["state"] == "suppressed")["value"].null_count() == (rows["state"] == "suppressed").sum()
    return {(row["measure"], row["category"]): row["value"] for row in rows.iter_rows(named=True)}


def put(store: duckdb.DuckDBPyConnection, sheets: list[dict[str, Any]]) -> None:
    store.execute(
        "CREATE OR REPLACE TEMP TABLE last_version (source_id VARCHAR, supplier_ref VARCHAR, facility_ref VARCHAR, "
        "wave_id VARCHAR, respondent_key VARCHAR, submitted_on DATE, question VARCHAR, indicator_id VARCHAR, "
        "answer VARCHAR, answer_word VARCHAR, duration_seconds BIGINT, language VARCHAR, channel VARCHAR, "
        "enumerator_key VARCHAR, closes_on DATE)"
    )
    for number, sheet in enumerate(sheets):
        for question in range(6):
            answer = "adverse" if sheet.get("adverse") and question == 0 else "not_adverse"
            store.execute(
                "INSERT INTO last_version VALUES "
                "('s', 'v', 'f', 'w', ?, '2026-05-04', ?, 'F07', ?, 'no', ?, ?, ?, ?, ?)",
                [f"r{number}", f"q{question}", answer, sheet.get("seconds"), sheet.get("language"),
                 sheet.get("channel"), sheet.get("enumerator"), sheet.get("closes", date(2026, 7, 30))],
            )  # fmt: skip
    judge_sheets(store, read_quality_rule(PROJECT))


def test_shares_are_of_the_whole_wave_to_the_nearest_five_per_cent() -> None:
    sheets = [{"language": "th" if number < 23 else "en", "seconds": 600 + number} for number in range(97)]

    found = told(sheets, invited=150)

    assert found[("language", "th")] == 25
    assert found[("language", "en")] == 75
    assert found[("response", None)] == 65
    assert found[("median_minutes", None)] == 11
    assert found[("sheets", None)] is None


@pytest.mark.parametrize("few", [0, 1, 9, 91, 100])
def test_fewer_than_ten_on_either_side_are_suppressed(few: int) -> None:
    found = told([{"seconds": 60 if number < few else 600 + number} for number in range(100)])

    assert found[("fast", None)] is None


def test_rare_languages_are_told_together_or_not_at_all() -> None:
    rare = [{"language": f"x{number % 4}"} for number in range(12)]
    common = [{"language": "en"} for _ in range(30)]

    assert {key: value for key, value in told(common + rare).items() if key[0] == "language"} == {
        ("language", "en"): 70, ("language", "other"): 30,
    }  # fmt: skip
    assert {key: value for key, value in told(common + rare[:9]).items() if key[0] == "language"} == {
        ("language", None): None
    }


def test_interviewers_who_hear_different_things_are_told_as_one_number() -> None:
    deaf = [{"enumerator": "e1"} for _ in range(20)]
    keen = [{"enumerator": "e2", "adverse": True} for _ in range(20)]
    fair = [{"enumerator": f"e{number % 2}", "adverse": number % 4 < 2} for number in range(40)]

    assert told(deaf + keen)[("enumerator_effect", None)] == 100
    assert told(fair)[("enumerator_effect", None)] == 0
    assert ("enumerator_effect", None) not in told(deaf)


def test_a_small_wave_and_an_open_one_tell_nothing() -> None:
    assert told([{"language": "en"}] * 9) == {}
    assert told([{"language": "en", "closes": date(2026, 8, 2)}] * 50) == {}


def test_what_was_told_stays_as_it_was() -> None:
    with connect() as store:
        make_quality_ledger(store)
        put(store, [{"language": "th" if number < 20 else "en"} for number in range(40)])
        decide_quality(store, {}, AS_OF)
        before = told_quality(store, ["s"], AS_OF).rows()
        put(store, [{"language": "th" if number < 30 else "en"} for number in range(60)])
        decide_quality(store, {}, AS_OF)
        assert told_quality(store, ["s"], AS_OF).rows() == before
        assert told_quality(store, ["s"], date(2026, 7, 29)).rows() == []


@pytest.mark.parametrize("source", ["kobo_survey", "kobo_survey_csv", "survey_csv", "survey_csv_long"])
def test_every_question_is_there_in_every_language_of_its_source(source: str) -> None:
    spec = load_spec(source)
    assert spec.survey is not None
    assert spec.survey.design is not None
    languages = set(spec.survey.design.languages)
    assert languages >= {"en", "es", "fr", "pt"}
    for mapping in spec.mapping:
        for name, question in mapping.questions.items():
            assert set(question.texts) == languages, name
            assert all(text.strip() for text in question.texts.values()), name
