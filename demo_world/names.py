"""Invented names of companies, places, people and streets, made by joining syllables of a language."""

from dataclasses import dataclass

from demo_world.draws import Draws, Ints
from demo_world.sectors import SECTORS
from demo_world.speech import SPEECHES, TRADES, Speech

_TWO_WORD_SHARE = 0.3
_PLACE_IN_NAME_SHARE = 0.18


@dataclass(frozen=True)
class CompanyNames:
    """Names of companies of one language, element by element: official, in the native script ("" if none), brand."""

    official: list[str]
    native: list[str]
    brand: list[str]


def words(draws: Draws, speech: Speech, count: int) -> list[tuple[str, str]]:
    """Gives invented words of the language, as (Latin, native) spellings; the native one is "" where there is none."""
    heads = draws.whole(0, len(speech.heads) - 1, count)
    middles = draws.whole(0, len(speech.tails) - 1, count)
    tails = draws.whole(0, len(speech.tails) - 1, count)
    long = draws.chance(0.5, count)
    return [
        _joined(speech.heads[head], speech.tails[middle] if three else ("", ""), speech.tails[tail])
        for head, middle, tail, three in zip(
            heads.tolist(), middles.tolist(), tails.tolist(), long.tolist(), strict=True
        )
    ]


def place_names(draws: Draws, speech: Speech, count: int) -> list[tuple[str, str]]:
    """Gives different invented place names of the language, as (Latin, native) spellings."""
    found: dict[str, str] = {}
    while len(found) < count:
        heads = draws.whole(0, len(speech.heads) - 1, count)
        middles = draws.whole(0, len(speech.tails) - 1, count)
        ends = draws.whole(0, len(speech.place_tails) - 1, count)
        for head, middle, end in zip(heads.tolist(), middles.tolist(), ends.tolist(), strict=True):
            latin, native = _joined(speech.heads[head], speech.tails[middle], speech.place_tails[end])
            found.setdefault(latin, native)
    return list(found.items())[:count]


def company_names(draws: Draws, language: str, sectors: Ints, cities: list[str]) -> CompanyNames:
    """Gives one company name for each of the sectors (positions in SECTORS) and cities."""
    speech, count = SPEECHES[language], len(sectors)
    first, second = words(draws, speech, count), words(draws, speech, count)
    two = draws.chance(_TWO_WORD_SHARE, count).tolist()
    placed = draws.chance(_PLACE_IN_NAME_SHARE, count).tolist()
    forms = draws.whole(0, len(speech.forms) - 1, count).tolist()
    trades = draws.uniform(count).tolist()
    official: list[str] = []
    native: list[str] = []
    brands: list[str] = []
    for row, sector in enumerate(sectors.tolist()):
        latin, script = first[row]
        if two[row]:
            latin, script = f"{latin} {second[row][0]}", script + second[row][1]
        if placed[row] and cities[row]:
            latin = f"{cities[row]} {latin}"
        choice = TRADES[speech.trades][SECTORS[sector].key]
        trade = choice[int(trades[row] * len(choice))]
        official.append(speech.shape.format(brand=latin, trade=trade, form=speech.forms[forms[row]]))
        native.append(speech.native_shape.format(brand=script) if speech.native_shape else "")
        brands.append(latin)
    return CompanyNames(official, native, brands)


def misspelt(draws: Draws, names: list[str]) -> list[str]:
    """Gives each name with one slip of the hand: two letters swapped, one doubled, one left out or all in capitals."""
    kinds = draws.whole(0, 3, len(names)).tolist()
    spots = draws.uniform(len(names)).tolist()
    return [_slip(name, kind, spot) for name, kind, spot in zip(names, kinds, spots, strict=True)]


def shortened(name: str) -> str:
    """Gives the name as people write it in passing: without its last word where it has three or more."""
    parts = name.replace(",", "").split()
    return " ".join(parts[:-1]) if len(parts) > 2 else " ".join(parts)


def _slip(name: str, kind: int, spot: float) -> str:
    if kind == 3 or len(name) < 6:
        return name.upper()
    at = 1 + int(spot * (len(name) - 3))
    if kind == 0:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + name[at] * (2 if kind == 1 else 0) + name[at + 1 :]


def _joined(*parts: tuple[str, str]) -> tuple[str, str]:
    latin = "".join(part[0] for part in parts)
    native = "".join(part[1] for part in parts)
    return latin[0].upper() + latin[1:].lower(), native
