"""How sure a score is: its interval and the probability of each band, in closed form (METHOD §2)."""

from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import polars as pl

from scoring.bands import band_at, score_limits
from scoring.catalogue import WEAK_CLEAN_SOURCES, Catalogue
from scoring.keys import SITE
from scoring.tables import BANDS

Floats = npt.NDArray[np.float64]

_SMALLEST_SKEW = 1e-3
_LOWEST, _HIGHEST = 0.0, 100.0


def with_interval(sites: pl.DataFrame, ranked: pl.DataFrame, caps: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Adds interval_low, interval_high and probability_<band> to decided sites.

    The base is normal, points and reliabilities are lognormal with the mean that the score uses, all independent.
    Their sum is taken as a shifted lognormal of the same mean, variance and skewness. Rows behind a cap that binds do
    not move the sum. Gates are facts: where one decides, its band is certain.
    """
    spread = _spread(sites, ranked, caps, catalogue)
    mean, deviation, skew = (spread[name].to_numpy() for name in ("raw_score", "deviation", "skew"))
    tail = (1 - catalogue.parameters["interval_level"]) / 2
    low, high = (_quantile(level, mean, deviation, skew) for level in (tail, 1 - tail))
    bounded = spread.with_columns(
        pl.Series("interval_low", low).clip(_LOWEST, _HIGHEST), pl.Series("interval_high", high).clip(_LOWEST, _HIGHEST)
    )
    return _with_band_probabilities(bounded, mean, deviation, skew, catalogue)


def _spread(sites: pl.DataFrame, ranked: pl.DataFrame, caps: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Adds deviation (points) and skew of the raw score; variances and third moments of independent terms add up."""
    factor = ((pl.col("row_sigma") ** 2 + catalogue.parameters["reliability_sigma"] ** 2).exp() - 1).alias("factor")
    free = _rows_free_of_caps(ranked, caps).with_columns(_row_sigma()).with_columns(factor)
    contribution = pl.col("contribution")
    moments = (
        free.sort(*SITE, "indicator_id", "fact_id")
        .group_by(SITE, maintain_order=True)
        .agg(
            (contribution**2 * pl.col("factor")).sum().alias("row_variance"),
            (contribution**3 * pl.col("factor") ** 2 * (pl.col("factor") + 3)).sum().alias("third_moment"),
        )
    )
    known, missing = (catalogue.parameters[f"{name}_standard_deviation"] for name in ("base", "missing_level"))
    variance = pl.col("row_variance").fill_null(0.0) + known**2 + pl.col("missing_levels") * missing**2
    return (
        sites.join(moments, on=SITE, how="left", maintain_order="left")
        .with_columns(variance.sqrt().alias("deviation"))
        .with_columns((pl.col("third_moment").fill_null(0.0) / pl.col("deviation") ** 3).alias("skew"))
    )


def _row_sigma() -> pl.Expr:
    """Gives the sigma of a row's points: of its strength where adverse, of the indicator's own where clean."""
    return pl.when(pl.col("kind") == "adverse").then("sigma").otherwise("own_sigma").fill_null(0.0).alias("row_sigma")


def _rows_free_of_caps(ranked: pl.DataFrame, caps: pl.DataFrame) -> pl.DataFrame:
    weak = pl.col("source_type").is_in(WEAK_CLEAN_SOURCES)
    clean = pl.col("kind") == "clean"
    counted = ranked.filter("counted")
    free = counted.join(_binding(caps, "cap:clean"), on=SITE, how="left")
    free = free.join(_binding(caps, "cap:clean_weak_source"), on=SITE, how="left")
    bound = (clean & pl.col("cap:clean").is_not_null()) | (clean & weak & pl.col("cap:clean_weak_source").is_not_null())
    return free.filter(~bound)


def _binding(caps: pl.DataFrame, row_name: str) -> pl.DataFrame:
    return caps.filter(pl.col("row_name") == row_name).select(*SITE, pl.lit(True).alias(row_name))


def _with_band_probabilities(
    sites: pl.DataFrame, mean: Floats, deviation: Floats, skew: Floats, catalogue: Catalogue
) -> pl.DataFrame:
    """Splits the scores at the limits of the rules, asks which band each part gives, and adds up the parts."""
    limits = score_limits(catalogue)
    below = [np.zeros_like(mean), *(_probability_below(limit, mean, deviation, skew) for limit in limits)]
    above = [*below[1:], np.ones_like(mean)]
    bands = [sites.select(band=band_at(catalogue, pl.lit(score)))["band"] for score in (_LOWEST, *limits)]
    masses = [high - low for low, high in zip(below, above, strict=True)]
    return sites.with_columns(_band_mass(band, bands, masses) for band in BANDS)


def _band_mass(band: str, bands_of_parts: list[pl.Series], masses: list[Floats]) -> pl.Series:
    parts = [
        np.where((bands == band).to_numpy(), mass, 0.0) for bands, mass in zip(bands_of_parts, masses, strict=True)
    ]
    return pl.Series(f"probability_{band.lower()}", np.sum(parts, axis=0))


def _quantile(level: float, mean: Floats, deviation: Floats, skew: Floats) -> Floats:
    normal = NormalDist().inv_cdf(level)
    side = np.where(skew < 0, -1.0, 1.0)
    growth, shape, scale = _shifted_lognormal(deviation, skew)
    skewed = mean + side * scale * (np.exp(shape * side * normal) - np.sqrt(growth))
    return np.where(np.abs(skew) < _SMALLEST_SKEW, mean + deviation * normal, skewed)


def _probability_below(limit: float, mean: Floats, deviation: Floats, skew: Floats) -> Floats:
    from scipy.special import ndtr

    side = np.where(skew < 0, -1.0, 1.0)
    growth, shape, scale = _shifted_lognormal(deviation, skew)
    distance = side * (limit - mean) / scale + np.sqrt(growth)
    reached = ndtr(np.log(np.maximum(distance, np.finfo(np.float64).tiny)) / shape)
    skewed = np.where(side > 0, reached, 1 - reached)
    plain = ndtr((limit - mean) / deviation)
    return np.asarray(np.where(np.abs(skew) < _SMALLEST_SKEW, plain, skewed), dtype=np.float64)


def _shifted_lognormal(deviation: Floats, skew: Floats) -> tuple[Floats, Floats, Floats]:
    """Gives w = exp(s²), s and exp(μ) of the lognormal with that skewness and deviation: (w + 2)²(w − 1) = skew²."""
    size = np.maximum(np.abs(skew), _SMALLEST_SKEW)
    half, root = 1 + size**2 / 2, size * np.sqrt(1 + size**2 / 4)
    root_sum = np.cbrt(half + root)
    growth = root_sum + 1 / root_sum - 1
    return growth, np.sqrt(np.log(growth)), deviation / np.sqrt(growth * (growth - 1))
