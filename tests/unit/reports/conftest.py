"""Publications whose reports are read: two of one small world, the later with one finding more and a contested row."""

import random
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from serving.language import language
from serving.manifest import read_manifest
from serving.reports.content import ReportContent, report_content
from serving.reports.published import Published
from serving.steps import publish
from tests.unit.serving import world
from tests.unit.serving.conftest import HOSTILE
from tests.unit.serving.world import Rows, make_rows, make_run, write_warehouse
from tierline.run import Run

EARLIER = date(2026, 6, 1)
DUE = date(2026, 11, 20)
BUYER_WORDS = "Payment by the buyer: median 71 days after the invoice"
MEND = "Payment: pay within 60 days of the invoice, and pay what is overdue now"


@dataclass(frozen=True)
class Told:
    """A published run, and what is asked of it."""

    run: Run

    @property
    def published(self) -> Published:
        """Its publication."""
        folder = self.run.home.published / self.run.run_id
        return Published(folder, read_manifest(folder))

    def content(self, code: str = "en", since: str | None = None) -> ReportContent:
        """The content of its report."""
        published = self.published
        return report_content(published.folder, published.manifest, language=language(code), since=since)


def supplier_id(number: int) -> str:
    return f"S{number:012x}"


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The later of two runs, `second` after `first`; suppliers have hostile names."""
    root = tmp_path_factory.mktemp("reports")
    earlier = replace(make_run(root, "first"), as_of=EARLIER)
    write_warehouse(earlier, _rows())
    publish(earlier)
    later = make_run(root, "second")
    rows = _rows()
    for number, indicator in ((0, "F04"), (2, "F04"), (2, "F06"), (5, "F04")):
        _find(rows, number, indicator)
    _contest(rows)
    write_warehouse(later, rows)
    publish(later)
    return Told(later)


def _rows() -> Rows:
    rows = make_rows(24, names=("Plain Works Ltd", *HOSTILE))
    _add_buyer(rows)
    _add_ties(rows)
    return rows


def _add_buyer(rows: Rows) -> None:
    """A row on the buyer's own payments at the second supplier, without points, and what the buyer is to mend."""
    score = _score(rows, 1)
    score["buyer_action"] = MEND
    rows.add(
        "scores.score_evidence", evidence_id="E-buyer", supplier_id=supplier_id(1), site_id=score["worst_site_id"],
        indicator_id="P04", kind="adverse", contribution=0.0, points=6.0, reliability=0.8, freshness=1.0,
        event_date=EARLIER, description=BUYER_WORDS, source_type="procurement_data", rule_version="1.0.0",
    )  # fmt: skip


def _add_ties(rows: Rows) -> None:
    """A tie of the first supplier to the second, whose name is hostile, and a path that leads over it."""
    origin = {"source_id": "bods_ownership", "snapshot_sha256": "ab" * 32, "record_no": 7, "row_id": "bods:7"}
    for number in (0, 1):
        name = ("Plain Works Ltd", HOSTILE[0])[number]
        rows.add(
            "marts.dim_network_party", party_id=supplier_id(number), party_kind="supplier", name=name,
            supplier_id=supplier_id(number), neighbour_count=1, is_hub=False,
        )  # fmt: skip
    rows.add(
        "marts.fct_network_edge", edge_id="bods:7:ownership", edge_kind="ownership", subject_id=supplier_id(0),
        party_id=supplier_id(1), supplier_id=supplier_id(0), party_supplier_id=supplier_id(1), party_kind="supplier",
        party_name_published=HOSTILE[0], interest="<i>shares</i>", share_minimum=51.0, share_maximum=51.0, **origin,
    )  # fmt: skip
    rows.add(
        "scores.network_exposure_step", supplier_id=supplier_id(0), step_no=1, from_party_id=supplier_id(1),
        relation="owns or controls", to_party_id=supplier_id(0), edge_id="bods:7:ownership", **origin,
    )  # fmt: skip


def _find(rows: Rows, number: int, indicator: str) -> None:
    """A new finding at the supplier's worst site, and with it its sums."""
    score = _score(rows, number)
    site = score["worst_site_id"]
    added = world._add_finding(rows, supplier_id(number), site, indicator, random.Random(number))
    for row in (score, next(row for row in rows.tables["scores.site_score"] if row["site_id"] == site)):
        row["raw_score"] += added
        row["score"] = min(100.0, max(0.0, row["raw_score"]))
        row["clip_adjustment"] = row["score"] - row["raw_score"]


def _contest(rows: Rows) -> None:
    """The first supplier objects to the finding that the later run has more."""
    row = next(row for row in rows.tables["scores.score_evidence"] if row.get("indicator_id") == "F04")
    row |= {"contested": True, "contest_id": "C1", "decision_due_on": DUE}


def _score(rows: Rows, number: int) -> dict[str, Any]:
    return next(row for row in rows.tables["scores.supplier_score"] if row["supplier_id"] == supplier_id(number))
