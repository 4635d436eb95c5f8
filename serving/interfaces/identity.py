"""Who is meant: candidates by name and by identifier, and when one of them is certain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from serving.language import languages
from serving.search import Hit, SupplierIndex
from serving.search.spelling import identifier_key

CERTAIN_IN_TEXT: Final = ("lei", "os_id", "supplier id")
"""Schemes whose numbers are of the whole world, so that one that is typed among names still says who is meant."""

_OF_NO_COUNTRY: Final = (*CERTAIN_IN_TEXT, "reference")
UNREADABLE: Final = "??"
_WIDER: Final = 4


@dataclass(frozen=True)
class Asked:
    """What is known of a company that somebody asks for; `identifiers` are scheme → values, the scheme None for any."""

    name: str = ""
    countries: tuple[str, ...] = ()
    """ISO codes; `UNREADABLE` stands for a country that was given and is not understood."""
    identifiers: Mapping[str | None, Sequence[str]] | None = None


@dataclass(frozen=True)
class Found:
    """A candidate: `is_certain` only where an identifier says so and nothing speaks against it."""

    hit: Hit
    is_certain: bool
    name_score: float
    by_identifier: bool
    country_agrees: bool | None


def found_suppliers(index: SupplierIndex, asked: Asked, limit: int) -> list[Found]:
    """Gives the suppliers that may be meant, the likeliest first.

    One is certain only by an identifier that no other supplier bears, in the country asked for, and, where a name is
    given, under a name that the search would find it by. A national number without country and name is not enough, and
    a likeness of names alone is never certain.
    """
    by_name = {hit.supplier_id: hit for hit in _by_name(index, asked, limit)}
    by_number = _by_number(index, asked)
    named = {supplier_id for supplier_id, hit in by_name.items() if hit.matched_on != "identifier"}
    alone = len(by_number) == 1
    found = [
        _found(
            hit,
            asked,
            by_identifier=True,
            is_certain=alone and _is_certain(hit, asked, is_named=hit.supplier_id in named),
            name_score=by_name[hit.supplier_id].score if hit.supplier_id in named else 0.0,
        )
        for hit in by_number.values()
    ]
    found += [
        _found(hit, asked, by_identifier=hit.matched_on == "identifier", is_certain=False, name_score=hit.score)
        for hit in by_name.values()
        if hit.supplier_id not in by_number
    ]
    return found[:limit]


def _by_name(index: SupplierIndex, asked: Asked, limit: int) -> list[Hit]:
    readable = [code for code in asked.countries if code != UNREADABLE]
    if len(readable) <= 1:
        return index.search(asked.name, country=next(iter(readable), None), limit=limit)
    hits = index.search(asked.name, limit=limit * _WIDER)
    return [hit for hit in hits if hit.country_code is None or hit.country_code in readable][:limit]


def _by_number(index: SupplierIndex, asked: Asked) -> dict[str, Hit]:
    hits: dict[str, Hit] = {}
    for scheme, values in (asked.identifiers or {}).items():
        for value in values:
            hits.update((hit.supplier_id, hit) for hit in index.by_identifier(scheme, value))
    for hit in index.by_identifier(None, asked.name) if any(map(str.isdigit, asked.name)) else []:
        if hit.identifier_scheme in CERTAIN_IN_TEXT:
            hits.setdefault(hit.supplier_id, hit)
    return hits


def _is_certain(hit: Hit, asked: Asked, *, is_named: bool) -> bool:
    """Says whether an identifier is enough: a national number needs its country or the name beside it."""
    if _has_letters(asked, hit) and not is_named:
        return False
    if UNREADABLE in asked.countries:
        return False
    is_national = hit.identifier_scheme not in _OF_NO_COUNTRY
    return not is_national or bool(asked.countries) or is_named or _is_told_with_country(hit, asked)


def _is_told_with_country(hit: Hit, asked: Asked) -> bool:
    """Says whether a number was given with the country of the supplier before it, such as BD-123456789."""
    values = [value for told in (asked.identifiers or {}).values() for value in told]
    return hit.country_code is not None and any(identifier_key(value).startswith(hit.country_code) for value in values)


def _has_letters(asked: Asked, hit: Hit) -> bool:
    """Says whether a name was asked for beside the identifier, and not the identifier itself."""
    return bool(asked.name.strip()) and identifier_key(asked.name) != identifier_key(hit.matched_text)


def _found(hit: Hit, asked: Asked, *, by_identifier: bool, is_certain: bool, name_score: float) -> Found:
    agrees = None if not asked.countries or hit.country_code is None else hit.country_code in asked.countries
    return Found(hit, is_certain and agrees is not False, name_score, by_identifier, agrees)


def country_codes(values: Sequence[str]) -> tuple[str, ...]:
    """Gives the ISO codes of countries by code or by name, in any language of the pages (names: Unicode CLDR)."""
    return tuple(dict.fromkeys(_code(value.strip()) for value in values if value.strip()))


def _code(value: str) -> str:
    upper = value.upper()
    return upper if upper in _codes() else _codes_by_name().get(value.casefold(), UNREADABLE)


@cache
def _codes() -> frozenset[str]:
    known = (str(code) for code in languages()[0].locale.territories)
    return frozenset(code for code in known if len(code) == 2 and code.isalpha())


@cache
def _codes_by_name() -> dict[str, str]:
    return {
        str(name).casefold(): str(code)
        for speech in languages()
        for code, name in speech.locale.territories.items()
        if code in _codes()
    }
