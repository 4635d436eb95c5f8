"""What a publication says of one supplier at one site, read once and kept as rows."""

from dataclasses import dataclass
from typing import Any

import polars as pl

from serving.difference import compare_runs
from serving.explanation.choice import Chosen, PassedOver, passed_over
from serving.explanation.rows import in_reading_order, leverage_of, names_of, next_facts_of
from serving.explanation.since import move_of
from serving.reports.published import Published
from tierline.errors import ConfigError

Row = dict[str, Any]


@dataclass(frozen=True)
class Explanation:
    """All that is told of a supplier, at one site; rows have the columns of the published tables.

    `score` is the row of the site where one was asked for, else that of the supplier. `move` and `parts` say what
    changed since the run `before`; `move` is None where nothing did, `before` where no earlier run can be read.
    `passed_over` is the run right before where it is not compared with.
    """

    run_id: str
    as_of: Any
    note: str
    fictional: bool
    supplier: Row
    score: Row
    site: Row
    site_count: int
    is_worst_site: bool
    evidence: list[Row]
    states: list[Row]
    context: list[str]
    next_facts: list[Row]
    leverage: list[Row]
    contradictions: list[Row]
    matches: list[Row]
    other_sites: list[Row]
    before: str | None
    passed_over: PassedOver | None
    move: Row | None
    parts: list[Row]
    indicators: dict[str, str]
    sources: dict[str, str]


def explained(chosen: Chosen, supplier_id: str, site_id: str | None = None) -> Explanation:
    """Gives what the publication says of the supplier; raises ConfigError for a site that it does not have."""
    published = chosen.published
    (supplier,) = _rows(published, "dim_supplier", supplier_id)
    (of_supplier,) = _rows(published, "supplier_score", supplier_id)
    sites = _sites(published, supplier_id)
    wanted = _site_id(sites, site_id) if site_id else of_supplier["worst_site_id"]
    site = next(row for row in sites if row["site_id"] == wanted)
    is_worst = wanted == of_supplier["worst_site_id"]
    move, parts = _change(chosen, supplier_id)
    return Explanation(
        run_id=published.manifest["run_id"],
        as_of=published.as_of,
        note=chosen.note,
        fictional=bool(published.manifest["fictional"]),
        supplier=supplier,
        score=of_supplier if is_worst else site,
        site=site,
        site_count=len(sites),
        is_worst_site=is_worst,
        evidence=_in_reading_order(
            _frame(published, "score_evidence", supplier_id).filter(pl.col("site_id") == wanted)
        ),
        states=_of_site(_rows(published, "supplier_indicator", supplier_id), wanted),
        context=published.table("indicator").filter(pl.col("kind") == "context").collect()["indicator_id"].to_list(),
        next_facts=_next_facts(published, supplier_id) if is_worst else [],
        leverage=leverage_of(published, pl.Series([supplier_id])).to_dicts(),
        contradictions=_of_site(_rows(published, "supplier_contradiction", supplier_id), wanted),
        matches=[row for row in _rows(published, "fct_list_match", supplier_id) if row["match_status"] == "possible"],
        other_sites=[row for row in sites if row["site_id"] != wanted],
        before=chosen.before,
        passed_over=passed_over(published.folder.parent, published),
        move=move,
        parts=parts,
        indicators=names_of(published, "indicator", "indicator_id"),
        sources=names_of(published, "reliability", "source_type"),
    )


def _frame(published: Published, table: str, supplier_id: str) -> pl.DataFrame:
    return published.table(table).filter(pl.col("supplier_id") == supplier_id).collect()


def _rows(published: Published, table: str, supplier_id: str) -> list[Row]:
    """Gives the supplier's rows of a table, none where the publication does not have the table."""
    if table not in published.manifest["tables"]:
        return []
    return _frame(published, table, supplier_id).to_dicts()


def _in_reading_order(evidence: pl.DataFrame) -> list[Row]:
    return in_reading_order(evidence).to_dicts()


def _of_site(rows: list[Row], site_id: str) -> list[Row]:
    return [row for row in rows if row["site_id"] == site_id]


def _next_facts(published: Published, supplier_id: str) -> list[Row]:
    return next_facts_of(published, pl.Series([supplier_id])).to_dicts()


def _sites(published: Published, supplier_id: str) -> list[Row]:
    about = published.table("dim_facility").select(pl.col("facility_id").alias("site_id"), "address", "workers")
    scores = published.table("site_score").filter(pl.col("supplier_id") == supplier_id)
    joined = scores.join(about, on="site_id", how="left").collect()
    return joined.sort("score", "site_id", descending=[True, False]).to_dicts()


def _site_id(sites: list[Row], wanted: str) -> str:
    for row in sites:
        if wanted in {row["site_id"], row["site_name"]}:
            return str(row["site_id"])
    told = "; ".join(f"{row['site_id']} ({row['site_name'] or 'no name'})" for row in sites)
    raise ConfigError(f"the supplier has no site '{wanted}'", remedy=f"Name one of: {told}")


def _change(chosen: Chosen, supplier_id: str) -> tuple[Row | None, list[Row]]:
    if chosen.before is None:
        return None, []
    folder = chosen.published.folder.parent
    difference = compare_runs(folder, chosen.before, chosen.published.folder.name, only=supplier_id)
    return move_of(difference, supplier_id)
