"""What a cell can be seen to be by itself: a country, an identifier with sound check digits."""

import re
from functools import cache
from typing import Any, Final

from babel import Locale
from babel.core import get_global

from serving.screening.headings import heading_key

_LANGUAGES: Final = ("en", "es", "fr", "pt", "de")
_CODE = re.compile("[A-Z]{2}")
_NO_SIGN = re.compile("[^A-Z0-9]")
_LEI_LENGTH = 20
_LEAST_LENGTH = 4
_OTHER_NAMES: Final = {"uk": "GB", "great britain": "GB", "england": "GB", "usa": "US", "burma": "MM", "el": "GR"}


def country_of(text: str) -> str | None:
    """Gives the ISO 3166-1 alpha-2 code that a cell names: a code of two or three letters, or a country's name.

    Names are those of Unicode CLDR in English, Spanish, French, Portuguese and German. None for anything else.
    """
    said = text.strip()
    if _CODE.fullmatch(said.upper()) and len(said) == 2 and said.upper() in _codes():
        return said.upper()
    return _countries().get(heading_key(said))


def number_key(text: str) -> str:
    """Gives an identifier as it is compared: letters and digits in upper case; empty where it can identify nobody."""
    key = _NO_SIGN.sub("", text.upper())
    return key if len(key) >= _LEAST_LENGTH and len(set(key)) > 1 else ""


def link_key(role: str, text: str, country: str | None) -> str | None:
    """Gives the key under which published identifiers stand; None where the number identifies nobody.

    A tax or company number counts within its country only. The same keys as the dbt macro `identifier_rows` makes.
    """
    key = number_key(text)
    if role == "identifier":
        key = number_key(re.sub("^[^:]*:", "", text))
        return f"other_identifier {text.strip().upper()}" if key else None
    if role in {"tax_number", "company_number"}:
        return f"{role} {country} {key}" if key and country else None
    return f"{role} {key}" if key else None


def is_lei(text: str) -> bool:
    """Says whether a cell is an LEI with sound check digits (ISO 17442)."""
    from stdnum import lei

    return len(number_key(text)) == _LEI_LENGTH and bool(lei.is_valid(text))


def is_sound(role: str, text: str, country: str | None) -> bool | None:
    """Says whether a number passes the check digits of its kind; None where its kind or its form is not known.

    Only check digits count against a number: one of another length may be a number of another kind.
    """
    failed = False
    for module in _modules(role, country):
        told = _judged(module, text)
        if told:
            return True
        failed = failed or told is False
    return False if failed else None


def is_tax_number(text: str, country: str | None) -> bool:
    """Says whether a cell is a tax number of the country by its form and check digits."""
    return any(_judged(module, text) for module in _modules("tax_number", country))


def _judged(module: Any, text: str) -> bool | None:
    from stdnum.exceptions import InvalidChecksum, ValidationError

    try:
        module.validate(text)
    except InvalidChecksum:
        return False
    except ValidationError:
        return None
    return True


@cache
def _modules(role: str, country: str | None) -> tuple[Any, ...]:
    from stdnum import lei
    from stdnum.util import get_cc_module

    if role == "lei":
        return (lei,)
    if role not in {"tax_number", "company_number"} or not country:
        return ()
    names = ("vat", "tin") if role == "tax_number" else ("businessid", "vat")
    found = (get_cc_module(country, name) for name in (*names, *_NATIONAL.get((role, country), ())))
    return tuple(module for module in found if module is not None)


_NATIONAL: Final = {
    ("tax_number", "IN"): ("gstin", "pan"),
    ("tax_number", "BR"): ("cnpj",),
    ("company_number", "BR"): ("cnpj",),
    ("company_number", "CN"): ("uscc",),
    ("tax_number", "CN"): ("uscc",),
    ("company_number", "AU"): ("acn", "abn"),
}
"""Kinds of national numbers that python-stdnum has under a name of their own."""


@cache
def _codes() -> frozenset[str]:
    territories = Locale("en").territories
    return frozenset(
        code for code in map(str, territories) if _CODE.fullmatch(code) and code not in {"EU", "UN", "EZ", "ZZ"}
    )


@cache
def _countries() -> dict[str, str]:
    found: dict[str, str] = dict(_OTHER_NAMES)
    for name in _LANGUAGES:
        for code, told in Locale(name).territories.items():
            if code in _codes():
                found.setdefault(heading_key(told), code)
    for alias, codes in get_global("territory_aliases").items():
        if len(alias) == 3 and alias.isalpha() and len(codes) == 1 and codes[0] in _codes():
            found.setdefault(alias.casefold(), codes[0])
    return found
