"""XLSX: no row and no cell is left out, whatever a sheet says of its own size and of row numbers."""

import io
import re
import zipfile

import openpyxl
import pytest

from tests.unit.ingest.conftest import CSV_SOURCE, Installation, installation

__all__ = ["installation"]


def workbook(change: tuple[str, str]) -> bytes:
    """A workbook of three makers whose sheet was changed by hand."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in [["id", "name", "country"], *([f"M{number}", f"Maker {number}", "VN"] for number in (1, 2, 3))]:
        book.active.append(row)
    made, changed = io.BytesIO(), io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(changed, "w") as target:
        for part in source.namelist():
            content = source.read(part).decode()
            target.writestr(part, re.sub(*change, content) if part == "xl/worksheets/sheet1.xml" else content)
    return changed.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        (r'<dimension ref="[^"]*"', '<dimension ref="A1:B2"'),
        (r'<dimension ref="[^"]*"', '<dimension ref="A1"'),
        (r'<row r="4"', '<row r="3"'),
        (r'<row r="(\d+)"', "<row"),
        (r'<row r="4"', '<row r="1048576"'),
    ],
)
def test_every_row_of_the_sheet_is_read(installation: Installation, change: tuple[str, str]) -> None:
    installation.declare(CSV_SOURCE.replace("kind: csv", "kind: xlsx"), "makers.xlsx")
    installation.write("makers.xlsx", workbook(change))

    installation.load()

    assert installation.query("SELECT _record_no, id, name, country FROM raw.makers ORDER BY 1") == [
        (number, f"M{number}", f"Maker {number}", "VN") for number in (1, 2, 3)
    ]
