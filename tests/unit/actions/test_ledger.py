"""Who takes an action on and how it ended is added to a ledger; an outcome tells what it must, and names no person."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.spec import load_spec
from serving.actions.ledger import HEADINGS, Ending, action_ledger, assign, end
from serving.actions.register import action_lines
from serving.contests.ledger import HEADINGS as CONTEST_HEADINGS
from tierline.errors import ConfigError
from tierline.home import Home
from tierline.run import PROJECT
from tierline.settings import ACTION_LEDGER, CONTEST_LEDGER, load_settings

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ACTION = {"action_id": "A1", "addressee": "supplier"}
SEEDS = PROJECT / "dbt_project" / "seeds"


def outcomes() -> dict[str, dict[str, Any]]:
    with (SEEDS / "action" / "action_outcome.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {
        row["outcome"]: {**row, **{name: row[name] == "true" for name in row if name[:6] == "needs_"}} for row in rows
    }


def ended(home: Home, ending: Ending, action: dict[str, str] = ACTION) -> None:
    end(home, action, ending, outcomes(), by_role="compliance officer", now=NOW)


def test_entries_are_added_once_and_earlier_lines_stay(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assign(home, ACTION, owner="reviewer", due_on=date(2026, 12, 1), by_role="sustainability lead", now=NOW)
    first = home.action_ledger.read_bytes()
    repaid = Ending("fees_repaid", date(2026, 11, 19), "12500", "USD", 31)
    ended(home, repaid)
    both = home.action_ledger.read_bytes()
    ended(home, repaid)

    assert both.startswith(first)
    assert home.action_ledger.read_bytes() == both
    entry = action_ledger(home).entries()[-1]
    assert (entry["amount"], entry["currency"], entry["workers"]) == ("12500.00", "USD", "31")


@pytest.mark.parametrize(
    "ending",
    [
        Ending("supplier_dropped", date(2026, 11, 19)),
        Ending("prices_mended", date(2026, 11, 19)),
        Ending("fees_repaid", date(2026, 11, 19)),
        Ending("fees_repaid", date(2026, 11, 19), "12500", "USD"),
        Ending("fees_repaid", date(2026, 11, 19), "12500", "", 31),
        Ending("fees_repaid", date(2026, 11, 19), "-5", "USD", 31),
        Ending("fees_repaid", date(2026, 11, 19), "1e999", "USD", 31),
        Ending("fees_repaid", date(2026, 11, 19), "NaN", "USD", 31),
        Ending("fees_repaid", date(2026, 11, 19), "1.234", "USD", 31),
        Ending("no_longer_needed", date(2026, 11, 19)),
        Ending("audit_held", date(2026, 11, 21)),
        Ending("audit_held", date(2026, 11, 19), reason="=1+1"),
    ],
)
def test_an_outcome_that_tells_too_little_or_nonsense_is_refused(tmp_path: Path, ending: Ending) -> None:
    with pytest.raises(ConfigError):
        ended(Home(tmp_path), ending)
    assert not Home(tmp_path).action_ledger.exists()


def test_an_action_of_the_buyer_ends_by_what_the_buyer_does(tmp_path: Path) -> None:
    ended(Home(tmp_path), Ending("lead_times_mended", date(2026, 11, 19)), {**ACTION, "addressee": "buyer"})
    with pytest.raises(ConfigError):
        ended(Home(tmp_path), Ending("audit_held", date(2026, 11, 19)), {**ACTION, "addressee": "buyer"})


def test_an_outcome_is_shown_as_no_mitigation() -> None:
    action = {
        **ACTION, "name": "One", "supplier_id": "S1", "state": "done", "outcome": "fees_repaid", "owner_role": None,
        "due_on": date(2026, 12, 1), "is_overdue": False, "action": "trace fees", "rule_id": "high_score",
        "opened_on": date(2026, 11, 1), "is_asked": True,
    }  # fmt: skip
    assert "gives no points" in "\n".join(action_lines(action, []))


def test_nothing_that_can_be_asked_for_or_done_is_to_drop_the_supplier() -> None:
    texts = [path.read_text(encoding="utf-8").lower() for path in sorted(SEEDS.glob("*/*action*.csv"))]
    rules = (SEEDS / "catalogue" / "band_rule.csv").read_text(encoding="utf-8").lower()
    for word in ("drop", "delist", "terminate", "blacklist"):
        assert not any(word in text for text in (*texts, rules))


def test_headings_are_those_that_the_sources_declare_and_every_run_loads_the_ledgers(tmp_path: Path) -> None:
    assert tuple(load_spec(ACTION_LEDGER).columns) == HEADINGS
    assert tuple(load_spec(CONTEST_LEDGER).columns) == CONTEST_HEADINGS
    config = tmp_path / "tierline.yml"
    config.write_text("home: home\nsources: [{id: erp_vendor_master, path: vendors.csv}]\n", encoding="utf-8")
    assign(Home(tmp_path / "home"), ACTION, owner="reviewer", due_on=None, by_role="reviewer", now=NOW)
    (Home(tmp_path / "home").landing / CONTEST_LEDGER).mkdir(parents=True)
    added = {source.id: source.required for source in load_settings(config).sources[1:]}
    assert added == {CONTEST_LEDGER: True, ACTION_LEDGER: True}


@pytest.mark.parametrize("role", ["kim@example.org", "", "x", "=role", "a\nb"])
def test_a_role_that_is_an_address_is_no_role_of_a_configuration(tmp_path: Path, role: str) -> None:
    config = tmp_path / "tierline.yml"
    config.write_text(f"sources: [{{id: erp_vendor_master, path: v.csv}}]\nroles: [{role!r}]\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="role"):
        load_settings(config)
