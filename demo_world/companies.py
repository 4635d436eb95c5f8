"""The suppliers of one chunk and their sites: who they are, where, and what is hidden behind the name."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from demo_world import names
from demo_world.countries import COUNTRIES
from demo_world.draws import Bools, Draws, Ints
from demo_world.sectors import trait, weights
from demo_world.speech import SPEECHES
from demo_world.tax_numbers import tax_number
from demo_world.world import CITIES_PER_COUNTRY, Texts, World

NO_ONE = -1
DECENT, CARELESS, CONTROLLING = 0, 1, 2
EASY, HARD, BRUTAL = 0, 1, 2

_WORKERS = [4, 15, 40, 110, 260, 600, 1500, 6000]
_SITE_COUNTS = [0.74, 0.15, 0.07, 0.04]
_GROUP_HEAD_SHARE = 0.05
_SUBSIDIARY_SHARE = 0.08
# An odd power of three: multiplying by it and cutting to n digits numbers every supplier differently.
_COMPANY_STEP, _COMPANY_SIZE = 3**16, 10**8


@dataclass(frozen=True)
class Companies:
    """The companies of one chunk, element by element; positions point into the world's tables or this chunk."""

    number: Ints
    country: Ints
    sector: Ints
    town: Ints
    name: list[str]
    native: list[str]
    also_known_as: list[str]
    misspelt: list[str]
    address: list[str]
    tax_number: list[str]
    company_number: list[str]
    lei: list[str]
    workers: Ints
    parent: Ints
    agent: Ints
    agent_known: Bools
    sites_known: Bools
    duplicated: Bools
    culture: Ints
    squeeze: Ints

    def __len__(self) -> int:
        return len(self.number)

    def vendor_ids(self) -> list[str]:
        """Gives the number of each company in the vendor master."""
        return [f"V{number:07d}" for number in self.number.tolist()]


@dataclass(frozen=True)
class Sites:
    """The sites of one chunk, element by element; `company` is a position in the chunk's companies."""

    company: Ints
    place: Ints
    town: Ints
    address: list[str]
    workers: Ints
    migrant_percent: Ints
    dormitory: Bools
    remote: Bools

    def __len__(self) -> int:
        return len(self.company)


def create(world: World, chunk: int, numbers: Ints) -> tuple[Companies, Sites]:
    """Gives the companies with these numbers, and their sites; the chunk (1, 2, …) picks the draws."""
    companies = _companies(world, chunk, numbers)
    return companies, _sites(world, Draws(world.seed, chunk, "sites"), companies)


def second_record_id(number: int) -> str:
    """Gives the number under which an older ledger knew the company: a second vendor record of the same one."""
    return f"W{number:07d}"


def site_id(vendor_id: str, place: int) -> str:
    """Gives the buyer's number of a site."""
    return f"{vendor_id}-S{place}"


def _companies(world: World, chunk: int, numbers: Ints) -> Companies:
    draws, count = Draws(world.seed, chunk, "companies"), len(numbers)
    country = draws.pick([nation.weight for nation in COUNTRIES], count)
    sector = draws.pick_from_rows(weights([nation.economy for nation in COUNTRIES]), country)
    town = country * CITIES_PER_COUNTRY + draws.pick(1 / np.arange(1, CITIES_PER_COUNTRY + 1), count)
    parent = _parents(draws, count)
    culture = _cultures(draws, world, country, parent)
    labels = _labels(world, Draws(world.seed, chunk, "names"), country, sector, town)
    return Companies(
        number=numbers,
        country=country,
        sector=sector,
        town=town,
        name=labels.name,
        native=labels.native,
        also_known_as=labels.also_known_as,
        misspelt=labels.misspelt,
        address=addresses(world, draws, town),
        tax_number=_kept(draws, 0.82, _tax_numbers(country, numbers)),
        company_number=_kept(draws, 0.55, [f"R{n * _COMPANY_STEP % _COMPANY_SIZE:08d}" for n in numbers.tolist()]),
        lei=_kept(draws, 0.18, [_lei(n) for n in numbers.tolist()]),
        workers=draws.steps(_WORKERS, count),
        parent=parent,
        agent=_agents(draws, world, country, sector),
        agent_known=draws.chance(0.6, count),
        sites_known=~draws.chance(0.06, count),
        duplicated=draws.chance(0.03, count),
        culture=culture,
        squeeze=_squeezes(draws, sector),
    )


