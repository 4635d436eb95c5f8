"""The form for a supplier: the rows that it may contest, with blanks to fill in; no score, band, rank or total."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import polars as pl
import xlsxwriter
import yaml

from serving.contests.intake import CONTACT_ROLES
from serving.exports.text import inert
from serving.language import mark
from tierline.errors import ConfigError
from tierline.files import write_bytes_atomically

SHOWN: Final = (
    *("supplier_id", "row", "indicator_id", "indicator", "site", "kind_of_source", "source", "observed_on", "says"),
    "state",
)
FILLED_IN: Final = ("grounds", "evidence_references", "raised_on", "contact_role")
_CREATED: Final = datetime(2000, 1, 1, tzinfo=UTC)  # a workbook names a moment; the same rows must give the same bytes
WHAT_THESE_ARE: Final = mark("These are facts about your company from sources that you may see.")
NOT_SHOWN: Final = mark(
    "What workers said is not shown, and there may be such rows. A row goes on counting until a decision."
)
HOW_TO_FILL_IN: Final = {
    "grounds": mark("why, in your words, in at most 4,000 letters. Name no person."),
    "evidence_references": mark("what shows it, such as numbers of documents."),
    "raised_on": mark("the day, as YYYY-MM-DD."),
    "contact_role": mark("one of {roles}; never a name or an address."),
}
"""Column that the supplier fills in → what goes into it."""
_HELP: Final = (
    f"{WHAT_THESE_ARE} Fill in grounds where you object to a row, and leave it blank where you do not.",
    *(f"{name}: {text.format(roles=', '.join(CONTACT_ROLES))}" for name, text in HOW_TO_FILL_IN.items()),
    NOT_SHOWN,
)


def write_form(rows: pl.DataFrame, target: Path) -> int:
    """Writes the form with the rows of one supplier by the ending of the target's name; gives how many there are.

    The same rows give the same bytes. Raises ConfigError for another ending.
    """
    writer = _WRITERS.get(target.suffix.lower())
    if writer is None:
        raise ConfigError(
            f"no form ends in '{target.suffix}'", remedy="Name a file that ends in .csv, .xlsx, .yml, .yaml or .json."
        )
    write_bytes_atomically(target, writer(_form_rows(rows)), mode=0o640)
    return rows.height


def _form_rows(rows: pl.DataFrame) -> list[dict[str, str]]:
    due = pl.col("decision_due_on").cast(pl.String)
    state = pl.when(due.is_not_null()).then(pl.format("contested; decision due {}", due))
    shown = rows.with_columns(
        pl.col("source_key").alias("row"),
        pl.col("observed_on").cast(pl.String),
        state.when(pl.col("contest_id").is_not_null()).then(pl.lit("contested; decided")).alias("state"),
    ).select(*SHOWN)
    return [
        {**{name: value or "" for name, value in row.items()}, **dict.fromkeys(FILLED_IN, "")}
        for row in shown.iter_rows(named=True)
    ]


def _as_csv(rows: Sequence[Mapping[str, str]]) -> bytes:
    # a spreadsheet must take no cell for a formula; what is read back are ids, which a reader strips again
    frame = pl.DataFrame(rows, schema=dict.fromkeys((*SHOWN, *FILLED_IN), pl.String))
    safe = frame.with_columns(inert(name) for name in frame.columns)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(safe.columns)
    writer.writerows(safe.iter_rows())
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _as_workbook(rows: Sequence[Mapping[str, str]]) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.set_properties({"title": "Objections to rows", "created": _CREATED})
    sheet, told = book.add_worksheet("objections"), book.add_worksheet("how to")
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for place, name in enumerate((*SHOWN, *FILLED_IN)):
        sheet.write_string(0, place, name, bold)
    for line, row in enumerate(rows, start=1):
        for place, name in enumerate((*SHOWN, *FILLED_IN)):
            sheet.write_string(line, place, row[name], wrapped)
    sheet.freeze_panes(1, 2)
    sheet.set_column(0, len(SHOWN) + len(FILLED_IN) - 1, 22)
    told.set_column(0, 0, 110)
    for line, text in enumerate(_HELP):
        told.write_string(line, 0, text, wrapped)
    book.set_size(2400, 1200)
    book.close()
    return content.getvalue()


def _document(rows: Sequence[Mapping[str, str]]) -> dict[str, object]:
    suppliers = {row["supplier_id"] for row in rows}
    return {
        "supplier_id": min(suppliers, default=""),
        "raised_on": "",
        "contact_role": "",
        "objections": [
            {name: row[name] for name in (*SHOWN, "grounds", "evidence_references") if name != "supplier_id"}
            for row in rows
        ],
    }


def _as_yaml(rows: Sequence[Mapping[str, str]]) -> bytes:
    help_lines = "".join(f"# {line}\n" for line in _HELP)
    return (help_lines + yaml.safe_dump(_document(rows), sort_keys=False, allow_unicode=True, width=110)).encode()


def _as_json(rows: Sequence[Mapping[str, str]]) -> bytes:
    return (json.dumps(_document(rows), indent=2, ensure_ascii=False) + "\n").encode()


_WRITERS: Final[Mapping[str, Callable[[Sequence[Mapping[str, str]]], bytes]]] = {
    ".csv": _as_csv,
    ".xlsx": _as_workbook,
    ".yml": _as_yaml,
    ".yaml": _as_yaml,
    ".json": _as_json,
}
