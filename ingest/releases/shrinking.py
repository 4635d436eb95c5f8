"""Rates drawn towards that of their whole wave, the more the fewer respondents they rest on."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[Any]


def shrunk_shares(adverse: Counts, respondents: Counts) -> Counts:
    """Gives each group's share (0 to 1) under a beta-binomial model of the groups; empty if there are under two.

    The spread between groups is Kleinman's moment estimator (Journal of the American Statistical Association, 1973),
    with respondents as weights; where groups differ no more than by chance, each gets the common share.
    """
    if len(adverse) < 2:
        return np.full(len(adverse), np.nan)
    total, spare = respondents.sum(), len(adverse) - 1
    common = adverse.sum() / total
    spread = common * (1 - common)
    if spread <= 0:
        return np.full(len(adverse), common)
    between = float((respondents * (adverse / respondents - common) ** 2).sum())
    correlation = (between / spread - spare) / (total - (respondents**2).sum() / total - spare)
    if correlation <= 0:
        return np.full(len(adverse), common)
    weight = (1 - min(correlation, 1.0)) / min(correlation, 1.0)
    shares: Counts = (adverse + weight * common) / (respondents + weight)
    return shares