@dataclass(frozen=True)
class _Labels:
    name: list[str]
    native: list[str]
    also_known_as: list[str]
    misspelt: list[str]


def _labels(world: World, draws: Draws, country: Ints, sector: Ints, town: Ints) -> _Labels:
    """Names the companies one language at a time, in the order of the languages."""
    count = len(country)
    official, native, brand = (np.full(count, "", dtype=object) for _ in range(3))
    language_of = np.array([list(SPEECHES).index(nation.speech) for nation in COUNTRIES])[country]
    town_names: Texts = np.array(world.towns.name, dtype=object)
    for position, language in enumerate(SPEECHES):
        rows = np.flatnonzero(language_of == position)
        made = names.company_names(draws, language, sector[rows], town_names[town[rows]].tolist())
        official[rows], native[rows], brand[rows] = made.official, made.native, made.brand
    full = [str(name) for name in official]
    return _Labels(full, native.tolist(), _aliases(draws, full, native, brand), names.misspelt(draws, full))


def _aliases(draws: Draws, full: list[str], native: Texts, brand: Texts) -> list[str]:
    script = draws.chance(0.6, len(full)).tolist()
    short = draws.chance(0.15, len(full)).tolist()
    trade = draws.chance(0.05, len(full)).tolist()
    return [
        "; ".join(
            alias
            for alias in (
                native[row] if script[row] else "",
                names.shortened(name) if short[row] else "",
                f"{brand[row]} Group" if trade[row] else "",
            )
            if alias and alias != name
        )
        for row, name in enumerate(full)
    ]


def addresses(world: World, draws: Draws, town: Ints) -> list[str]:
    """Gives an invented street address in each of the towns."""
    count = len(town)
    number = draws.whole(1, 240, count).tolist()
    head = draws.uniform(count).tolist()
    tail = draws.uniform(count).tolist()
    return list(_street_lines(world, town.tolist(), number, head, tail))


