"""Which column fills which canonical field: by its heading, in several languages, and by what stands in it."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter

from ingest.catalogue.headings import forms_of, heading_form
from ingest.catalogue.profile import Column
from ingest.contracts import CONTRACTS, Contract, ContractField
from ingest.reference import HEADING_SYNONYMS
from tierline.errors import ConfigError

NOT_SCAFFOLDED = {
    "survey_class": "classes come from the survey step alone",
    "survey_answer": "answers need a list of questions: copy survey_csv, survey_csv_long or kobo_survey_csv",
    "grievance_case": "cases are restricted and need the terms of their waves: copy grievance_csv",
}
"""Tables that no sample can be turned into, and what to do instead."""
_ANY_TABLE = "*"
_WORTH_OF_COMPLETE = 2
_LONGEST_YEAR = 4
_MOST_LATITUDE, _MOST_LONGITUDE = 90, 180
_TITLES = ("name", "title")
_SAID_OF_ANYTHING = {heading_form(word) for word in ("id", "name", "number", "reference", "description")}
_CODES = ("_ref", "_code", "_no")
_NUMERIC = {"integer", "number", "money", "price"}


@dataclass(frozen=True)
class Guess:
    """A field, the column that fills it and why it is thought to."""

    field: ContractField
    column: Column
    why: str
    is_of_this_table: bool = False


@dataclass(frozen=True)
class Items:
    """An array of objects inside JSON records: its path, and what was seen of its items; paths are from the record."""

    path: str
    columns: Sequence[Column]


def likely_table(columns: Sequence[Column]) -> str:
    """Gives the canonical table whose fields the headings name best: most of them, and all that it requires."""

    def score(table: str) -> tuple[int, bool]:
        contract = CONTRACTS[table]
        named = {guess.field.name for guess in guesses(contract, columns)}
        is_complete = all(field.name in named for field in contract.fields if field.required)
        return (len(named) + _WORTH_OF_COMPLETE * is_complete, table == "supplier")

    return max((table for table in CONTRACTS if table not in NOT_SCAFFOLDED), key=score)


def guesses(contract: Contract, columns: Sequence[Column], items: Items | None = None) -> list[Guess]:
    """Gives the fields of a table that a column seems to fill, in the order of the table; a column fills one field.

    With `items`, a row is an item of a JSON array: its own columns come before those of the record, which cannot say
    which item it is.
    """
    found: dict[str, Guess] = {}
    taken: set[str] = set()
    for _, guess in sorted(_by_heading(contract, columns, items), key=itemgetter(0)):
        if guess.field.name not in found and guess.column.name not in taken:
            found[guess.field.name] = guess
            taken.add(guess.column.name)
    for guess in _by_content(contract, [*columns, *(items.columns if items else ())], found):
        found.setdefault(guess.field.name, guess)
    return [found[field.name] for field in contract.fields if field.name in found]


def items_of(contract: Contract, columns: Sequence[Column], arrays: Sequence[Items]) -> Items | None:
    """Gives the array whose items are the rows of the table; None where the records are, or nobody can tell.

    Its name says what the table holds, or it is the only one and its items alone fill a field of this very table.
    """
    of_records = {guess.field.name for guess in guesses(contract, columns)}
    for array in arrays:
        inner = {column.name for column in array.columns}
        filled = [guess for guess in guesses(contract, columns, array) if guess.column.name in inner]
        own = {guess.field.name for guess in filled if guess.is_of_this_table} - of_records
        if filled and (means_the_table(contract, array.path) or (own and len(arrays) == 1)):
            return array
    return None


def own_reference(contract: Contract) -> str:
    """Gives the name of the field that says which row of the table it is, whether the table has it or not."""
    return f"{contract.table.rpartition('_')[2]}_ref"


def check_table(table: str) -> Contract:
    """Gives the contract of a table to scaffold; raises ConfigError that names the others."""
    if table in NOT_SCAFFOLDED:
        raise ConfigError(f"{table} cannot be scaffolded", remedy=f"{NOT_SCAFFOLDED[table].capitalize()}.")
    if table not in CONTRACTS:
        known = ", ".join(name for name in CONTRACTS if name not in NOT_SCAFFOLDED)
        raise ConfigError(f"there is no canonical table '{table}'", remedy=f"Name one of {known}.")
    return CONTRACTS[table]


def means_the_table(contract: Contract, array: str) -> bool:
    """Tells whether the name of a JSON array, in the singular, is a word for rows of the table."""
    form, _ = list(forms_of(array.removesuffix("[*]").removesuffix("s")))[-1]
    known = {heading_form(contract.table), heading_form(contract.table.rpartition("_")[2])}
    for name in (own_reference(contract), "name", "title"):
        known |= _synonyms().get((contract.table, name), frozenset()) - _SAID_OF_ANYTHING
    return form in known


def _by_heading(
    contract: Contract, columns: Sequence[Column], items: Items | None
) -> Iterator[tuple[tuple[int, ...], Guess]]:
    """Yields each field and column that a synonym joins, with its rank: the lowest is the best."""
    synonyms = _synonyms()
    both = [*((column, items.path) for column in items.columns), *((column, "") for column in columns)] if items else []
    for number, (column, below) in enumerate(both or [(column, "") for column in columns]):
        forms = list(forms_of(column.name, below)) if column.filled else []
        for place, field in enumerate(contract.fields):
            if not _fits(field, column) or (items and not below and field.name == own_reference(contract)):
                continue
            named = [is_end for form, is_end in forms if form == heading_form(field.name)]
            own = [is_end for form, is_end in forms if form in synonyms.get((contract.table, field.name), ())]
            shared = [is_end for form, is_end in forms if form in synonyms.get((_ANY_TABLE, field.name), ())]
            if named or own or shared:
                is_end = all((*named, *own, *shared))
                rank = (is_end, _misfit(field, column), not named, not own, place, number)
                yield tuple(map(int, rank)), Guess(field, column, f"heading '{column.name}'", bool(own))


def _misfit(field: ContractField, column: Column) -> bool:
    """Tells whether the values look like another thing: a code where a name is asked for, words where a code is."""
    if field.name.endswith(_TITLES):
        return column.is_code or bool(column.numbers)
    return field.name.endswith(_CODES) and column.has_words


def _fits(field: ContractField, column: Column) -> bool:
    """Tells whether a column can hold the field's kind; what cannot be told apart may, and is told."""
    if field.kind == "date":
        return bool(column.dates)
    if field.kind in _NUMERIC:
        return bool(column.numbers)
    return field.kind != "flag" or column.is_flag


