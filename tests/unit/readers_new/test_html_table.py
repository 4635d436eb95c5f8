"""The rows of a table of a web page become records; a hostile page is refused with one typed error."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.readers.html_table import LARGEST_PAGE
from tests.unit.readers_new.conftest import Read, Reader
from tierline.errors import ContractError

HTML = "{kind: html}"


def page(body: str) -> bytes:
    return f"<!DOCTYPE html><html><head><title>a < b</title></head><body>{body}</body></html>".encode()


def table(*rows: str, head: str = "<tr><th>Name<th>Day</tr>") -> str:
    return f"<table>{head}{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def cells(found: Read) -> list[tuple[object, ...]]:
    return [row[1:3] for row in found.rows]


def test_rows_of_the_table_with_the_headings_are_records(read: Reader) -> None:
    other = "<table><tr><th>Year<th>Count</tr><tr><td>2024<td>3</tr></table>"

    found = read(page(other + table("<td>A &amp; B</td><td>May&nbsp;1</td>", "<td>C<td>May 2") + other), HTML)

    assert found.columns == ["Name", "Day", "table_title"]
    assert found.rows == [(1, "A & B", "May 1", ""), (2, "C", "May 2", "")]
    assert found.rejected == []


def test_headings_may_stand_in_a_body_row_without_header_cells(read: Reader) -> None:
    assert cells(read(page("<table><tr><td>day<td>name of entity<tr><td>1<td>X</table>"), HTML)) == [("1", "X")]


def test_several_tables_with_the_headings_are_read_in_order_under_their_titles(read: Reader) -> None:
    first = "<h2>Section <i>one</i></h2>" + table("<td>A<td>1")
    second = "<table><caption>Section two</caption><tr><th>Place<th>NAME<th>Day</tr><tr><td>P<td>B<td>2</tr></table>"

    found = read(page(first + second), HTML)

    assert found.columns == ["Name", "Day", "Place", "table_title"]
    assert found.rows == [(1, "A", "1", None, "Section one"), (2, "B", "2", "P", "Section two")]


def test_a_table_is_chosen_by_its_title(read: Reader) -> None:
    content = page("<h2>Removed</h2>" + table("<td>A<td>1") + "<h2>In  force</h2>" + table("<td>B<td>2"))

    assert cells(read(content, "{kind: html, table: in force}")) == [("B", "2")]
    with pytest.raises(ContractError, match=r"no table under 'Pending'; it has 'Removed', 'In force'"):
        read(content, "{kind: html, table: Pending}")


def test_spanning_cells_repeat(read: Reader) -> None:
    head = "<thead><tr><th rowspan=2>Name<th colspan='2'>Listed</tr><tr><th>Day<th>Place</tr></thead>"
    body = "<tr><td rowspan='2'>A<td>1<td>P</tr><tr><td colspan=2>2</tr>"

    assert read(page(f"<table>{head}<tbody>{body}</table>"), HTML).rows == [
        (1, "A", "1", "P", ""),
        (2, "A", "2", "2", ""),
    ]


def test_a_cell_that_spans_all_rows_ends_with_its_section(read: Reader) -> None:
    body = "<tbody><tr><td rowspan=0>A<td>1<tr><td>2</tbody><tbody><tr><td>B<td>3</tbody>"

    assert cells(read(page(f"<table><tr><th>Name<th>Day</tr>{body}</table>"), HTML)) == [
        ("A", "1"),
        ("A", "2"),
        ("B", "3"),
    ]


def test_headings_joined_over_two_rows_are_found(read: Reader) -> None:
    head = "<thead><tr><th colspan=2>Entity</tr><tr><th>Name<th>Day</tr></thead>"

    assert cells(read(page(table("<td>A<td>1", head=head)), HTML)) == [("A", "1")]


def test_scripts_comments_and_tables_inside_cells_are_no_text(read: Reader) -> None:
    cell = "A<script>var x = '<table><td>';</script><!-- <b> --><table><tr><td>inner</table> B"

    assert cells(read(page(table(f"<td>{cell}</td><td>1</td>")), HTML)) == [("A B", "1")]


def test_a_table_laid_out_inside_another_is_found(read: Reader) -> None:
    assert cells(read(page(f"<table><tr><td>menu<td>{table('<td>A<td>1')}</table>"), HTML)) == [("A", "1")]


def test_line_breaks_of_the_page_stay_and_those_of_its_source_do_not(read: Reader) -> None:
    row = "<td>A\n  Ltd.<br>also B<ul><li>C</ul></td><td>May\r\n1</td>"

    assert cells(read(page(table(row)), HTML)) == [("A Ltd.\nalso B\nC", "May 1")]


def test_blank_rows_and_repeated_headings_are_no_records(read: Reader) -> None:
    assert cells(read(page(table("<td>A<td>1", "<td> <td>", "<th>Name<th>Day", "<td>B<td>2")), HTML)) == [
        ("A", "1"),
        ("B", "2"),
    ]


def test_a_row_with_another_number_of_cells_is_rejected(read: Reader) -> None:
    found = read(page(table("<td>A<td>1", "<td>B", "<td>C<td>1<td>x")), HTML)

    assert cells(found) == [("A", "1")]
    assert found.rejected == [(2, "wrong number of cells"), (3, "wrong number of cells")]


def test_a_record_that_is_too_long_is_rejected(read: Reader) -> None:
    found = read(page(table(f"<td>{'x' * (1 << 20)}<td>1", "<td>A<td>1")), HTML)

    assert found.rejected == [(1, "too long")]
    assert cells(found) == [("A", "1")]


@pytest.mark.parametrize(
    "content",
    [
        page(table("<td>A<td>1"))[:-30],
        page(table("<td>A<td>1"))[:-14],
        b"<html><table><tr><th>Name<th>Day<tr><td>A<td>1</table>",
        b"<table><tr><th>Name<th>Day<tr><td>A<td>1",
        b"<html><table><tr><th>Name<th>Day<tr><td>A<td>1</html>",
        b"<table><tr><th>Name<th>Day<tr><td>A<td>1</table><p",
        b"<table><tr><th>Name<th>Day<tr><td>A<td>1</table><p class='",
        b"<table><tr><th>Name<th>Day<tr><td>A<td>1</table><!-- ",
        b"<table><tr><th>Name<th>Day<tr><td>A<td>1</table><script>",
    ],
)
def test_a_page_that_breaks_off_is_refused(read: Reader, content: bytes) -> None:
    with pytest.raises(ContractError, match="breaks off"):
        read(content, HTML)


def test_a_missing_heading_is_named_with_the_near_one(read: Reader) -> None:
    with pytest.raises(ContractError, match=r"lacks the column 'Day' \(near: Days\)"):
        read(page(table("<td>A<td>1", head="<tr><th>Name<th>Days</tr>")), HTML)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (page("<p>Nothing here</p>"), "has no table"),
        (page("<table></table>"), "lacks the columns"),
        (page(table("<td>A\0<td>1")), "NUL"),
        (page(table("<td>é<td>1")).replace("é".encode(), b"\xe9"), "not text in the declared encoding"),
        (b"<table>" * 50 + b"</table>" * 50, "nests tables"),
        (page(" " * LARGEST_PAGE), "the most is"),
    ],
)
def test_a_page_that_cannot_be_trusted_is_refused(read: Reader, content: bytes, told: str) -> None:
    with pytest.raises(ContractError, match=told):
        read(content, HTML)


def test_a_small_page_cannot_grow_into_a_large_table(read: Reader) -> None:
    wide = f"<td colspan=1000 rowspan=65534>{'x' * 1000}</td>"

    with pytest.raises(ContractError, match="spanning cells"):
        read(page(table(wide * 5, *["<td>1"] * 2000)), HTML)


@pytest.mark.parametrize(
    "content",
    [
        "<div>" * 200_000 + table("<td>A<td>1"),
        table("<td>A<td>1", head=f"<tr {' '.join(f'a{n}=1' for n in range(100_000))}><th>Name<th>Day</tr>"),
        "<b" * 200_000 + ">" + table("<td>A<td>1"),
        "<!" * 1000 + ">" + table("<td>A<td>1") + "</x" * 100_000 + ">",
        table("<td>A<td>1") + "<p title='" + "\"'" * 100_000 + "'>",
        "&amp;" * 300_000 + table("<td>A<td>1"),
        "<h2>" * 5000 + table("<td>A<td>1"),
    ],
)
def test_hostile_markup_takes_no_time(read: Reader, content: str) -> None:
    started = time.monotonic()

    try:
        found = read(page(content), HTML)
    except ContractError:
        pass
    else:
        assert cells(found) == [("A", "1")]
    assert time.monotonic() - started < 5


PIECES = st.sampled_from(
    ["<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<th>Name", "<th>Day", "<td rowspan=2>", "<thead>", "A",
     "<td colspan=3 rowspan='0'>", "<td colspan='-1' rowspan=1e9>", "<caption>", "<tbody>", "&lt;", "&#0;", "&#xD800;",
     "<!--", "-->", "<script>", "</script>", "<", ">", "'", '"', "<h2>", "</h2>", "\n", " ", "<html>", "</html>", "é",
     "<plaintext>", "<svg>", "]]>", "<![CDATA[", "<?x", "</>", "<br/>", "<TABLE ROWSPAN=2>", "<td/x/y='>'>"]
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(PIECES, max_size=40), closed=st.booleans())
def test_any_markup_gives_records_or_one_typed_error(read: Reader, pieces: list[str], closed: bool) -> None:
    sound = table("<td>A<td>1") if closed else ""
    try:
        found = read(("".join(pieces) + sound).encode(), HTML)
    except ContractError:
        return
    numbers = [row[0] for row in found.rows] + [number for number, _ in found.rejected]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert all(len(row) == len(found.columns) + 1 for row in found.rows)
