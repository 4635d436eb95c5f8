"""What moves in a raw score: mean, variance and third moment of each part of it that a limit may hold (METHOD §2)."""

import numpy as np
import polars as pl

from scoring.catalogue import WEAK_CLEAN_SOURCES, Catalogue
from scoring.keys import SITE, SITE_INDICATOR
from scoring.shifted_lognormal import capped_moments

FREE, CLEAN = "free", "clean"
LIMITED = (CLEAN, "procurement", "network", "mitigation", "learned")
"""Parts that a cap of the method limits as a whole; each but clean is named as its kind of indicator and its cap."""
PARTS = (FREE, *LIMITED)
MOMENTS = ("mean", "variance", "third")

_REACH = 3.0
_CAPS_WITHIN_CLEAN = "cap:clean_"


def with_parts(sites: pl.DataFrame, ranked: pl.DataFrame, caps: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Adds <part>_mean, <part>_variance and <part>_third (third central moment) of every part to the sites, in order.

    A row is its contribution times a lognormal of mean 1, whose σ² is that of its points and that of its reliability
    added; rows are independent, so moments add up. Ranks are those of the score (ADR 17). The part clean stands after
    the limits of its indicators and of weak sources and before that of all clean credit; what moves in it are the rows
    of other sources, as weak ones make two points at most.
    """
    rows = _varying_rows(ranked, catalogue)
    summed = pl.concat([_parts_but_clean(rows), _clean_part(rows, caps)], how="diagonal")
    wide = summed.group_by(SITE).agg(
        pl.col(moment).filter(pl.col("part") == part).sum().alias(f"{part}_{moment}")
        for part in PARTS
        for moment in MOMENTS
    )
    filled = [pl.col(f"{part}_{moment}").fill_null(0.0) for part in PARTS for moment in MOMENTS]
    return sites.join(wide, on=SITE, how="left", maintain_order="left").with_columns(filled)


def _varying_rows(ranked: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    sigma = pl.when(pl.col("kind") == "adverse").then("sigma").otherwise("own_sigma").fill_null(0.0)
    factor = (sigma**2 + catalogue.parameters["reliability_sigma"] ** 2).exp() - 1
    size = pl.col("contribution")
    return (
        ranked.filter(pl.col("counted") & (size != 0))
        .sort(*SITE_INDICATOR, "fact_id")
        .select(*SITE_INDICATOR, "kind", "indicator_kind", "source_type", "own_points", size, factor.alias("factor"))
        .with_columns(
            size.alias("mean"),
            (size**2 * pl.col("factor")).alias("variance"),
            (size**3 * pl.col("factor") ** 2 * (pl.col("factor") + 3)).alias("third"),
        )
    )


def _parts_but_clean(rows: pl.DataFrame) -> pl.DataFrame:
    kind = pl.when(pl.col("kind") == "adverse").then("indicator_kind").otherwise("kind")
    part = pl.when(kind.is_in(LIMITED)).then(kind).otherwise(pl.lit(FREE)).alias("part")
    others = rows.filter(pl.col("kind") != "clean").with_columns(part)
    return others.group_by([*SITE, "part"], maintain_order=True).agg(pl.col(*MOMENTS).sum())


def _clean_part(rows: pl.DataFrame, caps: pl.DataFrame) -> pl.DataFrame:
    varies = ~pl.col("source_type").is_in(WEAK_CLEAN_SOURCES)
    by_indicator = (
        rows.filter(pl.col("kind") == "clean")
        .group_by(SITE_INDICATOR, maintain_order=True)
        .agg(
            pl.col("mean").sum(),
            pl.col("variance", "third").filter(varies).sum(),
            pl.col("own_points").first().fill_null(0.0),
        )
    )
    limits = caps.filter(pl.col("row_name").str.starts_with(_CAPS_WITHIN_CLEAN)).select(
        *SITE, pl.col("contribution").alias("mean")
    )
    moved = pl.concat([_limited_by_indicator(by_indicator), limits], how="diagonal")
    return (
        moved.group_by(SITE, maintain_order=True).agg(pl.col(*MOMENTS).sum()).with_columns(pl.lit(CLEAN).alias("part"))
    )


def _limited_by_indicator(clean: pl.DataFrame) -> pl.DataFrame:
    """Gives the moments of an indicator's credit where its own limit may cut single draws, not the mean alone."""
    size, variance, limit = (clean[name].to_numpy() for name in ("mean", "variance", "own_points"))
    near = (np.abs(-size - limit) < _REACH * np.sqrt(variance)) & (variance > 0) & (limit > 0)
    mean, spread, third = capped_moments(-size[near], variance[near], limit[near])
    moved = {name: clean[name].to_numpy().copy() for name in MOMENTS}
    beyond = (-size > limit) & ~near
    moved["variance"][beyond] = moved["third"][beyond] = 0.0
    # The mean loses what the limit takes off beyond the cap row, which is made from the mean alone.
    moved["mean"][near] += np.minimum(-size[near], limit[near]) - mean
    moved["variance"][near], moved["third"][near] = spread, -third
    return clean.select(*SITE, *(pl.Series(name, values) for name, values in moved.items()))
