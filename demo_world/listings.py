"""Who stands on which official list: some rightly, some only by name, some no longer, some for other reasons."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from demo_world import names
from demo_world.causes import CONDITIONS, Truth
from demo_world.companies import Companies, Sites
from demo_world.countries import COUNTRIES
from demo_world.draws import Bools, Draws, Floats, days_after
from demo_world.sectors import SECTORS
from demo_world.speech import SPEECHES
from demo_world.world import World

STATE_LABOUR, FORCED_LABOUR = "DEMO-STATE-LABOUR", "DEMO-FORCED-LABOUR"
LABOUR_DEBARMENT, FRAUD = "DEMO-LABOUR-DEBARMENT", "DEMO-FRAUD"
PROGRAMMES = {
    STATE_LABOUR: "Demo list of state-imposed labour",
    FORCED_LABOUR: "Demo forced-labour entity list",
    LABOUR_DEBARMENT: "Demo debarments on labour grounds",
    FRAUD: "Demo fraud debarments",
}
CUSTOMS = "us_cbp_wro"
# Lists do not grow with the portfolio: above this size a supplier's chance to be listed falls.
_FULL_RATE_SUPPLIERS = 20_000
_FILLER_ENTRIES = 40
_OLDEST_LISTING_DAYS = 2500


@dataclass(frozen=True)
class Entry:
    """One entry of the screening list (a programme of PROGRAMMES) or of the customs list (CUSTOMS).

    `number` is the company it is about, None where it is about no supplier; `namesake` is the company that shares
    its name and nothing else. `ended` marks an entry that is no longer in force.
    """

    programme: str
    schema: str
    name: str
    aliases: list[str]
    country: str
    country_name: str
    address: str
    identifiers: list[str]
    industry: str
    item: str
    listed_on: np.datetime64
    ended: bool
    number: int | None
    namesake: int | None
    verdict: str


@dataclass(frozen=True)
class _Maker:
    draws: Draws
    world: World
    companies: Companies

    def entries(
        self, programme: str, who: Bools, rate: float | Floats, make: Callable[[Entry, int], Entry]
    ) -> list[Entry]:
        """Gives entries about a share of the companies for which `who` holds, finished by `make`."""
        few = min(1.0, _FULL_RATE_SUPPLIERS / self.world.suppliers)
        rows = np.flatnonzero(who & self.draws.chance(np.asarray(rate * few), len(self.companies)))
        listed = days_after(
            np.full(len(rows), self.world.today), -self.draws.whole(40, _OLDEST_LISTING_DAYS, len(rows))
        )
        ended = self.draws.chance(0.12, len(rows)).tolist()
        lots = self.draws.whole(0, 99, len(rows)).tolist()
        return [
            make(self._about(programme, row, listed[place], ended[place]), lots[place])
            for place, row in enumerate(rows.tolist())
        ]

    def _about(self, programme: str, row: int, listed_on: np.datetime64, ended: bool) -> Entry:
        companies, country = self.companies, COUNTRIES[int(self.companies.country[row])]
        sector = SECTORS[int(companies.sector[row])]
        known = (companies.lei[row], companies.company_number[row], companies.tax_number[row])
        return Entry(
            programme=programme,
            schema="Company",
            name=companies.name[row],
            aliases=[alias for alias in companies.also_known_as[row].split("; ") if alias],
            country=country.code,
            country_name=country.name,
            address=companies.address[row],
            identifiers=[number for number in known if number],
            industry=sector.industry,
            item=sector.item,
            listed_on=listed_on,
            ended=ended,
            number=int(companies.number[row]),
            namesake=None,
            verdict="",
        )


def compile_entries(world: World, chunk: int, companies: Companies, sites: Sites, truth: Truth) -> list[Entry]:
    """Gives the entries that have to do with the chunk's companies, and in the first chunk those that have not."""
    make = _Maker(Draws(world.seed, chunk, "listings"), world, companies)
    forced = _any_site(companies, sites, truth.was_forced_labour)
    state = _any_site(companies, sites, truth.present[:, CONDITIONS.index("state_imposed")])
    abusive = _any_site(companies, sites, truth.severity >= 2)
    named = np.array([bool(lei or company or tax) for lei, company, tax in _identifiers(companies)])
    free = ~_any_site(companies, sites, truth.severity > 0)
    found = [
        *make.entries(STATE_LABOUR, state & named, 0.3, _as_it_is),
        *make.entries(FORCED_LABOUR, forced & named, 0.05, _as_it_is),
        *make.entries(FORCED_LABOUR, free, 0.004, _namesake),
        *make.entries(LABOUR_DEBARMENT, abusive & named, 0.03, _as_it_is),
        *make.entries(FRAUD, np.ones(len(companies), dtype=np.bool_), 0.006, _as_it_is),
        *make.entries(CUSTOMS, forced, 0.09, _customs_entry),
        *make.entries(CUSTOMS, free, 0.005, _customs_namesake),
    ]
    return [*found, *_fillers(world)] if chunk == 1 else found


