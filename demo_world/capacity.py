"""What sites declare of themselves: how much they can make in a year, and how many hours they have for it."""

from dataclasses import dataclass

import numpy as np

from demo_world.companies import Companies, Sites
from demo_world.draws import Bools, Draws, Ints
from demo_world.orders import OrderLines
from demo_world.sectors import SECTORS
from demo_world.world import World

UNTOLD = -1
_KNOWN_SHARE = 0.92
_YEAR = np.timedelta64(365, "D")


@dataclass(frozen=True)
class Declared:
    """What each site of a chunk declares, element by element: units and hours a year, UNTOLD where it does not."""

    capacity_units: Ints
    labour_hours: Ints


def declare(world: World, chunk: int, companies: Companies, sites: Sites, placed: tuple[OrderLines, ...]) -> Declared:
    """Gives what the sites declare; where work is passed on in secret, it is less than what is ordered from them."""
    draws, count = Draws(world.seed, chunk, "declared capacity"), len(companies)
    known = draws.chance(_KNOWN_SHARE, count)
    passes_on = draws.chance(np.array([0.02, 0.08, 0.25])[companies.squeeze], count)
    hides_workers = draws.chance(np.array([0.03, 0.1, 0.3])[companies.squeeze], count)
    ordered = _ordered_in_a_year(companies, sites, placed)
    share = np.where(passes_on, draws.whole(30, 80, count), draws.whole(130, 400, count))
    output = np.where(hides_workers, draws.whole(450, 700, count), draws.whole(75, 125, count))
    unit_cents = np.array([sum(sector.unit_cents) // 2 for sector in SECTORS])[companies.sector]
    hours = ordered * unit_cents // (10 * output)
    return Declared(
        *(_at_sites(sites, known, np.maximum(1, amount)) for amount in (ordered * share // 100, np.maximum(1, hours)))
    )


def _ordered_in_a_year(companies: Companies, sites: Sites, placed: tuple[OrderLines, ...]) -> Ints:
    """Gives the units ordered from each company in the year up to its last order."""
    company = np.concatenate([sites.company[lines.site] for lines in placed])
    day = np.concatenate([lines.ordered_on for lines in placed])
    quantity = np.concatenate([lines.quantity for lines in placed])
    last = np.full(len(companies), np.datetime64("1900-01-01", "D"))
    np.maximum.at(last, company, day)
    counted = day > last[company] - _YEAR
    return np.bincount(company[counted], quantity[counted], len(companies)).astype(np.int64)


def _at_sites(sites: Sites, known: Bools, amount: Ints) -> Ints:
    """Gives each site an equal part of its company's amount, rounded up."""
    count = np.bincount(sites.company, minlength=len(amount))
    return np.where(known[sites.company], -(-amount[sites.company] // count[sites.company]), UNTOLD)
