"""Public contracts of the chunk's suppliers, as OCDS releases: awards, their amendments, losing bidders."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from demo_world.companies import Companies
from demo_world.countries import COUNTRIES
from demo_world.draws import Draws, Ints, days_after
from demo_world.sectors import SECTORS
from demo_world.world import PublicBuyer, World

_CONTRACTOR_SHARE = 0.3
_HISTORY_DAYS = 1100
_VALUES = [400_000, 2_500_000, 9_000_000, 30_000_000, 250_000_000]
_STATUSES = ("active", "cancelled", "unsuccessful", "pending")
_STATUS_WEIGHTS = [0.91, 0.05, 0.02, 0.02]
_METHODS = ("open", "selective", "limited", "direct")
_METHOD_WEIGHTS = [0.62, 0.2, 0.12, 0.06]
_MOST_BIDDERS = 6
_JOINT_SHARE = 0.07
_AMENDED_SHARE = 0.09
_BIDS_SHARE = 0.5


@dataclass(frozen=True)
class Release:
    """One release, the day it carries, and which of the chunk's companies stand behind its party ids."""

    day: np.datetime64
    content: dict[str, Any]
    companies: dict[str, int]


@dataclass(frozen=True)
class _Process:
    chunk: int
    number: int
    day: np.datetime64
    buyer: PublicBuyer
    bidders: list[int]
    winners: int
    cents: int
    status: str
    method: str
    shows_bids: bool
    change_percent: int
    amended_on: np.datetime64 | None
    months: int


def publish(world: World, chunk: int, companies: Companies) -> Iterator[Release]:
    """Gives the releases of the chunk, process by process, an amendment right after the award it amends."""
    draws = Draws(world.seed, chunk, "releases")
    forms = draws.pick([0.84, 0.08, 0.08], len(companies)).tolist()
    spaced = draws.chance(0.12, len(companies)).tolist()
    for process in _processes(draws, world, chunk, companies):
        parties = {row: _party(companies, row, process, forms[row], spaced[row]) for row in process.bidders}
        yield _award(companies, process, parties)
        if process.amended_on is not None:
            yield _amendment(companies, process, parties)


def _processes(draws: Draws, world: World, chunk: int, companies: Companies) -> Iterator[_Process]:
    contractors = np.flatnonzero(draws.chance(_CONTRACTOR_SHARE, len(companies)))
    winner = np.repeat(contractors, draws.pick([0.6, 0.3, 0.1], len(contractors)) + 1)
    count = len(winner)
    day = days_after(np.full(count, world.today), -draws.whole(1, _HISTORY_DAYS, count))
    buyer = draws.whole(0, len(world.public_buyers) - 1, count).tolist()
    rivals = _rivals(draws, companies, winner)
    joint = draws.chance(_JOINT_SHARE, count).tolist()
    cents = draws.steps(_VALUES, count).tolist()
    status = draws.pick(_STATUS_WEIGHTS, count).tolist()
    method = draws.pick(_METHOD_WEIGHTS, count).tolist()
    shows_bids = draws.chance(_BIDS_SHARE, count).tolist()
    change = draws.whole(-20, 60, count).tolist()
    amended_on = days_after(day, draws.whole(20, 300, count))
    amended = (draws.chance(_AMENDED_SHARE, count) & (amended_on <= world.today)).tolist()
    months = draws.whole(3, 48, count).tolist()
    for row in range(count):
        bidders = list(dict.fromkeys([int(winner[row]), *rivals[row]]))
        yield _Process(
            chunk=chunk,
            number=row + 1,
            day=day[row],
            buyer=world.public_buyers[buyer[row]],
            bidders=bidders,
            winners=2 if joint[row] and len(bidders) > 1 else 1,
            cents=cents[row],
            status=_STATUSES[status[row]],
            method=_METHODS[method[row]],
            shows_bids=shows_bids[row],
            change_percent=change[row],
            amended_on=amended_on[row] if amended[row] and status[row] == 0 else None,
            months=months[row],
        )


def _rivals(draws: Draws, companies: Companies, winner: Ints) -> list[list[int]]:
    """Gives other companies of the same trade that bid too."""
    order = np.argsort(companies.sector, kind="stable")
    first = np.searchsorted(companies.sector[order], np.arange(len(SECTORS)))
    size = np.bincount(companies.sector, minlength=len(SECTORS))
    sector = companies.sector[winner]
    wanted = draws.whole(0, _MOST_BIDDERS - 1, len(winner)).tolist()
    lots = draws.uniform((len(winner), _MOST_BIDDERS))
    chosen: npt.NDArray[np.int64] = order[first[sector][:, None] + (lots * size[sector][:, None]).astype(np.int64)]
    return [row[:number] for row, number in zip(chosen.tolist(), wanted, strict=True)]


def _party(companies: Companies, row: int, process: _Process, form: int, spaced: bool) -> dict[str, Any]:
    country = COUNTRIES[int(companies.country[row])]
    name = (companies.name[row], companies.misspelt[row], companies.name[row].upper())[form]
    party: dict[str, Any] = {"name": name, "roles": ["tenderer"]}
    for scheme, number in (
        (f"{country.code}-REG", companies.company_number[row]),
        (f"{country.code}-TIN", companies.tax_number[row]),
        ("XI-LEI", companies.lei[row]),
    ):
        if number:
            party["id"] = f"{scheme}-{number}"
            party["identifier"] = {"scheme": scheme, "id": _spaced(number) if spaced else number, "legalName": name}
            break
    else:
        party["id"] = f"{process.buyer.identifier}-{process.number}-{row}"
    street, _, locality = companies.address[row].rpartition(", ")
    party["address"] = {"streetAddress": street, "locality": locality, "countryName": country.name}
    return party


