"""Who owns whom, as BODS 0.4 statements: groups, a few known persons, a few owners nobody names, one circle."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from demo_world.companies import NO_ONE, Companies
from demo_world.countries import COUNTRIES, Country
from demo_world.draws import Draws
from demo_world.speech import SPEECHES
from demo_world.world import World

_PERSON_SHARE = 0.02
_ANONYMOUS_SHARE = 0.008
_SHARES = (25, 51, 60, 75, 100)


def record_id(number: int) -> str:
    """Gives the record id of a company in the ownership files."""
    return f"rec-{number:07d}"


def declare(world: World, chunk: int, companies: Companies) -> Iterator[dict[str, Any]]:
    """Gives the statements about the chunk's companies, each company before what is said of it."""
    draws = Draws(world.seed, chunk, "ownership")
    count = len(companies)
    person = draws.chance(_PERSON_SHARE, count).tolist()
    anonymous = draws.chance(_ANONYMOUS_SHARE, count).tolist()
    share = [_SHARES[place] for place in draws.whole(0, len(_SHARES) - 1, count).tolist()]
    year = draws.whole(1995, world.as_of.year - 1, count).tolist()
    people = draws.uniform((count, 3)).tolist()
    told: set[int] = set()
    for row, parent in enumerate(companies.parent.tolist()):
        links: list[tuple[str, str | dict[str, str]]] = []
        if parent != NO_ONE:
            yield from _entities(world, companies, [row, parent], told)
            links.append(("owner", record_id(int(companies.number[parent]))))
        if person[row]:
            yield from _entities(world, companies, [row], told)
            statement = _person(world, companies, row, people[row])
            links.append(("person", statement["recordId"]))
            yield statement
        if anonymous[row]:
            yield from _entities(world, companies, [row], told)
            links.append(("nobody", {"reason": "subjectUnableToConfirmOrIdentifyBeneficialOwner"}))
        for kind, party in links:
            yield _relationship(world, companies, row, kind, party, share[row], year[row])
    if chunk == 1:
        yield from _circle(world, companies, told)


def _circle(world: World, companies: Companies, told: set[int]) -> Iterator[dict[str, Any]]:
    """The first company that has a parent owns a part of that parent."""
    rows = np.flatnonzero(companies.parent != NO_ONE)
    if len(rows):
        child, parent = int(rows[0]), int(companies.parent[rows[0]])
        yield from _entities(world, companies, [child, parent], told)
        yield _relationship(world, companies, parent, "circle", record_id(int(companies.number[child])), 26, 2015)


def _entities(world: World, companies: Companies, rows: list[int], told: set[int]) -> Iterator[dict[str, Any]]:
    for row in rows:
        if row not in told:
            told.add(row)
            yield _entity(world, companies, row)


def _statement(world: World, subject: str, kind: str, record: str, details: dict[str, Any]) -> dict[str, Any]:
    return {
        "statementId": f"st-{record}",
        "declarationSubject": subject,
        "statementDate": str(world.as_of),
        "publicationDetails": {
            "publicationDate": str(world.as_of),
            "bodsVersion": "0.4",
            "publisher": {"name": "Demo register (fictional)"},
        },
        "recordId": record,
        "recordStatus": "new",
        "recordType": kind,
        "recordDetails": {"isComponent": False, **details},
    }


def _entity(world: World, companies: Companies, row: int) -> dict[str, Any]:
    country = COUNTRIES[int(companies.country[row])]
    record = record_id(int(companies.number[row]))
    known = (
        ("XI-LEI", companies.lei[row]),
        (f"{country.code}-REG", companies.company_number[row]),
        (f"{country.code}-TIN", companies.tax_number[row]),
    )
    details = {
        "entityType": {"type": "registeredEntity"},
        "name": companies.name[row],
        "jurisdiction": {"code": country.code, "name": country.name},
        "identifiers": [{"scheme": scheme, "id": number} for scheme, number in known if number],
        "addresses": [{"type": "registered", "address": companies.address[row], "country": _place(country)}],
    }
    return _statement(world, record, "entity", record, details)


def _person(world: World, companies: Companies, row: int, lots: list[float]) -> dict[str, Any]:
    country = COUNTRIES[int(companies.country[row])]
    speech = SPEECHES[country.speech]
    given = speech.heads[int(lots[0] * len(speech.heads))][0]
    family = speech.heads[int(lots[1] * len(speech.heads))][0] + speech.tails[int(lots[2] * len(speech.tails))][0]
    subject = record_id(int(companies.number[row]))
    details = {
        "personType": "knownPerson",
        "names": [{"type": "legal", "fullName": f"{given} {family}", "givenName": given, "familyName": family}],
        "nationalities": [_place(country)],
    }
    return _statement(world, subject, "person", f"{subject}-person", details)


def _relationship(
    world: World, companies: Companies, row: int, kind: str, party: str | dict[str, str], share: int, year: int
) -> dict[str, Any]:
    subject = record_id(int(companies.number[row]))
    interest = {
        "type": "shareholding",
        "directOrIndirect": "direct",
        "beneficialOwnershipOrControl": kind == "person",
        "share": {"exact": share},
        "startDate": f"{year}-01-01",
    }
    details = {"subject": subject, "interestedParty": party, "interests": [] if kind == "nobody" else [interest]}
    return _statement(world, subject, "relationship", f"{subject}-link-{kind}", details)


def _place(country: Country) -> dict[str, str]:
    return {"code": country.code, "name": country.name}
