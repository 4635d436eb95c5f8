"""What moves in a raw score: mean, variance and third moment of each part of it that a limit may hold (METHOD §2)."""

import numpy as np
import polars as pl

from scoring.catalogue import WEAK_CLEAN_SOURCES, Catalogue
from scoring.keys import CELL, SITE_NUMBER
from scoring.ranked_groups import added_in_order, starts_of
from scoring.shifted_lognormal import capped_moments

FREE, CLEAN = "free", "clean"
LIMITED = (CLEAN, "procurement", "network", "mitigation", "learned")
"""Parts that a cap of the method limits as a whole; each but clean is named as its kind of indicator and its cap."""
PARTS = (FREE, *LIMITED)
MOMENTS = ("mean", "variance", "third")

_REACH = 3.0
_CAPS_WITHIN_CLEAN = "cap:clean_"


def with_parts(sites: pl.DataFrame, ranked: pl.DataFrame, caps: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Adds <part>_mean, <part>_variance and <part>_third (third central moment) of every part to numbered sites.

    A row is its contribution times a lognormal of mean 1, whose σ² is that of its points and that of its reliability
    added; rows are independent, so moments add up. Ranks are those of the score (ADR 17). The part clean stands after
    the limits of its indicators and of weak sources and before that of all clean credit; what moves in it are the rows
    of other sources, as weak ones make two points at most.
    """
    rows = _varying_rows(ranked, catalogue)
    return sites.with_columns(*_parts_but_clean(rows, len(sites)), *_clean_part(rows, caps, len(sites), catalogue))


def _varying_rows(ranked: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    sigma = pl.when(pl.col("kind") == "adverse").then("sigma").otherwise("own_sigma").fill_null(0.0)
    factor = (sigma**2 + catalogue.parameters["reliability_sigma"] ** 2).exp() - 1
    size = pl.col("contribution")
    needed = (SITE_NUMBER, CELL, "kind", "indicator_kind", "source_type", "counted")
    return (
        ranked.select(*needed, size, factor.alias("factor"))
        .filter(pl.col("counted") & (size != 0))
        .sort(CELL, maintain_order=True)
        .with_columns(
            size.alias("mean"),
            (size**2 * pl.col("factor")).alias("variance"),
            (size**3 * pl.col("factor") ** 2 * (pl.col("factor") + 3)).alias("third"),
        )
    )


def _at_sites(rows: pl.DataFrame, moment: str, part: str, sites: int) -> pl.Series:
    """Gives a moment of rows in the order of their sites added up at each site."""
    number = rows[SITE_NUMBER].to_numpy()
    starts = starts_of(number)
    total = np.zeros(sites)
    total[number[starts]] = added_in_order(rows[moment].to_numpy(), starts)
    return pl.Series(f"{part}_{moment}", total)


def _parts_but_clean(rows: pl.DataFrame, sites: int) -> list[pl.Series]:
    kind = pl.when(pl.col("kind") == "adverse").then("indicator_kind").otherwise("kind")
    part = pl.when(kind.is_in(LIMITED)).then(kind).otherwise(pl.lit(FREE)).alias("part")
    others = rows.with_columns(part).filter(pl.col("kind") != "clean")
    return [
        _at_sites(of_part, moment, name, sites)
        for name in PARTS
        if name != CLEAN
        for of_part in [others.filter(pl.col("part") == name)]
        for moment in MOMENTS
    ]


def _clean_part(rows: pl.DataFrame, caps: pl.DataFrame, sites: int, catalogue: Catalogue) -> list[pl.Series]:
    by_indicator = _limited_by_indicator(_by_cell(rows.filter(pl.col("kind") == "clean")), catalogue)
    limits = caps.filter(pl.col("row_name").str.starts_with(_CAPS_WITHIN_CLEAN)).select(
        SITE_NUMBER, pl.col("contribution").alias("mean")
    )
    means = pl.concat([by_indicator.select(SITE_NUMBER, "mean"), limits]).sort(SITE_NUMBER, maintain_order=True)
    return [_at_sites(means if moment == "mean" else by_indicator, moment, CLEAN, sites) for moment in MOMENTS]


def _by_cell(clean: pl.DataFrame) -> pl.DataFrame:
    """Gives site_number, cell and moments of each cell, from rows in their order; weak sources have a mean alone."""
    cells = clean[CELL].to_numpy()
    starts = starts_of(cells)
    by_cell = clean.select(CELL, SITE_NUMBER)[pl.Series(starts)]
    totals = {"mean": added_in_order(clean["mean"].to_numpy(), starts)}
    strong = clean.filter(~pl.col("source_type").is_in(WEAK_CLEAN_SOURCES))
    cells_of_strong = strong[CELL].to_numpy()
    starts_of_strong = starts_of(cells_of_strong)
    places = np.searchsorted(cells[starts], cells_of_strong[starts_of_strong])
    for moment in MOMENTS[1:]:
        totals[moment] = np.zeros(len(starts))
        totals[moment][places] = added_in_order(strong[moment].to_numpy(), starts_of_strong)
    return by_cell.with_columns(pl.Series(name, total) for name, total in totals.items())


def _limited_by_indicator(clean: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Gives the moments of an indicator's credit where its own limit may cut single draws, not the mean alone."""
    points = catalogue.indicators["own_points"].fill_null(0.0).to_numpy()
    size, variance = (clean[name].to_numpy() for name in ("mean", "variance"))
    limit = points[clean[CELL].to_numpy() % len(points)]
    near = (np.abs(-size - limit) < _REACH * np.sqrt(variance)) & (variance > 0) & (limit > 0)
    mean, spread, third = capped_moments(-size[near], variance[near], limit[near])
    moved = {name: clean[name].to_numpy().copy() for name in MOMENTS}
    beyond = (-size > limit) & ~near
    moved["variance"][beyond] = moved["third"][beyond] = 0.0
    # The mean loses what the limit takes off beyond the cap row, which is made from the mean alone.
    moved["mean"][near] += np.minimum(-size[near], limit[near]) - mean
    moved["variance"][near], moved["third"][near] = spread, -third
    return clean.select(SITE_NUMBER, *(pl.Series(name, values) for name, values in moved.items()))