def _spaced(number: str) -> str:
    return ".".join(number[start : start + 3] for start in range(0, len(number), 3))


def _award(companies: Companies, process: _Process, parties: dict[int, dict[str, Any]]) -> Release:
    content = _head(process, process.day, "award-1", ["tender", "award", "contract"], parties)
    content["tender"] = _tender(companies, process)
    if process.shows_bids and len(process.bidders) > 1:
        content["bids"] = {"details": _bids(process, parties)}
    content["awards"] = [_award_of(companies, process, parties, process.cents, process.status)]
    if process.status == "active":
        content["contracts"] = [_contract(process)]
    return _release(process.day, content, parties)


def _amendment(companies: Companies, process: _Process, parties: dict[int, dict[str, Any]]) -> Release:
    """The same award again, with another value; a few are cancelled instead."""
    day = process.amended_on if process.amended_on is not None else process.day
    content = _head(process, day, "award-2", ["awardUpdate"], parties)
    cents = process.cents * (100 + process.change_percent) // 100
    status = "cancelled" if process.change_percent < -12 else process.status
    content["awards"] = [_award_of(companies, process, parties, cents, status)]
    return _release(day, content, parties)


def _head(
    process: _Process, day: np.datetime64, step: str, tags: list[str], parties: dict[int, dict[str, Any]]
) -> dict[str, Any]:
    ocid = f"ocds-d3m0wd-{process.chunk:04d}-{process.number:06d}"
    buyer = process.buyer
    shown = process.bidders if process.shows_bids else process.bidders[: process.winners]
    winners = set(process.bidders[: process.winners])
    return {
        "ocid": ocid,
        "id": f"{ocid}-{step}",
        "date": f"{day}T10:00:00Z",
        "tag": tags,
        "language": "en",
        "initiationType": "tender",
        "parties": [
            {
                "id": f"{buyer.country.code}-GOV-{buyer.identifier}",
                "name": buyer.name,
                "identifier": {"scheme": f"{buyer.country.code}-GOV", "id": buyer.identifier},
                "address": {"locality": buyer.city, "countryName": buyer.country.name},
                "roles": ["buyer", "procuringEntity"],
            },
            *({**parties[row], "roles": ["tenderer", "supplier"] if row in winners else ["tenderer"]} for row in shown),
        ],
        "buyer": {"id": f"{buyer.country.code}-GOV-{buyer.identifier}", "name": buyer.name},
    }


def _tender(companies: Companies, process: _Process) -> dict[str, Any]:
    sector = SECTORS[int(companies.sector[process.bidders[0]])]
    opened = process.day - np.timedelta64(45, "D")
    return {
        "id": f"T-{process.number:06d}",
        "title": f"{sector.item} for {process.buyer.name}",
        "status": "complete",
        "procurementMethod": process.method,
        "mainProcurementCategory": "services" if sector.good is None else "goods",
        "tenderPeriod": {
            "startDate": f"{opened}T00:00:00Z",
            "endDate": f"{opened + np.timedelta64(30, 'D')}T12:00:00Z",
        },
        "numberOfTenderers": len(process.bidders),
        "items": [_item(companies, process)],
    }


def _item(companies: Companies, process: _Process) -> dict[str, Any]:
    sector = SECTORS[int(companies.sector[process.bidders[0]])]
    return {
        "id": "1",
        "description": sector.item,
        "classification": {"scheme": "CPV", "id": sector.cpv, "description": sector.label},
        "quantity": max(1, process.cents // sector.unit_cents[1]),
    }


def _bids(process: _Process, parties: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "id": f"B-{place + 1}",
            "status": "valid",
            "tenderers": [{"id": parties[row]["id"], "name": parties[row]["name"]}],
            "value": _money(process, process.cents * (100 + 7 * place) // 100),
        }
        for place, row in enumerate(process.bidders)
    ]


def _award_of(
    companies: Companies, process: _Process, parties: dict[int, dict[str, Any]], cents: int, status: str
) -> dict[str, Any]:
    return {
        "id": _award_id(process),
        "title": f"Award of {process.buyer.name}",
        "status": status,
        "date": f"{process.day}T10:00:00Z",
        "value": _money(process, cents),
        "suppliers": [
            {"id": parties[row]["id"], "name": parties[row]["name"]} for row in process.bidders[: process.winners]
        ],
        "items": [_item(companies, process)],
    }


def _contract(process: _Process) -> dict[str, Any]:
    end = (process.day.astype("datetime64[M]") + np.timedelta64(process.months, "M")).astype("datetime64[D]")
    return {
        "id": f"C-{process.chunk:04d}-{process.number:06d}",
        "awardID": _award_id(process),
        "status": "active",
        "period": {"startDate": f"{process.day}T00:00:00Z", "endDate": f"{end}T00:00:00Z"},
        "value": _money(process, process.cents),
    }


def _award_id(process: _Process) -> str:
    return f"A-{process.chunk:04d}-{process.number:06d}"


def _money(process: _Process, cents: int) -> dict[str, Any]:
    return {"amount": cents / 100, "currency": process.buyer.country.currency}


def _release(day: np.datetime64, content: dict[str, Any], parties: dict[int, dict[str, Any]]) -> Release:
    shown = {party["id"] for party in content["parties"]}
    return Release(day, content, {party["id"]: row for row, party in parties.items() if party["id"] in shown})
