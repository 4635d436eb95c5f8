"""Which column fills which canonical field: by its heading, in several languages, and by what stands in it."""

import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from ingest.catalogue.profile import Column
from ingest.contracts import CONTRACTS, Contract, ContractField
from ingest.reference import HEADING_SYNONYMS
from tierline.errors import ConfigError

NOT_SCAFFOLDED = {
    "survey_class": "classes come from the survey step alone",
    "survey_answer": "answers need a list of questions: copy survey_csv, survey_csv_long or kobo_survey_csv",
}
"""Tables that no sample can be turned into, and what to do instead."""
_ANY_TABLE = "*"
_WORTH_OF_COMPLETE = 2
_LONGEST_YEAR = 4
_MOST_LATITUDE, _MOST_LONGITUDE = 90, 180
_NUMERIC = {"integer", "number", "money", "price"}
_PATH_SIGNS = re.compile(r'^\$\.|"')


@dataclass(frozen=True)
class Guess:
    """A field, the column that fills it and why it is thought to."""

    field: ContractField
    column: Column
    why: str


def heading_key(heading: str) -> str:
    """Gives the form in which headings are compared with synonyms: words without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", _PATH_SIGNS.sub("", heading).casefold())
    words = "".join(sign for sign in plain if not unicodedata.combining(sign)).replace("_", " ")
    return " ".join(re.findall(r"\w+", words))


def likely_table(columns: Sequence[Column]) -> str:
    """Gives the canonical table whose fields the headings name best: most of them, and all that it requires."""

    def score(table: str) -> tuple[int, bool]:
        contract = CONTRACTS[table]
        named = {guess.field.name for guess in guesses(contract, columns)}
        is_complete = all(field.name in named for field in contract.fields if field.required)
        return (len(named) + _WORTH_OF_COMPLETE * is_complete, table == "supplier")

    return max((table for table in CONTRACTS if table not in NOT_SCAFFOLDED), key=score)


def guesses(contract: Contract, columns: Sequence[Column]) -> list[Guess]:
    """Gives the fields of a table that a column seems to fill, each once, in the order of the table."""
    found: dict[str, Guess] = {}
    for field in contract.fields:
        column = _by_heading(contract, field, columns, list(found.values()))
        if column is not None:
            found[field.name] = Guess(field, column, f"heading '{column.name}'")
    for guess in _by_content(contract, columns, found):
        found.setdefault(guess.field.name, guess)
    return [found[field.name] for field in contract.fields if field.name in found]


def check_table(table: str) -> Contract:
    """Gives the contract of a table to scaffold; raises ConfigError that names the others."""
    if table in NOT_SCAFFOLDED:
        raise ConfigError(f"{table} cannot be scaffolded", remedy=f"{NOT_SCAFFOLDED[table].capitalize()}.")
    if table not in CONTRACTS:
        known = ", ".join(name for name in CONTRACTS if name not in NOT_SCAFFOLDED)
        raise ConfigError(f"there is no canonical table '{table}'", remedy=f"Name one of {known}.")
    return CONTRACTS[table]


def _by_heading(
    contract: Contract, field: ContractField, columns: Sequence[Column], taken: Sequence[Guess]
) -> Column | None:
    synonyms = _synonyms()
    used = {guess.column.name for guess in taken if not (guess.field.is_reference or field.is_reference)}
    for table in (contract.table, _ANY_TABLE):
        wanted = synonyms.get((table, field.name), frozenset())
        for column in columns:
            if column.filled and column.name not in used and _names(column.name) & wanted and _fits(field, column):
                return column
    return None


def _names(heading: str) -> set[str]:
    """Gives the heading and, for a path or a group, its last step."""
    last = re.split(r"[./:]", _PATH_SIGNS.sub("", heading))[-1]
    return {heading_key(heading), heading_key(last)} - {""}


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
            grouped.setdefault((row["table"], row["field"]), set()).add(row["heading"])
    return {key: frozenset(headings) for key, headings in grouped.items()}
