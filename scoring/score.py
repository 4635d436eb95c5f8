"""The score: features of some suppliers in, all score tables of these suppliers out; pure, no files, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from scoring.actions import buyer_actions
from scoring.bands import decided, with_gates
from scoring.caps import cap_rows
from scoring.catalogue import Catalogue
from scoring.contested import marked_contested
from scoring.contradictions import contradictions
from scoring.coverage import site_coverage
from scoring.evidence import ranked_rows, weighed_rows
from scoring.inherent import base_rows, with_base
from scoring.keys import SITE, SITE_NUMBER, numbered_sites
from scoring.next_best import next_best_facts
from scoring.ranked_groups import added_in_order, starts_of
from scoring.severity import site_severity
from scoring.states import Gaps, States, site_states
from scoring.tables import BANDS, SCORE_EVIDENCE, SITE_SCORE, SUPPLIER_SCORE, conform
from scoring.uncertainty import with_interval

_LOWEST, _HIGHEST = 0.0, 100.0
_WORST_FIRST = [pl.col("severity").fill_null(0.0), pl.col("score")]
_DESCENDING = [False, True, True, False]  # place of the band, the two above, the key that breaks ties


@dataclass(frozen=True)
class Features:
    """The features of some suppliers, as dbt writes them, all sites of each.

    `undetermined` names the site × indicator pairs of survey waves that could not decide: no fact, but not silence.
    `not_assessable` names what a rule would have needed; without a site it holds for each site of the supplier.
    """

    sites: pl.DataFrame
    facts: pl.DataFrame
    not_applicable: pl.DataFrame
    undetermined: pl.DataFrame
    not_assessable: pl.DataFrame


@dataclass(frozen=True)
class Scores:
    """The score tables of some suppliers, sorted by their keys, with the columns of `scoring.tables`."""

    evidence: pl.DataFrame
    suppliers: pl.DataFrame
    sites: pl.DataFrame
    indicators: pl.DataFrame
    contradictions: pl.DataFrame


@dataclass(frozen=True)
class Banded:
    """Sites with score and band, before their intervals, and what these come from."""

    sites: pl.DataFrame
    evidence: pl.DataFrame
    ranked: pl.DataFrame
    caps: pl.DataFrame
    states: States


def scored(features: Features, medians: Mapping[str, float], catalogue: Catalogue, as_of: date) -> Scores:
    """Gives the scores of all suppliers of the features; review_rank and unconfirmed_match_count are left NULL.

    `medians` are those of the whole portfolio. Raises ConfigError where the seeds miss something the features name,
    ContractError where the features are at odds with themselves.
    """
    made = banded(features, medians, catalogue, as_of)
    told = made.sites.with_columns(next_best_facts(made.states, catalogue), buyer_actions(made.states, catalogue))
    complete = with_interval(told, made.ranked, made.caps, catalogue).with_columns(
        pl.lit(catalogue.version).alias("rule_version")
    )
    return Scores(
        evidence=made.evidence,
        suppliers=conform(worst_sites(complete), SUPPLIER_SCORE),
        sites=conform(complete, SITE_SCORE),
        indicators=made.states.table(made.sites, catalogue),
        contradictions=contradictions(made.ranked, catalogue),
    )


def banded(features: Features, medians: Mapping[str, float], catalogue: Catalogue, as_of: date) -> Banded:
    """Gives score and band of every site of the features, and what they come from; raises what `scored` raises."""
    present_minimum = catalogue.parameters["present_weight_minimum"]
    sites = with_base(numbered_sites(features.sites), medians, catalogue.inherent, catalogue.shares)
    weighed = weighed_rows(features.facts, sites, catalogue, as_of)
    ranked = ranked_rows(weighed, catalogue.parameters["row_decay"])
    caps = cap_rows(weighed, ranked, sites, catalogue)
    evidence = _evidence(sites, ranked, caps, catalogue)
    gaps = Gaps(features.not_applicable, features.undetermined, features.not_assessable)
    states = site_states(ranked, sites, gaps, catalogue)
    coverage, confidence = site_coverage(states, ranked, catalogue)
    measured = (
        sites.with_columns(_raw_scores(evidence))
        .with_columns(pl.col("raw_score").clip(_LOWEST, _HIGHEST).alias("score"))
        .with_columns(
            (pl.col("score") - pl.col("raw_score")).alias("clip_adjustment"),
            pl.Series("coverage", coverage),
            pl.Series("confidence", confidence),
        )
        .join(site_severity(ranked, catalogue), on=SITE_NUMBER, how="left", maintain_order="left")
    )
    decided_sites = decided(with_gates(measured, ranked, catalogue, present_minimum), catalogue)
    return Banded(decided_sites, conform(evidence, SCORE_EVIDENCE), ranked, caps, states)


def in_review_order(suppliers: pl.DataFrame) -> pl.DataFrame:
    """Gives supplier scores with review_rank from 1: by band, then severity, then score, ties by supplier_id.

    The band Unknown stands before Lower: what nobody has looked at must not sink below what was seen to be low.
    """
    ordered = suppliers.sort(_band_place(pl.col("band")), *_WORST_FIRST, "supplier_id", descending=_DESCENDING)
    return ordered.with_columns(pl.int_range(1, pl.len() + 1).alias("review_rank")).sort("supplier_id")


def _evidence(sites: pl.DataFrame, ranked: pl.DataFrame, caps: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Gives all rows of evidence with site_number, in the order of site and evidence_id."""
    told = [name for name in SCORE_EVIDENCE if name in ranked.columns and name not in {*SITE, "contested"}]
    facts = ranked.select(SITE_NUMBER, pl.col("fact_id").alias("row_name"), *told, marked_contested())
    rows = pl.concat([base_rows(sites), facts, caps], how="diagonal_relaxed").sort(SITE_NUMBER, "row_name")
    keys = [pl.lit(sites[key]).gather(pl.col(SITE_NUMBER)).alias(key) for key in SITE]
    return rows.with_columns(keys).with_columns(
        pl.concat_str([*SITE, "row_name"], separator="/").alias("evidence_id"),
        pl.lit(catalogue.version).alias("rule_version"),
    )


def _raw_scores(evidence: pl.DataFrame) -> pl.Series:
    """Gives the sum of a site's rows in the order of their keys, so that the same rows give the same bits."""
    numbers, contributions = (evidence[name].to_numpy() for name in (SITE_NUMBER, "contribution"))
    return pl.Series("raw_score", added_in_order(contributions, starts_of(numbers)))


def worst_sites(sites: pl.DataFrame) -> pl.DataFrame:
    """Gives one row a supplier: its worst site by band (Unknown at its inherent level), then severity, then score."""
    level = pl.when(pl.col("band") == "Unknown").then("inherent_level").otherwise("band")
    counted = sites.with_columns(pl.len().over("supplier_id").cast(pl.Int64).alias("site_count"))
    ordered = counted.sort(
        "supplier_id", _band_place(level), *_WORST_FIRST, "site_id", descending=[False, *_DESCENDING]
    )
    worst = ordered.unique("supplier_id", keep="first", maintain_order=True)
    return worst.with_columns(pl.col("site_id").alias("worst_site_id"))


def _band_place(band: pl.Expr) -> pl.Expr:
    return band.replace_strict({name: place for place, name in enumerate(BANDS)}, return_dtype=pl.Int64)
