"""Standing orders with some suppliers: enough lines over two years to see lead times shrink and payment slip."""

import numpy as np

from demo_world.companies import BRUTAL, Companies, Sites
from demo_world.draws import Bools, Draws, Ints, days_after
from demo_world.orders import Days, OrderLines
from demo_world.sectors import SECTORS
from demo_world.world import World

_SHARE = 0.16
_LINES_BEFORE, _LINES_NOW = 7, 8
_FIRST_NUMBER = 5_000_000
_NEVER = np.datetime64("NaT", "D")


def place(world: World, chunk: int, companies: Companies, sites: Sites) -> OrderLines:
    """Gives the lines of standing orders: each supplier's at its first site, older ones first."""
    draws = Draws(world.seed, chunk, "standing orders")
    held = draws.chance(_SHARE, len(companies)) & companies.sites_known
    site = np.flatnonzero(held[sites.company] & (sites.place == 1))
    each = _LINES_BEFORE + _LINES_NOW
    rows = np.repeat(site, each)
    place_in_row = np.tile(np.arange(each), len(site))
    company = sites.company[rows]
    squeeze = companies.squeeze[company]
    is_new = place_in_row >= _LINES_BEFORE
    ago = np.where(is_new, 330 - 40 * (place_in_row - _LINES_BEFORE), 720 - 45 * place_in_row)
    ordered_on = days_after(np.full(len(rows), world.today), -(ago + draws.whole(0, 12, len(rows))))
    days = _days(draws, world, ordered_on, squeeze, is_new, len(site), each)
    unit_cents = np.array([sum(sector.unit_cents) // 2 for sector in SECTORS])[companies.sector[company]]
    quantity = np.maximum(1, draws.steps([200_000, 900_000, 3_000_000], len(rows)) // unit_cents)
    return OrderLines(
        site=rows,
        order_number=_FIRST_NUMBER + np.arange(len(rows)) // each,
        line=place_in_row + 1,
        site_named=np.ones(len(rows), dtype=np.bool_),
        older_record=np.zeros(len(rows), dtype=np.bool_),
        ordered_on=ordered_on,
        requested_on=days[0],
        promised_on=days[0],
        delivered_on=days[1],
        invoiced_on=days[1],
        paid_on=days[2],
        quantity=quantity,
        unit_cents=unit_cents,
        terms_days=np.full(len(rows), 30, dtype=np.int64),
        changed_late=draws.chance(np.array([0.03, 0.12, 0.4])[squeeze] * np.where(is_new, 1.0, 0.3), len(rows)),
        hour_tenths=_hours(draws, squeeze, quantity * unit_cents),
    )


def _days(
    draws: Draws, world: World, ordered_on: Days, squeeze: Ints, is_new: Bools, suppliers: int, each: int
) -> tuple[Days, ...]:
    """Requested, delivered and paid days: of late a hard buyer asks sooner and pays later."""
    count = len(ordered_on)
    usual = np.repeat(draws.whole(30, 70, suppliers), each)
    asked = np.where(is_new, np.array([100, 88, 55])[squeeze], 100) + draws.whole(-6, 6, count)
    requested = days_after(ordered_on, np.maximum(2, usual * asked // 100))
    delivered = days_after(requested, draws.whole(-2, 6, count))
    slow = np.array([0, 12, 45])[squeeze]
    paid = days_after(delivered, 30 + slow + draws.whole(-4, 9, count))
    return requested, *(np.where(day <= world.today, day, _NEVER) for day in (delivered, paid))


def _hours(draws: Draws, squeeze: Ints, amount_cents: Ints) -> Ints:
    """Hours are told; a few of the hardest pressed do the work for less than it can lawfully cost."""
    pressed = draws.chance(np.where(squeeze == BRUTAL, 0.08, 0.0), len(squeeze))
    rate_cents = np.where(pressed, draws.whole(180, 260, len(squeeze)), draws.whole(500, 1600, len(squeeze)))
    return np.asarray(amount_cents * 10 // rate_cents, dtype=np.int64)
