"""The published tables that people read as one workbook, a sheet a table."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from serving.exports.headings import headings, said, sheet_name
from serving.exports.ranking import COLUMNS, FILE, RANKING, ranking
from serving.exports.terms import SHEET, terms_of_sources
from serving.exports.text import flat
from serving.language import Language, language, mark
from serving.tables import COPIED, PublishedTable

CELL_BUDGET = 400_000
"""Most cells of the tables of a workbook, so that office software opens it without pain and it is written in seconds.

The ranking is none of them: it is whole, however many suppliers there are, as far as a sheet goes.
"""

_ROW_LIMIT = 1_048_575
SHEETS = (
    *("supplier_score", "dim_supplier", "fct_list_match", "score_evidence", "supplier_indicator"),
    *("supplier_action", "contest", "contest_problem"),
    *("source_snapshot", "announced_volume", "data_quality", "quarantined_record"),
    *("indicator", "reliability", "band_rule"),
)
_OF_KNOWN_BANDS = ("score_evidence", "supplier_indicator")
_TEXT_LIMIT = 32_767
_EXACT_BELOW = 1e15
_CUT = " … [cut; the CSV has all]"
_BATCH_ROWS = 10_000
_ABOUT = mark("about")
_LEFT_OUT = mark("left out")
_CELLS_CUT = mark("cells with more than 32,767 characters are cut")
_BEYOND_SHEET = mark("rows beyond what a sheet can hold")
_FIRST_YEAR = 1900
"""Office software counts days from there on; earlier ones are written as text."""


ENGLISH = language("en")


@dataclass(frozen=True)
class LeftOut:
    """What the workbook does not hold and where it is."""

    table: str
    rows: int
    reason: str

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the files that have all of it: the ranking is put together for people and is no published table."""
        return (f"csv/{FILE}",) if self.table == RANKING else (f"csv/{self.table}.csv", f"parquet/{self.table}.parquet")


def write_workbook(
    parquet: Path,
    target: Path,
    *,
    title: str,
    as_of: date,
    notice: str | None = None,
    cell_budget: int = CELL_BUDGET,
    speech: Language = ENGLISH,
) -> list[LeftOut]:
    """Writes the workbook and gives what it leaves out, which its fourth sheet names too.

    Text is always written as text, never as a formula or a link; numbers and days are such. The same tables give the
    same bytes. `notice` says on the first sheet that the publication was retracted. In another language than English a
    sheet tells which heading is which column of the CSV.
    """
    book = xlsxwriter.Workbook(str(target), {"constant_memory": True})
    book.set_properties({"title": title, "created": datetime.combine(as_of, time())})
    look = _Look(
        head=book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        day=book.add_format({"num_format": "d mmm yyyy", "align": "left"}),
        speech=speech,
    )
    about, order, terms, omitted = (
        book.add_worksheet(speech.term(name)) for name in (_ABOUT, RANKING, SHEET, _LEFT_OUT)
    )
    sheets, left_out = _chosen(parquet, cell_budget)
    left_out += _write_ranking(order, look, parquet)
    left_out += [gap for table in sheets if (gap := _add_sheet(book, look, parquet, table))]
    _write_about(about, look, title, as_of, notice)
    _write_table(terms, look, terms_of_sources(parquet))
    _write_left_out(omitted, look, left_out)
    if speech.code != ENGLISH.code:
        _write_columns(book.add_worksheet(speech.text("columns")), look, sheets)
    book.close()
    return left_out


@dataclass(frozen=True)
class _Look:
    """How cells look, and the language of what stands in them."""

    head: Any
    day: Any
    speech: Language


def _chosen(parquet: Path, cell_budget: int) -> tuple[list[PublishedTable], list[LeftOut]]:
    """Gives the tables that fit, those first that people read first, and what is not in the workbook."""
    by_name = {table.name: table for table in COPIED}
    sheets, left_out = [], []
    for table in (by_name[name] for name in SHEETS):
        rows = _count(_shown(parquet, table))
        cells = rows * len(table.columns)
        if rows > _ROW_LIMIT or cells > cell_budget:
            left_out.append(LeftOut(table.name, rows, mark("too large beside the tables before it")))
            continue
        sheets.append(table)
        cell_budget -= cells
        if others := _count(_whole(parquet, table)) - rows:
            left_out.append(LeftOut(table.name, others, mark("rows of suppliers in the band Unknown")))
    unread = [table for table in COPIED if table.name not in SHEETS]
    return sheets, left_out + [
        LeftOut(table.name, _count(_whole(parquet, table)), mark("behind the tables that people read"))
        for table in unread
    ]


def _whole(parquet: Path, table: PublishedTable) -> pl.LazyFrame:
    return flat(pl.scan_parquet(parquet / f"{table.name}.parquet"))


def _shown(parquet: Path, table: PublishedTable) -> pl.LazyFrame:
    """Gives the rows of a sheet: all, but evidence and states only of suppliers of whom enough is known for a band."""
    rows = _whole(parquet, table)
    if table.name not in _OF_KNOWN_BANDS:
        return rows
    bands = pl.scan_parquet(parquet / "supplier_score.parquet").select("supplier_id", "band")
    known = bands.filter(pl.col("band") != "Unknown")
    return rows.join(known, on="supplier_id", how="semi", maintain_order="left")


