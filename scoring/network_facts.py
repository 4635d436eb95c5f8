"""From ties and confirmed cases to the facts of W01, and the path that each of them rests on."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from scoring.catalogue import Catalogue
from scoring.keys import DAYS_PER_MONTH
from scoring.network_exposure import exposures, points_of
from scoring.network_graph import Floats, Graph, build_graph
from scoring.network_paths import strongest_paths
from scoring.tables import NETWORK_EXPOSURE, NETWORK_EXPOSURE_STEP, NETWORK_FACT, conform

INDICATOR, SOURCE_TYPE = "W01", "network"
_LINEAGE = ("row_id", "source_id", "snapshot_sha256", "record_no")
_NO_FLAGS = ("in_force", "second_hand", "contested", "closure_verified_by_workers")
_DECIMALS = 4
_NUMBERED = ("person", "labour_agent")
_SUBJECT_TO_PARTY = {
    "ownership": "is owned or controlled by",
    "parent": "belongs to",
    "labour_agent": "recruits through",
    "address": "is at",
    "subcontract": "has work done by",
}
_PARTY_TO_SUBJECT = {
    "ownership": "owns or controls",
    "parent": "is the parent of",
    "labour_agent": "recruits for",
    "address": "is the address of",
    "subcontract": "works for",
}


@dataclass(frozen=True)
class Network:
    """What exposure is reckoned from, as features and marts hold it.

    `ties`: edge_id, row_id, source_id, snapshot_sha256, record_no, edge_kind, subject_id, party_id, supplier_id,
    party_supplier_id, carries_to_party. `parties`: party_id, party_kind, name. `cases`: case_id, supplier_id,
    indicator_id, told_by, in_force, fades_from. `cases_are_told`: whether any source could have told of a case.
    """

    ties: pl.DataFrame
    parties: pl.DataFrame
    cases: pl.DataFrame
    cases_are_told: bool


@dataclass(frozen=True)
class NetworkFacts:
    """Facts as features hold them, with `row_points`; a row an exposed supplier; a row a step of its strongest path."""

    facts: pl.DataFrame
    exposures: pl.DataFrame
    steps: pl.DataFrame


def network_facts(network: Network, catalogue: Catalogue, as_of: date) -> NetworkFacts:
    """Gives the facts of W01 for every supplier that a tie carries to, with the paths of the exposed ones.

    A supplier that no case reaches, or one so far that it gives fewer points than the seed asks for, was looked at and
    is clean, without credit. Without any source that could tell of a case there is no fact. A case weighs 1 while its
    act is in force and halves with the half-life of network facts from its end, or from the day of the observation.
    """
    if not network.cases_are_told:
        return NetworkFacts(
            *(pl.DataFrame(schema=schema) for schema in (NETWORK_FACT, NETWORK_EXPOSURE, NETWORK_EXPOSURE_STEP))
        )
    graph = build_graph(network.ties)
    cases = case_weights(network.cases, catalogue, as_of)
    restart = catalogue.parameters["network_restart"]
    mass = exposures(graph, cases.rename({"supplier_id": "party_id"}), restart)
    looked_at = _looked_at(network.ties, graph, mass, catalogue)
    exposed = looked_at.filter(pl.col("points") >= catalogue.parameters["network_least_points"])
    steps = _steps(graph, network, cases, exposed, restart)
    told = _told(exposed, steps, cases)
    return NetworkFacts(
        facts=_facts(told, _clean(looked_at, told, network.ties), catalogue, as_of),
        exposures=conform(told, NETWORK_EXPOSURE).sort("supplier_id"),
        steps=conform(steps, NETWORK_EXPOSURE_STEP).sort("supplier_id", "step_no"),
    )


def case_weights(cases: pl.DataFrame, catalogue: Catalogue, as_of: date) -> pl.DataFrame:
    """Gives the supplier_id of every confirmed case once, with its weightiest case and that case's weight (0–1)."""
    half_life = catalogue.sources.filter(pl.col("source_type") == SOURCE_TYPE)["half_life_months"].item()
    age_months = (pl.lit(as_of) - pl.col("fades_from")).dt.total_days() / DAYS_PER_MONTH
    weight = pl.when("in_force").then(1.0).otherwise(0.5 ** (age_months / half_life))
    return (
        cases.with_columns(weight.alias("weight"))
        .sort("supplier_id", "weight", "case_id", descending=[False, True, False])
        .unique("supplier_id", keep="first", maintain_order=True)
    )


def _looked_at(ties: pl.DataFrame, graph: Graph, mass: Floats, catalogue: Catalogue) -> pl.DataFrame:
    """Gives each supplier that a tie carries to: its place, mass, points, and the tie that stands for it."""
    carried = pl.concat(
        [
            ties.select("supplier_id", "edge_id"),
            ties.filter("carries_to_party").select(pl.col("party_supplier_id").alias("supplier_id"), "edge_id"),
        ]
    ).drop_nulls("supplier_id")
    most = catalogue.indicators.filter(pl.col("indicator_id") == INDICATOR)["own_points"].item()
    reached = graph.parties.with_columns(pl.Series("mass", mass)).rename({"party_id": "supplier_id"})
    return (
        carried.group_by("supplier_id")
        .agg(pl.col("edge_id").min())
        .join(reached, on="supplier_id")
        .with_columns(
            points_of(pl.col("mass"), catalogue.parameters["network_reference_mass"], most).alias("points"),
        )
        .sort("supplier_id")
    )


