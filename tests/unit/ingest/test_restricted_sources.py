"""Answers of workers land, load and wait in quarantine inside the restricted store, and nothing of them leaves it."""

import json
import os
import stat
from pathlib import Path
from typing import IO, Any

import pytest

from ingest import source_loading
from ingest.connectors import file as file_connector
from tests.unit.ingest.conftest import SURVEY_SOURCE, Installation
from tierline.errors import ConfigError

CANARY = "CANARY5150"


def page(*results: Any) -> str:
    return json.dumps({"count": len(results), "results": results})


def answer(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "_uuid": f"u{number}",
        "_submission_time": "2026-08-03T10:00:00",
        "site": "S1",
        "q/documents_held": "yes",
        "q/free_to_leave": "yes",
        "q/free_text": f"{CANARY} said {number}",
        **changes,
    }


def outside(installation: Installation) -> bytes:
    home = installation.run().home
    files = [path for path in home.root.rglob("*") if path.is_file() and home.restricted not in path.parents]
    return b"".join(str(path).encode() + path.read_bytes() for path in files)


def test_answers_become_rows_of_the_restricted_store_alone(answers: Installation) -> None:
    answers.write("answers.json", page(answer(1), answer(2, **{"q/documents_held": "", "q/free_to_leave": "no"})))

    outcome = answers.load()

    assert outcome["sources"]["answers"] | {"read": 2, "loaded": 2} == outcome["sources"]["answers"]
    assert answers.query(
        "SELECT record_no, facility_ref, wave_id, source_type, question, indicator_id, answer, item_no "
        "FROM canonical.survey_answer ORDER BY record_no, item_no",
        restricted=True,
    ) == [
        (1, "erp:S1", "2026-Q3", "offsite_survey", "$.q/documents_held", "F07", "adverse", 1),
        (1, "erp:S1", "2026-Q3", "offsite_survey", "$.q/free_to_leave", "F03", "not_adverse", 2),
        (2, "erp:S1", "2026-Q3", "offsite_survey", "$.q/free_to_leave", "F03", "adverse", 2),
    ]
    assert answers.query("SELECT read_count, loaded_count, sensitivity FROM ingest.source_load") == [
        (2, 2, "restricted")
    ]


def test_respondents_are_keyed_hashes(answers: Installation) -> None:
    answers.write("answers.json", page(answer(1), answer(2)))

    answers.load()

    keys = answers.query("SELECT DISTINCT respondent_key FROM canonical.survey_answer", restricted=True)
    assert len(keys) == 2
    assert all(len(key) == 64 and "u1" not in key for (key,) in keys)


def test_nothing_of_an_answer_is_outside_of_the_restricted_store(
    answers: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    answers.write(
        "answers.json",
        page(
            answer(1),
            answer(2, _submission_time=CANARY),
            answer(3, _uuid=CANARY, site=""),
            answer(3, _uuid=CANARY),
            CANARY,
            answer(4, **{"q/documents_held": CANARY}),
        ),
    )

    with caplog.at_level("DEBUG", logger="tierline"):
        outcome = answers.load()

    assert answers.quarantine() == [(2, "not a date"), (3, "missing value"), (5, "not an object")]
    assert CANARY not in str(outcome) + caplog.text
    assert CANARY.encode() not in outside(answers)
    assert answers.query("SELECT DISTINCT original_text FROM ingest.quarantined_record") == [(None,)]
    kept = answers.query("SELECT original_text FROM ingest.quarantined_record", restricted=True)
    assert all(CANARY in text for (text,) in kept)


def test_a_broken_file_of_answers_is_told_without_its_content(answers: Installation) -> None:
    answers.write("answers.json", page(answer(1)).replace('"site"', "site"))

    outcome = answers.load()

    assert "is wrong at line 1" in outcome["degraded"]["answers"]
    assert CANARY.encode() not in outside(answers)


def test_an_error_of_the_database_is_told_without_its_message(
    answers: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def quote_an_answer(connection: Any, *_: object) -> None:
        connection.execute(f"SELECT CAST('{CANARY}' AS INTEGER)")

    answers.write("answers.json", page(answer(1)))
    monkeypatch.setattr(source_loading.CanonicalLoader, "fill", lambda loader: quote_an_answer(loader._connection))

    outcome = answers.load()

    assert "ConversionException" in outcome["degraded"]["answers"]
    assert CANARY not in str(outcome)


def test_every_file_and_folder_of_the_store_is_for_its_owner_alone(answers: Installation) -> None:
    answers.write("answers.json", page(answer(1)))

    answers.load()

    restricted = answers.run().home.restricted
    paths = [restricted, *restricted.rglob("*")]
    assert len(paths) > 5
    for path in paths:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


@pytest.mark.parametrize("name", ["", "restricted.duckdb", "landing/answers/current.json"])
def test_a_store_that_others_may_open_is_refused(answers: Installation, name: str) -> None:
    answers.write("answers.json", page(answer(1)))
    answers.load()
    path = Path(answers.run().home.restricted / name)
    path.chmod(path.stat().st_mode | 0o040)

    with pytest.raises(ConfigError, match="other accounts may open"):
        answers.load(run_id="r2")


def test_loading_the_same_answers_again_changes_nothing(answers: Installation) -> None:
    answers.write("answers.json", page(answer(1), CANARY))
    answers.load(run_id="r1")
    before = answers.contents(), answers.query("FROM canonical.survey_answer ORDER BY ALL", restricted=True)

    outcome = answers.load(run_id="r2")

    assert outcome["sources"]["answers"]["status"] == "unchanged"
    assert before == (
        answers.contents(),
        answers.query("FROM canonical.survey_answer ORDER BY ALL", restricted=True),
    )


def test_a_survey_taken_out_of_the_configuration_leaves_both_stores(answers: Installation) -> None:
    answers.declare(SURVEY_SOURCE, "answers.json", name="other")
    answers.write("answers.json", page(answer(1), CANARY))
    answers.load(run_id="r1")
    answers.sources = [source for source in answers.sources if source.name == "other"]

    answers.load(run_id="r2")

    assert answers.query("SELECT DISTINCT source_name FROM ingest.source_load") == [("other",)]
    for table in ("ingest.source_load", "ingest.quarantined_record"):
        assert answers.query(f"SELECT DISTINCT source_name FROM {table}", restricted=True) == [("other",)]
    assert answers.query("SELECT DISTINCT source_id FROM canonical.survey_answer", restricted=True) == [("other",)]


def test_answers_are_private_from_the_first_byte_on_while_they_are_fetched(
    answers: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: list[int] = []

    def watched(stream: IO[bytes], copy: IO[bytes]) -> str:
        modes.append(stat.S_IMODE(os.fstat(copy.fileno()).st_mode))
        return copied(stream, copy)

    copied = file_connector._copy
    monkeypatch.setattr(file_connector, "_copy", watched)
    answers.write("answers.json", page(answer(1)))
    answers.load()

    assert modes == [0o600]
