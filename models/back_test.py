"""How well an order of review would have found what was found later, beside other orders (METHOD §5)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_LOW, _HIGH = 0.025, 0.975


@dataclass(frozen=True)
class Interval:
    """A figure with the ends of its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


@dataclass(frozen=True)
class OrderMeasured:
    """One order of review: lift at the capacity, average precision over the base rate, area under the ROC."""

    lift: Interval
    average_precision_ratio: Interval
    area_under_curve: Interval
    lift_less_than_reference: Interval | None
    """The lift of the reference less this one's, over the same draws; None for the reference itself."""


def measured_orders(
    cases: pl.DataFrame, orders: Mapping[str, str], *, reference: str, capacity: float, resamples: int, seed: int
) -> dict[str, OrderMeasured]:
    """Gives the measures of each order, by name, over several origins.

    `cases` has a row a place and origin: `origin`, `place`, `found` (Boolean: what was found afterwards) and one column
    an order, greater meaning reviewed earlier; `orders` maps names to these columns. At each origin the share
    `capacity` of its cases is reviewed; of equal places a random one, so the expected number of finds is counted. Finds
    are added up over origins. Intervals are percentiles over `resamples` draws of places, each with all its cases.
    Raises ValueError where nothing, or everything, was found.
    """
    if cases["found"].n_unique() < 2:
        raise ValueError("there must be cases in which something was found and others")
    drawn = _draws(cases, resamples, seed)
    figures = {
        name: np.array([_figures(cases[rows], column, capacity) for rows in drawn]) for name, column in orders.items()
    }
    return {name: _told(values, figures[reference] if name != reference else None) for name, values in figures.items()}


def expected_finds(scores: Floats, found: NDArray[np.bool_], reviews: float) -> float:
    """Gives how many finds so many reviews make in the order of the scores, ties in random order (its expectation)."""
    order = np.argsort(-scores, kind="stable")
    ranked, hits = scores[order], found[order].astype(np.float64)
    starts = np.flatnonzero(np.append(True, ranked[1:] != ranked[:-1]))
    sizes = np.diff(np.append(starts, len(ranked)))
    taken = np.clip(reviews - starts, 0, sizes)
    return float((np.add.reduceat(hits, starts) * taken / sizes).sum())


def _draws(cases: pl.DataFrame, resamples: int, seed: int) -> list[NDArray[np.int64]]:
    """Gives row numbers: first all cases as they are, then as many draws of places with replacement."""
    generator = np.random.default_rng(seed)
    rows = cases.with_row_index("row").group_by("place").agg("row").sort("place")["row"].to_list()
    draws = [np.arange(len(cases))]
    while len(draws) <= resamples:
        chosen = generator.integers(0, len(rows), len(rows))
        numbers = np.concatenate([rows[place] for place in chosen])
        if cases["found"].to_numpy()[numbers].any():
            draws.append(numbers)
    return draws


def _figures(cases: pl.DataFrame, column: str, capacity: float) -> tuple[float, float, float]:
    from sklearn.metrics import average_precision_score, roc_auc_score

    finds = expected = 0.0
    precision = curve = weight = 0.0
    for (_,), part in cases.group_by("origin", maintain_order=True):
        scores, found = part[column].cast(pl.Float64).to_numpy(), part["found"].to_numpy()
        finds += expected_finds(scores, found, capacity * len(part))
        expected += capacity * found.sum()
        if 0 < found.sum() < len(found):
            precision += found.sum() * average_precision_score(found, scores) / found.mean()
            curve += found.sum() * roc_auc_score(found, scores)
            weight += found.sum()
    return finds / expected, precision / weight, curve / weight


def _told(values: Floats, reference: Floats | None) -> OrderMeasured:
    lift, precision, curve = (_interval(values[:, place]) for place in range(values.shape[1]))
    paired = None if reference is None else _interval(reference[:, 0] - values[:, 0])
    return OrderMeasured(lift, precision, curve, paired)


def _interval(values: Floats) -> Interval:
    low, high = np.quantile(values[1:], [_LOW, _HIGH])
    return Interval(float(values[0]), float(low), float(high))