def _by_content(contract: Contract, columns: Sequence[Column], found: dict[str, Guess]) -> Iterator[Guess]:
    free = [column for column in columns if column.name not in {guess.column.name for guess in found.values()}]
    names = contract.field_names
    leis = [column for column in free if column.is_lei]
    if "lei" in names and leis:
        yield Guess(contract.field("lei"), leis[0], "every value has the check digits of a LEI")
    countries = [column for column in free if column.is_country]
    if "country_text" in names and countries and "country_code" not in found:
        yield Guess(contract.field("country_text"), countries[0], "its values are names or codes of countries")
    yield from _coordinates(contract, free, found)
    dates = [column for column in free if column.dates and column.longest > _LONGEST_YEAR]
    wanted = [field for field in contract.fields if field.required and field.kind == "date" and field.name not in found]
    if len(dates) == len(wanted) == 1:
        yield Guess(wanted[0], dates[0], "the only other column of dates")


def _coordinates(contract: Contract, free: Sequence[Column], found: dict[str, Guess]) -> Iterator[Guess]:
    """Yields latitude and longitude where two columns of fine decimals are left and only one can be a latitude."""
    fine = [column for column in free if column.has_fine_decimals and (column.greatest or 0) <= _MOST_LONGITUDE]
    beyond = [column for column in fine if (column.greatest or 0) > _MOST_LATITUDE]
    if "latitude" not in contract.field_names or {"latitude", "longitude"} & found.keys() or len(fine) != 2:
        return
    if len(beyond) == 1:
        (latitude,) = (column for column in fine if column is not beyond[0])
        yield Guess(contract.field("latitude"), latitude, "decimals, and the other column goes beyond 90")
        yield Guess(contract.field("longitude"), beyond[0], "decimals beyond 90")


@cache
def _synonyms() -> dict[tuple[str, str], frozenset[str]]:
    grouped: dict[tuple[str, str], set[str]] = {}
    with HEADING_SYNONYMS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            grouped.setdefault((row["table"], row["field"]), set()).add(heading_form(row["heading"]))
    return {key: frozenset(headings) for key, headings in grouped.items()}
