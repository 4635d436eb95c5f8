"""Tenders for work that is priced by the hour, with all their bids: a few are won far below everybody else."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from demo_world.companies import Companies
from demo_world.countries import COUNTRIES
from demo_world.draws import Draws, days_after
from demo_world.releases import Release
from demo_world.sectors import SECTORS
from demo_world.world import PublicBuyer, World

TRADES = ("garments", "cleaning", "produce")
_SHARE = 0.85
_RIVALS = 4
_OLDEST, _NEWEST = 1000, 70  # days ago: all before the weeks of which the register publishes a package


def publish(world: World, chunk: int, companies: Companies) -> Iterator[Release]:
    """Gives a release a tender, with its award and every bid."""
    draws = Draws(world.seed, chunk, "tenders")
    trades = [place for place, sector in enumerate(SECTORS) if sector.key in TRADES]
    winner = np.repeat(np.flatnonzero(np.isin(companies.sector, trades) & draws.chance(_SHARE, len(companies))), 2)
    count = len(winner)
    day = days_after(np.full(count, world.today), -draws.whole(_NEWEST, _OLDEST, count))
    buyer = draws.whole(0, len(world.public_buyers) - 1, count).tolist()
    cents = draws.steps([600_000, 4_000_000, 20_000_000], count).tolist()
    usual = draws.whole(1, 12, count)
    undercut = draws.chance(np.array([0.01, 0.03, 0.15])[companies.squeeze[winner]], count)
    gap = np.where(undercut, draws.whole(45, 90, count), usual).tolist()
    further = draws.whole(1, 9, count * _RIVALS).reshape(count, _RIVALS).cumsum(axis=1).tolist()
    rivals = _rivals(draws, companies, winner)
    for row in range(count):
        buying = world.public_buyers[buyer[row]]
        bidders = list(dict.fromkeys([int(winner[row]), *rivals[row]]))
        percents = [0, gap[row], *(gap[row] + step for step in further[row])]
        money = [_money(buying, cents[row] * (100 + percent) // 100) for percent in percents]
        yield _release(chunk, row + 1, day[row], buying, companies, bidders, money)


def _rivals(draws: Draws, companies: Companies, winner: Any) -> list[list[int]]:
    order = np.argsort(companies.sector, kind="stable")
    first = np.searchsorted(companies.sector[order], np.arange(len(SECTORS)))
    size = np.bincount(companies.sector, minlength=len(SECTORS))
    trade = companies.sector[winner]
    lots = draws.uniform((len(winner), _RIVALS))
    chosen: list[list[int]] = order[first[trade][:, None] + (lots * size[trade][:, None]).astype(np.int64)].tolist()
    return chosen


def _release(
    chunk: int,
    number: int,
    day: np.datetime64,
    buyer: PublicBuyer,
    companies: Companies,
    bidders: list[int],
    money: list[dict[str, Any]],
) -> Release:
    ocid = f"ocds-d3m0wt-{chunk:04d}-{number:06d}"
    parties = [_party(companies, row, ocid) for row in bidders]
    named = [{"id": party["id"], "name": party["name"]} for party in parties]
    sector = SECTORS[int(companies.sector[bidders[0]])]
    items = [{"id": "1", "classification": {"scheme": "CPV", "id": sector.cpv, "description": sector.label}}]
    authority = {"id": f"{buyer.country.code}-GOV-{buyer.identifier}", "name": buyer.name}
    parties[0]["roles"] = ["tenderer", "supplier"]
    content = {
        "ocid": ocid,
        "id": f"{ocid}-award-1",
        "date": f"{day}T10:00:00Z",
        "tag": ["tender", "award"],
        "language": "en",
        "initiationType": "tender",
        "parties": [{**authority, "roles": ["buyer"]}, *parties],
        "buyer": authority,
        "tender": {"id": f"TT-{number:06d}", "title": sector.item, "status": "complete", "items": items},
        "bids": {
            "details": [
                {"id": f"B-{place + 1}", "status": "valid", "tenderers": [bidder], "value": value}
                for place, (bidder, value) in enumerate(zip(named, money, strict=False))
            ]
        },
        "awards": [
            {
                "id": f"AT-{chunk:04d}-{number:06d}",
                "status": "active",
                "date": f"{day}T10:00:00Z",
                "value": money[0],
                "suppliers": named[:1],
                "items": items,
            }
        ],
    }
    return Release(day, content, {party["id"]: row for party, row in zip(parties, bidders, strict=True)})


def _party(companies: Companies, row: int, ocid: str) -> dict[str, Any]:
    country = COUNTRIES[int(companies.country[row])]
    street, _, locality = companies.address[row].rpartition(", ")
    party: dict[str, Any] = {
        "id": f"{ocid}-{row}",
        "name": companies.name[row],
        "roles": ["tenderer"],
        "address": {"streetAddress": street, "locality": locality, "countryName": country.name},
    }
    for scheme, number in (
        (f"{country.code}-REG", companies.company_number[row]),
        (f"{country.code}-TIN", companies.tax_number[row]),
        ("XI-LEI", companies.lei[row]),
    ):
        if number:
            return {**party, "id": f"{scheme}-{number}", "identifier": {"scheme": scheme, "id": number}}
    return party


def _money(buyer: PublicBuyer, cents: int) -> dict[str, Any]:
    return {"amount": cents / 100, "currency": buyer.country.currency}
