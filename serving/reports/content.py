"""All that the report says, as plain values in one language: what the HTML and the PDF both render."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from serving.language import Language
from serving.reports import actions, buyer, contests, details, overview, quality, sensitivity
from serving.reports.changes import ChangeSummary, about_changes
from serving.reports.published import Published

Row = dict[str, Any]


@dataclass(frozen=True)
class ReportContent:
    """The report in parts, in the order in which it is read.

    Each part is a mapping of plain values: numbers, dates, texts, lists of rows as column → value. Texts that are
    sentences are in the language already; texts of published tables go through `Language.term`. Nothing is escaped.
    """

    manifest: Row
    as_of: date
    retraction: str | None
    left_out_of_workbook: list[str]
    overdue: Row
    """`overdue`, `overdue_count`, `action_counts`: see `about_actions`."""
    changes: ChangeSummary
    portfolio: Row
    """Bands, who needs action, ranking, heat map, coverage, contradictions, matches: see `_portfolio`."""
    buyer: Row
    """The buyer's own practices: see `about_buyer`."""
    data: Row
    """Indicators with states, sources, checks, rules, weights: see `_data_and_method`."""
    sensitivity: Row
    contests: Row
    suppliers: list[Row]
    """One section a supplier that has one: see `details.details`."""

    @property
    def detailed_ids(self) -> frozenset[str]:
        """Ids of the suppliers that have a section."""
        return frozenset(row["supplier_id"] for row in self.suppliers)


def report_content(
    publication: Path,
    manifest: Row,
    *,
    language: Language,
    since: str | None = None,
    left_out_of_workbook: list[str] | None = None,
    notice: str | None = None,
) -> ReportContent:
    """Gives the content of the internal report of a publication; the same publications give the same values.

    `since` is the run it is compared with, by default the publication before it; `notice` says that it was retracted.
    Raises PublishError where the run `since` is not there or cannot be compared.
    """
    published = Published(publication, manifest)
    suppliers = overview.suppliers_in_order(published)
    chosen = details.suppliers_in_detail(suppliers)
    changes = about_changes(published, suppliers, chosen["supplier_id"], language, since)
    return ReportContent(
        manifest=manifest,
        as_of=published.as_of,
        retraction=notice,
        left_out_of_workbook=left_out_of_workbook or [],
        overdue=actions.about_actions(published),
        changes=changes,
        portfolio=_portfolio(published, suppliers, language),
        buyer=buyer.about_buyer(published, suppliers, language),
        data=_data_and_method(published),
        sensitivity=sensitivity.about_sensitivity(published),
        contests=contests.about_contests(published),
        suppliers=details.details(published, chosen, details.names_told(published), language, changes.per_supplier),
    )


def _portfolio(published: Published, suppliers: pl.DataFrame, speech: Language) -> Row:
    acute = overview.needing_action(suppliers)
    possible = overview.possible_matches(published, suppliers)
    new_hits = overview.new_hits(published, suppliers)
    return {
        "supplier_count": suppliers.height,
        "site_count": published.rows("site_score"),
        "counts": overview.band_counts(suppliers),
        "contested_ids": frozenset(suppliers.filter("is_contested")["supplier_id"]),
        "acute_count": acute.height,
        "acute": acute.head(overview.ACTION_LIMIT).to_dicts(),
        "ranking": suppliers.head(overview.RANKING_LIMIT).to_dicts(),
        "matrix": overview.matrix(suppliers),
        **overview.about_contradictions(published, suppliers, speech),
        "new_hit_count": new_hits.height,
        "new_hits": new_hits.head(overview.MATCH_LIMIT).to_dicts(),
        "match_count": possible.height,
        "matches": possible.head(overview.MATCH_LIMIT).to_dicts(),
        "coverage": overview.coverage(suppliers),
        "observations": overview.observations(published),
        "survey_note": overview.survey_note(published, speech),
    }


def _data_and_method(published: Published) -> Row:
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
        "versions": published.table("method_version").collect().to_dicts(),
    }