def _count(rows: pl.LazyFrame) -> int:
    return int(rows.select(pl.len()).collect().item())


def _add_sheet(book: Any, look: _Look, parquet: Path, table: PublishedTable) -> LeftOut | None:
    rows = said(table.name, _shown(parquet, table).collect(), look.speech)
    cut = _write_table(book.add_worksheet(sheet_name(table.name, look.speech)), look, rows)
    return LeftOut(table.name, cut, _CELLS_CUT) if cut else None


def _write_ranking(sheet: Any, look: _Look, parquet: Path) -> list[LeftOut]:
    """Writes the ranking as far as a sheet goes; gives what it lacks."""
    rows = said(RANKING, ranking(parquet).collect(), look.speech)
    gaps = (
        LeftOut(RANKING, max(0, rows.height - _ROW_LIMIT), _BEYOND_SHEET),
        LeftOut(RANKING, _write_table(sheet, look, rows.head(_ROW_LIMIT)), _CELLS_CUT),
    )
    return [gap for gap in gaps if gap.rows]


def _write_table(sheet: Any, look: _Look, rows: pl.DataFrame) -> int:
    """Writes rows under their headings and gives how many cells had to be cut."""
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, rows.width - 1, 18)
    for position, name in enumerate(headings(rows.columns, look.speech)):
        sheet.write_string(0, position, name, look.head)
    return _write_rows(sheet, look, rows)


def _write_rows(sheet: Any, look: _Look, rows: pl.DataFrame) -> int:
    cut = 0
    for line, row in enumerate(rows.iter_rows(buffer_size=_BATCH_ROWS), start=1):
        for position, value in enumerate(row):
            cut += _write_cell(sheet, look, line, position, value)
    return cut


def _write_cell(sheet: Any, look: _Look, row: int, column: int, value: Any) -> int:
    """Writes one cell by its type and gives 1 where its text had to be cut."""
    if value is None:
        return 0
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
        return 0
    if isinstance(value, int | float | Decimal) and abs(float(value)) < _EXACT_BELOW:
        sheet.write_number(row, column, value)
        return 0
    if isinstance(value, date) and value.year >= _FIRST_YEAR:
        sheet.write_datetime(row, column, value, look.day)
        return 0
    text = str(value)
    too_long = len(text) > _TEXT_LIMIT
    sheet.write_string(row, column, text[: _TEXT_LIMIT - len(_CUT)] + _CUT if too_long else text)
    return int(too_long)


def _write_about(sheet: Any, look: _Look, title: str, as_of: date, notice: str | None) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    speech = look.speech
    lines = (
        *([(speech.text("RETRACTED"), speech.text("Do not use: {why}", why=notice))] if notice else []),
        (speech.text("title"), title),
        (speech.text("as of"), as_of.isoformat()),
        (speech.text("for"), speech.text("internal use")),
        (
            speech.text("what a score is"),
            speech.text(
                "An ordering of where to look first, with reasons. It never says that forced labour was found."
            ),
        ),
        (speech.term("Unknown"), speech.text("Too little is known. It does not mean that nothing is wrong.")),
    )
    for row, (label, text) in enumerate(lines):
        sheet.write_string(row, 0, label, look.head)
        sheet.write_string(row, 1, text)


def _write_left_out(sheet: Any, look: _Look, left_out: list[LeftOut]) -> None:
    sheet.set_column(0, 3, 32)
    speech = look.speech
    for column, name in enumerate((mark("table"), mark("rows or cells"), mark("why"), mark("where it is whole"))):
        sheet.write_string(0, column, speech.term(name), look.head)
    for row, gap in enumerate(left_out, start=1):
        sheet.write_string(row, 0, gap.table)
        sheet.write_number(row, 1, gap.rows)
        sheet.write_string(row, 2, speech.term(gap.reason))
        where, *parquet = gap.files
        whole = speech.text("{csv} and {parquet}", csv=where, parquet=parquet[0]) if parquet else where
        sheet.write_string(row, 3, whole)
    if not left_out:
        sheet.write_string(1, 0, speech.text("nothing"))


def _write_columns(sheet: Any, look: _Look, sheets: list[PublishedTable]) -> None:
    """Tells which heading of which sheet is which column of the CSV."""
    sheet.set_column(0, 3, 32)
    for column, name in enumerate((mark("sheet"), mark("heading"), mark("table"), mark("column"))):
        sheet.write_string(0, column, look.speech.term(name), look.head)
    columns_of: dict[str, tuple[str, ...]] = {RANKING: COLUMNS, **{table.name: table.columns for table in sheets}}
    told = (
        (sheet_name(table, look.speech), heading, table, name)
        for table, columns in columns_of.items()
        for name, heading in zip(columns, headings(columns, look.speech), strict=True)
    )
    for line, row in enumerate(told, start=1):
        for column, text in enumerate(row):
            sheet.write_string(line, column, text)
