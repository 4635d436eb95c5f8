"""How much noise protected classes have, by how many cells one answer counts in: METHOD §6, and ADR 0023."""

from fractions import Fraction
from typing import Final

from ingest.releases.rate_rule import ODDS_LIMIT

EXACT: Final = "exact"
PROTECTED: Final = "protected"
NOT_TOLD: Final = "not told"
WHY_NOT_TOLD: Final = "the classes of this wave are protected, and they are all that may be told of its answers"
_STEPS: Final = 240
"""Decays are multiples of one in so many, so that they can be drawn without rounding; a sixth is one of them."""


def class_decay(cells: int) -> Fraction:
    """Gives how much rarer each further respondent of noise is, where one answer counts in so many cells.

    One answer moves the count of each of its cells by one at most, and with it the chance of any word by a factor of
    the inverse. The decay is the least whose inverse, once for each cell, is no more than `ODDS_LIMIT`.
    """
    limit = Fraction(ODDS_LIMIT)
    enough = (part for part in range(1, _STEPS) if Fraction(_STEPS, part) ** cells <= limit)
    return Fraction(next(enough), _STEPS)
