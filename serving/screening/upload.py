"""From the bytes of a file to a table: what it is, is seen from its content, never from its name."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final

from serving.language import Language, mark
from serving.screening.delimited import read_delimited
from serving.screening.headings import heading_count
from serving.screening.sheets import read_sheet
from serving.screening.table import Limits, RawRows, RefusedRow, Table, TableRow, is_blank, shown, unique_headings
from tierline.errors import ContractError

_OTHER_KINDS: Final = (
    (b"%PDF", mark("a PDF document")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", mark("an old Excel, Word or encrypted Office file")),
    (b"\x1f\x8b", mark("a compressed archive")),
    (b"7z\xbc\xaf\x27\x1c", mark("a compressed archive")),
    (b"Rar!", mark("a compressed archive")),
    (b"\x89PNG", mark("a picture")),
    (b"\xff\xd8\xff", mark("a picture")),
    (b"PAR1", mark("a Parquet file")),
    (b"<!DOCTYPE", mark("a web page")),
    (b"<html", mark("a web page")),
    (b"<?xml", mark("an XML file")),
)
_ARCHIVES: Final = (b"PK\x03\x04", b"PK\x05\x06")
_LONGEST_NAME = 120


def read_table(content: bytes, limits: Limits, speech: Language, *, has_headings: bool | None = None) -> Table:
    """Gives the table that a file holds; every row of it is among the rows or among the refused ones.

    Whether the first row holds headings is seen from its words unless told. Raises ContractError, in the words of
    `speech`, for a file that is too large, empty or no table, and for more rows or columns than the limits.
    """
    _refuse_size(content, limits, speech)
    _refuse_kind(content, speech)
    reader = read_sheet if content.startswith(_ARCHIVES) else read_delimited
    raw = reader(content, limits, speech)
    if not any(not is_blank(row) for row in raw.rows):
        raise _empty(speech)
    return _table(raw, limits, speech, has_headings)


def safe_name(name: str) -> str:
    """Gives the last part of a file's name, on one line and not too long, to be shown; it opens nothing."""
    last = PurePosixPath(shown(name.replace("\\", "/").replace("\x00", ""))).name
    return "".join(letter for letter in last if letter.isprintable())[:_LONGEST_NAME]


def _refuse_size(content: bytes, limits: Limits, speech: Language) -> None:
    if not content.strip():
        raise _empty(speech)
    if len(content) > limits.file_bytes:
        raise ContractError(
            speech.text(
                "The file is larger than {limit} megabytes.", limit=speech.number(limits.file_bytes / 2**20)
            ),
            remedy=speech.text("Split the list and check the parts one after the other."),
        )  # fmt: skip


def _refuse_kind(content: bytes, speech: Language) -> None:
    begin = content[:64].lstrip()
    for signature, kind in _OTHER_KINDS:
        if begin.lower().startswith(signature.lower()):
            raise ContractError(
                speech.text("The file is {kind}, whatever its name says; it is no table.", kind=speech.text(kind)),
                remedy=speech.text("Save the list as CSV (UTF-8) or as an Excel workbook (.xlsx) and try again."),
            )


def _table(raw: RawRows, limits: Limits, speech: Language, has_headings: bool | None) -> Table:
    first = next(place for place, row in enumerate(raw.rows) if not is_blank(row))
    head = raw.rows[first]
    is_head = _is_head(head) if has_headings is None else has_headings
    body = raw.rows[first + 1 :] if is_head else raw.rows
    if not any(not is_blank(row) for row in body):
        raise _empty(speech)
    if len(body) > limits.rows:
        from serving.screening.delimited import too_many_rows

        raise too_many_rows(limits, speech)
    headings = _headings(head if is_head else (), body)
    told = [_row(number, row, len(headings)) for number, row in enumerate(body, start=1)]
    return Table(
        form=raw.form,
        headings=headings,
        has_headings=is_head,
        rows=tuple(row for row in told if isinstance(row, TableRow)),
        refused=tuple(row for row in told if isinstance(row, RefusedRow)),
        unread_sheets=raw.unread_sheets,
    )


def _is_head(row: Sequence[str] | str) -> bool:
    return not isinstance(row, str) and heading_count(row) > 0


def _headings(head: Sequence[str] | str, body: Sequence[Sequence[str] | str]) -> tuple[str, ...]:
    """Gives the headings; without any, as many columns as the widest row has."""
    cells = [] if isinstance(head, str) else _without_blank_end(head)
    width = len(cells) or max((len(_without_blank_end(row)) for row in body if not isinstance(row, str)), default=0)
    return unique_headings(cells, width)


def _row(number: int, row: Sequence[str] | str, width: int) -> TableRow | RefusedRow:
    if isinstance(row, str):
        return RefusedRow(number, row)
    cells = _without_blank_end(row)
    if not cells:
        return RefusedRow(number, "empty_row")
    if len(cells) > width:
        return RefusedRow(number, "more_cells")
    return TableRow(number, (*cells, *[""] * (width - len(cells))))


def _without_blank_end(row: Sequence[str]) -> list[str]:
    cells = list(row)
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _empty(speech: Language) -> ContractError:
    return ContractError(
        speech.text("The file holds no rows."),
        remedy=speech.text("Name a file with one row a bidder, with names or identifiers."),
    )
