"""The tables of rates that may be told, and the numbers that guard them: METHOD §6, and ADR 0022 for the noise."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Breakdown:
    """One table of each closed wave of a source: rates by indicator and, at most, one thing more."""

    name: str
    by: str | None


BREAKDOWNS: Final = (
    Breakdown("country", "country_code"),
    Breakdown("sector", "sector_key"),
    Breakdown("wave", None),
)
"""Every table that is ever told. Each answer is in one cell of each, so more tables mean more noise in all."""

LEAST_COUNT: Final = 10
"""Respondents below which neither those who report nor those who do not are told, and no difference is."""

ODDS_LIMIT: Final = 6.0
"""How far all tables together may move the odds of one answer: from a chance of .6 to one of .9, and no further."""

AIMED_ODDS: Final = 5.0
"""What the noise is made for, less than the limit: towards the ends of bounded noise odds move a little more."""

NOISE_LIMIT: Final = 15
"""Greatest noise in a count, so that what is told keeps `LEAST_COUNT` true respondents on either side."""

STEP_PERCENT: Final = 5


def noise_decay() -> float:
    """Gives how much rarer each further respondent of noise is: one table's share of `AIMED_ODDS`, inverted.

    Two-sided geometric mechanism: Ghosh, Roughgarden and Sundararajan, Universally Utility-Maximizing Privacy
    Mechanisms, 2009.
    """
    return float(AIMED_ODDS ** (-1 / len(BREAKDOWNS)))
