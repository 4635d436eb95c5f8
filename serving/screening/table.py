"""A table as it came in a file: numbered rows of text, what could not be read of it and why, and how it was read."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from serving.language import mark

REASONS: Final = {
    "empty_row": mark("the row is empty"),
    "more_cells": mark("the row has more cells than there are columns"),
    "open_quote": mark("a quotation mark is opened and never closed"),
    "broken_quotes": mark("the quotation marks of the row are broken"),
    "control_characters": mark("a cell that is used holds control characters"),
    "cell_too_long": mark("a cell that is used has more than {limit} characters"),
    "formula_without_value": mark("a cell that is used holds a formula whose result was not saved"),
    "nothing_to_check": mark("the row has neither a name nor an identifier"),
}
"""Why a row of a table is not answered, in English, by code."""

_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Limits:
    """The most that a file may hold; more is refused before it costs memory or time."""

    file_bytes: int = 20 * 2**20
    expanded_bytes: int = 200 * 2**20
    parts: int = 2_000
    rows: int = 50_000
    columns: int = 100
    cell_characters: int = 500


@dataclass(frozen=True)
class TableRow:
    """One row: its number among the rows of the table, from 1, heading left out, and its cells."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class RefusedRow:
    """A row that is not answered, and the code of the reason."""

    number: int
    reason: str


@dataclass(frozen=True)
class Table:
    """What a file holds. `form` says how it was read; rows and refused rows are together all rows of the file."""

    form: str
    headings: tuple[str, ...]
    has_headings: bool
    rows: tuple[TableRow, ...]
    refused: tuple[RefusedRow, ...] = ()
    unread_sheets: tuple[str, ...] = ()

    @property
    def read_count(self) -> int:
        """How many rows the file has, the heading left out."""
        return len(self.rows) + len(self.refused)


@dataclass
class RawRows:
    """Rows in the order of the file: cells, or the code of the reason why there are none."""

    form: str
    rows: list[Sequence[str] | str] = field(default_factory=list)
    unread_sheets: tuple[str, ...] = ()

    def without_blank_end(self) -> "RawRows":
        """Gives the rows without the blank ones after the last that says something."""
        end = len(self.rows)
        while end and is_blank(self.rows[end - 1]):
            end -= 1
        return RawRows(self.form, self.rows[:end], self.unread_sheets)


def is_blank(row: Sequence[str] | str) -> bool:
    """Says whether a row was read and no cell of it says anything."""
    return not isinstance(row, str) and not any(cell.strip() for cell in row)


def shown(text: str) -> str:
    """Gives a text on one line, without characters that only steer how text is shown, such as right-to-left marks.

    Joiners stay where letters need them.
    """
    kept = (letter for letter in text if unicodedata.category(letter) != "Cf" or letter in "\u200c\u200d")
    return _BLANKS.sub(" ", "".join(kept)).strip().strip("\u200c\u200d")


def has_control_characters(text: str) -> bool:
    """Says whether a text holds control characters other than blanks and ends of lines, or halves of characters."""
    return any(unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\t\r\n\x0b\x0c\x85" for letter in text)


def unique_headings(cells: Iterable[str], width: int) -> tuple[str, ...]:
    """Gives a heading for each of `width` columns, no two alike: `column 3` for none, `Name (2)` for the second."""
    told = [shown(cell) for cell in cells][:width]
    told += [""] * (width - len(told))
    seen: set[str] = set()
    return tuple(_unlike(text or f"column {place}", seen) for place, text in enumerate(told, start=1))


def _unlike(text: str, seen: set[str]) -> str:
    name, copy = text, 2
    while name.casefold() in seen:
        name, copy = f"{text} ({copy})", copy + 1
    seen.add(name.casefold())
    return name
