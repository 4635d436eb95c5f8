"""Puts the parts of the report together into one HTML file that loads nothing."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import polars as pl

from serving.language import language
from serving.reports import actions, contests, details, overview, quality, sensitivity
from serving.reports.environment import page_environment
from serving.reports.published import Published


def render_report(
    publication: Path, manifest: dict[str, Any], left_out_of_workbook: list[str], notice: str | None = None
) -> str:
    """Gives the report of a publication as HTML; the same publication gives the same text.

    `notice` says on top that the publication was retracted.
    """
    published = Published(publication, manifest)
    suppliers = overview.suppliers_in_order(published)
    environment = page_environment("en")
    return environment.get_template("report.html.j2").render(
        manifest=manifest,
        as_of=published.as_of,
        script_hash=_hash_for_policy(environment.get_template("enhance.js").render()),
        left_out_of_workbook=left_out_of_workbook,
        retraction=notice,
        **actions.about_actions(published),
        **contests.about_contests(published),
        **_all_suppliers(published, suppliers),
        **_single_suppliers(published, suppliers),
        **_data_and_method(published),
        **sensitivity.about_sensitivity(published),
    )


def _hash_for_policy(script: str) -> str:
    """Gives the hash by which a content security policy lets exactly this script run."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _all_suppliers(published: Published, suppliers: pl.DataFrame) -> dict[str, Any]:
    acute = overview.needing_action(suppliers)
    contradicted = overview.contradictions(published, suppliers)
    possible = overview.possible_matches(published, suppliers)
    new_hits = overview.new_hits(published, suppliers)
    return {
        "supplier_count": suppliers.height,
        "site_count": published.rows("site_score"),
        "counts": overview.band_counts(suppliers),
        "acute_count": acute.height,
        "acute": acute.head(overview.ACTION_LIMIT).to_dicts(),
        "ranking": suppliers.head(overview.RANKING_LIMIT).to_dicts(),
        "matrix": overview.matrix(suppliers),
        "contradiction_count": contradicted.height,
        "contradictions": contradicted.head(overview.CONTRADICTION_LIMIT).to_dicts(),
        "new_hit_count": new_hits.height,
        "new_hits": new_hits.head(overview.MATCH_LIMIT).to_dicts(),
        "match_count": possible.height,
        "matches": possible.head(overview.MATCH_LIMIT).to_dicts(),
        "coverage": overview.coverage(suppliers),
        "observations": overview.observations(published),
        "survey_note": overview.survey_note(published),
    }


def _single_suppliers(published: Published, suppliers: pl.DataFrame) -> dict[str, Any]:
    chosen = details.suppliers_in_detail(suppliers)
    return {
        "details": details.details(published, chosen, language("en")),
        "detailed_ids": set(chosen["supplier_id"]),
    }


def _data_and_method(published: Published) -> dict[str, Any]:
    failed = quality.failed_checks(published)
    indicators = overview.states_of_indicators(published)
    reliabilities = published.table("reliability").collect().to_dicts()
    return {
        "indicators": indicators,
        "indicator_names": {row["indicator_id"]: row["name"] for row in indicators},
        "source_names": {row["source_type"]: row["name"] for row in reliabilities},
        "sources": quality.sources(published),
        "sources_without_files": quality.sources_without_files(published),
        "check_count": quality.check_count(published),
        "verdict_contradictions": quality.verdict_contradictions(published),
        "matches_waiting": quality.matches_waiting(published),
        "findings_without_points": quality.findings_without_points(published),
        "failed_check_count": failed.height,
        "failed_checks": failed.head(quality.FAILED_CHECK_LIMIT).to_dicts(),
        "rules": published.table("band_rule").sort("rule_order").collect().to_dicts(),
        "caps": published.table("point_cap").collect().to_dicts(),
        "strengths": {row["strength"]: row for row in published.table("strength").collect().to_dicts()},
        "reliabilities": reliabilities,
    }
