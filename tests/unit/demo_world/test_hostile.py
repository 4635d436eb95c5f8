"""Every kind of record that is wrong on purpose is there, as often as the room's README says."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from demo_world import WorldSummary, hostile

README = Path(__file__).parents[3] / "demo_world" / "README.md"
LATER = "2026-06-30"


def rows(folder: Path, path: str, encoding: str = "utf-8") -> list[dict[str, Any]]:
    return pl.read_csv(folder / path, infer_schema_length=0, encoding=encoding).to_dicts()


def again(found: list[Any]) -> int:
    return len(found) - len(set(found))


def vendors(folder: Path) -> list[dict[str, Any]]:
    return rows(folder, "sources/erp/vendor_master.csv")


def orders(folder: Path) -> list[dict[str, Any]]:
    return rows(folder, "sources/erp/purchase_orders-0001.csv")


def findings(folder: Path) -> list[dict[str, Any]]:
    return rows(folder, "sources/audits/audit_findings.csv")


def answers(folder: Path) -> list[dict[str, Any]]:
    pages = sorted(folder.glob("sources/surveys/*.json"))
    return [row for path in pages for row in json.loads(path.read_text(encoding="utf-8"))["results"]]


def releases(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "sources/procurement/ocds-0001.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def customs(folder: Path) -> list[dict[str, Any]]:
    return rows(folder, "sources/lists/cbp_wro.csv", "latin-1")


def repeated_findings(folder: Path, same: bool) -> int:
    by_id: dict[str, set[str]] = {}
    count = 0
    for row in findings(folder):
        content = json.dumps(row)
        seen = by_id.setdefault(row["finding_id"], set())
        count += bool(seen) and (content in seen) is same
        seen.add(content)
    return count


def tenderers(release: dict[str, Any]) -> list[object]:
    return [bid["tenderers"] for bid in release.get("bids", {}).get("details", [])]


FOUND: dict[tuple[str, str], Callable[[Path], int]] = {
    ("erp_vendor_master", "HTML in a name"): lambda at: sum("<script>" in str(r["vendor_name"]) for r in vendors(at)),
    ("erp_vendor_master", "formula in a cell"): lambda at: sum(
        str(value).startswith("=HYPERLINK(") for r in vendors(at) for value in r.values()
    ),
    ("erp_vendor_master", "text direction override in a name"): lambda at: sum(
        "\u202e" in str(r["vendor_name"]) for r in vendors(at)
    ),
    ("erp_vendor_master", "duplicate vendor and site"): lambda at: again(
        [(r["vendor_id"], r["site_id"]) for r in vendors(at)]
    ),
    ("erp_vendor_master", "migrant share in words"): lambda at: sum(
        r["migrant_share"] == "forty percent" for r in vendors(at)
    ),
    ("erp_vendor_master", "negative number of workers"): lambda at: sum(
        str(r["workers"]).startswith("-") for r in vendors(at)
    ),
    ("erp_vendor_master", "negative annual sales"): lambda at: sum(r["annual_sales"] == "-40000" for r in vendors(at)),
    ("erp_vendor_master", "blank name"): lambda at: sum(not r["vendor_name"] for r in vendors(at)),
    ("erp_purchase_orders", "amount 1e9999"): lambda at: sum(r["amount"] == "1e9999" for r in orders(at)),
    ("erp_purchase_orders", "30 February"): lambda at: sum(r["ordered_on"].endswith("02-30") for r in orders(at)),
    ("erp_purchase_orders", "ordered in 1825"): lambda at: sum(r["ordered_on"] < "1900" for r in orders(at)),
    ("erp_purchase_orders", "duplicate order line"): lambda at: again([(r["order_id"], r["line"]) for r in orders(at)]),
    ("erp_purchase_orders", "ordered after the day of the world"): lambda at: sum(
        r["ordered_on"] > LATER for r in orders(at)
    ),
    ("audit_findings_csv", "duplicate finding id, same content"): lambda at: repeated_findings(at, True),
    ("audit_findings_csv", "duplicate finding id, other content"): lambda at: repeated_findings(at, False),
    ("audit_findings_csv", "31 February"): lambda at: sum(r["audit_date"].endswith("02-31") for r in findings(at)),
    ("audit_findings_csv", "unknown severity"): lambda at: sum(r["severity"] == "catastrophic" for r in findings(at)),
    ("audit_findings_csv", "found after the day of the world"): lambda at: sum(
        r["audit_date"] > LATER for r in findings(at)
    ),
    ("kobo_survey", "the same submission twice"): lambda at: again([r["_uuid"] for r in answers(at)]),
    ("kobo_survey", "impossible submission time"): lambda at: sum(
        "02-31T25" in r["_submission_time"] for r in answers(at)
    ),
    ("kobo_survey", "answer that is no choice"): lambda at: sum(r["q/threats"] == "maybe" for r in answers(at)),
    ("ocds_bulk_jsonl", "release without ocid"): lambda at: sum("ocid" not in r for r in releases(at)),
    ("ocds_bulk_jsonl", "duplicate release id"): lambda at: again([r["id"] for r in releases(at)]),
    ("ocds_bulk_jsonl", "amount 1e9999"): lambda at: sum(
        award["value"]["amount"] == float("inf") for r in releases(at) for award in r["awards"]
    ),
    ("ocds_bulk_jsonl", "tenderers as an object"): lambda at: sum(
        isinstance(found, dict) for r in releases(at) for found in tenderers(r)
    ),
    ("us_cbp_wro", "impossible date"): lambda at: sum(r["Effective Date"] == "13/45/2021" for r in customs(at)),
    ("opensanctions_simple", "duplicate id"): lambda at: again(
        [r["id"] for r in rows(at, "sources/lists/opensanctions_targets.csv")]
    ),
    ("match_verdicts", "unknown verdict"): lambda at: sum(
        r["verdict"] == "probably" for r in rows(at, "sources/lists/match_verdicts.csv")
    ),
}  # fmt: skip


def test_every_case_has_its_check() -> None:
    assert set(FOUND) == {(case.source, case.what) for case in hostile.CASES}


@pytest.mark.parametrize("case", hostile.CASES, ids=lambda case: f"{case.source}: {case.what}")
def test_the_case_is_in_the_files(world_folder: Path, case: hostile.Case) -> None:
    assert FOUND[case.source, case.what](world_folder) == case.records


def test_the_summary_counts_them(summary: WorldSummary) -> None:
    assert summary.hostile_records == sum(case.records for case in hostile.CASES)


@pytest.mark.parametrize("case", hostile.CASES, ids=lambda case: f"{case.source}: {case.what}")
def test_the_readme_tells_of_it(case: hostile.Case) -> None:
    fate = "loaded" if case.loads else "quarantined"
    assert f"| {case.source} | {case.what} | {case.records} | {fate} |" in README.read_text(encoding="utf-8")
