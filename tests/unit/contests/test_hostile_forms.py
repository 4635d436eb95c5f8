"""A form of a stranger is read as data: what is no form is refused whole, with what to do, and nothing of it is run."""

import io
import json
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from ingest.contest_form import MOST_BYTES, MOST_LINES, read_form
from tierline.errors import ContractError

HEADING = "supplier_id,row,indicator_id,grounds,raised_on,contact_role\n"


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def zip_bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (200 * 2**20))
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("form.csv", b""),
        ("form.csv", b"name,score\nx,1\n"),
        ("form.csv", (HEADING + 'S1,r,F07,"never closed').encode()),
        ("form.csv", (HEADING + "S1,r,F07,caf\xe9,2026-01-01,owner\n").encode("latin-1")),
        ("form.csv", HEADING.encode() + b"S1,r\0r,F07,why,2026-01-01,owner\n"),
        ("form.csv", HEADING.encode() + b"S1,r,F07,why,2026-01-01,owner\n" * (MOST_LINES + 1)),
        ("form.csv", b"x" * (MOST_BYTES + 1)),
        ("form.csv", (HEADING.strip() + ",grounds\n").encode()),
        ("form.xlsx", b"PK\x03\x04 no workbook"),
        ("form.xlsx", b"<html><body>no workbook</body></html>"),
        ("form.yml", b"objections: &a [*a]"),
        ("form.yml", b"!!python/object/apply:os.system ['true']"),
        ("form.yml", b"objections: 7"),
        ("form.json", b"[" * 100_000),
        ("form.json", b'{"objections": {"row": 1}}'),
        ("form.exe", b"MZ"),
    ],
)
def test_what_is_no_form_is_refused_whole(tmp_path: Path, name: str, content: bytes) -> None:
    path = written(tmp_path, name, content)
    if content == b"objections: &a [*a]":
        assert [line.fault for line in read_form(path).lines] == ["it is no object with names and values"]
        return
    with pytest.raises(ContractError) as refused:
        read_form(path)
    assert refused.value.remedy


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="unpacks"):
        read_form(written(tmp_path, "form.xlsx", zip_bomb()))


def test_formulas_of_a_workbook_are_text(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "form.xlsx"))
    sheet = book.add_worksheet()
    for place, name in enumerate(HEADING.strip().split(",")):
        sheet.write_string(0, place, name)
    sheet.write_string(1, 1, "row")
    sheet.write_formula(1, 3, '=HYPERLINK("http://example.org","x")', None, "innocent")
    book.close()

    (line,) = read_form(tmp_path / "form.xlsx").lines
    assert line.cells["grounds"].startswith("=HYPERLINK")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_read_in_utf_8_and_utf_16_and_with_semicolons(tmp_path: Path, encoding: str) -> None:
    text = (HEADING + "S1,r,F07,déjà réglé,2026-01-01,owner\n").replace(",", ";")
    (line,) = read_form(written(tmp_path, "form.csv", text.encode(encoding))).lines
    assert line.cells["grounds"] == "déjà réglé"


def test_a_line_that_is_no_object_or_has_too_many_cells_is_a_line_at_fault(tmp_path: Path) -> None:
    listed = json.dumps({"supplier_id": "S1", "objections": ["row", {"row": ["a"], "grounds": "b"}]})
    assert all(line.fault for line in read_form(written(tmp_path, "form.json", listed.encode())).lines)

    (line,) = read_form(written(tmp_path, "form.csv", (HEADING + "a,b,c,d,e,f,g\n").encode())).lines
    assert line.fault
