"""The answers of a check as tables: CSV and a workbook in which no cell acts, and the lines behind them."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, Final

import polars as pl
import xlsxwriter

from serving.exports.text import inert
from serving.language import Language, mark
from serving.screening import wording
from serving.screening.headings import ROLES
from serving.screening.reading import Row
from serving.screening.record import hash_of

COLUMNS: Final = (
    mark("row"), mark("your reference"), mark("bidder"), mark("country"), mark("what is known"), mark("supplier id"),
    mark("why it is or may be this company"), mark("band"), mark("reasons"), mark("next step"), mark("not known"),
    mark("on lists"), mark("was on lists"), mark("inherent level"), mark("goods of the country on lists"),
    mark("remarks"), mark("day of the check"), mark("publication"),
)  # fmt: skip
_TEXT_LIMIT: Final = 32_767


def answer_rows(record: Row, speech: Language) -> Iterator[list[str]]:
    """Yields the cells of each row, answered or refused, in the order of the list; as many as there are COLUMNS."""
    run = str(record["publication"]["run_id"])
    day = str(record["asked"]["checked_on"])
    told = [(int(one["row"]), [*_cells(one, speech), day, run]) for one in record["answers"]]
    told += [(int(one["row"]), [*_refused(one, speech), day, run]) for one in record["refused"]]
    for _, cells in sorted(told, key=lambda pair: pair[0]):
        yield cells


def csv_bytes(record: Row, speech: Language) -> bytes:
    """Gives the answers as CSV; see `table_bytes`."""
    return table_bytes(_headings(speech), list(answer_rows(record, speech)))


def table_bytes(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Gives rows of text as CSV (UTF-8 with its mark, as office software opens it); no cell acts as a formula."""
    names = [f"{place}" for place in range(len(headings))]
    table = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows(table.with_columns(inert(name) for name in names).iter_rows())
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def workbook_bytes(record: Row, speech: Language) -> bytes:
    """Gives the answers as a workbook: answers, candidates to confirm, lists, and what it is; text is only ever text.

    The same record and language give the same bytes.
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    made = date.fromisoformat(record["asked"]["checked_on"])
    book.set_properties({"title": speech.text("List screened"), "created": datetime.combine(made, time())})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheets = (
        (speech.text("answers"), _headings(speech), list(answer_rows(record, speech))),
        (speech.text("candidates"), _candidate_headings(speech), list(candidate_rows(record, speech))),
        (speech.text("lists"), [speech.text("list"), speech.text("what was checked")],
         [list(pair) for pair in wording.list_lines(record["lists"], speech)]),
        (speech.text("about"), [speech.text("about"), ""], [list(pair) for pair in about_lines(record, speech)]),
    )  # fmt: skip
    for name, headings, rows in sheets:
        _write(book.add_worksheet(name[:31]), headings, rows, head, wrap)
    book.close()
    return content.getvalue()


def candidate_rows(record: Row, speech: Language) -> Iterator[list[str]]:
    """Yields a row a candidate of whom a person must say whether it is the bidder."""
    for answer in record["answers"]:
        if answer["state"] == "to confirm":
            for one in answer["candidates"]:
                yield [
                    str(answer["row"]), answer["name"], one["supplier_id"], one["name"],
                    speech.country(one["country_code"]), wording.match_text(one, speech),
                ]  # fmt: skip


def about_lines(record: Row, speech: Language) -> list[tuple[str, str]]:
    """Gives what a reader must know of a check: what was asked, of which publication, what it is not, and the hash."""
    asked, publication = record["asked"], record["publication"]
    roles = ", ".join(f"{speech.text(ROLES[role])}: {one['heading']}" for role, one in sorted(asked["columns"].items()))
    lines = [
        (speech.text("list"), asked["file_name"]),
        (speech.text("SHA-256 of the list"), asked["file_sha256"]),
        (speech.text("read as"), asked["form"]),
        (speech.text("columns used"), roles),
        (speech.text("rows"), wording.summary_text(record, speech)),
        (speech.text("day of the check"), speech.day(date.fromisoformat(asked["checked_on"]))),
        (speech.text("publication"), publication["run_id"]),
        (speech.text("the publication speaks for"), speech.day(date.fromisoformat(publication["as_of"]))),
        (speech.text("SHA-256 of its manifest"), publication["manifest_sha256"]),
        (speech.text("method version"), publication["method_version"]),
        (speech.text("suppliers compared"), speech.number(record["supplier_count"])),
    ]
    if asked["unread_sheets"]:
        lines.append((speech.text("sheets that were not read"), ", ".join(asked["unread_sheets"])))
    if asked["confirmed_by_role"]:
        lines.append((speech.text("confirmed by"), asked["confirmed_by_role"]))
    lines += [(speech.text("source that failed"), f"{name}: {why}") for name, why in record["degraded"].items()]
    lines += [(speech.text("what it is not"), speech.text(one)) for one in wording.WHAT_IT_IS_NOT]
    if publication["fictional"]:
        lines.append((speech.text("data"), speech.text("Fictional data: nothing here is about any real company.")))
    return [*lines, (speech.text("SHA-256 of this record"), hash_of(record))]


def _headings(speech: Language) -> list[str]:
    return [speech.text(name) for name in COLUMNS]


def _candidate_headings(speech: Language) -> list[str]:
    names = (mark("row"), mark("bidder"), mark("supplier id"), mark("supplier"), mark("country"), mark("why"))
    return [speech.text(name) for name in names]


def _cells(answer: Row, speech: Language) -> list[str]:
    candidates = [f"{one['name']} ({one['supplier_id']}): {wording.match_text(one, speech)}"
                  for one in answer["candidates"]]  # fmt: skip
    why = [wording.match_text(answer["match"], speech)] if answer["match"] else candidates
    return [
        str(answer["row"]),
        answer["reference"],
        answer["name"],
        speech.country(answer["country_code"]),
        wording.state_text(answer, speech),
        answer["match"]["supplier_id"] if answer["match"] else "",
        "\n".join(why),
        wording.band_text(answer, speech),
        "\n".join(wording.reason_lines(answer, speech)),
        wording.action_text(answer, speech),
        "\n".join(wording.unknown_lines(answer, speech)),
        "\n".join(wording.hit_text(one, speech) for one in answer["list_hits"]) or speech.text("no entry found"),
        "\n".join(wording.hit_text(one, speech) for one in answer["list_history"]),
        wording.inherent_text(answer, speech),
        wording.goods_text(answer),
        "\n".join([*wording.note_lines(answer, speech), *wording.left_out_lines(answer, speech)]),
    ]


def _refused(refused: Row, speech: Language) -> list[str]:
    said = wording.refusal_text(refused, speech)
    return [str(refused["row"]), "", "", "", speech.text("not checked: {reason}", reason=said), *[""] * 11]


def _write(sheet: Any, headings: Sequence[str], rows: Sequence[Sequence[str]], head: Any, wrap: Any) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(0, len(headings) - 1), 28, wrap)
    for place, name in enumerate(headings):
        sheet.write_string(0, place, name, head)
    for line, row in enumerate(rows, start=1):
        for place, text in enumerate(row):
            if text:  # an empty cell is as its column is
                sheet.write_string(line, place, text[:_TEXT_LIMIT])
