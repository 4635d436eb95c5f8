"""What the buyer ordered: prices, lead times and payment carry the squeeze of the one who buys."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from demo_world.companies import Companies, Sites
from demo_world.draws import Bools, Draws, Ints, days_after
from demo_world.sectors import SECTORS, trait
from demo_world.world import World

_LINES_PER_SITE = [1, 2, 3, 4, 9]
_HISTORY_DAYS = 1000
_TERMS = np.array([30, 45, 60, 90])
_NEVER = np.datetime64("NaT", "D")

Days = npt.NDArray[np.datetime64]
_Value = TypeVar("_Value", bound=np.generic)


@dataclass(frozen=True)
class OrderLines:
    """Order lines of one chunk, element by element.

    Money is in cents, hours in tenths (-1 where unknown); a day that has not come is NaT.
    """

    site: Ints
    order_number: Ints
    line: Ints
    site_named: Bools
    older_record: Bools
    ordered_on: Days
    requested_on: Days
    promised_on: Days
    delivered_on: Days
    invoiced_on: Days
    paid_on: Days
    quantity: Ints
    unit_cents: Ints
    terms_days: Ints
    changed_late: Bools
    hour_tenths: Ints

    def __len__(self) -> int:
        return len(self.site)


def place(world: World, chunk: int, companies: Companies, sites: Sites) -> OrderLines:
    """Gives the order lines placed with the chunk's sites."""
    draws = Draws(world.seed, chunk, "orders")
    lines = draws.steps(_LINES_PER_SITE, len(sites))
    site = np.repeat(np.arange(len(sites)), lines)
    count, company = len(site), sites.company[site]
    squeeze = companies.squeeze[company]
    follows = draws.chance(0.35, count) & np.concatenate([[False], company[1:] == company[:-1]])
    order_number = np.cumsum(~follows)
    ordered_on = _by_order(days_after(np.full(count, world.today), -draws.whole(5, _HISTORY_DAYS, count)), order_number)
    terms = _by_order(_TERMS[draws.pick([0.45, 0.2, 0.25, 0.1], count)], order_number)
    days = _days(draws, world, ordered_on, terms, squeeze)
    unit_cents, quantity = _prices(draws, companies, company, squeeze)
    return OrderLines(
        site=site,
        order_number=order_number,
        line=np.arange(count) - np.searchsorted(order_number, order_number) + 1,
        site_named=draws.chance(0.82, count) & companies.sites_known[company],
        older_record=_by_order(companies.duplicated[company] & draws.chance(0.3, count), order_number),
        ordered_on=ordered_on,
        requested_on=days[0],
        promised_on=days[1],
        delivered_on=days[2],
        invoiced_on=days[3],
        paid_on=days[4],
        quantity=quantity,
        unit_cents=unit_cents,
        terms_days=terms,
        changed_late=draws.chance(np.array([0.06, 0.22, 0.38])[squeeze], count),
        hour_tenths=_hours(draws, companies, company, quantity * unit_cents),
    )


def _by_order(values: npt.NDArray[_Value], order_number: Ints) -> npt.NDArray[_Value]:
    """Gives every line the value of the first line of its order."""
    return values[np.searchsorted(order_number, order_number)]


def _days(draws: Draws, world: World, ordered_on: Days, terms: Ints, squeeze: Ints) -> tuple[Days, ...]:
    """Requested, promised, delivered, invoiced and paid days; a hard squeeze asks sooner and pays later."""
    count = len(ordered_on)
    lead = draws.steps([14, 30, 45, 60, 120], count) * (100 - 22 * squeeze - draws.whole(0, 15, count)) // 100
    requested = days_after(ordered_on, np.maximum(3, lead))
    promised = days_after(requested, draws.steps([0, 0, 0, 3, 12], count))
    delivered = days_after(promised, draws.steps([-4, -1, 0, 2, 6, 35], count))
    invoiced = days_after(delivered, draws.whole(0, 6, count))
    delay = draws.steps([-3, 0, 4, 12, 40], count) + squeeze * draws.whole(0, 25, count)
    paid = days_after(invoiced, terms + delay)
    return requested, promised, *(np.where(day <= world.today, day, _NEVER) for day in (delivered, invoiced, paid))


def _prices(draws: Draws, companies: Companies, company: Ints, squeeze: Ints) -> tuple[Ints, Ints]:
    low = np.array([sector.unit_cents[0] for sector in SECTORS])[companies.sector[company]]
    high = np.array([sector.unit_cents[1] for sector in SECTORS])[companies.sector[company]]
    usual = draws.whole(low, high, len(company))
    pressed = usual * (100 - 14 * squeeze + draws.whole(-5, 5, len(company))) // 100
    worth = draws.steps([50_000, 400_000, 1_500_000, 5_000_000, 40_000_000], len(company))
    unit = np.maximum(1, pressed)
    return unit, np.maximum(1, worth // unit)


def _hours(draws: Draws, companies: Companies, company: Ints, amount_cents: Ints) -> Ints:
    known = draws.chance(trait("hours_known")[companies.sector[company]], len(company))
    rate_cents = draws.steps([300, 700, 1200, 2400], len(company))
    return np.asarray(np.where(known, amount_cents * 10 // rate_cents, -1), dtype=np.int64)
