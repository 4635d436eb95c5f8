"""What the review queue is ordered by: severity, what a look would tell, leverage, and the stratum of each supplier."""

import polars as pl

from scoring.catalogue import Catalogue
from scoring.leverage import with_leverage
from scoring.tables import REVIEW_CANDIDATE, conform
from scoring.what_ifs import ADVERSE

_LARGE = 0.9
_MIDDLE = 0.5
_ORDER = ("stake", "told", "weight", "anomaly_rank", "review_rank")


def review_candidates(
    suppliers: pl.DataFrame, next_facts: pl.DataFrame, about: pl.DataFrame, catalogue: Catalogue
) -> pl.DataFrame:
    """Gives a row a supplier with its priority_rank, stratum, reason and figures: the columns of REVIEW_CANDIDATE.

    `suppliers` are supplier scores in review order, `next_facts` those of NEXT_FACT; `about` has supplier_id,
    country_code, sector_key, spend, sales_share (both NULL where not known), sales_share_reason and anomaly_rank.
    Severity of what is present leads. Where nothing is present the severity that the best question could show counts by
    the chance that it does, so that a supplier nobody has looked at has a place. Then come information, leverage (in
    the middle where it is not known, because unknown is not low), how unusual it is, and its rank.
    """
    severities = catalogue.indicators.select("indicator_id", pl.col("severity").alias("severity_in_question"), "name")
    questions = (
        next_facts.filter((pl.col("outcome") == ADVERSE) & (pl.col("information") > 0))
        .sort("supplier_id", "information", "fact_rank", descending=[False, True, False])
        .unique("supplier_id", keep="first", maintain_order=True)
        .join(severities, on="indicator_id")
        .join(catalogue.sources.select("source_type", "source_name"), on="source_type")
        .select(
            "supplier_id", "severity_in_question", "probability", "information", "name", "indicator_id", "source_name"
        )
    )
    known = (
        suppliers.select("supplier_id", "band", "inherent_level", "severity", "review_rank")
        .join(questions, on="supplier_id", how="left")
        .join(with_leverage(about, catalogue.parameters), on="supplier_id", how="left")
    )
    at_stake = pl.coalesce("severity", pl.col("severity_in_question") * pl.col("probability"), 0.0)
    weighed = known.with_columns(
        at_stake.alias("stake"),
        pl.col("information").fill_null(0.0).round(2).alias("told"),
        pl.col("leverage").fill_null(_MIDDLE).round(1).alias("weight"),
        pl.col("anomaly_rank").fill_null(known.height + 1),
    )
    ordered = weighed.sort(*_ORDER, descending=[True, True, True, False, False])
    ranked = ordered.with_columns(
        pl.int_range(1, pl.len() + 1).alias("priority_rank"),
        _stratum(),
        _reason(catalogue.parameters["leverage_full_share"]).alias("reason"),
    )
    return conform(ranked, REVIEW_CANDIDATE).sort("supplier_id")


def _stratum() -> pl.Expr:
    band = (
        pl.when(pl.col("band") == "Unknown").then(pl.format("Unknown, inherent {}", "inherent_level")).otherwise("band")
    )
    where = [pl.col(name).fill_null("not known") for name in ("country_code", "sector_key")]
    return pl.concat_str(*where, band, separator=" | ").alias("stratum")


def _reason(full_share: float) -> pl.Expr:
    question = pl.format(
        "{} {} on {} ({}) is expected to move the band by {} places",
        _article(pl.col("source_name")),
        _lower_first(pl.col("source_name")),
        _lower_first(pl.col("name")),
        "indicator_id",
        pl.col("information").round(2),
    )
    present = pl.format("What is present is of severity {} of 5", _number(pl.col("severity")))
    spoken = [pl.coalesce(present, pl.lit("Nothing is present")), question]
    size = pl.when(pl.col("spend_place") >= _LARGE).then(pl.lit("what is bought from it is among the largest"))
    percent = (100 * pl.col("sales_share")).round(0).cast(pl.Int64)
    dependent = pl.when(pl.col("sales_share") >= full_share).then(
        pl.format("the buyer takes {} % of its sales", percent)
    )
    return pl.concat_str(*spoken, size, dependent, separator="; ", ignore_nulls=True)


def _article(name: pl.Expr) -> pl.Expr:
    return pl.when(name.str.contains("^[AEIOUaeiou]")).then(pl.lit("an")).otherwise(pl.lit("a"))


def _number(value: pl.Expr) -> pl.Expr:
    return value.round(1).cast(pl.String).str.strip_suffix(".0")


def _lower_first(text: pl.Expr) -> pl.Expr:
    return pl.concat_str(text.str.slice(0, 1).str.to_lowercase(), text.str.slice(1))
