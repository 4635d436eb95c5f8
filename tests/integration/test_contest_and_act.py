"""A supplier objects, the next run marks its row, a decision is scored by the one after; both versions stay."""

import csv
import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.conftest import AS_OF, Finished, World

pytestmark = pytest.mark.integration
TODAY = datetime.now(UTC).date()
DAY = max(TODAY, AS_OF)
ROLE = ("--by-role", "senior reviewer")


@dataclass
class Told:
    """The demo world after an objection, a run, a decision and another run."""

    world: World
    supplier: str
    row: str
    action: str
    first_decision: Finished

    def evidence(self, run_id: str) -> dict[str, Any]:
        rows = pl.read_parquet(self.world.published(run_id) / "parquet" / "score_evidence.parquet")
        of_row = rows.filter(pl.col("supplier_id") == self.supplier, pl.col("source_key") == self.row)
        (row,) = of_row.filter(pl.col("kind") == "adverse").to_dicts()
        return row

    def table(self, run_id: str, name: str) -> pl.DataFrame:
        return pl.read_parquet(self.world.published(run_id) / "parquet" / f"{name}.parquet")


def done(finished: Finished, *codes: int) -> Finished:
    assert finished.code in (codes or (0, 3)), finished.stdout + finished.stderr
    return finished


def audited_row(world: World) -> tuple[str, str]:
    """A supplier of one site and an audit finding about it that adds points."""
    evidence = pl.read_parquet(world.published("first") / "parquet" / "score_evidence.parquet")
    single = pl.read_parquet(world.published("first") / "parquet" / "supplier_score.parquet").filter(
        pl.col("site_count") == 1
    )
    found = evidence.filter(
        (pl.col("source_type") == "announced_audit")
        & (pl.col("kind") == "adverse")
        & (pl.col("contribution") > 1)
        & pl.col("supplier_id").is_in(single["supplier_id"].implode())
    ).sort("evidence_id")
    return str(found["supplier_id"][0]), str(found["source_key"][0])


def objection(form: Path, row: str) -> None:
    lines = list(csv.DictReader(form.read_text(encoding="utf-8-sig").splitlines()))
    for line in lines:
        if line["row"] == row:
            line |= {"grounds": "put right before", "raised_on": TODAY.isoformat(), "contact_role": "owner"}
    unknown = {**lines[0], "row": "nobody:knows:1", "grounds": "x", "raised_on": "2026-02-30", "contact_role": "owner"}
    with form.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(lines[0]))
        writer.writeheader()
        writer.writerows([*lines, unknown])


@pytest.fixture(scope="module")
def told(world: World, tmp_path_factory: pytest.TempPathFactory) -> Told:
    copied = tmp_path_factory.mktemp("contested") / "demo"
    shutil.copytree(world.config.parent, copied, symlinks=True)
    made = World(copied / "tierline.yml", copied / "home")
    supplier, row = audited_row(made)
    form = copied / "form.csv"
    done(made.tierline("contest", "form", supplier, "--out", str(form)))
    objection(form, row)
    assert "1 objections" in done(made.tierline("contest", "import", str(form)), 3).stdout

    done(made.tierline("run", "--run-id", "contested", "--as-of", DAY.isoformat()))
    decision = made.tierline("contest", "decide", "C1", "--outcome", "upheld", "--reason", "seen on site", *ROLE)
    actions = json.loads(done(made.tierline("action", "list", "--json")).stdout)
    action = next(one["action_id"] for one in actions if one["addressee"] == "supplier")
    done(made.tierline("action", "assign", action, "--owner", "reviewer", "--due", AS_OF.isoformat(), *ROLE))
    done(made.tierline("run", "--run-id", "decided", "--as-of", DAY.isoformat()))
    return Told(made, supplier, row, action, decision)


def test_the_next_run_marks_the_row_and_scores_as_before(told: Told) -> None:
    before, marked = told.evidence("first"), told.evidence("contested")
    assert (before["contested"], marked["contested"], marked["contest_id"]) == (False, True, "C1")
    assert marked["set_aside"] is None
    assert marked["contribution"] > 0
    (contest,) = told.table("contested", "contest").to_dicts()
    assert contest["due_on"] > TODAY
    assert (contest["state"], contest["found_by"], contest["fact_count"]) == ("pending", "row", 1)
    html = (told.world.home / "reports" / "contested" / "report.html").read_text(encoding="utf-8")
    assert "Objections of suppliers" in html


def test_the_run_after_the_decision_sets_the_row_aside_and_keeps_it(told: Told) -> None:
    done(told.first_decision)
    row = told.evidence("decided")
    assert (row["contribution"], row["contested"], row["contest_id"]) == (0.0, False, "C1")
    assert row["set_aside"] == f"objection upheld on {TODAY}"
    assert told.table("decided", "contest")["state"].to_list() == ["upheld"]
    lower, higher = (
        told.table(run, "supplier_score").filter(pl.col("supplier_id") == told.supplier)["raw_score"][0]
        for run in ("decided", "contested")
    )
    assert lower < higher


def test_both_versions_stay_and_the_difference_is_a_verdict(told: Told) -> None:
    assert told.evidence("contested")["contested"] is True
    ledger = (told.world.home / "contests" / "contest_ledger.csv").read_text(encoding="utf-8")
    assert [line.split(",")[2] for line in ledger.splitlines()[1:]] == ["objection", "decision"]
    moved = done(told.world.tierline("diff", "contested", "decided", "--supplier", told.supplier)).stdout
    assert "verdict" in moved


def test_no_grounds_and_no_reason_leave_the_ledger(told: Told) -> None:
    for path in sorted((told.world.home / "published" / "decided" / "parquet").iterdir()):
        content = pl.read_parquet(path).select(pl.col(pl.String)).unpivot()["value"].drop_nulls()
        assert not content.str.contains("put right before|seen on site").any(), path.name


@pytest.mark.skipif(TODAY <= AS_OF, reason="the machine's day is not after that of the demo world")
def test_a_run_for_an_earlier_day_knows_neither_objection_nor_decision(told: Told) -> None:
    done(told.world.tierline("run", "--run-id", "earlier", "--as-of", AS_OF.isoformat()))
    assert told.table("earlier", "contest").is_empty()
    assert told.evidence("earlier")["contribution"] == told.evidence("first")["contribution"]


def test_an_action_keeps_its_id_and_its_new_day_makes_it_lead_the_report(told: Told) -> None:
    before, after = (
        told.table(run, "supplier_action").filter(pl.col("action_id") == told.action).to_dicts()[0]
        for run in ("contested", "decided")
    )
    assert before["opened_on"] == after["opened_on"]
    assert (after["owner_role"], after["due_on"]) == ("reviewer", AS_OF)
    if after["is_overdue"]:
        html = (told.world.home / "reports" / "decided" / "report.html").read_text(encoding="utf-8")
        assert html.index('id="overdue"') < html.index('id="summary"')


def test_the_decided_run_is_made_again_byte_for_byte(told: Told, tmp_path: Path) -> None:
    done(told.world.tierline("verify", "decided"), 0)
    again = told.world.tierline("reproduce", "decided", "--out", str(tmp_path / "again"))
    assert "0 differ" in done(again, 0).stdout


def test_a_retracted_run_stays_and_readers_see_the_one_before(told: Told) -> None:
    done(told.world.tierline("retract", "decided", "--reason", "the visit was at another site", *ROLE), 0)
    assert (told.world.home / "published" / "current").resolve().name != "decided"
    verified = done(told.world.tierline("verify", "decided"), 0).stdout
    assert "RETRACTED" in verified
