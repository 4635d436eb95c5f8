"""How sure a score is: its interval and the probability of each band (METHOD §2, ADR 17).

Where no limit can hold or let go, the sum of all parts is one shifted lognormal: a closed form. Where one may, the
parts are followed through their limits at a fixed set of points that fills their space evenly, and the base, which is
normal up to its own limit, is added to each of them in closed form. Nothing is drawn at random, so no seed is needed.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl

from scoring.bands import band_at, score_limits
from scoring.catalogue import Catalogue
from scoring.shifted_lognormal import Floats, probability_below, quantile, quantile_at, skewness
from scoring.spread import FREE, LIMITED, MOMENTS, PARTS, with_parts
from scoring.tables import BANDS

_Rows = npt.NDArray[np.int64]
_Spread = tuple[Callable[[Floats, _Rows], Floats], Floats, Floats]
"""Share of raw scores below one, for some of the sites; and for all, a score below and above nearly every one."""

_LOWEST, _HIGHEST = 0.0, 100.0
_ENDS = ("interval_low", "interval_high")
_NEGLIGIBLE = 0.05
"""Points that a limit may take off on average before it is followed point by point."""
_POINTS, _GENERATOR = 127, 83
"""A lattice of Korobov's form; 83 leaves the smallest error of its kind (P₂) in six dimensions."""
_SITES_AT_ONCE = 4_000
_STEPS, _ASIDE = 20, 2.0
_CLOSE_SHARE, _CLOSE_SCORE = 3e-4, 0.02
_TAIL = 4.0
_SMALLEST_STEP = 1e-12


