"""Figures of a score on pairs with a known answer, with their intervals."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PRECISION = 0.99
RESAMPLES = 2_000
_Z = 1.959963984540054

Scores = NDArray[np.float64]
Truth = NDArray[np.bool_]


@dataclass(frozen=True)
class Interval:
    """A figure with the ends of its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


def wilson(successes: int, trials: int) -> Interval:
    """Gives a share with its Wilson score interval (Wilson 1927); all of it open where there was no trial."""
    if trials == 0:
        return Interval(math.nan, 0.0, 1.0)
    share, square = successes / trials, _Z**2
    middle = (share + square / (2 * trials)) / (1 + square / trials)
    half = _Z * math.sqrt(share * (1 - share) / trials + square / (4 * trials**2)) / (1 + square / trials)
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half))


def area_under_curve(scores: Scores, truth: Truth) -> float:
    """Gives the chance that a match scores above a pair that is none, ties counted half (the area under the ROC)."""
    matches, others = scores[truth], scores[~truth]
    above = (matches[:, None] > others[None, :]).mean()
    tied = (matches[:, None] == others[None, :]).mean()
    return float(above + tied / 2)


def recall_at_precision(scores: Scores, truth: Truth, precision: float = PRECISION) -> tuple[float, float]:
    """Gives the greatest recall of a threshold of at least that precision, and the threshold; 0 and inf without one."""
    order = np.argsort(-scores, kind="stable")
    ranked, hits = scores[order], np.cumsum(truth[order])
    last_of_tie = np.append(ranked[1:] != ranked[:-1], True)
    taken = np.arange(1, len(ranked) + 1)
    good = last_of_tie & (hits / taken >= precision)
    if not good.any():
        return 0.0, math.inf
    place = int(np.flatnonzero(good)[-1])
    return float(hits[place] / truth.sum()), float(ranked[place])


def best_f1(scores: Scores, truth: Truth) -> tuple[float, float]:
    """Gives the greatest F1 of a threshold, and the threshold."""
    found = [(_f1(scores >= threshold, truth), float(threshold)) for threshold in np.unique(scores)]
    return max(found)


def bootstrapped(figure: Callable[[Scores, Truth], float], scores: Scores, truth: Truth, *, seed: int) -> Interval:
    """Gives a figure with its percentile interval over resampled matches and other pairs, each as many as there are."""
    generator = np.random.default_rng(seed)
    matches, others = np.flatnonzero(truth), np.flatnonzero(~truth)
    values = []
    for _ in range(RESAMPLES):
        drawn = np.concatenate([generator.choice(matches, len(matches)), generator.choice(others, len(others))])
        values.append(figure(scores[drawn], truth[drawn]))
    low, high = np.quantile(values, [0.025, 0.975])
    return Interval(figure(scores, truth), float(low), float(high))


def _f1(chosen: Truth, truth: Truth) -> float:
    return float(2 * (chosen & truth).sum() / (chosen.sum() + truth.sum()))