def _identifiers(companies: Companies) -> list[tuple[str, str, str]]:
    return list(zip(companies.lei, companies.company_number, companies.tax_number, strict=True))


def _any_site(companies: Companies, sites: Sites, holds: Bools) -> Bools:
    return np.asarray(np.bincount(sites.company[holds], minlength=len(companies)) > 0)


def _as_it_is(entry: Entry, _lot: int) -> Entry:
    return entry


def _namesake(entry: Entry, lot: int) -> Entry:
    """Another company of the same name: elsewhere, or with a number of its own, or with nothing to tell them apart."""
    stranger = replace(entry, aliases=[], address="", number=None, namesake=entry.number)
    if lot < 35:
        other = COUNTRIES[(lot * 7) % len(COUNTRIES)]
        return replace(stranger, country=other.code, country_name=other.name, identifiers=[])
    return replace(stranger, identifiers=[f"X{lot:02d}{entry.number:06d}"] if lot < 75 else [])


def _customs_entry(entry: Entry, lot: int) -> Entry:
    """An order names a company as the officer heard it; reviewers have confirmed about half."""
    name = names.shortened(entry.name) if lot % 5 == 0 else entry.name
    verdict = "confirmed" if lot < 55 else "unsure" if lot < 70 else ""
    latin = [alias for alias in entry.aliases if _fits_latin1(alias)]
    return replace(
        entry, name=_latin1(name), aliases=[_latin1(alias) for alias in latin], identifiers=[], verdict=verdict
    )


def _customs_namesake(entry: Entry, lot: int) -> Entry:
    verdict = "rejected" if lot < 60 else ""
    return replace(
        entry, name=_latin1(entry.name), aliases=[], identifiers=[], number=None, namesake=entry.number, verdict=verdict
    )


def _fits_latin1(text: str) -> bool:
    return all(ord(letter) < 256 for letter in text)


def _latin1(text: str) -> str:
    """Writes the name as an office does whose file cannot hold other letters: they become a question mark."""
    return text.encode("latin-1", errors="replace").decode("latin-1")


def _fillers(world: World) -> list[Entry]:
    """Entries about nobody in the portfolio: strangers, a few persons, a vessel, all goods of a kind."""
    draws = Draws(world.seed, 0, "fillers")
    country = draws.pick([nation.weight for nation in COUNTRIES], _FILLER_ENTRIES).tolist()
    sector = draws.whole(0, len(SECTORS) - 1, _FILLER_ENTRIES)
    listed = days_after(np.full(_FILLER_ENTRIES, world.today), -draws.whole(40, _OLDEST_LISTING_DAYS, _FILLER_ENTRIES))
    programmes = [STATE_LABOUR, FORCED_LABOUR, LABOUR_DEBARMENT, FRAUD, CUSTOMS]
    found = []
    for place, position in enumerate(country):
        nation, trade = COUNTRIES[position], SECTORS[int(sector[place])]
        made = names.company_names(draws, nation.speech, sector[place : place + 1], [""])
        person = place % 8 == 7
        given = SPEECHES[nation.speech].heads[place % len(SPEECHES[nation.speech].heads)][0]
        programme = FRAUD if person else programmes[place % len(programmes)]
        name = f"{given} {made.brand[0].split()[-1]}" if person else made.official[0].strip()
        found.append(
            Entry(
                programme=programme,
                schema="Person" if person else "Company",
                name=_latin1(name) if programme == CUSTOMS else name,
                aliases=[],
                country=nation.code,
                country_name=nation.name,
                address="",
                identifiers=[] if person or programme == CUSTOMS else [f"F{place:08d}"],
                industry=trade.industry,
                item=trade.item,
                listed_on=listed[place],
                ended=place % 9 == 5,
                number=None,
                namesake=None,
                verdict="",
            )
        )
    customs = [entry for entry in found if entry.programme == CUSTOMS]
    vessel = replace(customs[0], name="Fishing Vessel: Marlwick No. 7", industry="Seafood", item="Seafood", ended=False)
    goods = replace(
        customs[1], name=f"All {customs[1].item} produced in {customs[1].country_name}", industry="Agriculture"
    )
    return [*found, vessel, goods]
