"""Tables in Excel workbooks: looked at as archives first, then read cell by cell; formulas count by saved results."""

import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final

from openpyxl import load_workbook

from serving.language import Language
from serving.screening.delimited import too_many_columns, too_many_rows
from serving.screening.table import Limits, RawRows, is_blank
from tierline.errors import ContractError

_WORKBOOK: Final = "xl/workbook.xml"
_PROLOGUE_BYTES = 2048
_CHUNK_BYTES = 1 << 20
_FORMULA = b"<f"
_MIDNIGHT = (0, 0, 0)


def read_sheet(content: bytes, limits: Limits, speech: Language) -> RawRows:
    """Gives the rows of the first sheet that holds any; the names of the other sheets are told, not read.

    Raises ContractError for an archive that is no workbook, is damaged or would unpack to more than the limits, and for
    more rows or columns than the limits.
    """
    has_formulas = _looked_at(content, limits, speech)
    try:
        return _read(content, limits, speech, has_formulas=has_formulas)
    except ContractError:
        raise
    except Exception as error:  # openpyxl raises whatever the content of a file makes it stumble over
        raise _damaged(speech) from error


def _looked_at(content: bytes, limits: Limits, speech: Language) -> bool:
    """Says whether a sheet holds formulas; raises ContractError unless the archive is a workbook of bearable size."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if _WORKBOOK not in {part.filename for part in parts}:
                raise ContractError(
                    speech.text("The file is an archive and no Excel workbook (.xlsx)."),
                    remedy=speech.text("Save the list as CSV (UTF-8) or as an Excel workbook (.xlsx) and try again."),
                )
            # what is said here binds: no more than the said size of a part is ever unpacked
            if len(parts) > limits.parts or sum(part.file_size for part in parts) > limits.expanded_bytes:
                raise ContractError(
                    speech.text(
                        "The workbook would unpack to more than {limit} megabytes.",
                        limit=speech.number(limits.expanded_bytes / 2**20),
                    ),
                    remedy=speech.text("Keep one sheet with the bidders, or save it as CSV."),
                )
            _refuse_declarations(archive, parts, speech)
            return any(_holds(archive, part, _FORMULA) for part in parts if "worksheets/" in part.filename)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise _damaged(speech) from error


def _refuse_declarations(archive: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo], speech: Language) -> None:
    """Raises ContractError where a part declares entities, which may unfold without end; no workbook needs any."""
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as stream:
                if b"<!DOCTYPE" in stream.read(_PROLOGUE_BYTES).upper():
                    raise _damaged(speech)


def _holds(archive: zipfile.ZipFile, part: zipfile.ZipInfo, wanted: bytes) -> bool:
    before = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            if wanted in before + chunk:
                return True
            before = chunk[-len(wanted) :]
    return False


def _read(content: bytes, limits: Limits, speech: Language, *, has_formulas: bool) -> RawRows:
    names, chosen, rows = _first_sheet(content, limits, speech)
    if has_formulas and chosen is not None:
        formulas = _cells(content, chosen, limits, speech, values=False)
        rows = [_with_formulas(row, told) for row, told in zip(rows, formulas, strict=False)]
    raw = RawRows(f"XLSX, {chosen or names[0]}", rows, tuple(name for name in names if name != chosen))
    return raw.without_blank_end()


def _first_sheet(
    content: bytes, limits: Limits, speech: Language
) -> tuple[list[str], str | None, list[Sequence[str] | str]]:
    book = load_workbook(BytesIO(content), read_only=True, data_only=True)
    names = [sheet.title for sheet in book.worksheets]
    book.close()
    for name in names:
        rows = list(_cells(content, name, limits, speech, values=True))
        if any(not is_blank(row) for row in rows):
            return names, name, rows
    return names or [""], None, []


def _cells(content: bytes, name: str, limits: Limits, speech: Language, *, values: bool) -> Iterator[Sequence[str]]:
    book = load_workbook(BytesIO(content), read_only=True, data_only=values)
    sheet: Any = book[name]
    sheet.reset_dimensions()
    most, seen = limits.rows + 1, 0
    for row in sheet.iter_rows(max_row=most, values_only=True):
        seen += len(row)
        cells = [_text(value) for value in row[: limits.columns]]
        # cells without a value may stand far to the right; so many of them are only there to cost time
        if any(value is not None for value in row[limits.columns :]) or seen > limits.rows * limits.columns:
            raise too_many_columns(len(row), limits, speech)
        yield cells
    if next(sheet.iter_rows(min_row=most + 1, values_only=True), None) is not None:
        raise too_many_rows(limits, speech)
    book.close()


def _text(value: object) -> str:
    """Gives a cell as a person sees it: whole numbers without a point, days as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == _MIDNIGHT:
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _with_formulas(row: Sequence[str] | str, told: Sequence[str]) -> Sequence[str] | str:
    """Gives the row with the formula where its result is missing, so that a cell that is used can be refused."""
    if isinstance(row, str):
        return row
    wide = [*row, *[""] * (len(told) - len(row))]
    return [
        FORMULA_WITHOUT_VALUE if not cell and place < len(told) and told[place].startswith("=") else cell
        for place, cell in enumerate(wide)
    ]


FORMULA_WITHOUT_VALUE: Final = "\x00="
"""Stands in a cell with a formula whose result is not in the file; no text of a workbook can be this."""


def _damaged(speech: Language) -> ContractError:
    return ContractError(
        speech.text("The workbook is damaged or holds what no workbook needs; nothing of it was read."),
        remedy=speech.text("Open it in your office software, save it anew as .xlsx or CSV and try again."),
    )
