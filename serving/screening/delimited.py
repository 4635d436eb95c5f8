"""Tables in text: any delimiter, the usual encodings, and quotation marks as they come."""

import codecs
import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from serving.language import Language
from serving.screening.table import Limits, RawRows
from tierline.errors import ContractError

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMES: Final = {
    "utf-8-sig": "UTF-8", "utf-8": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16",
    "utf-32": "UTF-32", "cp1252": "Windows-1252", "latin-1": "Latin-1",
}  # fmt: skip
_DELIMITERS: Final = (",", ";", "\t", "|")
_SAMPLE_BYTES = 4096
_SAMPLE_LINES = 50
_LINES_A_ROW = 20
"""The most lines that one quoted cell may run over; a mark that closes later was never meant to."""


def read_delimited(content: bytes, limits: Limits, speech: Language) -> RawRows:
    """Gives the rows of a text; a row whose quotation marks are broken is its reason, and the rows after it are read.

    Raises ContractError for what is no text, and for more rows or columns than the limits.
    """
    text, encoding = decoded(content, speech)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    delimiter = likeliest_delimiter(lines)
    rows: list[Sequence[str] | str] = []
    for row in _rows(lines, delimiter):
        rows.append(row)
        if len(rows) > limits.rows + 1:
            raise too_many_rows(limits, speech)
        if not isinstance(row, str) and len(row) > limits.columns:
            raise too_many_columns(len(row), limits, speech)
    named = "tab" if delimiter == "\t" else f"“{delimiter}”"
    return RawRows(f"CSV, {_NAMES[encoding]}, {named}", rows).without_blank_end()


def decoded(content: bytes, speech: Language) -> tuple[str, str]:
    """Gives the text and the encoding it was taken for: by its mark, else UTF-16 by its zeros, UTF-8, Windows-1252.

    Windows-1252 gives way to Latin-1 where a byte means nothing in it. Raises ContractError where a mark is wrong, or
    where what comes out is no text.
    """
    for encoding in _candidates(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_text(text):
            return text, encoding
        break
    raise ContractError(
        speech.text("The file is no table: its bytes are no text in a known encoding."),
        remedy=speech.text("Save the list as CSV (UTF-8) or as an Excel workbook (.xlsx) and try again."),
    )


def likeliest_delimiter(lines: Sequence[str]) -> str:
    """Gives the delimiter that most of the first lines have, equally often, outside of quotation marks."""
    sample = [line for line in lines[:_SAMPLE_LINES] if line.strip()]

    def fit(delimiter: str) -> tuple[int, int]:
        counts = Counter(len(_lenient(line, delimiter)) for line in sample)
        width, lines_alike = max(counts.items(), key=lambda item: (item[0] > 1 and item[1], item[0]), default=(1, 0))
        return (lines_alike if width > 1 else 0, width)

    return max(_DELIMITERS, key=fit)


def too_many_rows(limits: Limits, speech: Language) -> ContractError:
    """Gives the error for a table with more rows than are checked at once."""
    return ContractError(
        speech.text("The list has more than {limit} rows.", limit=speech.number(limits.rows)),
        remedy=speech.text("Split the list and check the parts one after the other."),
    )


def too_many_columns(count: int, limits: Limits, speech: Language) -> ContractError:
    """Gives the error for a table with more columns than any list of bidders has."""
    return ContractError(
        speech.text(
            "The list has {count} columns; at most {limit} are read.",
            count=speech.number(count), limit=speech.number(limits.columns),
        ),
        remedy=speech.text("Keep the columns that say who the bidders are, such as name, country and identifiers."),
    )  # fmt: skip


def _candidates(content: bytes) -> tuple[str, ...]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return (encoding,)
    sample = content[:_SAMPLE_BYTES]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if len(sample) >= 4 and max(even, odd) > len(sample) / 5:
        return ("utf-16-be",) if even > odd else ("utf-16-le",)
    return ("utf-8", "cp1252", "latin-1")


def _is_text(text: str) -> bool:
    """Says whether few characters are control characters, as in a text; single ones make a row unreadable, no more."""
    sample = text[:_SAMPLE_BYTES]
    strange = sum(1 for letter in sample if letter < " " and letter not in "\t\n\r\x0b\x0c")
    return strange <= max(2, len(sample) // 50)


def _rows(lines: Sequence[str], delimiter: str) -> Iterator[Sequence[str] | str]:
    place = 0
    while place < len(lines):
        row, used = _row_at(lines, place, delimiter)
        yield row
        place += used


def _row_at(lines: Sequence[str], place: int, delimiter: str) -> tuple[Sequence[str] | str, int]:
    """Gives the row that begins at a line and how many lines it takes; what has no end takes its first line alone."""
    most = min(_LINES_A_ROW, len(lines) - place)
    for used in range(1, most + 1):
        if used > 1 and '"' not in lines[place + used - 1]:
            continue
        try:
            return _strict(lines[place : place + used], delimiter), used
        except csv.Error as error:
            if "unexpected end" not in str(error):
                return ("cell_too_long" if "field larger" in str(error) else "broken_quotes"), 1
    return "open_quote", 1


def _strict(lines: Sequence[str], delimiter: str) -> list[str]:
    parsed = list(csv.reader([f"{line}\n" for line in lines], delimiter=delimiter, strict=True))
    return parsed[0] if parsed else []


def _lenient(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []
