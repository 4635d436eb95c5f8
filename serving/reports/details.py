"""What the report says about one supplier: evidence, states, other sites, what is missing."""

from typing import Any

import polars as pl

from serving.reports.published import Published
from serving.reports.words import BANDS, DETAIL_BANDS, STATES

Row = dict[str, Any]

DETAIL_LIMIT = 200
DETAIL_MINIMUM = 20
EVIDENCE_LIMIT = 30
SITE_LIMIT = 12
_KIND_ORDER = {"base": 0, "adverse": 1, "clean": 2, "mitigation": 3, "learned": 4, "cap": 5}


def suppliers_in_detail(suppliers: pl.DataFrame) -> pl.DataFrame:
    """Gives the suppliers that get a section: bands down to Elevated, or the first few where those are too few."""
    raised = suppliers.filter(pl.col("band").is_in(DETAIL_BANDS)).head(DETAIL_LIMIT)
    return raised if raised.height >= DETAIL_MINIMUM else suppliers.head(DETAIL_MINIMUM)


def details(published: Published, chosen: pl.DataFrame) -> list[Row]:
    """Gives one section a chosen supplier, in their order, with the evidence and states of its worst site."""
    evidence = _by_site(_in_reading_order(published.of_suppliers("score_evidence", chosen["supplier_id"])))
    states = _by_site(published.of_suppliers("supplier_indicator", chosen["supplier_id"]))
    sites = _by_supplier(_sites(published, chosen["supplier_id"]))
    matches = _by_supplier(_possible(published, chosen["supplier_id"]))
    context = published.table("indicator").filter(pl.col("kind") == "context").collect()["indicator_id"]
    return [
        _detail(
            supplier,
            evidence.get((supplier["supplier_id"], supplier["worst_site_id"])),
            states.get((supplier["supplier_id"], supplier["worst_site_id"])),
            sites.get(supplier["supplier_id"], []),
            matches.get(supplier["supplier_id"], []),
            context,
        )
        for supplier in chosen.iter_rows(named=True)
    ]


def _detail(
    supplier: Row,
    evidence: pl.DataFrame | None,
    states: pl.DataFrame | None,
    sites: list[Row],
    matches: list[Row],
    context: pl.Series,
) -> Row:
    worst = next((site for site in sites if site["site_id"] == supplier["worst_site_id"]), None)
    rows = [] if evidence is None else list(evidence.head(EVIDENCE_LIMIT).iter_rows(named=True))
    return {
        **supplier,
        "band_chances": _band_chances(supplier),
        "evidence": rows,
        "evidence_left_out": 0 if evidence is None else evidence.height - len(rows),
        "states": _states(states),
        "context": [] if states is None else states.filter(pl.col("indicator_id").is_in(context.implode())).to_dicts(),
        "worst_site": worst,
        "other_sites": [site for site in sites if site is not worst][:SITE_LIMIT],
        "sites_left_out": max(0, len(sites) - 1 - SITE_LIMIT),
        "possible_matches": matches,
    }


def _band_chances(supplier: Row) -> list[tuple[str, float]]:
    """Gives the bands that the uncertainty of the weights leaves open, from 1 % on."""
    chances = [(band, supplier[f"probability_{band.lower()}"]) for band in BANDS]
    return [(band, chance) for band, chance in chances if chance is not None and chance >= 0.01]


def _states(states: pl.DataFrame | None) -> dict[str, list[Row]]:
    """Gives state → groups of indicators, those with the same reason together."""
    if states is None:
        return {}
    grouped = (
        states.sort("indicator_id")
        .group_by("state", "reason", maintain_order=True)
        .agg(pl.col("indicator_id").alias("indicators"))
    )
    return {
        state: [row for row in grouped.iter_rows(named=True) if row["state"] == state]
        for state in STATES
        if state in set(grouped["state"])
    }


def _in_reading_order(evidence: pl.DataFrame) -> pl.DataFrame:
    order = pl.col("kind").replace_strict(_KIND_ORDER, default=9, return_dtype=pl.Int8)
    return evidence.sort(order, pl.col("contribution").abs(), "evidence_id", descending=[False, True, False])


def _sites(published: Published, suppliers: pl.Series) -> pl.DataFrame:
    about = published.table("dim_facility").select(pl.col("facility_id").alias("site_id"), "address", "workers")
    scores = published.table("site_score").filter(pl.col("supplier_id").is_in(suppliers.implode()))
    return scores.join(about, on="site_id", how="left").sort("score", "site_id", descending=[True, False]).collect()


def _possible(published: Published, suppliers: pl.Series) -> pl.DataFrame:
    return published.of_suppliers("fct_list_match", suppliers).filter(pl.col("match_status") == "possible")


def _by_site(rows: pl.DataFrame) -> dict[tuple[Any, ...], pl.DataFrame]:
    return rows.partition_by("supplier_id", "site_id", as_dict=True, maintain_order=True)


def _by_supplier(rows: pl.DataFrame) -> dict[str, list[Row]]:
    parts = rows.partition_by("supplier_id", as_dict=True, maintain_order=True)
    return {str(key[0]): part.to_dicts() for key, part in parts.items()}
