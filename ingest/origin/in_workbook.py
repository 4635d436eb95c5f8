"""Records of a workbook: the `<row>` element in the file of the sheet, and the cells as raw has them."""

import zipfile
from pathlib import Path
from typing import Any
from xml.parsers import expat

from ingest.origin.places import Place, no_such_record
from ingest.readers.incoming import raw_columns
from ingest.readers.spreadsheet import sheet_rows
from ingest.spec import SourceSpec
from tierline.errors import ContractError

_CHUNK_BYTES = 1 << 20
_ROW = "http://schemas.openxmlformats.org/spreadsheetml/2006/main row"


def place_in_workbook(path: Path, name: str, spec: SourceSpec, record_no: int) -> Place:
    """Gives the place of a record of a sheet; raises ContractError where there is none of that number."""
    number, columns = -1, []
    for number, (part, row, cells) in enumerate(sheet_rows(path, name, spec)):
        if number == 0:
            columns = raw_columns(cells)
        elif number == record_no:
            start, end = _range_of_row(path, part, row, name)
            content = _bytes_of(path, part, start, end)
            padded = cells + [""] * (len(columns) - len(cells))
            return Place(content, start, end, "utf-8", part, dict(zip(columns, padded, strict=False)))
    raise no_such_record(name, record_no, max(number, 0))


def _range_of_row(path: Path, part: str, wanted: int, name: str) -> tuple[int, int]:
    finder = _RowFinder(wanted)
    with zipfile.ZipFile(path) as archive, archive.open(part) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            if finder.feed(chunk):
                break
        else:
            finder.close()
    if finder.range is None:
        raise ContractError(
            f"the sheet of {name} has no row element {wanted}", remedy="Open the workbook and look at that row."
        )
    return finder.range


def _bytes_of(path: Path, part: str, start: int, end: int) -> bytes:
    with zipfile.ZipFile(path) as archive, archive.open(part) as stream:
        stream.seek(start)
        return stream.read(end - start)


class _RowFinder:
    """Finds the byte range of the row element of a place, from 1, in the XML of a sheet."""

    def __init__(self, wanted: int) -> None:
        self.range: tuple[int, int] | None = None
        self._wanted = wanted
        self._row = 0
        self._start: int | None = None
        self._found_end = False
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._finish
        self._parser.DefaultHandler = self._after
        self._parser.EntityDeclHandler = _refuse_entities

    def feed(self, chunk: bytes) -> bool:
        """Reads on; tells whether the row was found."""
        self._parser.Parse(chunk, False)
        return self.range is not None

    def close(self) -> None:
        """Tells that the sheet has ended."""
        self._parser.Parse(b"", True)

    def _begin(self, tag: str, _: dict[str, str]) -> None:
        self._note_end()
        if tag == _ROW:
            self._row += 1
            if self._row == self._wanted:
                self._start = self._parser.CurrentByteIndex

    def _finish(self, tag: str) -> None:
        self._note_end()
        if tag == _ROW and self._start is not None and self.range is None:
            self._found_end = True

    def _after(self, _: str) -> None:
        self._note_end()

    def _note_end(self) -> None:
        """The end of an element is where whatever follows it begins."""
        if self._found_end and self.range is None and self._start is not None:
            self.range = self._start, self._parser.CurrentByteIndex


def _refuse_entities(*_: Any) -> None:
    raise ContractError("the workbook declares entities", remedy="Do not trust this file.")
