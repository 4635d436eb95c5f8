"""What the report says about one supplier: evidence, states, other sites, what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from serving.explanation import paragraphs
from serving.explanation import sentences as say
from serving.explanation.rows import in_reading_order, names_of, next_facts_of
from serving.reports.published import Published
from serving.reports.words import DETAIL_BANDS, STATES

Row = dict[str, Any]


@dataclass(frozen=True)
class Names:
    """Names of indicators and of kinds of sources, by id."""

    indicators: Mapping[str, str]
    sources: Mapping[str, str]


DETAIL_LIMIT = 200
DETAIL_MINIMUM = 20
EVIDENCE_LIMIT = 30
SITE_LIMIT = 12


def suppliers_in_detail(suppliers: pl.DataFrame) -> pl.DataFrame:
    """Gives the suppliers that get a section: bands down to Elevated, or the first few where those are too few."""
    raised = suppliers.filter(pl.col("band").is_in(DETAIL_BANDS)).head(DETAIL_LIMIT)
    return raised if raised.height >= DETAIL_MINIMUM else suppliers.head(DETAIL_MINIMUM)


def details(published: Published, chosen: pl.DataFrame) -> list[Row]:
    """Gives one section a chosen supplier, in their order, with the evidence and states of its worst site."""
    evidence = _by_site(in_reading_order(published.of_suppliers("score_evidence", chosen["supplier_id"])))
    states = _by_site(published.of_suppliers("supplier_indicator", chosen["supplier_id"]))
    sites = _by_supplier(_sites(published, chosen["supplier_id"]))
    matches = _by_supplier(_possible(published, chosen["supplier_id"]))
    facts = _by_supplier(next_facts_of(published, chosen["supplier_id"]))
    context = published.table("indicator").filter(pl.col("kind") == "context").collect()["indicator_id"].to_list()
    names = Names(names_of(published, "indicator", "indicator_id"), names_of(published, "reliability", "source_type"))
    return [
        {
            **_detail(
                supplier,
                evidence.get((supplier["supplier_id"], supplier["worst_site_id"])),
                states.get((supplier["supplier_id"], supplier["worst_site_id"])),
                sites.get(supplier["supplier_id"], []),
                context,
                names,
            ),
            "possible_matches": list(map(say.match_sentence, matches.get(supplier["supplier_id"], []))),
            "moving": _moving(supplier, facts.get(supplier["supplier_id"], []), evidence, names),
        }
        for supplier in chosen.iter_rows(named=True)
    ]


def _detail(
    supplier: Row,
    evidence: pl.DataFrame | None,
    states: pl.DataFrame | None,
    sites: list[Row],
    context: list[str],
    names: Names,
) -> Row:
    worst = next((site for site in sites if site["site_id"] == supplier["worst_site_id"]), None)
    rows = [] if evidence is None else list(evidence.head(EVIDENCE_LIMIT).iter_rows(named=True))
    of_site = [] if states is None else states.to_dicts()
    return {
        **supplier,
        "decided": list(paragraphs.decided(supplier)),
        "known": [*paragraphs.known(supplier), say.site_sentence(worst, supplier["site_count"])],
        "beside": list(paragraphs.beside(of_site, context, names.indicators)),
        "evidence": [{**row, "record": say.fact_record(row), "arithmetic": say.fact_arithmetic(row)} for row in rows],
        "evidence_left_out": 0 if evidence is None else evidence.height - len(rows),
        "states": _states(states),
        "other_sites": [site for site in sites if site is not worst][:SITE_LIMIT],
        "sites_left_out": max(0, len(sites) - 1 - SITE_LIMIT),
    }


def _moving(supplier: Row, facts: list[Row], evidence: Mapping[Any, pl.DataFrame], names: Names) -> list[str]:
    rows = evidence.get((supplier["supplier_id"], supplier["worst_site_id"]))
    told = [] if rows is None else rows.to_dicts()
    return list(paragraphs.moving(facts, supplier, told, names.indicators, names.sources))


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
