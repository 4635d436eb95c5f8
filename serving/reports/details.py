"""What the report says about one supplier: evidence, states, days, ties, other sites, what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from serving.explanation import facts, paragraphs
from serving.explanation import sentences as say
from serving.explanation.rows import in_reading_order, leverage_of, names_of, next_facts_of
from serving.language import Language
from serving.reports import ties, timeline
from serving.reports.published import Published
from serving.reports.words import DETAIL_BANDS, STATES

Row = dict[str, Any]
Sites = Mapping[tuple[Any, ...], pl.DataFrame]

DETAIL_LIMIT: Final = 150
DETAIL_MINIMUM: Final = 20
EVIDENCE_LIMIT: Final = 30
SITE_LIMIT: Final = 12


@dataclass(frozen=True)
class Names:
    """Names of indicators and of kinds of sources, by id, and the indicators that stand beside the score."""

    indicators: Mapping[str, str]
    sources: Mapping[str, str]
    context: frozenset[str]


@dataclass(frozen=True)
class Changes:
    """What moved since an earlier run: its id (None where there is none), and by supplier the move and its parts."""

    before: str | None
    moves: Mapping[str, Row]
    parts: Mapping[str, list[Row]]


@dataclass(frozen=True)
class _Rows:
    """All rows about the chosen suppliers, read once."""

    evidence: Sites
    facts: Mapping[str, list[Row]]
    states: Sites
    sites: Mapping[str, list[Row]]
    matches: Mapping[str, list[Row]]
    next_facts: Mapping[str, list[Row]]
    leverage: Mapping[str, list[Row]]
    contradictions: Mapping[str, list[Row]]
    contests: Mapping[str, list[Row]]
    actions: Mapping[str, list[Row]]
    places: Mapping[str, ties.Place]


def suppliers_in_detail(suppliers: pl.DataFrame) -> pl.DataFrame:
    """Gives the suppliers that get a section: bands down to Elevated, or the first few where those are too few."""
    raised = suppliers.filter(pl.col("band").is_in(DETAIL_BANDS)).head(DETAIL_LIMIT)
    return raised if raised.height >= DETAIL_MINIMUM else suppliers.head(DETAIL_MINIMUM)


def details(
    published: Published, chosen: pl.DataFrame, names: Names, speech: Language, changes: Changes | None = None
) -> list[Row]:
    """Gives one section a chosen supplier, in their order, with the evidence and states of its worst site.

    Without `changes` nothing is said of what moved.
    """
    if chosen.is_empty():
        return []
    rows = _read(published, chosen["supplier_id"], speech)
    return [_detail(published, supplier, rows, names, speech, changes) for supplier in chosen.iter_rows(named=True)]


def names_told(published: Published) -> Names:
    """Gives the names of indicators and kinds of sources of a publication."""
    context = published.table("indicator").filter(pl.col("kind") == "context").collect()["indicator_id"]
    return Names(
        names_of(published, "indicator", "indicator_id"),
        names_of(published, "reliability", "source_type"),
        frozenset(context),
    )


def _read(published: Published, suppliers: pl.Series, speech: Language) -> _Rows:
    evidence = in_reading_order(published.of_suppliers("score_evidence", suppliers))
    return _Rows(
        evidence=_by_site(evidence),
        facts=_by_supplier(evidence),
        states=_by_site(published.of_suppliers("supplier_indicator", suppliers)),
        sites=_by_supplier(_sites(published, suppliers)),
        matches=_by_supplier(published.of_suppliers("fct_list_match", suppliers).sort("match_id")),
        next_facts=_by_supplier(next_facts_of(published, suppliers)),
        leverage=_by_supplier(leverage_of(published, suppliers)),
        contradictions=_by_supplier(
            published.of_suppliers("supplier_contradiction", suppliers).sort("contradiction_id")
        ),
        contests=_by_supplier(published.of_suppliers("contest", suppliers).sort("contest_id")),
        actions=_by_supplier(published.of_suppliers("supplier_action", suppliers).sort("due_on", "action_id")),
        places=ties.places_in_network(published, suppliers, speech),
    )


def _detail(
    published: Published, supplier: Row, rows: _Rows, names: Names, speech: Language, changes: Changes | None
) -> Row:
    key = supplier["supplier_id"]
    site = (key, supplier["worst_site_id"])
    evidence, states = rows.evidence.get(site), rows.states.get(site)
    told = [] if evidence is None else evidence.to_dicts()
    possible = [row for row in rows.matches.get(key, []) if row["match_status"] == "possible"]
    contradictions = [row for row in rows.contradictions.get(key, []) if row["site_id"] == site[1]]
    return {
        **supplier,
        "is_contested": any(row["contested"] for row in rows.facts.get(key, [])),
        **_said(supplier, rows.sites.get(key, []), [] if states is None else states.to_dicts(), names, speech),
        "evidence": [_told_fact(row, speech) for row in told[:EVIDENCE_LIMIT]],
        "evidence_left_out": max(0, len(told) - EVIDENCE_LIMIT),
        "sum": say.sum_sentence(supplier, speech),
        "contradictions": [say.contradiction_sentence(row, names.indicators, speech) for row in contradictions],
        "possible_matches": [say.match_sentence(row, speech) for row in possible],
        "states": _states(states),
        "leverage": [say.leverage_sentence(one, speech) for one in rows.leverage.get(key, [])],
        "moving": list(
            paragraphs.moving(rows.next_facts.get(key, []), supplier, told, names.indicators, names.sources, speech)
        ),
        "changes": None if changes is None else _changes(changes, key, speech),
        "timeline": _timeline(published, rows, key, names, speech),
        "network": rows.places[key],
        "contests": rows.contests.get(key, []),
        "actions": rows.actions.get(key, []),
    }


def _said(supplier: Row, sites: list[Row], states: list[Row], names: Names, speech: Language) -> Row:
    worst = next((site for site in sites if site["site_id"] == supplier["worst_site_id"]), None)
    return {
        "decided": list(paragraphs.decided(supplier, speech)),
        "known": [
            *paragraphs.known(supplier, speech),
            say.site_sentence(worst, supplier["site_count"], speech),
        ],
        "beside": list(paragraphs.beside(states, sorted(names.context), names.indicators, speech)),
        "other_sites": [site for site in sites if site is not worst][:SITE_LIMIT],
        "sites_left_out": max(0, len(sites) - 1 - SITE_LIMIT),
    }


def _told_fact(row: Row, speech: Language) -> Row:
    return {
        **row,
        "record": facts.fact_record(row, speech),
        "arithmetic": facts.fact_arithmetic(row, speech),
        "notes": facts.fact_notes(row, speech),
    }


def _changes(changes: Changes, supplier: str, speech: Language) -> list[str]:
    parts = changes.parts.get(supplier, [])
    return list(paragraphs.changed(changes.before, changes.moves.get(supplier), parts, speech))


def _timeline(published: Published, rows: _Rows, supplier: str, names: Names, speech: Language) -> list[timeline.Event]:
    as_of = published.as_of
    return timeline.in_order(
        [
            *timeline.facts_over_time(rows.facts.get(supplier, []), names.sources, as_of, speech),
            *timeline.lists_over_time(rows.matches.get(supplier, []), as_of, speech),
            *timeline.work_over_time(rows.contests.get(supplier, []), rows.actions.get(supplier, []), as_of, speech),
        ]
    )


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
    scores = published.of_suppliers("site_score", suppliers)
    about = published.rows_where("dim_facility", ["facility_id"], scores["site_id"]).select(
        pl.col("facility_id").alias("site_id"), "address", "workers"
    )
    return scores.join(about, on="site_id", how="left").sort("score", "site_id", descending=[True, False])


def _by_site(rows: pl.DataFrame) -> Sites:
    return rows.partition_by("supplier_id", "site_id", as_dict=True, maintain_order=True)


def _by_supplier(rows: pl.DataFrame) -> dict[str, list[Row]]:
    parts = rows.partition_by("supplier_id", as_dict=True, maintain_order=True)
    return {str(key[0]): part.to_dicts() for key, part in parts.items()}
