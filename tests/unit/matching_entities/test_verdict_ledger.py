"""The ledger of verdicts is only ever added to, and its lines are what the source match_ledger reads."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.spec import load_spec
from matching.verdict_ledger import HEADINGS, Subject, add_verdict
from tierline.errors import ConfigError, TierlineError
from tierline.home import Home
from tierline.settings import MATCH_LEDGER, load_settings

MOMENT = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)
PAIR = Subject("erp:V1", "erp:V2")


def test_decisions_are_numbered_and_earlier_lines_stay_as_they_are(tmp_path: Path) -> None:
    ledger = tmp_path / "verdicts" / "match_ledger.csv"
    listed = Subject("erp:V1", list_name="wro", entry_ref='cbp:Teluk "Rubber", Sdn')

    numbers = [add_verdict(ledger, PAIR, "confirmed", role="reviewer", reason="one, number", decided_at=MOMENT)]
    first = ledger.read_bytes()
    numbers.append(add_verdict(ledger, listed, "rejected", role="reviewer", reason="other country", decided_at=MOMENT))

    assert numbers == [1, 2]
    assert ledger.read_bytes().startswith(first)
    rows = list(csv.DictReader(ledger.read_text(encoding="utf-8").splitlines()))
    assert [row["decision_no"] for row in rows] == ["1", "2"]
    assert rows[0]["decided_at"] == "2026-04-01T09:30:00Z"
    assert (rows[1]["list_name"], rows[1]["entry_ref"]) == ("wro", 'cbp:Teluk "Rubber", Sdn')


def test_its_headings_are_those_that_the_source_declares() -> None:
    assert tuple(load_spec(MATCH_LEDGER).columns) == HEADINGS


@pytest.mark.parametrize(
    ("role", "reason"), [("", "why"), ("reviewer", " "), ("reviewer", "two\nlines"), ("r" * 61, "why")]
)
def test_a_verdict_has_a_role_and_a_reason_of_one_line(tmp_path: Path, role: str, reason: str) -> None:
    with pytest.raises(ConfigError):
        add_verdict(tmp_path / "ledger.csv", PAIR, "confirmed", role=role, reason=reason, decided_at=MOMENT)

    assert not (tmp_path / "ledger.csv").exists()


def test_a_ledger_that_was_cut_off_is_not_added_to(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.csv"
    add_verdict(ledger, PAIR, "confirmed", role="reviewer", reason="why", decided_at=MOMENT)
    ledger.write_bytes(ledger.read_bytes()[:-5])

    with pytest.raises(TierlineError, match="cut off"):
        add_verdict(ledger, PAIR, "rejected", role="reviewer", reason="why", decided_at=MOMENT)


def test_every_run_loads_the_ledger_and_one_that_was_lost_is_missed(tmp_path: Path) -> None:
    config = tmp_path / "tierline.yml"
    config.write_text("home: home\nsources: [{id: erp_vendor_master, path: vendors.csv}]\n", encoding="utf-8")
    home = Home(tmp_path / "home")
    assert [source.id for source in load_settings(config).sources] == ["erp_vendor_master"]

    add_verdict(home.match_ledger, PAIR, "confirmed", role="reviewer", reason="why", decided_at=MOMENT)
    added = load_settings(config).sources[-1]
    assert (added.id, added.path, added.required) == (MATCH_LEDGER, str(home.match_ledger), True)

    (home.landing / MATCH_LEDGER).mkdir(parents=True)
    home.match_ledger.unlink()
    assert load_settings(config).sources[-1].required
