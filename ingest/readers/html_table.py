"""HTML: the rows of the tables of a web page that have the declared headings, as text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

import duckdb
from lxml import etree

from ingest.quarantine import NUL_CHARACTER, RECORD_TOO_LONG, Fault, wrong_cell_count
from ingest.readers.headings import names_of, require_headings, same_heading
from ingest.readers.html_markup import bare_tables
from ingest.readers.incoming import IncomingWriter, Rejected, raw_columns, start_tables
from ingest.readers.text_file import TextFile, likely_encoding
from ingest.spec import SourceSpec
from tierline.errors import ContractError

LARGEST_PAGE = 1 << 23
LONGEST_RECORD = 1 << 20
MOST_CHARACTERS = 1 << 27
TITLE_COLUMN = "table_title"
_HEADING_ROWS = 4
_ALL_ROWS = 1 << 16
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLANKS = re.compile(r"[ \t\r\f\v\u00a0]+")


@dataclass
class _Row:
    cells: list[str]
    is_heading: bool
    section: object
    at: int


@dataclass
class _Table:
    """A table with its rows: `headings` are None where no row has all that is declared."""

    title: str
    rows: list[_Row]
    headings: list[str] = field(default_factory=list)
    heading_rows: int = 0


def read_html_tables(connection: duckdb.DuckDBPyConnection, file: TextFile, spec: SourceSpec) -> list[str]:
    """Fills `incoming` and `rejected` from a web page; gives the columns of `incoming`.

    The records are the rows of all tables that have the declared headings, in the order of the page, or of those among
    them that `format.table` names. Spanning cells are repeated; a table inside a cell is none of its text. A column
    that a table lacks is null in its rows; the column `table_title` holds its caption, or the heading above it. Raises
    ContractError where the page is damaged or too large, or no table has the headings.
    """
    tables = _wanted(_tables(_page(file), file.name), file.name, spec)
    columns = raw_columns([*dict.fromkeys(_first_of_each(tables)), TITLE_COLUMN])
    start_tables(connection, columns)
    writer = IncomingWriter(connection, columns)
    for record_no, (table, row) in enumerate(_records(tables), start=1):
        found = _fitted(table, row.cells, columns)
        if isinstance(found, Fault):
            writer.reject(Rejected(record_no, found, "\t".join(row.cells)))
        else:
            writer.add(record_no, found)
    writer.close()
    return columns


def rows_of_records(file: TextFile, spec: SourceSpec) -> Iterator[tuple[str, int]]:
    """Yields the page and where in it the row of each record begins, in characters; raises as reading the page does."""
    page = _page(file)
    for _, row in _records(_wanted(_tables(page, file.name), file.name, spec)):
        yield page, row.at


# the page


def _page(file: TextFile) -> str:
    size = file.path.stat().st_size
    if size > LARGEST_PAGE:
        raise ContractError(
            f"{file.name} is a page of {size:,} bytes; the most is {LARGEST_PAGE:,}",
            remedy="Use a form of the source that is made for machines, such as CSV.",
        )
    try:
        with file.path.open(encoding=file.codec, newline="") as stream:
            page = stream.read()
    except UnicodeDecodeError:
        raise ContractError(
            f"{file.name} is not text in the declared encoding",
            remedy=f"The encoding is likely {likely_encoding(file.path)}: set format.encoding in the declaration.",
        ) from None
    if "\0" in page:
        raise ContractError(f"{file.name}: {NUL_CHARACTER.reason}", remedy=NUL_CHARACTER.remedy)
    return page


def _tables(page: str, name: str) -> list[_Table]:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True)
    document = etree.fromstring(f"<body>{bare_tables(page, name)}</body>".encode(), parser)
    if document is None or any(entry.level_name == "FATAL" for entry in parser.error_log):
        raise ContractError(f"{name} cannot be read as a web page", remedy="Look at the page; it may be no HTML.")
    title, tables, characters = "", [], 0
    for element in document.iter(*_HEADINGS, "table"):
        if element.tag != "table":
            title = _one_line(_text_of(element)) or title
            continue
        rows = []
        for row in _expanded(element):
            characters += sum(map(len, row.cells)) + len(row.cells)
            if characters > MOST_CHARACTERS:
                raise ContractError(
                    f"{name}: its tables grow to more than {MOST_CHARACTERS:,} characters once spanning cells repeat",
                    remedy="Do not trust this page; look at it.",
                )
            rows.append(row)
        caption = next((_one_line(_text_of(child)) for child in element.iterchildren("caption")), "")
        tables.append(_Table(caption or title, rows))
    return tables


def _expanded(table: etree._Element) -> Iterator[_Row]:
    """Yields the rows of a table with spanning cells repeated; those of tables inside it are left out."""
    spanning: dict[int, tuple[int, str]] = {}
    section: object = None
    for row in _own(table, "tr"):
        parent = row.getparent()
        if parent is not section:
            spanning, section = {}, parent
        elements = list(_own(row, "td", "th"))
        cells, spanning = _with_spans(elements, spanning)
        is_heading = bool(elements) and (
            (parent is not None and parent.tag == "thead") or all(element.tag == "th" for element in elements)
        )
        yield _Row(cells, is_heading, section, int(row.get("at", "0")))


def _own(parent: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """Yields the elements of these names that are not inside another table or another of them."""
    walk = etree.iterwalk(parent, events=("start",))
    for _, element in walk:
        if element is parent:
            continue
        if element.tag in tags:
            yield element
            walk.skip_subtree()
        elif element.tag == "table":
            walk.skip_subtree()


def _with_spans(
    elements: Sequence[etree._Element], spanning: dict[int, tuple[int, str]]
) -> tuple[list[str], dict[int, tuple[int, str]]]:
    cells: list[str] = []
    further: dict[int, tuple[int, str]] = {}

    def take_spanning() -> None:
        rows, text = spanning[len(cells)]
        if rows > 1:
            further[len(cells)] = (rows - 1, text)
        cells.append(text)

    for element in elements:
        while len(cells) in spanning:
            take_spanning()
        text = _text_of(element)
        rows = int(element.get("rowspan", "1")) or _ALL_ROWS
        for _ in range(max(1, int(element.get("colspan", "1")))):
            if rows > 1:
                further[len(cells)] = (rows - 1, text)
            cells.append(text)
    while len(cells) in spanning:
        take_spanning()
    return cells, further


def _text_of(element: etree._Element) -> str:
    """Gives the text of an element, without that of tables inside it; lines stay lines."""
    parts = [element.text or ""]
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, inner in walk:
        if inner is element:
            continue
        if event == "end":
            parts.append(inner.tail or "")
        elif inner.tag == "table":
            walk.skip_subtree()
        else:
            parts.append(inner.text or "")
    lines = (_BLANKS.sub(" ", line).strip() for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _one_line(text: str) -> str:
    return text.replace("\n", " ")


# the wanted tables


def _wanted(tables: list[_Table], name: str, spec: SourceSpec) -> list[_Table]:
    if not tables:
        raise ContractError(f"{name} has no table", remedy="Check the address: this may be another page.")
    named = [table for table in tables if _is_named(table, spec)]
    if not named:
        listed = ", ".join(f"'{table.title[:80]}'" for table in tables[:5])
        raise ContractError(
            f"{name} has no table under '{spec.format.table}'; it has {listed}",
            remedy="Correct format.table of the source's declaration.",
        )
    for table in named:
        table.headings, table.heading_rows = _headings(table, spec)
    wanted = [table for table in named if _declared_in(table.headings, spec) == len(spec.columns)]
    for table in wanted or [max(named, key=lambda table: _declared_in(table.headings, spec))]:
        require_headings(table.headings, spec, name)
    return wanted


def _is_named(table: _Table, spec: SourceSpec) -> bool:
    wanted = spec.format.table
    return wanted is None or " ".join(wanted.split()).casefold() in table.title.casefold()


def _headings(table: _Table, spec: SourceSpec) -> tuple[list[str], int]:
    """Gives the headings of a table and how many rows they take: the last of them alone, or all of them joined."""
    number = 0
    while number < min(len(table.rows), _HEADING_ROWS) and table.rows[number].is_heading:
        number += 1
    if number == 0:
        number = next((position for position, row in enumerate(table.rows, start=1) if any(row.cells)), 0)
        return ([_one_line(cell) for cell in table.rows[number - 1].cells] if number else []), number
    rows = [[_one_line(cell) for cell in row.cells] for row in table.rows[:number]]
    joined = [" ".join(dict.fromkeys(filter(None, parts))) for parts in zip_longest(*rows, fillvalue="")]
    return max((rows[-1], joined), key=lambda headings: _declared_in(headings, spec)), number


def _declared_in(headings: Sequence[str], spec: SourceSpec) -> int:
    present = {same_heading(heading) for heading in headings}
    return sum(any(same_heading(name) in present for name in names_of(spec, column)) for column in spec.columns)


def _first_of_each(tables: Sequence[_Table]) -> Iterator[str]:
    """Yields the headings of all tables, each in the spelling in which it stands first."""
    first: dict[str, str] = {}
    for table in tables:
        for heading in raw_columns(table.headings):
            yield first.setdefault(same_heading(heading), heading)


# their records


def _records(tables: Sequence[_Table]) -> Iterator[tuple[_Table, _Row]]:
    for table in tables:
        for row in table.rows[table.heading_rows :]:
            repeats_headings = [_one_line(cell) for cell in row.cells] == table.headings
            if any(row.cells) and not repeats_headings:
                yield table, row


def _fitted(table: _Table, cells: list[str], columns: Sequence[str]) -> list[str | None] | Fault:
    if len(cells) != len(table.headings):
        return wrong_cell_count(len(cells), len(table.headings))
    if sum(map(len, cells)) > LONGEST_RECORD:
        return RECORD_TOO_LONG
    by_heading = dict(zip(map(same_heading, raw_columns(table.headings)), cells, strict=True))
    return [*(by_heading.get(same_heading(column)) for column in columns[:-1]), table.title]
