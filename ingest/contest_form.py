"""A form with which a supplier objects, as it came: CSV, XLSX, YAML or JSON, read into lines; nothing of it is run."""

import csv
import io
import json
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from ingest.readers.spreadsheet import cell_text
from tierline.errors import ContractError
from tierline.files import sha256_of_bytes

MOST_BYTES: Final = 5 * 2**20
MOST_LINES: Final = 5_000
_MOST_UNPACKED_BYTES: Final = 100 * 2**20
_MOST_COLUMNS: Final = 60
_NEEDED: Final = ("row", "grounds")
COLUMNS: Final = (
    *("supplier_id", "row", "indicator_id", "grounds", "evidence_references", "raised_on", "contact_role"),
)
"""What is read of a form; all other columns are there for people."""
_SHARED: Final = ("supplier_id", "raised_on", "contact_role")
_DAMAGED: Final = (
    *(zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, EOFError, OSError),
)


@dataclass(frozen=True)
class FormLine:
    """One line of a form, numbered from 1; `fault` says why its cells cannot be told apart, where they cannot."""

    number: int
    cells: Mapping[str, str]
    fault: str | None = None


@dataclass(frozen=True)
class ContestForm:
    """A form: its bytes as they came, their hash, the kind of file, and its lines that are not blank."""

    content: bytes
    sha256: str
    suffix: str
    lines: tuple[FormLine, ...]


def read_form(path: Path) -> ContestForm:
    """Gives the lines of a form by the ending of its name.

    Raises ContractError where the file is too large, damaged, in another encoding than UTF-8 or UTF-16, or lacks the
    columns `row` and `grounds`.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise _unreadable("its name ends in none of .csv, .xlsx, .yml, .yaml and .json")
    content = _content(path)
    lines: list[FormLine] = []
    for line in reader(content):
        if len(lines) >= MOST_LINES:
            raise _unreadable(f"it has more than {MOST_LINES:,} lines")
        lines.append(line)
    return ContestForm(content, sha256_of_bytes(content), path.suffix.lower(), tuple(lines))


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise _unreadable(f"it cannot be opened: {error.strerror}") from error
    if len(content) > MOST_BYTES:
        raise _unreadable(f"it has more than {MOST_BYTES // 2**20} MiB")
    return content


def _csv_lines(content: bytes) -> Iterator[FormLine]:
    text = _text(content)
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise _unreadable("quotation marks in it do not match") from error
    yield from _table_lines(rows)


def _sheet_lines(content: bytes) -> Iterator[FormLine]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(member.file_size for member in packed.infolist()) > _MOST_UNPACKED_BYTES:
                raise _unreadable("it unpacks to more than any form has")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            cells = sheet.iter_rows(values_only=True, max_row=MOST_LINES + 2, max_col=_MOST_COLUMNS)
            rows = [[cell_text(value) for value in row] for row in cells]
    except _DAMAGED as error:
        raise _unreadable(f"it is no workbook that can be read ({type(error).__name__})") from None
    yield from _table_lines(rows)


def _table_lines(rows: Sequence[Sequence[str]]) -> Iterator[FormLine]:
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    names = [_column_name(cell) for cell in filled[0]] if filled else []
    missing = [name for name in _NEEDED if names.count(name) != 1]
    if missing:
        raise _unreadable(f"it has no single column {' and '.join(missing)}")
    for number, row in enumerate(filled[1:], start=1):
        surplus = any(cell.strip() for cell in row[len(names) :])
        cells = {name: cell for name, cell in zip(names, row, strict=False) if name in COLUMNS}
        yield FormLine(number, cells, "it has more cells than the form has columns" if surplus else None)


def _document_lines(load: Callable[[str], Any]) -> Callable[[bytes], Iterator[FormLine]]:
    def lines(content: bytes) -> Iterator[FormLine]:
        try:
            document = load(_text(content))
        except (ValueError, RecursionError, yaml.YAMLError) as error:
            raise _unreadable(f"it cannot be read ({type(error).__name__})") from None
        objections = document.get("objections") if isinstance(document, dict) else None
        if not isinstance(objections, list):
            raise _unreadable("it holds no list 'objections'")
        shared = {name: document.get(name) for name in _SHARED}
        for number, objection in enumerate(objections, start=1):
            yield _document_line(number, shared, objection)

    return lines


def _document_line(number: int, shared: Mapping[str, Any], objection: Any) -> FormLine:
    if not isinstance(objection, dict):
        return FormLine(number, {}, "it is no object with names and values")
    values = {**shared, **{name: objection[name] for name in COLUMNS if objection.get(name) is not None}}
    if any(isinstance(value, list | dict | set) for value in values.values()):
        return FormLine(number, {}, "a value in it is a list or an object")
    return FormLine(number, {name: cell_text(value) for name, value in values.items()})


def _text(content: bytes) -> str:
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable("it is text in neither UTF-8 nor UTF-16") from None
    if "\0" in text:
        raise _unreadable("it holds bytes that no text has")
    return text


def _column_name(cell: str) -> str:
    return "_".join(cell.strip().casefold().split())


def _unreadable(why: str) -> ContractError:
    return ContractError(
        f"the form cannot be taken in: {why}",
        remedy="Ask for it again, saved as it was sent: CSV in UTF-8, XLSX, YAML or JSON; see `tierline contest form`.",
    )


_READERS: Final[Mapping[str, Callable[[bytes], Iterator[FormLine]]]] = {
    ".csv": _csv_lines,
    ".xlsx": _sheet_lines,
    ".yml": _document_lines(yaml.safe_load),
    ".yaml": _document_lines(yaml.safe_load),
    ".json": _document_lines(json.loads),
}