def _street_lines(
    world: World, town: list[int], number: list[int], head: list[float], tail: list[float]
) -> Iterator[str]:
    speech_of = [SPEECHES[country.speech] for country in COUNTRIES]
    for row, place in enumerate(town):
        speech = speech_of[place // CITIES_PER_COUNTRY]
        first = speech.heads[int(head[row] * len(speech.heads))][0]
        last = speech.tails[int(tail[row] * len(speech.tails))][0]
        street = speech.street.format(number=number[row], street=first + last.lower())
        yield f"{street}, {world.towns.name[place]}"


def _tax_numbers(country: Ints, numbers: Ints) -> list[str]:
    return [
        tax_number(COUNTRIES[place].code, number)
        for place, number in zip(country.tolist(), numbers.tolist(), strict=True)
    ]


def _kept(draws: Draws, share: float, values: list[str]) -> list[str]:
    keep = draws.chance(share, len(values)).tolist()
    return [value if kept else "" for value, kept in zip(values, keep, strict=True)]


def _lei(number: int) -> str:
    """Gives a well-formed LEI that no register issues (ISO 17442: 18 characters and two check digits, ISO 7064)."""
    stem = f"DEMO00{number:012d}"
    digits = "".join(str(int(letter, 36)) for letter in stem)
    return f"{stem}{98 - int(digits + '00') % 97:02d}"


def _parents(draws: Draws, count: int) -> Ints:
    head = draws.chance(_GROUP_HEAD_SHARE, count)
    child = draws.chance(_SUBSIDIARY_SHARE, count) & ~head
    heads = np.flatnonzero(head)
    if len(heads) == 0:
        return np.full(count, NO_ONE, dtype=np.int64)
    return np.asarray(np.where(child, heads[draws.whole(0, len(heads) - 1, count)], NO_ONE), dtype=np.int64)


def _cultures(draws: Draws, world: World, country: Ints, parent: Ints) -> Ints:
    weak, count = world.weak_state[country], len(country)
    controlling = draws.chance(0.03 + 0.17 * weak, count)
    careless = draws.chance(0.15 + 0.35 * weak, count)
    own = np.where(controlling, CONTROLLING, np.where(careless, CARELESS, DECENT))
    inherits = draws.chance(0.7, count) & (parent != NO_ONE)
    return np.asarray(np.where(inherits, own[parent], own), dtype=np.int64)


def _agents(draws: Draws, world: World, country: Ints, sector: Ints) -> Ints:
    count = len(country)
    uses = draws.chance(0.18 + 0.7 * trait("migrant_pull")[sector] * world.migrant_pull[country], count)
    share = draws.uniform(count)
    chosen = world.agents.first[country] + (share * share * world.agents.count[country]).astype(np.int64)
    return np.asarray(np.where(uses, chosen, NO_ONE), dtype=np.int64)


def _squeezes(draws: Draws, sector: Ints) -> Ints:
    pressure, count = trait("price_pressure")[sector], len(sector)
    hard = draws.chance(pressure * 0.6, count)
    brutal = draws.chance(pressure * 0.22, count)
    return np.asarray(np.where(brutal, BRUTAL, np.where(hard, HARD, EASY)), dtype=np.int64)


def _sites(world: World, draws: Draws, companies: Companies) -> Sites:
    site_count = draws.pick(_SITE_COUNTS, len(companies)) + 1
    company = np.repeat(np.arange(len(companies)), site_count)
    place = np.arange(len(company)) - np.repeat(np.cumsum(site_count) - site_count, site_count) + 1
    count = len(company)
    country, sector = companies.country[company], companies.sector[company]
    moved = draws.chance(0.5, count) & (place > 1)
    town = np.where(
        moved, country * CITIES_PER_COUNTRY + draws.whole(0, CITIES_PER_COUNTRY - 1, count), companies.town[company]
    )
    pull = trait("migrant_pull")[sector] * world.migrant_pull[country]
    migrants = np.where(
        draws.chance(0.25 + 0.7 * pull, count), (draws.whole(0, 100, count) * (0.25 + pull)).astype(np.int64), 0
    )
    migrants = np.minimum(95, np.where(companies.agent[company] >= 0, np.maximum(migrants, 12), migrants))
    remote = draws.chance(trait("remote_share")[sector], count)
    dormitory = draws.chance(0.03 + 0.45 * (migrants >= 15) + 0.3 * remote, count)
    return Sites(
        company=company,
        place=place,
        town=town,
        address=_site_addresses(world, draws, companies, company, place, town),
        workers=np.maximum(3, companies.workers[company] * draws.whole(60, 100, count) // (100 * site_count[company])),
        migrant_percent=migrants,
        dormitory=dormitory,
        remote=remote,
    )


def _site_addresses(
    world: World, draws: Draws, companies: Companies, company: Ints, place: Ints, town: Ints
) -> list[str]:
    """First sites mostly lie at the registered address; a few sites share the compound of the site before them."""
    at_home = (draws.chance(0.7, len(company)) & (place == 1)).tolist()
    same_country = np.concatenate([[False], companies.country[company[1:]] == companies.country[company[:-1]]])
    shared = (draws.chance(0.12, len(company)) & same_country).tolist()
    found = addresses(world, draws, town)
    for row, owner in enumerate(company.tolist()):
        if at_home[row]:
            found[row] = companies.address[owner]
        elif shared[row]:
            found[row] = found[row - 1]
    return found
