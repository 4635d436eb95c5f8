"""Which single fact would move a supplier's band most, and which is worth most to ask for."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from scoring.catalogue import Catalogue
from scoring.keys import SITE
from scoring.score import Features
from scoring.tables import BANDS, NEXT_FACT, conform
from scoring.what_ifs import ADVERSE, CLEAN, CLOSED, Rated, rescored, what_ifs

MOVERS_KEPT = 3
QUESTIONS_KEPT = 5
CLOSURES_KEPT = 5
_QUESTION = [*SITE, "source_type", "indicator_id"]
_FACT = ["indicator_id", "source_type", "outcome", "evidence_id"]


def next_facts(
    rated: Rated, features: Features, medians: Mapping[str, float], catalogue: Catalogue, as_of: date
) -> pl.DataFrame:
    """Gives the facts that would move the band of the worst sites most, with the columns of NEXT_FACT.

    `rated.sites` has supplier_id, site_id, raw_score, score and band. Kept are the largest moves, the questions of most
    information with both answers, and the closures that move most; `fact_rank` 1 is the fact that moves the band most.
    """
    after = rescored(what_ifs(rated, features, catalogue), features, medians, catalogue, as_of)
    moved = after.join(rated.sites.select(*SITE, "raw_score", "score", "band"), on=SITE).with_columns(
        (_place(pl.col("band")) - _place(pl.col("band_after"))).alias("move"),
        (pl.col("score_after") - pl.col("score")).round(9).alias("score_change"),
    )
    told = _with_information(
        moved.join(outcome_chances(catalogue), on=["source_type", "indicator_id"], how="left"), catalogue
    )
    ranked = _ranked(told)
    return conform(_kept(ranked).with_columns(_fact_id()), NEXT_FACT).sort("supplier_id", "fact_rank")


def outcome_chances(catalogue: Catalogue) -> pl.DataFrame:
    """Gives, a source and indicator, the chance of an adverse answer where there is forced labour, and where not.

    The points of the two answers are their likelihood ratios λ⁺ and λ⁻ (ten points double the odds), and two ratios
    leave one pair of chances: λ⁺ = a/b and λ⁻ = (1 − a)/(1 − b), so b = (1 − λ⁻)/(λ⁺ − λ⁻) and a = λ⁺ b.
    """
    points = catalogue.indicators.select("indicator_id", "own_points").drop_nulls()
    pairs = catalogue.eligible.join(points, on="indicator_id").join(catalogue.sources, on="source_type")
    doubling = catalogue.inherent["points_per_doubling"]
    credit = 1 - catalogue.parameters["clean_reliability_share"] * pl.col("reliability_clean")
    adverse = 2.0 ** (pl.col("own_points") * pl.col("reliability_adverse") / doubling)
    ratios = pairs.with_columns(
        adverse.alias("adverse_ratio"),
        pl.max_horizontal(credit, 2.0 ** (-pl.col("own_points") / doubling)).alias("clean_ratio"),
    )
    otherwise = (1 - pl.col("clean_ratio")) / (pl.col("adverse_ratio") - pl.col("clean_ratio"))
    return ratios.with_columns(otherwise.alias("chance_otherwise")).select(
        "source_type",
        "indicator_id",
        (pl.col("adverse_ratio") * pl.col("chance_otherwise")).alias("chance_where_so"),
        "chance_otherwise",
    )


def _place(band: pl.Expr) -> pl.Expr:
    return band.replace_strict({name: place for place, name in enumerate(BANDS)}, return_dtype=pl.Int64)


def _with_information(moved: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Adds probability, of this answer, and information: how many places a question is expected to move the band."""
    so = _probability_behind(pl.col("raw_score"), catalogue.inherent)
    adverse = so * pl.col("chance_where_so") + (1 - so) * pl.col("chance_otherwise")
    chance = pl.when(pl.col("outcome") == ADVERSE).then(adverse).when(pl.col("outcome") == CLEAN).then(1 - adverse)
    with_chance = moved.with_columns(chance.alias("probability"))
    expected = (pl.col("probability") * pl.col("move").abs()).sum().over(_QUESTION)
    return with_chance.with_columns(pl.when(pl.col("outcome") != CLOSED).then(expected).alias("information"))


def _probability_behind(score: pl.Expr, inherent: Mapping[str, float]) -> pl.Expr:
    reference_odds = inherent["reference_probability"] / (1 - inherent["reference_probability"])
    odds = reference_odds * 2.0 ** ((score - inherent["reference_points"]) / inherent["points_per_doubling"])
    return odds / (1 + odds)


def _ranked(facts: pl.DataFrame) -> pl.DataFrame:
    """Adds fact_rank a supplier from 1: by places moved, then how likely the answer is, then points moved."""
    ordered = facts.sort(
        "supplier_id",
        pl.col("move").abs(),
        pl.col("probability").fill_null(1.0),
        pl.col("score_change").abs(),
        *_FACT,
        descending=[False, True, True, True, *[False] * len(_FACT)],
    )
    return ordered.with_columns(pl.int_range(1, pl.len() + 1).over("supplier_id").alias("fact_rank"))


def _kept(ranked: pl.DataFrame) -> pl.DataFrame:
    closures = ranked.filter(pl.col("outcome") == CLOSED).filter(_first("supplier_id", CLOSURES_KEPT))
    asked = ranked.filter(pl.col("outcome") != CLOSED)
    questions = asked.sort("supplier_id", "information", "fact_rank", descending=[False, True, False]).unique(
        _QUESTION, keep="first", maintain_order=True
    )
    movers = asked.filter(pl.col("fact_rank") <= MOVERS_KEPT)
    kept = pl.concat([questions.filter(_first("supplier_id", QUESTIONS_KEPT)), movers]).select(_QUESTION).unique()
    return pl.concat([asked.join(kept, on=_QUESTION, how="semi"), closures])


def _first(key: str, count: int) -> pl.Expr:
    return pl.int_range(pl.len()).over(key) < count


def _fact_id() -> pl.Expr:
    parts = [
        pl.col("supplier_id"),
        pl.col("outcome"),
        pl.coalesce("evidence_id", pl.format("{}/{}", "source_type", "indicator_id")),
    ]
    return pl.concat_str(parts, separator="/").alias("next_fact_id")
