"""Which column is what: by its heading, else by what stands in it; the user has the last word."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from serving.language import Language
from serving.screening.headings import ROLES, heading_key, role_of
from serving.screening.table import Table, TableRow, shown
from serving.screening.values import country_of, is_lei, is_tax_number
from tierline.errors import ConfigError
from tierline.nearest import nearest

_SAMPLE = 200
_MOST = 0.6
"""The share of cells that must be of a kind for a column without a telling heading to be taken for it."""


@dataclass(frozen=True)
class Column:
    """A column that is used: its place from 0, its heading, and why: heading, content or told by the user."""

    place: int
    heading: str
    seen_by: str
    fitting: int | None = None
    """How many of the sampled cells are what the column should hold; None where a cell cannot be seen to be it."""
    sampled: int = 0


Columns = Mapping[str, Column]
"""Role → column."""


def recognised(table: Table) -> dict[str, Column]:
    """Gives the columns that are used, by role: first by heading, then by content; what fits nothing is not used."""
    found: dict[str, Column] = {}
    if table.has_headings:
        for place, heading in enumerate(table.headings):
            role = role_of(heading)
            if role and role not in found:
                found[role] = _column(table, place, role, "heading", found)
    for role in ("country", "lei", "tax_number"):
        if role not in found and (column := _by_content(table, role, found)):
            found[role] = column
    if "name" not in found and (likeliest := _likeliest_name(table, found)) is not None:
        found["name"] = _column(table, likeliest, "name", "content", found)
    return found


def told_columns(text: str) -> dict[str, str]:
    """Gives role → heading of `name=Bidder,country=Land`; raises ConfigError for an unknown role or a part without `=`.

    A heading with a comma stands in quotation marks; an empty heading takes the column of that role away.
    """
    import csv

    told = {}
    for part in next(csv.reader([text], skipinitialspace=True), []):
        role, sign, heading = part.partition("=")
        if not sign or role.strip() not in ROLES:
            raise ConfigError(
                f"'{part.strip()}' is no column of a list of bidders",
                remedy=f"Write role=heading, with a role of: {', '.join(ROLES)}.",
            )
        told[role.strip()] = heading.strip().strip('"')
    return told


def with_told(table: Table, found: Columns, told: Mapping[str, str]) -> dict[str, Column]:
    """Gives the columns as recognised, but those that the user told as told.

    A heading may also be the number of a column, from 1. Raises ConfigError for a heading that is not there.
    """
    places = {role: _place(table, heading) for role, heading in told.items() if heading}
    kept = {
        role: column
        for role, column in found.items()
        if role not in told and column.place not in places.values()
    }  # fmt: skip
    for role, place in places.items():
        kept[role] = _column(table, place, role, "told", kept)
    return {role: kept[role] for role in ROLES if role in kept}


def require_something(columns: Columns, speech: Language) -> None:
    """Raises ConfigError where no column says who a bidder is."""
    if not {"name", "lei", "tax_number", "company_number", "os_id", "identifier"} & columns.keys():
        raise ConfigError(
            speech.text("No column is known to hold names or identifiers."),
            remedy=speech.text("Say which column holds the names of the bidders."),
        )


def sample_of(table: Table, place: int, count: int = 3) -> list[str]:
    """Gives the first values of a column, to be shown."""
    values = (shown(row.cells[place]) for row in table.rows if place < len(row.cells))
    return [value[:60] for value in values if value][:count]


def _place(table: Table, heading: str) -> int:
    keys = [heading_key(known) for known in table.headings]
    wanted = heading_key(heading)
    if wanted in keys:
        return keys.index(wanted)
    if heading.isdecimal() and 0 < int(heading) <= len(keys):
        return int(heading) - 1
    raise ConfigError(f"the list has no column '{shown(heading)}'", remedy=nearest(heading, list(table.headings)))


def _column(table: Table, place: int, role: str, seen_by: str, others: Columns) -> Column:
    test = _TESTS.get(role)
    if test is None:
        return Column(place, table.headings[place], seen_by)
    rows = _filled(table, place)
    fitting = sum(test(row.cells[place], _country(row, others)) for row in rows)
    return Column(place, table.headings[place], seen_by, fitting, len(rows))


def _by_content(table: Table, role: str, taken: Columns) -> Column | None:
    free = [place for place in range(len(table.headings)) if place not in {one.place for one in taken.values()}]
    seen = [_column(table, place, role, "content", taken) for place in free]
    best = max(seen, key=lambda column: (column.fitting or 0) / max(1, column.sampled), default=None)
    return best if best and best.sampled and (best.fitting or 0) / best.sampled >= _MOST else None


def _likeliest_name(table: Table, taken: Columns) -> int | None:
    """Gives the column in which most cells are words that differ from row to row."""
    free = [place for place in range(len(table.headings)) if place not in {one.place for one in taken.values()}]

    def telling(place: int) -> float:
        values = [shown(row.cells[place]) for row in _filled(table, place)]
        worded = {value.casefold() for value in values if sum(letter.isalpha() for letter in value) > len(value) / 2}
        return len(worded) * (1 + sum(map(len, worded)) / max(1, len(worded)) / 100)

    best = max(free, key=telling, default=None)
    return best if best is not None and telling(best) > 0 else None


def _filled(table: Table, place: int) -> Sequence[TableRow]:
    return [row for row in table.rows[:_SAMPLE] if place < len(row.cells) and row.cells[place].strip()]


def _country(row: TableRow, columns: Columns) -> str | None:
    column = columns.get("country")
    return country_of(row.cells[column.place]) if column else None


_TESTS: Final[Mapping[str, Callable[[str, str | None], bool]]] = {
    "country": lambda text, _: country_of(text) is not None,
    "lei": lambda text, _: is_lei(text),
    "tax_number": is_tax_number,
}
"""Role → whether a cell can be seen to be of it, given the country of its row."""
