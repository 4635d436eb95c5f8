"""Who works for the suppliers: declared subcontractors, and those that only an inspector found."""

import numpy as np
import polars as pl

from demo_world import names
from demo_world.companies import Companies
from demo_world.countries import COUNTRIES
from demo_world.draws import Draws
from demo_world.sectors import SECTORS
from demo_world.speech import SPEECHES
from demo_world.world import CITIES_PER_COUNTRY, World

_COLUMNS = (
    *("customer_id", "supplier_id", "supplier_name", "country", "city", "kind", "declared", "description"),
    *("started_on", "ended_on", "told_on"),
)
_SHARE, _DEEPER_SHARE = 0.3, 0.03


def links(world: World, chunk: int, companies: Companies) -> pl.DataFrame:
    """Gives a row a subcontractor: other vendors of the trade, and, further down, works that no order names."""
    draws = Draws(world.seed, chunk, "subcontracting")
    rows = [*_between_vendors(draws, world, companies), *_further_down(draws, world, chunk, companies)]
    return pl.DataFrame(rows, schema=dict.fromkeys(_COLUMNS, pl.String), orient="row")


def _between_vendors(draws: Draws, world: World, companies: Companies) -> list[tuple[str | None, ...]]:
    vendor_ids, count = companies.vendor_ids(), len(companies)
    customers = np.flatnonzero(draws.chance(_SHARE, count))
    hidden = draws.chance(np.array([0.04, 0.12, 0.4])[companies.squeeze[customers]], len(customers)).tolist()
    lots = draws.uniform(len(customers)).tolist()
    ago = draws.whole(20, 900, len(customers)).tolist()
    order = np.argsort(companies.sector, kind="stable")
    first = np.searchsorted(companies.sector[order], np.arange(len(SECTORS) + 1))
    found = []
    for place, customer in enumerate(customers.tolist()):
        trade = int(companies.sector[customer])
        worker = int(order[first[trade] + int(lots[place] * (first[trade + 1] - first[trade]))])
        if worker != customer:
            told = str(world.today - np.timedelta64(ago[place], "D"))
            at = int(companies.town[worker])
            found.append(_row(
                world, vendor_ids[customer], vendor_ids[worker], companies.name[worker], at, hidden[place], trade, told
            ))  # fmt: skip
    return found


def _further_down(draws: Draws, world: World, chunk: int, companies: Companies) -> list[tuple[str | None, ...]]:
    """Chains of two: works that the vendor declares, and others behind them that nobody declared."""
    vendor_ids = companies.vendor_ids()
    customers = np.flatnonzero(draws.chance(_DEEPER_SHARE, len(companies))).tolist()
    told = str(world.today - np.timedelta64(90, "D"))
    found = []
    for place, customer in enumerate(customers):
        at, trade = int(companies.town[customer]), int(companies.sector[customer])
        speech = SPEECHES[COUNTRIES[at // CITIES_PER_COUNTRY].speech]
        near, far = (
            f"{latin} {kind}"
            for (latin, _), kind in zip(names.words(draws, speech, 2), ("Works", "Workshop"), strict=True)
        )
        ids = [f"U{chunk:04d}{place:05d}{letter}" for letter in "AB"]
        found.append(_row(world, vendor_ids[customer], ids[0], near, at, False, trade, told))
        found.append(_row(world, ids[0], ids[1], far, at, True, trade, told))
    return found


def _row(
    world: World, customer: str, worker: str, name: str, town: int, hidden: bool, trade: int, told: str
) -> tuple[str | None, ...]:
    country = COUNTRIES[town // CITIES_PER_COUNTRY]
    declared = "no" if hidden else "yes"
    started = str(world.today - np.timedelta64(1000, "D"))
    item = SECTORS[trade].item
    return (
        customer,
        worker,
        name,
        country.name,
        world.towns.name[town],
        "subcontract",
        declared,
        item,
        started,
        None,
        told,
    )
