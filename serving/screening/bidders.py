"""Bidders: what the used columns of a table say of each row, made ready to be compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from serving.screening.columns import Columns
from serving.screening.headings import IDENTIFIERS
from serving.screening.sheets import FORMULA_WITHOUT_VALUE
from serving.screening.table import Limits, RefusedRow, Table, TableRow, has_control_characters, shown
from serving.screening.values import country_of, is_sound, link_key

_METHODS: Final = {"identifier": "other_identifier"}


@dataclass(frozen=True)
class Identifier:
    """A number of a bidder: what it is, as it stands in the list, and its key; `is_sound` False: check digits fail."""

    method: str
    value: str
    link_key: str
    is_sound: bool | None


@dataclass(frozen=True)
class Bidder:
    """One row that is answered. `notes` are codes of what could not be used of it."""

    number: int
    reference: str
    name: str
    country_code: str | None
    town: str
    address: str
    sector: str
    good: str
    identifiers: tuple[Identifier, ...] = ()
    notes: tuple[str, ...] = ()


def bidders_of(table: Table, columns: Columns, limits: Limits) -> tuple[list[Bidder], list[RefusedRow]]:
    """Gives the rows to be answered and all refused rows with their reasons, both in the order of the table."""
    bidders, refused = [], list(table.refused)
    for row in table.rows:
        told = _bidder(row, columns, limits)
        if isinstance(told, Bidder):
            bidders.append(told)
        else:
            refused.append(RefusedRow(row.number, told))
    return bidders, sorted(refused, key=lambda one: one.number)


def _bidder(row: TableRow, columns: Columns, limits: Limits) -> Bidder | str:
    """Gives the bidder of a row, or the code of the reason why there is none."""
    raw = {role: row.cells[column.place] if column.place < len(row.cells) else "" for role, column in columns.items()}
    problem = _problem(raw, limits)
    if problem:
        return problem
    said = {role: shown(cell) for role, cell in raw.items()}
    country = country_of(said.get("country", ""))
    identifiers, notes = _identifiers(said, country)
    if said.get("country") and country is None:
        notes = ("country_not_known", *notes)
    name = said.get("name", "")
    if not any(letter.isalnum() for letter in name) and not identifiers:
        return "nothing_to_check"
    return Bidder(
        number=row.number,
        name=name,
        country_code=country,
        identifiers=identifiers,
        notes=notes,
        **{key: said.get(key, "") for key in ("reference", "town", "address", "sector", "good")},
    )


def _problem(raw: Mapping[str, str], limits: Limits) -> str | None:
    if FORMULA_WITHOUT_VALUE in raw.values():
        return "formula_without_value"
    if any(has_control_characters(cell) for cell in raw.values()):
        return "control_characters"
    if any(len(cell) > limits.cell_characters for cell in raw.values()):
        return "cell_too_long"
    return None


def _identifiers(said: Mapping[str, str], country: str | None) -> tuple[tuple[Identifier, ...], tuple[str, ...]]:
    found, notes = [], []
    for role in IDENTIFIERS:
        text = said.get(role, "")
        if not text:
            continue
        key = link_key(role, text, country)
        if key is None:
            notes.append("identifier_without_country" if link_key(role, text, "XX") else "identifier_says_nothing")
            continue
        sound = is_sound(role, text, country)
        if sound is False:
            notes.append("check_digits_fail")
        found.append(Identifier(_METHODS.get(role, role), text, key, sound))
    return tuple(found), tuple(dict.fromkeys(notes))
