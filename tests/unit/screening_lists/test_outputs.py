"""What is written for people: no cell acts, every row is there, in every language; confirmations come back."""

import csv
import io
from collections.abc import Callable

import pytest
from openpyxl import load_workbook

from serving.language import LANGUAGES, language
from serving.screening.confirmations import read_confirmations, template_bytes
from serving.screening.outputs import COLUMNS, csv_bytes, workbook_bytes
from serving.screening.page import page_bytes
from serving.screening.reading import Row
from tests.unit.screening_lists.conftest import ENGLISH, supplier_id
from tierline.errors import ConfigError

Screen = Callable[..., Row]
HOSTILE = ("=HYPERLINK(1)", "@SUM(1)", "-1+1 Ltd", "<script>alert(1)</script>", "＝cmd")


@pytest.fixture
def record(screened: Screen) -> Row:
    return screened(
        ("Name", "Country", "Reference"), *((name, "DE", "=1") for name in HOSTILE), ("Amber Textiles", "BD", "lot 1"),
        ("Twin Mills Spinning", "IN", "lot 2"), ("<b>Acme</b> Works", "TR", ""), ("", "", "x"),
    )  # fmt: skip


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_cell_of_a_csv_file_acts_and_every_row_is_there(record: Row, code: str) -> None:
    rows = list(csv.reader(io.StringIO(csv_bytes(record, language(code)).decode("utf-8-sig"))))

    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert [row[0] for row in rows[1:]] == [str(number) for number in range(1, 10)]
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@\t\r＝＋－＠" and cell]


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_cell_of_a_workbook_is_a_formula_or_a_link(record: Row, code: str) -> None:
    content = workbook_bytes(record, language(code))
    book = load_workbook(io.BytesIO(content))

    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert content == workbook_bytes(record, language(code))
    assert [cell.value for cell in book.worksheets[0]["C"]][1:6] == list(HOSTILE)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_page_loads_nothing_and_escapes_all(record: Row, code: str) -> None:
    text = page_bytes(record, language(code)).decode()

    assert "<script" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "<b>Acme" not in text
    assert 'src="' not in text
    assert "default-src &#39;none&#39;" in text or "default-src 'none'" in text


def test_what_a_person_fills_in_comes_back(record: Row) -> None:
    lines = template_bytes(record, ENGLISH).decode("utf-8-sig").splitlines()
    filled = [lines[0]]
    for line in lines[1:]:
        row = next(csv.reader([line]))
        said = {"6": "Yes", "7": "no"}.get(row[0], "")
        filled.append(line + said)

    told = read_confirmations("\r\n".join(filled).encode(), ENGLISH)

    assert told == {6: supplier_id(0), 7: "none"}


@pytest.mark.parametrize(
    "lines",
    [
        ("row,supplier_id,is_it", "1,S1,yes", "1,S2,yes"),
        ("row,supplier_id,is_it", "1,S1,perhaps"),
        ("row,supplier_id,is_it", "x,S1,yes"),
        ("row,supplier_id", "1,S1"),
    ],
)
def test_confirmations_that_say_nothing_clear_are_refused(lines: tuple[str, ...]) -> None:
    with pytest.raises(ConfigError) as refused:
        read_confirmations("\n".join(lines).encode(), ENGLISH)

    assert refused.value.remedy


def test_an_answer_that_is_left_open_stays_open() -> None:
    content = b"row;supplier_id;is_it\n1;S1;no\n1;S2;\n"

    assert read_confirmations(content, ENGLISH) == {}
