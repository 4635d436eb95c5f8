"""What a reader of all told rates can work out: bounds of every count, by linear programmes over all tables at once."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[Any]


@dataclass(frozen=True)
class Told:
    """What a reader knows of one wave and indicator.

    `sizes` are the respondents of the finest groups, which the reader is taken to know. Each row of `members` says
    which of them a told cell has together, and `low` to `high` is where its adverse respondents must be.
    """

    sizes: Matrix
    members: Matrix
    low: Matrix
    high: Matrix


def narrow_targets(told: Told, targets: Matrix, needed: Matrix) -> Matrix:
    """Gives which rows of `targets` have a count that can be bounded to less than `needed` respondents.

    The adverse respondents of each finest group are a variable between none and all of it. Any solution shows how far
    all targets can move at least. So groups and told cells are first pushed up and down in a few patterns, and only
    targets that these leave open have programmes of their own, whose ends are exact.
    """
    low, high = np.full(len(targets), np.inf), np.full(len(targets), -np.inf)
    cells = [pattern @ told.members for pattern in _patterns(len(told.members))]
    for pattern in (*_patterns(len(told.sizes)), *cells):
        reached = targets @ _solve(told, pattern)
        low, high = np.minimum(low, reached), np.maximum(high, reached)
    narrow = np.zeros(len(targets), dtype=bool)
    for place in range(len(targets)):
        for sign in (1.0, -1.0):
            if high[place] - low[place] >= needed[place]:
                break
            reached = targets @ _solve(told, sign * targets[place])
            low, high = np.minimum(low, reached), np.maximum(high, reached)
        narrow[place] = high[place] - low[place] < needed[place] - 1e-6
    return narrow


def bounds_of(told: Told, target: Matrix) -> tuple[float, float]:
    """Gives the least and the greatest number of adverse respondents that the finest groups of `target` can have."""
    return float(target @ _solve(told, target)), float(target @ _solve(told, -target))


def _patterns(count: int) -> list[Matrix]:
    """Gives objectives that push each group up in one and down in another, as the binary digits of its number say."""
    digits = [np.where(np.arange(count) >> place & 1, 1.0, -1.0) for place in range(max(count - 1, 1).bit_length())]
    return [sign * pattern for pattern in digits for sign in (1.0, -1.0)]


def _solve(told: Told, objective: Matrix) -> Matrix:
    from scipy.optimize import linprog

    limits = np.column_stack([np.zeros(len(told.sizes)), told.sizes])
    rows = {"A_ub": np.vstack([told.members, -told.members]), "b_ub": np.concatenate([told.high, -told.low])}
    found = linprog(objective, bounds=limits, method="highs", **(rows if len(told.members) else {}))
    solution: Matrix = found.x
    return solution
