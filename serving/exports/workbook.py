"""The published tables that people read as one workbook, a sheet a table."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from serving.exports.terms import SHEET, terms_of_sources
from serving.exports.text import flat
from serving.tables import COPIED, PublishedTable

CELL_BUDGET = 400_000
"""Most cells of a workbook, so that office software opens it without pain and it is written in seconds."""

_ROW_LIMIT = 1_048_575
_SHEETS = (
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
_ABOUT = "about"
_LEFT_OUT = "left out"


@dataclass(frozen=True)
class LeftOut:
    """What the workbook does not hold and where it is."""

    table: str
    rows: int
    reason: str


def write_workbook(
    parquet: Path,
    target: Path,
    *,
    title: str,
    as_of: date,
    notice: str | None = None,
    cell_budget: int = CELL_BUDGET,
) -> list[LeftOut]:
    """Writes the workbook and gives what it leaves out, which its third sheet names too.

    Text is always written as text, never as a formula or a link. The same tables give the same bytes. `notice` says on
    the first sheet that the publication was retracted.
    """
    book = xlsxwriter.Workbook(str(target), {"constant_memory": True})
    book.set_properties({"title": title, "created": datetime.combine(as_of, time())})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    about, terms, omitted = (book.add_worksheet(name) for name in (_ABOUT, SHEET, _LEFT_OUT))
    sheets, left_out = _chosen(parquet, cell_budget)
    left_out += [gap for table in sheets if (gap := _add_sheet(book, head, parquet, table))]
    _write_about(about, head, title, as_of, notice)
    _write_table(terms, head, terms_of_sources(parquet))
    _write_left_out(omitted, head, left_out)
    book.close()
    return left_out


def _chosen(parquet: Path, cell_budget: int) -> tuple[list[PublishedTable], list[LeftOut]]:
    """Gives the tables that fit, those first that people read first, and what is not in the workbook."""
    by_name = {table.name: table for table in COPIED}
    sheets, left_out = [], []
    for table in (by_name[name] for name in _SHEETS):
        rows = _count(_shown(parquet, table))
        cells = rows * len(table.columns)
        if rows > _ROW_LIMIT or cells > cell_budget:
            left_out.append(LeftOut(table.name, rows, "too large beside the tables before it"))
            continue
        sheets.append(table)
        cell_budget -= cells
        if others := _count(_whole(parquet, table)) - rows:
            left_out.append(LeftOut(table.name, others, "rows of suppliers in the band Unknown"))
    unread = [table for table in COPIED if table.name not in _SHEETS]
    return sheets, left_out + [
        LeftOut(table.name, _count(_whole(parquet, table)), "behind the tables that people read") for table in unread
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


def _add_sheet(book: Any, head: Any, parquet: Path, table: PublishedTable) -> LeftOut | None:
    cut = _write_table(book.add_worksheet(table.name[:31]), head, _shown(parquet, table).collect())
    return LeftOut(table.name, cut, f"cells with more than {_TEXT_LIMIT:,} characters are cut") if cut else None


def _write_table(sheet: Any, head: Any, rows: pl.DataFrame) -> int:
    """Writes rows under their headings and gives how many cells had to be cut."""
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, rows.width - 1, 18)
    for position, name in enumerate(rows.columns):
        sheet.write_string(0, position, name, head)
    return _write_rows(sheet, rows)


def _write_rows(sheet: Any, rows: pl.DataFrame) -> int:
    cut = 0
    for line, row in enumerate(rows.iter_rows(buffer_size=_BATCH_ROWS), start=1):
        for position, value in enumerate(row):
            cut += _write_cell(sheet, line, position, value)
    return cut


def _write_cell(sheet: Any, row: int, column: int, value: Any) -> int:
    """Writes one cell by its type and gives 1 where its text had to be cut."""
    if value is None:
        return 0
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
        return 0
    if isinstance(value, int | float | Decimal) and abs(float(value)) < _EXACT_BELOW:
        sheet.write_number(row, column, value)
        return 0
    text = str(value)
    too_long = len(text) > _TEXT_LIMIT
    sheet.write_string(row, column, text[: _TEXT_LIMIT - len(_CUT)] + _CUT if too_long else text)
    return int(too_long)


def _write_about(sheet: Any, head: Any, title: str, as_of: date, notice: str | None) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    lines = (
        *([("RETRACTED", f"Do not use: {notice}")] if notice else []),
        ("title", title),
        ("as of", as_of.isoformat()),
        ("for", "internal use"),
        (
            "what a score is",
            "An ordering of where to look first, with reasons. It never says that forced labour was found.",
        ),
        ("Unknown", "Too little is known. It does not mean that nothing is wrong."),
    )
    for row, (label, text) in enumerate(lines):
        sheet.write_string(row, 0, label, head)
        sheet.write_string(row, 1, text)


def _write_left_out(sheet: Any, head: Any, left_out: list[LeftOut]) -> None:
    sheet.set_column(0, 3, 32)
    for column, name in enumerate(("table", "rows or cells", "why", "where it is whole")):
        sheet.write_string(0, column, name, head)
    for row, gap in enumerate(left_out, start=1):
        sheet.write_string(row, 0, gap.table)
        sheet.write_number(row, 1, gap.rows)
        sheet.write_string(row, 2, gap.reason)
        sheet.write_string(row, 3, f"csv/{gap.table}.csv and parquet/{gap.table}.parquet")
    if not left_out:
        sheet.write_string(1, 0, "nothing")
