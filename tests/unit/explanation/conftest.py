"""Three publications of one small world: `first` for an earlier day, `second` and `third` for a later one."""

import random
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from serving.steps import publish, report
from tests.unit.command_line import command_line
from tests.unit.serving import world
from tests.unit.serving.world import AS_OF, make_rows, make_run, write_warehouse
from tierline.run import Run

__all__ = ["command_line"]

EARLIER = date(2026, 6, 1)
HOSTILE = "<b>Acme</b>\u202e [red] Ltd"
NEXT_FACTS = (
    (1, "field_visit", "X01", "adverse", None, 4, 0.03, 90.0, "Critical", 0.12),
    (2, "offsite_survey", "F07", "adverse", None, 3, 0.06, 80.0, "High", 0.18),
    (3, "offsite_survey", "F07", "clean", None, 0, 0.94, 10.0, "Unknown", 0.18),
    (4, "field_visit", "X01", "clean", None, 0, 0.97, 12.0, "Unknown", 0.12),
)
LEVERAGE: tuple[dict[str, Any], ...] = (
    {"leverage": 0.75, "spend_place": 0.5, "sales_share": 0.42},
    {"leverage": 0.25, "spend_place": 0.25, "sales_share_reason": "no sales of it are stated"},
    {"sales_share_reason": "nothing is known to have been bought from it in the twelve months before"},
)


def supplier_id(number: int) -> str:
    return f"S{number:012x}"


def _publish(root: Path, run_id: str, day: date, *, is_more_found: bool = False) -> Run:
    run = replace(make_run(root, run_id), as_of=day)
    rows = make_rows(12, names=(HOSTILE, "Twin Mills", "Twin Mills"))
    _add_next_facts(rows)
    _add_candidates(rows)
    if is_more_found:
        _find_more(rows)
    write_warehouse(run, rows)
    publish(run)
    return run


def _add_next_facts(rows) -> None:
    score = next(row for row in rows.tables["scores.supplier_score"] if row["supplier_id"] == supplier_id(0))
    columns = (
        *("fact_rank", "source_type", "indicator_id", "outcome", "evidence_id", "move", "probability", "score_after"),
        *("band_after", "information"),
    )
    for values in NEXT_FACTS:
        row = dict(zip(columns, values, strict=True))
        rows.add("scores.next_fact", next_fact_id=f"{values[:4]}", supplier_id=supplier_id(0),
                 site_id=score["worst_site_id"], score_change=row["score_after"] - score["score"], **row)  # fmt: skip


def _add_candidates(rows) -> None:
    for place in range(12):
        rows.add("scores.review_candidate", supplier_id=supplier_id(place), priority_rank=12 - place, reason="because",
                 stratum=f"stratum {place % 3}", **LEVERAGE[place % 3])  # fmt: skip


def _find_more(rows) -> None:
    """A new finding at the first supplier's worst site, and with it its sums."""
    score = next(row for row in rows.tables["scores.supplier_score"] if row["supplier_id"] == supplier_id(0))
    site = score["worst_site_id"]
    added = world._add_finding(rows, supplier_id(0), site, "F04", random.Random(1))
    for row in (score, next(row for row in rows.tables["scores.site_score"] if row["site_id"] == site)):
        row["raw_score"] += added
        row["score"] = min(100.0, max(0.0, row["raw_score"]))
        row["clip_adjustment"] = row["score"] - row["raw_score"]


@pytest.fixture(scope="session")
def explained_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the publications."""
    root = tmp_path_factory.mktemp("explained")
    _publish(root, "first", EARLIER)
    _publish(root, "second", AS_OF)
    third = _publish(root, "third", AS_OF, is_more_found=True)
    report(third)
    return third.home.published
