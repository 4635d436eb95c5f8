"""What all suppliers of one demo world share: countries and their states, towns, labour agents, auditors, buyers."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from demo_world import names
from demo_world.countries import COUNTRIES, Country
from demo_world.draws import Bools, Draws, Floats, Ints
from demo_world.sectors import SECTORS
from demo_world.speech import SPEECHES

CITIES_PER_COUNTRY = 12
_REGIONS_PER_COUNTRY = 3
_SUPPLIERS_PER_AGENT = 60
_AUDITOR_COUNT = 40
_PUBLIC_BUYER_COUNT = 60
_SCHEME_COUNT = 3
_WORLD_PART = 0

Texts = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Towns:
    """Towns, CITIES_PER_COUNTRY for each country in turn."""

    name: list[str]
    native: list[str]
    region: list[str]


@dataclass(frozen=True)
class Agents:
    """Labour agents: their names, and whether they live off the fees they take from workers (hidden)."""

    name: list[str]
    abusive: Bools
    first: Ints
    count: Ints


@dataclass(frozen=True)
class Auditors:
    """Audit firms: how much they see (0–1, hidden), whether a clean report can be bought (hidden), their scheme."""

    name: list[str]
    acuity: Floats
    purchasable: Bools
    scheme: list[str]


@dataclass(frozen=True)
class PublicBuyer:
    """A public body that publishes its contracts."""

    name: str
    identifier: str
    country: Country
    city: str


@dataclass(frozen=True)
class World:
    """One demo world: its size, day and seed, and what its suppliers share."""

    suppliers: int
    seed: int
    as_of: date
    weak_state: Floats
    migrant_pull: Floats
    towns: Towns
    agents: Agents
    auditors: Auditors
    public_buyers: list[PublicBuyer]
    scheme_towns: Bools
    scheme_sectors: Bools

    @property
    def today(self) -> np.datetime64:
        """The day that the world has reached, as a numpy day."""
        return np.datetime64(self.as_of, "D")


def create(suppliers: int, seed: int, as_of: date) -> World:
    """Gives the shared part of a world; it depends on all three arguments and on nothing else."""
    towns = _towns(Draws(seed, _WORLD_PART, "towns"))
    state = Draws(seed, _WORLD_PART, "states")
    weak_state = _ranks(state)
    scheme_towns, scheme_sectors = _schemes(Draws(seed, _WORLD_PART, "schemes"))
    return World(
        suppliers=suppliers,
        seed=seed,
        as_of=as_of,
        weak_state=weak_state,
        migrant_pull=_migrant_pull(state),
        towns=towns,
        agents=_agents(Draws(seed, _WORLD_PART, "agents"), suppliers, weak_state),
        auditors=_auditors(Draws(seed, _WORLD_PART, "auditors")),
        public_buyers=_public_buyers(Draws(seed, _WORLD_PART, "buyers"), towns),
        scheme_towns=scheme_towns,
        scheme_sectors=scheme_sectors,
    )


def _ranks(draws: Draws) -> Floats:
    """Deals weakness out by lot, so that no demo says anything about a real country."""
    return np.asarray((draws.order(len(COUNTRIES)) + 0.5) / len(COUNTRIES))


def _migrant_pull(draws: Draws) -> Floats:
    usual = {"destination": 0.75, "services": 0.5, "plantation": 0.35, "workshop": 0.25}
    base = np.array([usual[country.economy] for country in COUNTRIES])
    return np.asarray(base + 0.2 * (draws.uniform(len(COUNTRIES)) - 0.5))


def _towns(draws: Draws) -> Towns:
    towns = Towns([], [], [])
    for country in COUNTRIES:
        found = names.place_names(draws, SPEECHES[country.speech], CITIES_PER_COUNTRY + _REGIONS_PER_COUNTRY)
        regions = [latin for latin, _ in found[CITIES_PER_COUNTRY:]]
        for number, (latin, native) in enumerate(found[:CITIES_PER_COUNTRY]):
            towns.name.append(latin)
            towns.native.append(native)
            towns.region.append(regions[number % _REGIONS_PER_COUNTRY])
    return towns


def _agents(draws: Draws, suppliers: int, weak_state: Floats) -> Agents:
    share = np.array([country.weight for country in COUNTRIES])
    count = np.maximum(4, (suppliers * share / share.sum() / _SUPPLIERS_PER_AGENT).astype(np.int64))
    found: list[str] = []
    for country, agents in zip(COUNTRIES, count.tolist(), strict=True):
        speech = SPEECHES[country.speech]
        kinds = ["Manpower", "Recruitment", "Labour Services", "Staffing"]
        kind = draws.whole(0, len(kinds) - 1, agents).tolist()
        brands = names.words(draws, speech, agents)
        found += [f"{brand} {kinds[number]}" for (brand, _), number in zip(brands, kind, strict=True)]
    first = np.concatenate([[0], np.cumsum(count)[:-1]]).astype(np.int64)
    return Agents(found, draws.chance(np.repeat(0.07 + 0.5 * weak_state, count), len(found)), first, count)


def _auditors(draws: Draws) -> Auditors:
    brands = names.words(draws, SPEECHES["english"], _AUDITOR_COUNT)
    kinds = ["Assurance", "Verification", "Social Audit", "Compliance"]
    kind = draws.whole(0, len(kinds) - 1, _AUDITOR_COUNT).tolist()
    return Auditors(
        name=[f"{brand} {kinds[number]}" for (brand, _), number in zip(brands, kind, strict=True)],
        acuity=draws.whole(15, 95, _AUDITOR_COUNT) / 100,
        purchasable=draws.chance(0.25, _AUDITOR_COUNT),
        scheme=["SOCIAL-B" if second else "ETHICAL-A" for second in draws.chance(0.35, _AUDITOR_COUNT).tolist()],
    )


def _public_buyers(draws: Draws, towns: Towns) -> list[PublicBuyer]:
    kinds = ["City Council", "Regional Health Board", "Ministry of Supply", "University", "Transport Authority"]
    # Public buyers publish mostly where the portfolio's own public customers are.
    weight = [country.weight * (6 if country.economy == "services" else 1) for country in COUNTRIES]
    country_of = draws.pick(weight, _PUBLIC_BUYER_COUNT).tolist()
    city_of = draws.whole(0, CITIES_PER_COUNTRY - 1, _PUBLIC_BUYER_COUNT).tolist()
    kind_of = draws.whole(0, len(kinds) - 1, _PUBLIC_BUYER_COUNT).tolist()
    return [
        PublicBuyer(
            name=f"{towns.name[country * CITIES_PER_COUNTRY + city]} {kinds[kind]}",
            identifier=f"PB-{number + 1:04d}",
            country=COUNTRIES[country],
            city=towns.name[country * CITIES_PER_COUNTRY + city],
        )
        for number, (country, city, kind) in enumerate(zip(country_of, city_of, kind_of, strict=True))
    ]


def _schemes(draws: Draws) -> tuple[Bools, Bools]:
    """Places labour-transfer schemes in regions drawn by lot, for trades drawn by lot."""
    weight = np.array([country.weight if country.economy != "services" else 0 for country in COUNTRIES])
    country = draws.pick(weight, _SCHEME_COUNT)
    region = draws.whole(0, _REGIONS_PER_COUNTRY - 1, _SCHEME_COUNT)
    towns = np.zeros(len(COUNTRIES) * CITIES_PER_COUNTRY, dtype=np.bool_)
    for number, place in zip(country.tolist(), region.tolist(), strict=True):
        start = number * CITIES_PER_COUNTRY
        towns[start + place : start + CITIES_PER_COUNTRY : _REGIONS_PER_COUNTRY] = True
    made = np.array([sector.goods_sector is not None for sector in SECTORS])
    return towns, np.asarray(made & draws.chance(0.6, len(SECTORS)))
