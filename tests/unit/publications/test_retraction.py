"""A retracted publication stays, is told of everywhere, and is never what readers see or the next run goes on from."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from matching.entity_ledger import ledger_publication
from serving.difference import compare_runs
from serving.publications import current_publication, retraction
from serving.publications.marked_reports import mark_report
from serving.publications.retraction import retract
from serving.publications.telling import publication_lines, publication_rows
from serving.steps import publish, report
from serving.verification import Expectations, is_sound, verify_publication
from tests.unit.serving.world import make_run
from tierline.cli_audit import retracted_of
from tierline.errors import ConfigError, PublishError, TierlineError
from tierline.home import Home
from tierline.publications import LEDGER_NAME, standing

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def taken_back(home: Home, run_id: str, **changed: str | None) -> Path | None:
    told = {"reason": "a list was read twice", "by_role": "data steward", "superseded_by": None, **changed}
    return retract(home.published, run_id, now=NOW, **told)  # type: ignore[arg-type]  # keywords of several types


def findings(home: Home, run_id: str) -> dict[str, str]:
    return {one.rule: one.state for one in verify_publication(home.published, run_id, Expectations())}


def test_current_moves_to_the_newest_that_holds_and_nothing_of_the_publication_changes(home: Home) -> None:
    before = {path: path.read_bytes() for path in (home.published / "four").rglob("*") if path.is_file()}

    assert taken_back(home, "four", superseded_by="three") == home.published / "three"

    assert (home.published / "current").resolve().name == "three"
    assert all(path.read_bytes() == content for path, content in before.items())
    notice = json.loads((home.published / "four" / "retracted.json").read_text(encoding="utf-8"))
    assert (notice["reason"], notice["superseded_by"], notice["by_role"]) == (
        "a list was read twice", "three", "data steward",
    )  # fmt: skip


def test_an_older_one_is_retracted_and_readers_go_on_with_the_newest(home: Home) -> None:
    assert taken_back(home, "two") == home.published / "four"


def test_with_none_left_readers_are_told_why(home: Home) -> None:
    for run_id in ("one", "two", "three"):
        taken_back(home, run_id)
    assert taken_back(home, "four") is None

    assert not (home.published / "current").is_symlink()
    with pytest.raises(
        TierlineError, match="run four was retracted on 2026-11-22 by data steward: a list was read twice"
    ):
        current_publication(home)


def test_the_chain_still_verifies_and_tells_of_the_retraction(home: Home) -> None:
    taken_back(home, "two")
    for run_id in ("one", "two", "three", "four"):
        assert is_sound(verify_publication(home.published, run_id, Expectations())), run_id
    assert findings(home, "two")["the run was retracted, and a notice beside its manifest says so"] == "holds"
    (home.published / "two" / "retracted.json").unlink()
    assert findings(home, "two")["the run was retracted, and a notice beside its manifest says so"] == "broken"


def test_a_line_taken_out_of_the_ledger_is_seen_by_the_next_manifest(home: Home) -> None:
    taken_back(home, "two")
    publish(make_run(home.root.parent, "five"))
    rule = "the ledger of publications begins as each manifest saw it"
    assert findings(home, "five")[rule] == "holds"
    ledger = home.published / LEDGER_NAME
    ledger.write_text(ledger.read_text(encoding="utf-8").splitlines(keepends=True)[0], encoding="utf-8")
    assert findings(home, "five")[rule] == "broken"


@pytest.mark.parametrize("step", ["publications_ledger", "complete_retractions", "move_current"])
def test_a_kill_at_any_step_is_mended_by_the_same_call(home: Home, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(retraction, step, killed)
        with pytest.raises(KeyboardInterrupt):
            taken_back(home, "four")
    assert (home.published / "current").resolve().name == "four"

    taken_back(home, "four")
    taken_back(home, "four")

    assert (home.published / "current").resolve().name == "three"
    assert len((home.published / LEDGER_NAME).read_text(encoding="utf-8").splitlines()) == 2
    assert list(standing(home.published).retracted) == ["four"]


def test_a_retracted_run_is_not_published_again(home: Home) -> None:
    taken_back(home, "four")
    with pytest.raises(PublishError, match="was retracted"):
        publish(make_run(home.root.parent, "four"))
    assert (home.published / "current").resolve().name == "three"


def test_the_next_run_goes_on_from_one_that_holds(home: Home) -> None:
    def before_next() -> str:
        folder = ledger_publication(home.published, run_id="five", as_of=date(2027, 1, 1))
        return folder.name if folder else ""

    assert before_next() == "four"
    taken_back(home, "four")
    assert before_next() == "three"


def test_its_report_says_so_on_top_and_the_latest_is_another(home: Home) -> None:
    run = make_run(home.root.parent, "four")
    taken_back(home, "four", reason="<b>wrong</b> list")
    report(run)

    html = (home.reports / "four" / "report.html").read_text(encoding="utf-8")
    assert html.index("Retracted: do not use this report") < html.index('id="summary"')
    assert "<b>wrong</b>" not in html
    assert (home.reports / "four" / "RETRACTED.txt").is_file()
    assert not (home.reports / "latest").exists()
    report(make_run(home.root.parent, "three"))
    assert (home.reports / "latest").resolve().name == "three"


def test_the_report_that_lies_there_is_marked_without_being_made_anew(home: Home) -> None:
    newest = taken_back(home, "four")
    for _ in range(2):
        mark_report(home.reports, "four", "<b>wrong</b> list", newest)

    html = (home.reports / "four" / "report.html").read_text(encoding="utf-8")
    assert html.count('id="retracted"') == 1
    assert html.index("&lt;b&gt;wrong") < html.index('id="summary"')
    names = {path.name for path in (home.reports / "four").iterdir()}
    assert {"RETRACTED.txt", "RETRACTED-tierline.xlsx"} <= names
    assert "tierline.xlsx" not in names
    assert (home.reports / "latest").resolve().name == "three"


def test_diff_and_list_tell_of_it(home: Home) -> None:
    taken_back(home, "two", superseded_by="three")
    compare_runs(home.published, "two", "three")
    (line,) = retracted_of(home.published, ["two", "three"])
    assert "two was retracted" in line
    rows = {row["run_id"]: row for row in publication_rows(home.published)}
    assert (rows["two"]["state"], rows["four"]["is_current"]) == ("retracted", True)
    assert any("read three instead" in line for line in publication_lines(home.published))


@pytest.mark.parametrize(
    ("run_id", "changed"),
    [
        ("nine", {}),
        ("current", {}),
        ("../published/four", {}),
        ("four", {"superseded_by": "four"}),
        ("four", {"superseded_by": "nine"}),
        ("four", {"reason": ""}),
        ("four", {"reason": "two\nlines"}),
        ("four", {"reason": "=1+1"}),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(home: Home, run_id: str, changed: dict[str, str]) -> None:
    with pytest.raises(ConfigError):
        taken_back(home, run_id, **changed)
    assert not (home.published / LEDGER_NAME).exists()
    assert (home.published / "current").resolve().name == "four"


def test_one_that_was_retracted_itself_supersedes_nothing(home: Home) -> None:
    taken_back(home, "two")
    with pytest.raises(ConfigError, match="retracted itself"):
        taken_back(home, "four", superseded_by="two")
