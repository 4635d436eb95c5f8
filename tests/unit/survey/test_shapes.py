"""Shapes of survey files: an export's settings and a record's grain change no answer."""

from datetime import date
from pathlib import Path

import pytest

from ingest.catalogue.trial import fixtures_of, load_fixtures
from ingest.sealed_store import sealed_store
from ingest.spec import SOURCES, parse_spec
from ingest.steps import fetch_source, load, survey
from tierline.errors import ConfigError
from tierline.run import Run
from tierline.settings import Settings, SourceConfig
from tierline.warehouse import connect

Answers = list[tuple[str, str, str]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    fixtures = [*fixtures_of("kobo_survey_csv"), *fixtures_of("survey_csv_long")]
    return load_fixtures(fixtures, tmp_path_factory.mktemp("surveys") / "home")


def answers(run: Run, source: str) -> Answers:
    with sealed_store(run, read_only=True) as store:
        return store.execute(
            "SELECT question, indicator_id, answer FROM canonical.survey_answer WHERE source_id = ? "
            "ORDER BY record_no, question",
            [source],
        ).fetchall()


def test_groups_and_multiple_choices_are_read_however_they_were_exported(run: Run) -> None:
    by_columns = answers(run, "kobo_survey_csv__groups_by_slash_choices_in_columns_csv")
    by_cell = answers(run, "kobo_survey_csv__no_groups_choices_in_one_cell_csv")

    assert by_columns == by_cell
    assert by_columns[:4] == [
        ("q/documents_held", "F07", "adverse"),
        ("q/free_to_leave", "F03", "adverse"),
        ("q/kept_back/documents", "F07", "adverse"),
        ("q/kept_back/wages", "F08", "adverse"),
    ]
    assert ("q/kept_back/wages", "F08", "not_adverse") in by_columns
    assert by_columns[8:] == [("q/documents_held", "F07", "not_adverse")], "a question that was not asked gives no row"


def test_a_row_an_answer_keeps_the_name_of_its_question(run: Run) -> None:
    assert answers(run, "survey_csv_long__answers_long_csv") == [
        ("documents_held", "F07", "adverse"),
        ("free_to_leave", "F03", "adverse"),
        ("documents_held", "F07", "adverse"),
    ]


def test_no_free_text_and_no_enumerator_is_outside_the_restricted_store(run: Run) -> None:
    outside = [path for path in run.home.root.rglob("*") if path.is_file() and "restricted" not in path.parts]
    assert [path for path in outside if b"CANARY" in path.read_bytes()] == []


def test_all_answers_of_a_sheet_count_although_each_is_a_record(tmp_path: Path) -> None:
    lines = ["response_id,submitted_on,site_id,place,question,answer"]
    for number in range(40):
        lines.append(f"R{number},2026-02-10,S1,offsite,documents_held,{'yes' if number < 20 else 'no'}")
        lines.append(f"R{number},2026-02-10,S1,offsite,threats,no")
    (tmp_path / "answers.csv").write_text("\n".join(lines) + "\n")
    source = SourceConfig(id="survey_csv_long", name="survey", path=str(tmp_path / "answers.csv"))
    run = Run("r", date(2026, 8, 1), Settings(home=tmp_path / "home", sources=(source,)))
    fetch_source(run, "survey")
    load(run)
    survey(run)

    with connect(run.home.warehouse, read_only=True) as warehouse:
        found = warehouse.execute("SELECT indicator_id, class FROM canonical.survey_class ORDER BY 1").fetchall()
    assert found == [("F06", "clean"), ("F07", "fires_strongly")]


def test_a_choice_without_its_cell_is_refused() -> None:
    text = (SOURCES / "kobo_survey_csv" / "source.yml").read_text().replace("        choice_of: q/kept_back\n", "", 1)

    with pytest.raises(ConfigError, match="choice and choice_of go together"):
        parse_spec(text, "kobo_survey_csv")
