"""What vendors say they sell in a year, to all of their customers: most say nothing, and a few say what cannot be."""

from dataclasses import dataclass

import numpy as np

from demo_world.companies import Companies, Sites
from demo_world.draws import Bools, Draws, Ints
from demo_world.orders import OrderLines
from demo_world.world import World

_STATED_SHARE = 0.35
_IMPOSSIBLE_SHARE = 0.05
_STALE_SHARE = 0.1
_OTHER_CURRENCY_SHARE = 0.08
_YEAR = np.timedelta64(365, "D")
# Sales as percent of what the buyer ordered in a year: from its only customer to one of a hundred.
_PERCENT_OF_ORDERS = [105, 160, 320, 900, 2500, 10_000]


@dataclass(frozen=True)
class Sales:
    """What each company of a chunk states, element by element: sales in whole units of money, and for which year."""

    is_stated: Bools
    amount: Ints
    year: Ints
    in_other_currency: Bools


def state(world: World, chunk: int, companies: Companies, sites: Sites, placed: tuple[OrderLines, ...]) -> Sales:
    """Gives what the companies state; sales that are impossible are less than what the buyer ordered in a year."""
    draws, count = Draws(world.seed, chunk, "annual sales"), len(companies)
    usual = draws.steps(_PERCENT_OF_ORDERS, count)
    percent = np.where(draws.chance(_IMPOSSIBLE_SHARE, count), draws.whole(30, 80, count), usual)
    ordered = _ordered_in_a_year(world, companies, sites, placed)
    by_size = companies.workers * draws.whole(6_000, 30_000, count)
    this_year = world.as_of.year
    return Sales(
        is_stated=draws.chance(_STATED_SHARE, count),
        amount=np.where(ordered > 0, ordered * percent // 10_000, by_size) + 1,
        year=np.where(draws.chance(_STALE_SHARE, count), this_year - draws.whole(5, 9, count), this_year - 1),
        in_other_currency=draws.chance(_OTHER_CURRENCY_SHARE, count),
    )


def _ordered_in_a_year(world: World, companies: Companies, sites: Sites, placed: tuple[OrderLines, ...]) -> Ints:
    """Gives what was ordered from each company in the year up to the day of the world, in cents."""
    ordered = np.zeros(len(companies), dtype=np.int64)
    for lines in placed:
        counted = (lines.ordered_on > world.today - _YEAR) & (lines.ordered_on <= world.today)
        cents = np.where(counted, lines.quantity * lines.unit_cents, 0)
        np.add.at(ordered, sites.company[lines.site], cents)
    return ordered
