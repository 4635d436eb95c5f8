"""Objections that name a row go to the ledger, once; all else goes to quarantine with the reason; nothing is lost."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from serving.contests.intake import FormContent, Intake, quarantine_ledger, take_in
from serving.contests.ledger import Ruling, contest_ledger, contests_of, decide
from serving.contests.rows import contestable_rows
from serving.reports.published import Published
from tierline.errors import ConfigError, TierlineError
from tierline.files import sha256_of_bytes
from tierline.home import Home
from tierline.settings import DEFAULT_ROLES

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def line(published: Published, supplier: str) -> dict[str, str]:
    row = contestable_rows(published, [supplier]).to_dicts()[0]
    return {
        "supplier_id": supplier,
        "row": row["source_key"],
        "indicator_id": row["indicator_id"],
        "grounds": "documents were given back in May",
        "evidence_references": "receipts 1 to 12",
        "raised_on": "2026-11-18",
        "contact_role": "Compliance",
    }


def form(*lines: dict[str, str], name: str = "one") -> FormContent:
    content = (name + repr(lines)).encode()
    return FormContent(
        content, sha256_of_bytes(content), ".csv", tuple((n, cells, None) for n, cells in enumerate(lines, 1))
    )


def taken_in(home: Home, published: Published, of: FormContent) -> Intake:
    return take_in(home, published, of, decision_days=30, now=NOW)


def test_an_objection_is_kept_with_its_form_and_a_day_of_decision(
    home: Home, published: Published, line: dict[str, str]
) -> None:
    sent = form(line)
    intake = taken_in(home, published, sent)

    (entry,) = contest_ledger(home).entries()
    assert intake.accepted == ("C1",) == (entry["contest_id"],)
    assert (entry["contested_table"], entry["contested_key"]) == ("fct_audit_finding", line["row"])
    assert (entry["due_on"], entry["contact_role"], entry["form_sha256"]) == ("2026-12-20", "compliance", sent.sha256)
    assert entry["supplier_ref"].startswith("erp:")
    assert (home.contests / "forms" / f"{sent.sha256}.csv").read_bytes() == sent.content


def test_the_same_form_again_adds_nothing(home: Home, published: Published, line: dict[str, str]) -> None:
    taken_in(home, published, form(line, {**line, "row": "nothing"}))
    before = home.contest_ledger.read_bytes(), quarantine_ledger(home).path.read_bytes()

    again = taken_in(home, published, form(line, {**line, "row": "nothing"}))

    assert (again.accepted, again.known) == ((), ("C1",))
    assert (home.contest_ledger.read_bytes(), quarantine_ledger(home).path.read_bytes()) == before


def test_an_id_of_evidence_names_the_row_as_well(home: Home, published: Published, line: dict[str, str]) -> None:
    evidence = published.table("score_evidence").collect()
    own = evidence.filter(evidence["source_key"] == line["row"]).to_dicts()[0]
    taken_in(home, published, form({**line, "row": own["evidence_id"], "indicator_id": ""}))
    assert contest_ledger(home).entries()[0]["contested_key"] == line["row"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"row": "nothing:known:1"}, "no such row"),
        ({"supplier_id": "S999"}, "no such row"),
        ({"indicator_id": "F99"}, "no such row"),
        ({"raised_on": "2026-02-30"}, "no such day"),
        ({"raised_on": "2026-11-21"}, "no such day"),
        ({"raised_on": "1899-12-31"}, "no such day"),
        ({"raised_on": ""}, "no such day"),
        ({"contact_role": "Kim Lee"}, "no such role"),
        ({"contact_role": "kim@example.org"}, "no such role"),
        ({"grounds": '=HYPERLINK("http://example.org")'}, "formula"),
        ({"grounds": "@SUM(A1)"}, "formula"),
        ({"evidence_references": "+1+cmd|' /C calc'!A0"}, "formula"),
        ({"grounds": "x" * 4_001}, "too long"),
    ],
)
def test_a_line_that_cannot_be_taken_in_is_quarantined_with_the_reason(
    home: Home, published: Published, line: dict[str, str], change: dict[str, str], code: str
) -> None:
    intake = taken_in(home, published, form({**line, **change}, line))

    assert [refusal.code for refusal in intake.refused] == [code]
    assert intake.accepted == ("C1",)
    (entry,) = quarantine_ledger(home).entries()
    assert (entry["line_no"], entry["reason_code"]) == ("1", code)
    assert not any(value in str(entry.values()) for value in change.values() if len(value) > 6)


def test_a_row_of_workers_or_of_another_supplier_is_refused_in_the_very_words_of_one_that_is_not_there(
    home: Home, published: Published, line: dict[str, str]
) -> None:
    evidence = published.table("score_evidence").collect()
    of_workers = evidence.filter(
        (evidence["supplier_id"] == line["supplier_id"]) & evidence["release_id"].is_not_null()
    )
    other = evidence.filter((evidence["supplier_id"] != line["supplier_id"]) & (evidence["kind"] == "adverse"))
    tried = ["nothing", of_workers["evidence_id"][0], of_workers["release_id"][0], other["evidence_id"][0]]

    intake = taken_in(home, published, form(*({**line, "row": str(row), "indicator_id": ""} for row in tried)))

    assert len({(one.code, one.reason, one.remedy) for one in intake.refused}) == 1
    assert len(intake.refused) == 4


def test_text_of_strangers_is_one_inert_line(home: Home, published: Published, line: dict[str, str]) -> None:
    taken_in(home, published, form({**line, "grounds": "<b>first</b>\n\x1b[2Jsecond\u202e  third"}))
    assert contest_ledger(home).entries()[0]["grounds"] == "<b>first</b> [2Jsecond third"


def test_repeats_and_blank_lines_are_told_and_every_line_has_a_fate(
    home: Home, published: Published, line: dict[str, str]
) -> None:
    intake = taken_in(home, published, form(line, {**line, "grounds": " "}, line))
    assert (len(intake.accepted), intake.blank, [one.code for one in intake.refused]) == (1, 1, ["repeated"])


def test_a_second_objection_to_a_row_is_taken_in_and_told(
    home: Home, published: Published, line: dict[str, str]
) -> None:
    taken_in(home, published, form(line))
    second = taken_in(home, published, form({**line, "grounds": "again"}, name="two"))
    assert second.accepted == ("C2",)
    assert second.warnings == ("the row was contested before, in C1: pending",)


def rule(home: Home, outcome: Any = "rejected", contest: str = "C1", **changed: Any) -> str | None:
    told: dict[str, Any] = {
        "role": "senior reviewer",
        "reason": "seen on site",
        "decided_on": date(2026, 11, 19),
        **changed,
    }
    return decide(home, contest, Ruling(outcome, **told), DEFAULT_ROLES, NOW)


def test_a_decision_stands_beside_the_objection_and_again_changes_nothing(
    home: Home, published: Published, line: dict[str, str]
) -> None:
    taken_in(home, published, form(line))
    first = home.contest_ledger.read_bytes()
    assert rule(home) is None
    decided = home.contest_ledger.read_bytes()
    assert decided.startswith(first)
    assert len(decided) > len(first)
    rule(home)
    assert home.contest_ledger.read_bytes() == decided
    assert contests_of(contest_ledger(home).entries())["C1"].state == "rejected"


def test_a_decision_against_an_earlier_one_is_kept_and_told(
    home: Home, published: Published, line: dict[str, str]
) -> None:
    taken_in(home, published, form(line))
    rule(home)
    assert "rejected" in str(rule(home, "upheld"))
    contest = contests_of(contest_ledger(home).entries())["C1"]
    assert [one["outcome"] for one in contest.decisions] == ["rejected", "upheld"]
    assert contest.state == "upheld"


@pytest.mark.parametrize(
    "changed",
    [
        {"contest": "C9"},
        {"role": "kim@example.org"},
        {"role": "Kim Lee"},
        {"reason": "two\nlines"},
        {"reason": "=1+1"},
        {"decided_on": date(2026, 11, 17)},
        {"decided_on": date(2026, 11, 21)},
    ],
)
def test_a_decision_without_objection_role_reason_or_day_is_refused(
    home: Home, published: Published, line: dict[str, str], changed: dict[str, Any]
) -> None:
    taken_in(home, published, form(line))
    before = home.contest_ledger.read_bytes()
    with pytest.raises(ConfigError) as refused:
        rule(home, **changed)
    assert "kim" not in str(refused.value).lower()
    assert home.contest_ledger.read_bytes() == before


def test_a_ledger_that_was_cut_off_is_not_added_to(home: Home, published: Published, line: dict[str, str]) -> None:
    taken_in(home, published, form(line))
    home.contest_ledger.write_bytes(home.contest_ledger.read_bytes()[:-3])
    with pytest.raises(TierlineError, match="cut off"):
        rule(home)
