"""XLSX: the cells of one sheet as text; a formula stays as it is written."""

import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import duckdb

from ingest.quarantine import NUL_CHARACTER, Fault, wrong_cell_count
from ingest.readers.headings import require_headings
from ingest.readers.incoming import IncomingWriter, Rejected, raw_columns, start_tables
from ingest.spec import SourceSpec
from tierline.errors import ContractError

_DAMAGED = (
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    ParseError,
    EOFError,
    OSError,
)


def read_spreadsheet(connection: duckdb.DuckDBPyConnection, path: Path, name: str, spec: SourceSpec) -> list[str]:
    """Fills `incoming` and `rejected` from a sheet; gives the columns of `incoming`.

    The first row that is not blank is the heading; blank rows are no records. Raises ContractError where the workbook
    is damaged, has no such sheet, no heading or lacks a declared column.
    """
    rows = (cells for _, _, cells in sheet_rows(path, name, spec))
    headings = next(rows, None)
    if headings is None:
        raise ContractError(f"{name} is empty: it has not even a heading", remedy="Fetch it again from its publisher.")
    require_headings(headings, spec, name)
    columns = raw_columns(headings)
    start_tables(connection, columns)
    writer = IncomingWriter(connection, columns)
    for record_no, cells in enumerate(rows, start=1):
        fitted = _fitted(cells, len(columns))
        if isinstance(fitted, Fault):
            writer.reject(Rejected(record_no, fitted, "\t".join(cells)))
        else:
            writer.add(record_no, fitted)
    writer.close()
    return columns


def cell_text(value: Any) -> str:
    """Gives a cell as text: dates as ISO 8601, whole numbers without a decimal point, blanks as no text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def sheet_rows(path: Path, name: str, spec: SourceSpec) -> Iterator[tuple[str, int, list[str]]]:
    """Yields the rows of the declared sheet that are not blank: its file in the workbook, place among rows, and cells.

    Every row element counts, from 1, whatever the sheet says of its own size and of row numbers. The first that is
    yielded is the heading, the others are the records in order. Raises ContractError where the workbook is damaged or
    has no such sheet.
    """
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings(), path.open("rb") as stream:
            warnings.simplefilter("ignore")
            workbook = load_workbook(stream, read_only=True, data_only=False, keep_links=False)
            sheet = _sheet(workbook, name, spec)
            for number, (_, found) in enumerate(_elements(sheet), start=1):
                values = {cell["column"]: cell["value"] for cell in found}
                cells = [cell_text(values.get(column)) for column in range(1, max(values, default=0) + 1)]
                if any(cells):
                    yield str(sheet._worksheet_path), number, _without_blank_end(cells)
    except _DAMAGED as error:
        raise ContractError(
            f"{name} is no readable XLSX workbook ({type(error).__name__})",
            remedy="Open it in a spreadsheet program and save it again as .xlsx, or as CSV.",
        ) from None


def _elements(sheet: Any) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Yields number and cells of every row element.

    The iterators of openpyxl leave out rows and cells beyond the size that a sheet declares, which many exports get
    wrong, and rows whose number is not higher than the one before.
    """
    from openpyxl.worksheet._reader import WorkSheetParser

    book = sheet.parent
    with sheet._get_source() as source:
        yield from WorkSheetParser(
            source,
            sheet._shared_strings,
            data_only=book.data_only,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        ).parse()


def _sheet(workbook: Any, name: str, spec: SourceSpec) -> Any:
    wanted = spec.format.sheet or workbook.sheetnames[0]
    if wanted not in workbook.sheetnames:
        raise ContractError(
            f"{name} has no sheet '{wanted}'; it has {', '.join(workbook.sheetnames)}",
            remedy="Correct format.sheet of the source's declaration.",
        )
    return workbook[wanted]


def _without_blank_end(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _fitted(cells: list[str], width: int) -> list[str] | Fault:
    if any("\0" in cell for cell in cells):
        return NUL_CHARACTER
    if len(cells) > width:
        return wrong_cell_count(len(cells), width)
    return cells + [""] * (width - len(cells))
