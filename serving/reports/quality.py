"""What the report says about the data: what was read, what was set aside, which checks failed, whose it is."""

from collections import defaultdict
from datetime import date
from typing import Any

import polars as pl

from serving.reports.published import Published

Row = dict[str, Any]

FAILED_CHECK_LIMIT = 100
_MAPPINGS_WITHOUT_POINTS = ("template, unverified", "not in the crosswalk")
_TOLD = (
    *("citation", "shape_checked", "licence_url", "licence_attribution", "licence_share_alike"),
    *("licence_consent_required", "licence_accepted"),
)


def sources(published: Published) -> list[Row]:
    """Gives one row a source: licence, age and what became of its records, over all of its files."""
    told = _told_by_declarations(published)
    reasons, failed = _quarantine_reasons(published), _failed_check_counts(published)
    files = defaultdict(list)
    for entry in published.manifest["inputs"]:
        files[entry["source"]].append(entry)
    return [
        {
            **_summed(name, entries),
            **told.get(name, dict.fromkeys(_TOLD)),
            "reasons": reasons.get(name, []),
            "failed_checks": failed.get(name, 0),
            "degraded": published.manifest["sources_degraded"].get(name),
        }
        for name, entries in sorted(files.items())
    ]


def sources_without_files(published: Published) -> dict[str, str]:
    """Gives the degraded sources of which not even a file is on record, with the reason."""
    known = {entry["source"] for entry in published.manifest["inputs"]}
    return {name: why for name, why in published.manifest["sources_degraded"].items() if name not in known}


def failed_checks(published: Published) -> pl.DataFrame:
    """Gives the checks that did not hold, those that stop a source first."""
    failed = published.table("data_quality").filter(~pl.col("success"))
    return failed.sort("severity", "source_name", "expectation", "column_name", "detail").collect()


def check_count(published: Published) -> int:
    """Gives how many checks were run on the sources."""
    return published.rows("data_quality")


def verdict_contradictions(published: Published) -> list[Row]:
    """Gives one row a pair of records that verdicts both join and keep apart, with the contradiction in words."""
    return published.table("verdict_contradiction").sort("left_ref", "right_ref").collect().to_dicts()


def matches_waiting(published: Published) -> Row:
    """Gives how many possible matches wait for a verdict, and how many of them could decide a band."""
    could_gate = published.table("match_queue").select(pl.col("could_gate").sum()).collect().item()
    return {"count": published.rows("match_queue"), "could_gate": int(could_gate)}


def findings_without_points(published: Published) -> list[Row]:
    """Gives one row a scheme and reason for which adverse audit findings gave no points, with their issue codes."""
    adverse = published.table("fct_audit_finding").filter(
        pl.col("outcome") == "adverse", pl.col("mapping_state").is_in(_MAPPINGS_WITHOUT_POINTS)
    )
    counted = adverse.group_by("scheme", "mapping_state").agg(
        pl.len().alias("findings"),
        pl.col("issue_code").unique().sort().alias("codes"),
        pl.col("possible_indicator_id").drop_nulls().unique().sort().alias("indicators"),
    )
    return counted.sort("scheme", "mapping_state").collect().to_dicts()


def _told_by_declarations(published: Published) -> dict[str, Row]:
    told = published.table("source_snapshot").group_by("source_name").agg(pl.col(_TOLD).first())
    return {row.pop("source_name"): row for row in told.collect().iter_rows(named=True)}


def _summed(name: str, entries: list[Row]) -> Row:
    first = entries[0]
    known = [date.fromisoformat(entry["known_on"]) for entry in entries if entry["known_on"]]
    return {
        "source": name,
        **{key: first[key] for key in ("title", "publisher", "licence", "sensitivity")},
        **{key: sum(entry[key] or 0 for entry in entries) for key in ("read", "loaded", "quarantined", "repeated")},
        "files": len(entries),
        "known_on": max(known, default=None),
        "failed": any(entry["status"] == "failed" for entry in entries),
    }


def _quarantine_reasons(published: Published) -> dict[str, list[Row]]:
    counted = (
        published.table("quarantined_record")
        .group_by("source_name", "reason_code")
        .len()
        .sort(["source_name", "len", "reason_code"], descending=[False, True, False])
        .collect()
    )
    reasons = defaultdict(list)
    for row in counted.iter_rows(named=True):
        reasons[row["source_name"]].append(row)
    return reasons


def _failed_check_counts(published: Published) -> dict[str, int]:
    return dict(
        published.table("data_quality").filter(~pl.col("success")).group_by("source_name").len().collect().iter_rows()
    )
