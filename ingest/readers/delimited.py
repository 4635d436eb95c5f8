"""CSV, record by record, each with what is wrong with it; plain files need no such care (see plain_records)."""

import csv
from collections import deque
from collections.abc import Iterator
from typing import IO

import duckdb

from ingest.quarantine import BROKEN_QUOTING, NUL_CHARACTER, RECORD_TOO_LONG, WRONG_ENCODING, Fault, wrong_cell_count
from ingest.readers.headings import require_headings
from ingest.readers.incoming import IncomingWriter, Rejected, raw_columns, require_text, start_tables
from ingest.readers.text_file import TextFile, likely_encoding
from ingest.spec import SourceSpec
from tierline.errors import ContractError

LONGEST_RECORD = 1 << 20
csv.field_size_limit(LONGEST_RECORD)


def read_delimited(connection: duckdb.DuckDBPyConnection, file: TextFile, spec: SourceSpec) -> list[str]:
    """Fills `incoming` and `rejected` from a CSV file; gives the columns of `incoming`.

    Blank lines are no records. Where quoting is broken, each line counts as a record. Raises ContractError where there
    is no heading, a declared column is missing, or the encoding is wrong.
    """
    headings = headings_of(file, spec)
    require_headings(headings, spec, file.name)
    columns = raw_columns(headings)
    start_tables(connection, columns)
    _read_records(connection, file, columns, spec)
    return columns


def delimited_records(stream: IO[str], delimiter: str) -> Iterator[tuple[str, list[str] | Fault]]:
    """Yields each record as its text and its cells, or as its text and what is wrong with it."""
    lines = _Lines(stream)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.taken.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _TooLongError) as error:
            yield lines.give_back_all_but_first(), _fault_of_line(error)
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            continue
        if cells:
            text = "".join(lines.taken)
            yield text, _fault_of_text(text) or cells


class _TooLongError(Exception):
    """A record does not end within what a record may be."""


class _Lines:
    """Lines of a stream; those taken since the last record are kept, to be given back if they are none."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._given_back: deque[str] = deque()
        self.taken: list[str] = []
        self._length = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if not self.taken:
            self._length = 0
        line = self._given_back.popleft() if self._given_back else self._stream.readline(LONGEST_RECORD)
        if not line:
            raise StopIteration
        self.taken.append(line)
        self._length += len(line)
        if self._length >= LONGEST_RECORD:
            if len(self.taken) == 1:
                self._skip_rest_of_line(line)
            raise _TooLongError
        return line

    def give_back_all_but_first(self) -> str:
        first, *others = self.taken
        self._given_back.extendleft(reversed(others))
        return first

    def _skip_rest_of_line(self, line: str) -> None:
        while line and not line.endswith(("\n", "\r")):
            line = self._stream.readline(LONGEST_RECORD)


def _fault_of_line(error: Exception) -> Fault:
    return RECORD_TOO_LONG if isinstance(error, _TooLongError) else BROKEN_QUOTING


def _fault_of_text(text: str) -> Fault | None:
    if "\0" in text:
        return NUL_CHARACTER
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return WRONG_ENCODING
    return None


def headings_of(file: TextFile, spec: SourceSpec) -> list[str]:
    """Gives the headings of a CSV file; raises ContractError where there are none or they cannot be read."""
    with file.open() as stream:
        for _, cells in delimited_records(stream, spec.format.delimiter):
            if isinstance(cells, Fault):
                raise ContractError(
                    f"the heading of {file.name} cannot be read: {cells.reason}",
                    remedy=f"{cells.remedy} By its bytes the encoding is likely {likely_encoding(file.path)}.",
                )
            return cells
    raise ContractError(f"{file.name} is empty: it has not even a heading", remedy="Fetch it again from its publisher.")


def _read_records(connection: duckdb.DuckDBPyConnection, file: TextFile, columns: list[str], spec: SourceSpec) -> None:
    writer = IncomingWriter(connection, columns)
    record_no = undecodable = 0
    with file.open() as stream:
        records = delimited_records(stream, spec.format.delimiter)
        next(records)
        for record_no, (text, cells) in enumerate(records, start=1):
            found = cells if isinstance(cells, Fault) else _fitted(cells, len(columns))
            if isinstance(found, Fault):
                undecodable += found is WRONG_ENCODING
                writer.reject(Rejected(record_no, found, text.rstrip("\r\n")))
            else:
                writer.add(record_no, found)
    writer.close()
    require_text(undecodable, record_no, file.name, spec.format.encoding, likely_encoding(file.path))


def _fitted(cells: list[str], width: int) -> list[str] | Fault:
    if len(cells) == width + 1 and cells[-1] == "":
        return cells[:-1]  # a delimiter that ends the line opens no cell
    return cells if len(cells) == width else wrong_cell_count(len(cells), width)