def with_interval(sites: pl.DataFrame, ranked: pl.DataFrame, caps: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Adds interval_low, interval_high and probability_<band> to decided sites.

    The base is normal, points and reliabilities are lognormal with the mean that the score uses, all independent; ranks
    are those of the score; limits apply to what comes out. Gates are facts: where one decides, its band is certain.
    """
    parts = with_parts(sites, ranked, caps, catalogue)
    tail = (1 - catalogue.parameters["interval_level"]) / 2
    limits = score_limits(catalogue)
    ends, below = _closed_form(parts, catalogue, (tail, 1 - tail), limits)
    near = np.flatnonzero(_may_meet_a_limit(parts, catalogue))
    for first in range(0, len(near), _SITES_AT_ONCE):
        rows = near[first : first + _SITES_AT_ONCE]
        ends[:, rows], below[:, rows] = _through_limits(parts[rows], catalogue, (tail, 1 - tail), limits, ends[:, rows])
    bounded = sites.with_columns(
        pl.Series(name, values) for name, values in zip(_ENDS, np.clip(ends, _LOWEST, _HIGHEST), strict=True)
    )
    return _with_band_probabilities(bounded, below, catalogue)


def _part(parts: pl.DataFrame, name: str, moment: str) -> Floats:
    return parts[f"{name}_{moment}"].to_numpy()


def _base_deviation(parts: pl.DataFrame, catalogue: Catalogue) -> Floats:
    known, missing = (catalogue.parameters[f"{name}_standard_deviation"] for name in ("base", "missing_level"))
    return np.asarray(np.sqrt(known**2 + parts["missing_levels"].to_numpy() * missing**2), dtype=np.float64)


def _beyond(excess: Floats, deviation: Floats) -> Floats:
    """Gives the mean of what a normal with that mean and deviation has above zero."""
    from scipy.special import ndtr

    safe = np.where(deviation > 0, deviation, 1.0)
    z = excess / safe
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return np.where(deviation > 0, excess * ndtr(z) + safe * density, np.maximum(excess, 0.0))


def _excess(parts: pl.DataFrame, name: str, limit: float) -> tuple[Floats, Floats]:
    """Gives how far a part stands beyond its limit, negative where it does not reach it, and its deviation."""
    return np.sign(limit) * (_part(parts, name, "mean") - limit), np.sqrt(_part(parts, name, "variance"))


def _may_meet_a_limit(parts: pl.DataFrame, catalogue: Catalogue) -> npt.NDArray[np.bool_]:
    """Says at which sites a limit neither surely holds nor surely lets all through, by what it takes on average."""
    base = parts["base"].to_numpy() - catalogue.caps["inherent_raw"]
    near = _beyond(base, _base_deviation(parts, catalogue)) > _NEGLIGIBLE
    for name in LIMITED:
        excess, deviation = _excess(parts, name, catalogue.caps[name])
        near |= (_beyond(excess, deviation) > _NEGLIGIBLE) & (_beyond(-excess, deviation) > _NEGLIGIBLE)
    return near


def _closed_form(
    parts: pl.DataFrame, catalogue: Catalogue, levels: Sequence[float], limits: Sequence[float]
) -> tuple[Floats, Floats]:
    """Gives the raw scores at the levels, and the probability of a raw score below each of the limits."""
    mean = parts["base"].to_numpy() + _part(parts, FREE, "mean")
    variance = _base_deviation(parts, catalogue) ** 2 + _part(parts, FREE, "variance")
    third = _part(parts, FREE, "third")
    for name in LIMITED:
        held = _excess(parts, name, catalogue.caps[name])[0] > 0
        mean = mean + np.where(held, catalogue.caps[name], _part(parts, name, "mean"))
        variance = variance + np.where(held, 0.0, _part(parts, name, "variance"))
        third = third + np.where(held, 0.0, _part(parts, name, "third"))
    shape = mean, np.sqrt(variance), skewness(variance, third)
    return (
        np.array([quantile(level, *shape) for level in levels]),
        np.array([probability_below(limit, *shape) for limit in limits]),
    )


def _through_limits(
    parts: pl.DataFrame, catalogue: Catalogue, levels: Sequence[float], limits: Sequence[float], guesses: Floats
) -> tuple[Floats, Floats]:
    """Gives the same as the closed form, with each part cut at its limit at every one of the points.

    What varies most and needs no cut is added in closed form: of the free rows and the base the one that varies more,
    and both where the base cannot reach its limit.
    """
    base = _base_deviation(parts, catalogue)
    reaches = _beyond(parts["base"].to_numpy() - catalogue.caps["inherent_raw"], base) > _NEGLIGIBLE
    base_leads = reaches & (base**2 > _part(parts, FREE, "variance"))
    ends, below = np.empty((len(levels), len(parts))), np.empty((len(limits), len(parts)))
    for rows, spread in (
        (~reaches, _base_and_free_rows),
        (reaches & ~base_leads, _free_rows),
        (base_leads, _limited_base),
    ):
        if rows.any():
            found = spread(parts.filter(rows), catalogue)
            every = np.arange(rows.sum())
            ends[:, rows] = [_solved(found, *end) for end in zip(levels, guesses[:, rows], strict=True)]
            below[:, rows] = [found[0](np.full(len(every), limit), every) for limit in limits]
    return ends, below


def _base_and_free_rows(parts: pl.DataFrame, catalogue: Catalogue) -> _Spread:
    free_variance, base = _part(parts, FREE, "variance"), _base_deviation(parts, catalogue)
    mean = parts["base"].to_numpy() + _part(parts, FREE, "mean")
    return _sum_with(_cut_parts(parts, LIMITED, catalogue), mean, base**2 + free_variance, _part(parts, FREE, "third"))


def _free_rows(parts: pl.DataFrame, catalogue: Catalogue) -> _Spread:
    base = parts["base"].to_numpy()[:, None], _base_deviation(parts, catalogue)[:, None]
    cut_base = np.minimum(base[0] + base[1] * _even_points()[-1], catalogue.caps["inherent_raw"])
    rest = _cut_parts(parts, LIMITED, catalogue) + cut_base
    return _sum_with(rest, *(_part(parts, FREE, moment) for moment in MOMENTS))


def _sum_with(rest: Floats, mean: Floats, variance: Floats, third: Floats) -> _Spread:
    deviation, skew = np.sqrt(variance), skewness(variance, third)

    def share_below(score: Floats, rows: _Rows) -> Floats:
        shape = mean[rows, None], deviation[rows, None], skew[rows, None]
        return np.asarray(probability_below(_left(score, rest, rows), *shape).mean(axis=1), dtype=np.float64)

    return share_below, rest.min(axis=1) + mean - _TAIL * deviation, rest.max(axis=1) + mean + _TAIL * deviation


def _left(score: Floats, rest: Floats, rows: _Rows) -> Floats:
    """Gives what is left of a score at every point of these rows; an array of its own, to go on with in place."""
    if len(rows) == len(rest):
        return np.asarray(score[:, None] - rest, dtype=np.float64)
    left: Floats = rest[rows]
    return np.subtract(score[:, None], left, out=left)


def _limited_base(parts: pl.DataFrame, catalogue: Catalogue) -> _Spread:
    rest = _cut_parts(parts, PARTS, catalogue)
    base, deviation = parts["base"].to_numpy(), _base_deviation(parts, catalogue)
    highest = catalogue.caps["inherent_raw"]

    def share_below(score: Floats, rows: _Rows) -> Floats:
        from scipy.special import ndtr

        left = _left(score, rest, rows)
        is_above = left >= highest
        left -= base[rows, None]
        left /= deviation[rows, None]
        share = ndtr(left, out=left)
        share[is_above] = 1.0
        return np.asarray(share.mean(axis=1), dtype=np.float64)

    return share_below, rest.min(axis=1) + base - _TAIL * deviation, rest.max(axis=1) + highest


def _cut_parts(parts: pl.DataFrame, names: Sequence[str], catalogue: Catalogue) -> Floats:
    """Gives, a site and point, the sum of these parts: each at its own coordinate, cut at its limit."""
    total = np.zeros((len(parts), _POINTS))
    for name, normal in zip(names, _even_points(), strict=False):
        mean, variance = _part(parts, name, "mean"), _part(parts, name, "variance")
        moves = variance > 0
        moving = np.broadcast_to(mean[:, None], total.shape).copy()
        skew = skewness(variance, _part(parts, name, "third"))
        shape = (values[moves, None] for values in (mean, np.sqrt(variance), skew))
        moving[moves] = quantile_at(normal[None, :], *shape)
        if name in LIMITED:
            limit = catalogue.caps[name]
            moving = np.minimum(moving, limit) if limit > 0 else np.maximum(moving, limit)
        total += moving
    return total


def _even_points() -> Floats:
    """Gives the points, a row a part, as standard normal values: a Korobov lattice, whose margins are even."""
    from scipy.special import ndtri

    steps = np.array([pow(_GENERATOR, dimension, _POINTS) for dimension in range(len(PARTS))])
    return np.asarray(ndtri((np.outer(steps, np.arange(_POINTS)) % _POINTS + 0.5) / _POINTS), dtype=np.float64)


def _solved(spread: _Spread, level: float, guess: Floats) -> Floats:
    """Gives the score below which that share lies, near the guess: false position, halving where that is slow.

    Each site stops for itself, so that its figure does not hang on which others are reckoned beside it.
    """
    share_below, low, high = spread[0], spread[1].copy(), spread[2].copy()
    share_low, share_high = np.zeros_like(low), np.ones_like(high)
    point, rows = np.clip(guess, low, high), np.arange(len(guess))
    for step in range(_STEPS):
        share = share_below(point[rows], rows)
        under = share < level
        low[rows[under]], share_low[rows[under]] = point[rows[under]], share[under]
        high[rows[~under]], share_high[rows[~under]] = point[rows[~under]], share[~under]
        width = high[rows] - low[rows]
        rows = rows[(np.abs(share - level) > _CLOSE_SHARE) & (width > _CLOSE_SCORE)]
        if not len(rows):
            break
        point[rows] = _next_point(step, level, low[rows], high[rows], share_low[rows], share_high[rows], point[rows])
    return point


def _next_point(
    step: int, level: float, low: Floats, high: Floats, share_low: Floats, share_high: Floats, last: Floats
) -> Floats:
    """Steps aside from the guess first, so that it is held from both sides; then reads between the ends or halves."""
    if step == 0:
        aside = np.where(low == last, _ASIDE, -_ASIDE)
        return np.clip(last + aside, low, high)
    if step % 3 == 0:
        return (low + high) / 2
    between = (level - share_low) / np.maximum(share_high - share_low, _SMALLEST_STEP)
    return low + (high - low) * np.clip(between, 0.02, 0.98)


def _with_band_probabilities(sites: pl.DataFrame, below: Floats, catalogue: Catalogue) -> pl.DataFrame:
    """Splits the scores at the limits of the rules, asks which band each part gives, and adds up the parts."""
    shares = [np.zeros(len(sites)), *below, np.ones(len(sites))]
    bands = [
        sites.select(band=band_at(catalogue, pl.lit(score)))["band"] for score in (_LOWEST, *score_limits(catalogue))
    ]
    masses = [high - low for low, high in pairwise(shares)]
    return sites.with_columns(_band_mass(band, bands, masses) for band in BANDS)


def _band_mass(band: str, bands_of_parts: list[pl.Series], masses: list[Floats]) -> pl.Series:
    parts = [
        np.where((bands == band).to_numpy(), mass, 0.0) for bands, mass in zip(bands_of_parts, masses, strict=True)
    ]
    return pl.Series(f"probability_{band.lower()}", np.sum(parts, axis=0))
