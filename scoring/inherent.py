"""The base of a score: how common forced labour is where and in what the site works (METHOD §2)."""

import math
from collections.abc import Mapping

import polars as pl

from scoring.keys import SITE

LEVELS = ("country_level", "sector_level", "good_level")
_KNOWN_BY = {"country_level": "country_code", "sector_level": "sector_key", "good_level": "good"}


def portfolio_medians(sites: pl.DataFrame, inherent: Mapping[str, float]) -> dict[str, float]:
    """Gives the median of each level over the sites that have one; the middle of its scale where none has."""
    return {level: _median(sites[level], _middle(level, inherent)) for level in LEVELS}


def with_base(sites: pl.DataFrame, medians: Mapping[str, float], inherent: Mapping[str, float]) -> pl.DataFrame:
    """Adds level, probability, base (points) and missing_levels (count) to the sites.

    L = country + sector + good, clipped; the probability runs log-linearly between the two ends; base = reference
    points + points per doubling · log2(odds / reference odds). A missing level takes the portfolio's median.
    """
    level = pl.sum_horizontal(pl.col(name).fill_null(medians[name]) for name in LEVELS)
    missing = pl.sum_horizontal(pl.col(name).is_null().cast(pl.Int64) for name in LEVELS)
    return (
        sites.with_columns(
            level.clip(inherent["lowest_level"], inherent["highest_level"]).alias("level"),
            missing.alias("missing_levels"),
        )
        .with_columns(_probability(pl.col("level"), inherent).alias("probability"))
        .with_columns(_points(pl.col("probability"), inherent).alias("base"))
    )


def base_rows(sites: pl.DataFrame) -> pl.DataFrame:
    """Gives one evidence row a site for its base, with a sentence that names the levels; N02 adds no second row."""
    return sites.select(
        *SITE,
        pl.lit("N01").alias("indicator_id"),
        pl.lit("base").alias("kind"),
        pl.lit("base").alias("row_name"),
        pl.col("base").alias("points"),
        pl.col("base").alias("contribution"),
        _describe_base().alias("description"),
    )


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
    )


def _level_or_what_is_missing(name: str) -> pl.Expr:
    known = pl.col(_KNOWN_BY[name]).is_not_null()
    missing = pl.when(known).then(pl.lit("without a level")).otherwise(pl.lit("not known"))
    told = pl.format("{} (median of the portfolio used)", missing)
    return pl.coalesce(pl.col(name).round(1).cast(pl.String), told)
