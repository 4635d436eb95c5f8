"""The desk: what is in quarantine and why, what it says, and mending a mapping without fetching again."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.desk_pages import count_lines, record_pages, retry_lines
from ingest.load import load_sources
from ingest.quarantine_desk import Account, quarantine_counts, quarantined_records, retry
from ingest.spec import SOURCES
from ingest.steps import fetch_source
from tests.unit.command_line import CommandLine
from tests.unit.ingest.conftest import CSV_SOURCE, SURVEY_SOURCE, Installation
from tierline.errors import ConfigError, TierlineError
from tierline.run import open_run

FIXTURE = SOURCES / "erp_vendor_master" / "fixtures" / "vendor_master.csv"
AS_OF = date(2026, 6, 30)
HEADING = "id,name,country\n"
SOUND = "".join(f"M{number},Maker {number},VN\n" for number in range(1, 11))
DATED = CSV_SOURCE.replace("columns: [id, name, country]", "columns: [id, name, country, day]").replace(
    "      country_text: {column: country}\n",
    "      country_text: {column: country}\n      known_on: {column: day}\n",
)


def shown(installation: Installation, source: str, **options: Any) -> str:
    records, total = quarantined_records(installation.run(), source, **options)
    return "\n".join(record_pages(records, total))


@pytest.fixture
def broken(makers: Installation) -> Installation:
    """Ten sound makers, two without a name, one with a cell too few, and one that came twice."""
    makers.write("makers.csv", HEADING + SOUND + "X,,VN\nY,,VN\nZ,few\nM1,Maker 1,VN\n")
    makers.load()
    return makers


def test_reasons_are_counted_most_frequent_first_with_examples_and_remedy(broken: Installation) -> None:
    counts = quarantine_counts(broken.run())

    assert [(count.reason_code, count.records, count.examples, count.is_fault) for count in counts] == [
        ("missing value", 2, (11, 12), True),
        ("identical repeat", 1, (14,), False),
        ("wrong number of cells", 1, (13,), True),
    ]
    assert counts[0].reason == 'column "name" is blank'
    assert counts[0].remedy == "Fill it at the source; without it the record cannot be used."


def test_the_list_puts_repeats_apart_from_what_is_to_be_mended(broken: Installation) -> None:
    lines = list(count_lines(quarantine_counts(broken.run())))

    assert lines[0] == "3 records to look at"
    assert "1 records that only repeat another, or were superseded" in lines
    assert lines.index("1 records that only repeat another, or were superseded") > next(
        position for position, line in enumerate(lines) if "wrong number of cells" in line
    )


def test_a_reason_and_a_source_narrow_the_list_and_unknown_ones_are_answered_with_near_ones(
    broken: Installation,
) -> None:
    (only,) = quarantine_counts(broken.run(), source="makers", reason="Missing Value")
    assert only.records == 2
    with pytest.raises(ConfigError) as unknown_reason:
        quarantine_counts(broken.run(), reason="missing valu")
    assert "missing value" in str(unknown_reason.value.remedy)
    with pytest.raises(ConfigError, match="no source is named 'makrs'"):
        quarantine_counts(broken.run(), source="makrs")


def test_a_record_is_shown_with_its_cells_reason_remedy_and_file(broken: Installation) -> None:
    text = shown(broken, "makers", record_no=11)

    assert "makers record 11 of makers.csv (snapshot " in text
    assert 'missing value: column "name" is blank' in text
    assert "What to do: Fill it at the source" in text
    assert "    id: X\n    name: \n    country: VN" in text


def test_a_record_that_could_not_be_read_is_shown_as_it_came(broken: Installation) -> None:
    assert "    Z,few" in shown(broken, "makers", reason="wrong number of cells")


def test_more_records_than_the_limit_are_told(broken: Installation) -> None:
    assert "3 more; --limit shows them." in shown(broken, "makers", limit=1)


def test_a_record_that_is_not_in_quarantine_is_told(broken: Installation) -> None:
    with pytest.raises(ConfigError, match="record 1 is not in quarantine"):
        shown(broken, "makers", record_no=1)


def test_nothing_in_a_record_can_act_on_the_terminal(makers: Installation) -> None:
    hostile = "\x1b[2J\x1b]0;owned\x07 \u202egnp.exe \x9b31m \r over"
    makers.write("makers.csv", HEADING + SOUND + f'"{hostile}",,VN\n')
    makers.load()

    text = shown(makers, "makers", reason="missing value")

    assert not [c for c in text if c != "\n" and (ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c == "\u202e")]
    assert "\\x1b[2J\\x1b]0;owned\\x07 \\u202egnp.exe \\x9b31m" in text


def test_letters_of_all_scripts_are_shown_as_they_are(makers: Installation) -> None:
    name = "شرکت می\u200cروم 纺织 Łódź"
    makers.write("makers.csv", HEADING + SOUND + f"{name},,VN\n")
    makers.load()

    assert f"id: {name}" in shown(makers, "makers")


def test_long_cells_are_cut_and_the_rest_is_counted(makers: Installation) -> None:
    makers.write("makers.csv", HEADING + SOUND + f"{'x' * 5000},,VN\n")
    makers.load()

    text = shown(makers, "makers")

    assert len(text) < 1500
    assert "[4,700 more characters]" in text


def test_the_text_of_a_restricted_source_is_not_shown_and_its_store_not_opened(
    answers: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers.write(
        "answers.json",
        '{"results": [{"_uuid": "a", "site": "s", "_submission_time": "CANARY"},'
        ' {"_uuid": "b", "site": "s", "_submission_time": "2026-01-01", "q/free_to_leave": "no"}]}',
    )
    answers.load()
    shutil.move(answers.run().home.restricted, answers.root / "elsewhere")

    text = shown(answers, "answers")

    assert "not in the open store: the source is restricted" in text
    assert "CANARY" not in text


def test_nothing_loaded_yet_is_told(makers: Installation) -> None:
    with pytest.raises(TierlineError, match="nothing was ever loaded"):
        quarantine_counts(makers.run())


# retry


@pytest.fixture
def misread(installation: Installation) -> Installation:
    """A source whose dates the declaration does not know, and a sound one."""
    installation.declare(DATED, "makers.csv")
    installation.declare(CSV_SOURCE.replace("id: makers", "id: others"), "others.csv")
    days = "".join(f"M{number},Maker {number},VN,2026-01-{number:02}\n" for number in range(1, 19))
    installation.write("makers.csv", "id,name,country,day\n" + days + "M98,A,VN,3.4.2026\nM99,B,VN,5.4.2026\n")
    installation.write("others.csv", HEADING + SOUND)
    installation.load()
    return installation


def mend(installation: Installation) -> None:
    installation.declare(
        DATED.replace("{column: day}", '{column: day, formats: ["%Y-%m-%d", "%d.%m.%Y"]}'), "makers.csv"
    )


def test_a_mended_mapping_reads_the_landing_again_without_fetching(misread: Installation) -> None:
    mend(misread)
    shutil.rmtree(misread.root / "files")

    (retried,) = retry(misread.run("retry"))

    assert (retried.source, retried.problem, retried.is_changed) == ("makers", None, True)
    assert retried.before == Account(read=20, loaded=18, quarantined=2)
    assert retried.after == Account(read=20, loaded=20)
    assert "before: 20 read = 18 loaded + 2 quarantined" in "\n".join(retry_lines([retried]))
    assert misread.query("SELECT count(*) FROM canonical.supplier WHERE source_id = 'others'") == [(10,)]
    assert quarantine_counts(misread.run()) == []


def test_the_next_run_goes_on_from_what_was_retried(misread: Installation) -> None:
    mend(misread)
    retry(misread.run("retry"))

    assert {name: one["status"] for name, one in misread.load("next")["sources"].items()} == {
        "makers": "unchanged",
        "others": "unchanged",
    }


def test_an_unmended_source_stays_as_it_is(misread: Installation) -> None:
    (retried,) = retry(misread.run("retry"), ["makers"])

    assert (retried.is_changed, retried.problem) == (False, None)
    assert retried.before == retried.after


def test_a_mapping_made_worse_leaves_the_last_good_state_in_use(misread: Installation) -> None:
    before = misread.contents()
    misread.declare(
        DATED.replace("{column: name}", "{column: name, enumeration: none_fits}").replace(
            "mapping:", "enumerations: {none_fits: {nothing: nothing}}\nmapping:", 1
        ),
        "makers.csv",
    )

    (retried,) = retry(misread.run("retry"))

    assert "at least half of the records are loaded" in str(retried.problem)
    assert retried.before == retried.after
    assert misread.contents() == before
    assert not list(misread.run().home.landing.glob(".rehearsal*"))


def test_a_source_that_cannot_be_loaded_any_more_keeps_its_state_and_says_why(misread: Installation) -> None:
    misread.declare(
        DATED.replace("columns: [id, name, country, day]", "columns: [id, name, country, day, gone]"), "makers.csv"
    )

    (retried,) = retry(misread.run("retry"))

    assert "lacks the column" in str(retried.problem)
    assert retried.after == Account(20, 18, 2, is_failed=True)
    assert misread.query("SELECT count(*) FROM canonical.supplier WHERE source_id = 'makers'") == [(18,)]


def test_a_source_that_failed_as_a_whole_is_retried_too(installation: Installation) -> None:
    installation.declare(
        CSV_SOURCE.replace("columns: [id, name, country]", "columns: [id, name, country, gone]"), "makers.csv"
    )
    installation.write("makers.csv", HEADING + SOUND)
    installation.load()
    installation.declare(CSV_SOURCE, "makers.csv")

    (retried,) = retry(installation.run("retry"))

    assert retried.before == Account(is_failed=True)
    assert retried.after == Account(10, 10)


def test_a_restricted_source_is_retried_inside_its_store(answers: Installation) -> None:
    rows = [
        {"_uuid": f"u{n}", "site": "s", "_submission_time": "2026-01-05", "q": {"free_to_leave": "yes"}}
        for n in range(5)
    ]
    answers.write(
        "answers.json", json.dumps({"results": [{**row, "q/free_to_leave": "yes"} for row in rows] + [{"_uuid": "x"}]})
    )
    answers.load()
    answers.declare(SURVEY_SOURCE + "null_values: ['', 'n/a']\n", "answers.json")

    (retried,) = retry(answers.run("retry"))

    assert retried.problem is None
    assert retried.before == retried.after == Account(6, 5, 1)
    restricted = answers.run().home.restricted
    assert [path for path in restricted.rglob("*") if path.stat().st_mode & 0o077] == []
    assert not list(restricted.glob(".rehearsal*"))
    assert not list(answers.run().home.landing.rglob("store.duckdb"))


def test_the_commands_work_from_the_command_line(tmp_path: Path, command_line: CommandLine) -> None:
    (tmp_path / "vendors.csv").write_text(FIXTURE.read_text(encoding="utf-8"), encoding="utf-8")
    config = tmp_path / "tierline.yml"
    config.write_text(yaml.safe_dump({"home": "home", "sources": [{"id": "erp_vendor_master", "path": "vendors.csv"}]}))
    run = open_run(config, run_id="first", today=AS_OF)
    fetch_source(run, "erp_vendor_master")
    load_sources(run)

    def answer(*words: str) -> tuple[int, str]:
        return command_line("quarantine", *words, "--config", str(config))

    code, listed = answer("list", "--json")
    assert code == 0
    assert {entry["source"] for entry in json.loads(listed)} == {"erp_vendor_master"}
    number = json.loads(listed)[0]["examples"][0]
    assert f"erp_vendor_master record {number} of vendors.csv" in answer("show", "erp_vendor_master", str(number))[1]
    assert answer("retry", "--source", "erp_vendor_master")[1].count("read = ") == 2