def _steps(graph: Graph, network: Network, cases: pl.DataFrame, exposed: pl.DataFrame, restart: float) -> pl.DataFrame:
    """Gives the steps of each exposed supplier's strongest path, from the case on, each with its tie and in words."""
    paths = strongest_paths(
        graph, cases.select(pl.col("supplier_id").alias("party_id"), "weight"), exposed["place"].to_numpy(), restart
    )
    named = graph.parties.join(_shown(network.parties), on="party_id", how="left")
    outward = pl.col("subject_id") == pl.col("from_party_id")
    relation = (
        pl.when(outward)
        .then(pl.col("edge_kind").replace_strict(_SUBJECT_TO_PARTY, default=None))
        .otherwise(pl.col("edge_kind").replace_strict(_PARTY_TO_SUBJECT, default=None))
    )
    return (
        paths.join(exposed.select("supplier_id", pl.col("place").alias("target")), on="target")
        .join(graph.arcs.rename({"target": "sink"}), on=["source", "sink"])
        .join(_renamed(named, "from", "source"), on="source")
        .join(_renamed(named, "to", "sink"), on="sink")
        .join(network.ties.drop("supplier_id", "party_id"), on="edge_id")
        .with_columns(
            (pl.col("back").max().over("supplier_id") - pl.col("back") + 1).alias("step_no"), relation.alias("relation")
        )
        .sort("supplier_id", "step_no")
    )


def _shown(parties: pl.DataFrame) -> pl.DataFrame:
    """Gives the parties by name; persons and labour agents, which have none, by their number."""
    numbered = pl.col("party_kind").is_in(_NUMBERED)
    return parties.select(
        "party_id", pl.when(numbered).then(pl.format("{} {}", "name", "party_id")).otherwise("name").alias("name")
    )


def _renamed(named: pl.DataFrame, end: str, place: str) -> pl.DataFrame:
    return named.rename({"party_id": f"{end}_party_id", "name": f"{end}_name", "place": place})


def _told(exposed: pl.DataFrame, steps: pl.DataFrame, cases: pl.DataFrame) -> pl.DataFrame:
    """Gives the exposed suppliers with their case, and the path as a sentence: each party, and what ties it on."""
    links = pl.format("{} {}", "relation", "to_name").str.join(", which ")
    paths = steps.group_by("supplier_id", maintain_order=True).agg(
        pl.col("from_party_id").first().alias("case_supplier_id"),
        pl.col("from_name").first().alias("case_name"),
        links.alias("links"),
        pl.len().cast(pl.Int64).alias("step_count"),
        pl.col(*_LINEAGE).last(),
    )
    named = cases.select(
        pl.col("supplier_id").alias("case_supplier_id"),
        "case_id",
        pl.col("indicator_id").alias("case_indicator_id"),
        "told_by",
    )
    path = pl.format("{} ({}, {}) {}", "case_name", "case_indicator_id", "told_by", "links")
    return exposed.drop("edge_id").join(paths, on="supplier_id").join(named, on="case_supplier_id").with_columns(
        path.alias("path")
    )  # fmt: skip


def _clean(looked_at: pl.DataFrame, told: pl.DataFrame, ties: pl.DataFrame) -> pl.DataFrame:
    """Gives the suppliers that were looked at and are not exposed, each with one of its own ties as its source."""
    out_of_reach = pl.lit("Confirmed cases of other companies are too far along its ties to count")
    none = pl.lit("No confirmed case of another company is within reach of its ties")
    return (
        looked_at.join(told, on="supplier_id", how="anti")
        .join(ties.select("edge_id", *_LINEAGE), on="edge_id")
        .with_columns(pl.when(pl.col("mass") > 0).then(out_of_reach).otherwise(none).alias("description"))
    )


def _facts(told: pl.DataFrame, clean: pl.DataFrame, catalogue: Catalogue, as_of: date) -> pl.DataFrame:
    strength = catalogue.indicators.filter(pl.col("indicator_id") == INDICATOR)["default_strength"].item()
    mass = pl.col("mass").round(_DECIMALS).cast(pl.String)
    told_of = "Tied to a confirmed case of another company (mass {}); the strongest path: {}"
    adverse = told.with_columns(
        pl.lit("adverse").alias("kind"),
        pl.lit(strength).alias("strength"),
        pl.col("points").alias("row_points"),
        pl.format(told_of, mass, "path").alias("description"),
    )
    facts = pl.concat([adverse, clean.with_columns(pl.lit("clean").alias("kind"))], how="diagonal").with_columns(
        pl.format("{}:{}", "supplier_id", pl.lit(INDICATOR)).alias("fact_id"),
        pl.lit(INDICATOR).alias("indicator_id"),
        pl.lit(SOURCE_TYPE).alias("source_type"),
        # The ties hold on the day; what fades is the case, and its weight holds that.
        pl.lit(as_of).alias("event_date"),
        pl.format("network exposure of {}", "supplier_id").alias("origin_event_id"),
        pl.lit("reported").alias("confirmed_by"),
        *(pl.lit(False).alias(flag) for flag in _NO_FLAGS),
        pl.lit("fct_network_edge").alias("source_table"),
        pl.col("row_id").alias("source_key"),
        pl.col("record_no").alias("source_record_no"),
    )
    return conform(facts, NETWORK_FACT).sort("fact_id")
