"""Hostile files: each is read whole, or refused in clear words, or a row of it is; nothing is lost on the way."""

import csv
import io
import zipfile
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from openpyxl import Workbook

from serving.language import language
from serving.screening.columns import recognised
from serving.screening.table import Limits, Table
from serving.screening.upload import read_table, safe_name
from tierline.errors import ContractError

ENGLISH = language("en")
SMALL = Limits(file_bytes=200_000, expanded_bytes=400_000, rows=50, columns=20)
CELLS = some.text(some.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


def read(content: bytes, limits: Limits = SMALL, **how: bool) -> Table:
    return read_table(content, limits, ENGLISH, **how)


def cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


def workbook(*rows: Sequence[object], sheet: str = "Bids") -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The workbook with one part put in the place of the one of that name, or beside the others."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info, old.read(info))
        new.writestr(name, part)
    return made.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_encoding_and_delimiter_is_read(encoding: str, delimiter: str) -> None:
    text = delimiter.join(("Nombre", "País")) + "\r\n" + delimiter.join(("Señora Café S.L.", "España")) + "\r\n"

    table = read(text.encode(encoding))

    assert (table.headings, cells(table)) == (("Nombre", "País"), [("Señora Café S.L.", "España")])


@given(
    rows=some.lists(some.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8),
    delimiter=some.sampled_from(",;\t|"),
)
@settings(max_examples=60, deadline=None)
def test_whatever_a_writer_of_csv_writes_comes_back_row_by_row(rows: list[list[str]], delimiter: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([["Name", "Country", "Town"], *rows, ["end", "end", "end"]])

    table = read(text.getvalue().encode())

    assert table.read_count == len(rows) + 1
    assert [row.cells for row in table.rows] == [
        # blank cells at the end of a row are none
        tuple(cell if any(map(str.strip, row[place:])) else "" for place, cell in enumerate(row))
        for row in [*rows, ["end", "end", "end"]]
        if any(map(str.strip, row))
    ]


@given(content=some.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_a_table_with_every_row_accounted_for_or_are_refused(content: bytes) -> None:
    try:
        table = read(content)
    except ContractError:
        return
    numbers = sorted([row.number for row in table.rows] + [row.number for row in table.refused])
    assert numbers == list(range(1, table.read_count + 1))
    assert {len(row.cells) for row in table.rows} <= {len(table.headings)}


def test_a_row_with_broken_quotation_marks_is_refused_and_the_next_ones_are_read() -> None:
    table = read(b'Name,Country\n"Open GmbH,DE\nFine Ltd,GB\n"Half" open,DE\n12" Pipes Ltd,GB\n"Two\nlines",FR\n')

    assert [(row.number, row.reason) for row in table.refused] == [(1, "broken_quotes"), (3, "broken_quotes")]
    assert cells(table) == [("Fine Ltd", "GB"), ('12" Pipes Ltd', "GB"), ("Two\nlines", "FR")]


def test_a_mark_that_is_never_closed_swallows_no_row() -> None:
    table = read(b'Name,Country\n"Open,DE\n' + b"Fine Ltd,GB\n" * 40)

    assert (len(table.rows), len(table.refused)) == (40, 1)


def test_rows_of_other_lengths_are_padded_or_refused() -> None:
    table = read(b"Name,Country,Town\nShort\nA,B,C,D\nLong,GB,London,,,\n")

    assert cells(table) == [("Short", "", ""), ("Long", "GB", "London")]
    assert [row.reason for row in table.refused] == ["more_cells"]


def test_a_table_without_headings_loses_no_row() -> None:
    table = read(b"Amber Textiles;BD\nBlue River;VN\n")

    assert not table.has_headings
    assert table.headings == ("column 1", "column 2")
    assert {role: column.place for role, column in recognised(table).items()} == {"name": 0, "country": 1}
    assert len(table.rows) == 2


def test_headings_that_are_alike_are_told_apart() -> None:
    assert read(b"Name,name,Country\na,b,c\n").headings == ("Name", "name (2)", "Country")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds no rows"), (b" \n\n\r\n", "holds no rows"), (b"Name,Country\n", "holds no rows"),
        (b"%PDF-1.7 whatever", "a PDF document"), (b"\x89PNG\r\n", "a picture"), (b"\x1f\x8bxx", "compressed archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1xx", "old Excel"), (b"<html><table>", "a web page"),
        (b"\x00\x01\x02\x03" * 500, "no table"), (b"a," * 1_000 + b"a\n", "1,001 columns"),
        (b"Name\n" + b"x\n" * 60, "more than 50 rows"), (b"Name\n" + b"x" * 200_000, "larger than"),
        (b"PK\x03\x04junk", "damaged"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_in_clear_words(content: bytes, said: str) -> None:
    with pytest.raises(ContractError, match=said) as refused:
        read(content)

    assert refused.value.remedy


def test_a_refusal_is_said_in_the_language_of_the_reader() -> None:
    with pytest.raises(ContractError) as refused:
        read_table(b"%PDF", SMALL, language("es"))

    assert refused.value.message


def test_a_list_that_begins_with_the_letters_of_an_archive_is_a_list() -> None:
    assert cells(read(b"PK;Karachi Mills\nBD;Dhaka Mills\n")) == [("PK", "Karachi Mills"), ("BD", "Dhaka Mills")]


def test_a_workbook_is_read_and_other_sheets_are_told() -> None:
    book = Workbook()
    first, second = book.active, book.create_sheet("Lots")
    assert first is not None
    first.append([])
    second.append(["Bidder", "Tax number"])
    second.append(["Amber", 7000000.0])
    content = io.BytesIO()
    book.save(content)

    table = read(content.getvalue())

    assert (table.form, cells(table), table.unread_sheets) == ("XLSX, Lots", [("Amber", "7000000")], ("Sheet",))


def test_a_formula_counts_by_its_saved_result_and_is_told_where_there_is_none() -> None:
    from serving.screening.bidders import bidders_of

    content = workbook(("Name", "Country"), ('="Amb"&"er"', "BD"), ("Blue", "VN"))
    table = read(content)
    bidders, refused = bidders_of(table, recognised(table), SMALL)

    assert [one.name for one in bidders] == ["Blue"]
    assert [(one.number, one.reason) for one in refused] == [(1, "formula_without_value")]


def test_a_workbook_that_would_unfold_without_end_is_refused_before_it_does() -> None:
    bomb = with_part(workbook(("Name",), ("x",)), "xl/media/bomb.bin", bytes(2_000_000))

    assert len(bomb) < 20_000
    with pytest.raises(ContractError, match="unpack"):
        read(bomb)


def test_a_workbook_that_declares_entities_is_refused() -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><sst>&b;</sst>'

    with pytest.raises(ContractError, match="damaged"):
        read(with_part(workbook(("Name",), ("x",)), "xl/sharedStrings.xml", laughs))


@pytest.mark.parametrize("reference", ["A1048576", "XFD2", "A999999999999"])
def test_a_cell_far_away_costs_nothing_and_is_refused(reference: str) -> None:
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row>'
        f'<row r="{reference.lstrip("ADFX")}"><c r="{reference}" t="inlineStr"><is><t>far</t></is></c></row>'
        "</sheetData></worksheet>"
    )

    with pytest.raises(ContractError, match=r"more than 50 rows|columns|damaged"):
        read(with_part(workbook(("Name",), ("x",)), "xl/worksheets/sheet1.xml", sheet.encode()))


@pytest.mark.parametrize(
    ("name", "shown"),
    [("../../etc/passwd", "passwd"), ("C:\\Users\\x\\list.csv", "list.csv"), ("a\x00b\u202e.csv", "ab.csv"),
     ("x" * 500, "x" * 120), ("..", ".."), ("", "")],
)  # fmt: skip
def test_the_name_of_a_file_is_only_shown(name: str, shown: str) -> None:
    assert safe_name(name) == shown
