"""The base of a score: how common forced labour is where and in what the site works (METHOD §2)."""

import math
from collections.abc import Mapping

import polars as pl

from scoring.confirmed_rate import confirmed_rate, told_of_peers
from scoring.keys import SITE_NUMBER
from scoring.workforce import share_points, share_rows, with_shares

LEVELS = ("country_level", "sector_level", "good_level")
_KNOWN_BY = {"country_level": "country_code", "sector_level": "sector_key", "good_level": "good"}


def portfolio_medians(sites: pl.DataFrame, inherent: Mapping[str, float]) -> dict[str, float]:
    """Gives the median of each level over the sites that have one; the middle of its scale where none has."""
    return {level: _median(sites[level], _middle(level, inherent)) for level in LEVELS}


def with_base(
    sites: pl.DataFrame, medians: Mapping[str, float], inherent: Mapping[str, float], shares: pl.DataFrame
) -> pl.DataFrame:
    """Adds level, probability, level_points, share_points, base (their sum) and missing_levels (count) to the sites.

    L = country + sector + good, clipped; the probability runs log-linearly between the two ends; level_points =
    reference points + points per doubling · log2(odds / reference odds). A missing level takes the portfolio's median;
    a missing share of migrant or agency workers adds nothing. A rate of confirmed cases among peers replaces the
    probability where it is higher (ADR 16).
    """
    level = pl.sum_horizontal(pl.col(name).fill_null(medians[name]) for name in LEVELS)
    missing = pl.sum_horizontal(pl.col(name).is_null().cast(pl.Int64) for name in LEVELS)
    return (
        told_of_peers(with_shares(sites))
        .with_columns(
            level.clip(inherent["lowest_level"], inherent["highest_level"]).alias("level"),
            missing.alias("missing_levels"),
        )
        .with_columns(_probability(pl.col("level"), inherent).alias("probability"))
        .with_columns(confirmed_rate(inherent).alias("confirmed_rate"))
        .with_columns(
            (pl.col("confirmed_rate") > pl.col("probability")).fill_null(False).alias("is_by_cases"),
            pl.max_horizontal("probability", "confirmed_rate").alias("probability"),
        )
        .with_columns(_points(pl.col("probability"), inherent).alias("level_points"), share_points(shares))
        .with_columns((pl.col("level_points") + pl.col("share_points")).alias("base"))
    )


def base_rows(sites: pl.DataFrame) -> pl.DataFrame:
    """Gives one evidence row a site for its levels, with a sentence that names them, and one for its shares if told.

    N02 is a level and adds no second row.
    """
    levels = sites.select(
        SITE_NUMBER,
        pl.lit("N01").alias("indicator_id"),
        pl.lit("base").alias("kind"),
        pl.lit("base").alias("row_name"),
        pl.col("level_points").alias("points"),
        pl.col("level_points").alias("contribution"),
        _describe_base().alias("description"),
    )
    return pl.concat([levels, share_rows(sites)])


def _median(levels: pl.Series, otherwise: float) -> float:
    median = levels.cast(pl.Float64).median()
    return float(median) if isinstance(median, float) else otherwise


def _middle(level: str, inherent: Mapping[str, float]) -> float:
    return (inherent[f"{level}_minimum"] + inherent[f"{level}_maximum"]) / 2


def _probability(level: pl.Expr, inherent: Mapping[str, float]) -> pl.Expr:
    lowest, highest = (math.log(inherent[f"probability_at_{end}_level"]) for end in ("lowest", "highest"))
    span = inherent["highest_level"] - inherent["lowest_level"]
    return (lowest + (level - inherent["lowest_level"]) / span * (highest - lowest)).exp()


def _points(probability: pl.Expr, inherent: Mapping[str, float]) -> pl.Expr:
    reference_odds = inherent["reference_probability"] / (1 - inherent["reference_probability"])
    odds = probability / (1 - probability)
    return inherent["reference_points"] + inherent["points_per_doubling"] * (odds / reference_odds).log(2)


def _describe_base() -> pl.Expr:
    parts = [
        pl.concat_str(pl.lit(f"{name.removesuffix('_level')} "), _level_or_what_is_missing(name)) for name in LEVELS
    ]
    return pl.concat_str(
        pl.lit("Inherent level "),
        pl.col("level").round(1).cast(pl.String),
        pl.lit(": "),
        pl.concat_str(parts, separator=", "),
        pl.when("is_by_cases").then(_describe_cases()).otherwise(pl.lit("")),
    )


def _describe_cases() -> pl.Expr:
    percent = (pl.col("probability") * 100).round(1).cast(pl.String)
    return pl.format(
        "; {} of {} other suppliers of its country and sector have a confirmed case, "
        "which with the rate of all gives {} %",
        "peer_cases",
        "peers",
        percent,
    )


def _level_or_what_is_missing(name: str) -> pl.Expr:
    known = pl.col(_KNOWN_BY[name]).is_not_null()
    missing = pl.when(known).then(pl.lit("without a level")).otherwise(pl.lit("not known"))
    told = pl.format("{} (median of the portfolio used)", missing)
    return pl.coalesce(pl.col(name).round(1).cast(pl.String), told)
