"""Takes in a supplier's form: what names a row that it may contest goes to the ledger, all else to quarantine."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import polars as pl

from serving.contests.ledger import add_objection, contest_ledger, contests_of
from serving.contests.rows import references_of, rows_by_name
from serving.reports.published import Published
from tierline.files import write_bytes_atomically
from tierline.home import Home
from tierline.ledger import Ledger, OpenLedger, is_formula, moment_text

CONTACT_ROLES: Final = (
    *("owner", "site manager", "human resources", "compliance", "legal representative", "sustainability", "sales"),
    *("worker representative", "consultant"),
)
"""Roles in which somebody speaks for a supplier."""
QUARANTINE_HEADINGS: Final = (
    "entry_no", "entered_at", "form_sha256", "line_no", "reason_code", "reason", "remedy",
)  # fmt: skip
_LONGEST: Final = {"grounds": 4_000, "evidence_references": 2_000}
_FIRST_DAY: Final = date(2000, 1, 1)
_JOINERS: Final = "\u200c\u200d"
_UNKNOWN_ROW: Final = (
    "no such row",
    "it names no row that this supplier may contest",
    "Take the id of a row from the form that `tierline contest form` writes for this supplier.",
)


@dataclass(frozen=True)
class FormContent:
    """A form as it was read: the bytes and their hash, the ending of its name, and line → cells or what is wrong."""

    content: bytes
    sha256: str
    suffix: str
    lines: tuple[tuple[int, Mapping[str, str], str | None], ...]


@dataclass(frozen=True)
class Refusal:
    """A line that became no objection: its number, the kind of fault, what is wrong, and what to do."""

    line: int
    code: str
    reason: str
    remedy: str


@dataclass(frozen=True)
class Intake:
    """What became of a form: ids of objections taken in, of those it had brought before, lines refused, warnings."""

    accepted: tuple[str, ...]
    known: tuple[str, ...]
    refused: tuple[Refusal, ...]
    blank: int
    warnings: tuple[str, ...]


def take_in(home: Home, published: Published, form: FormContent, *, decision_days: int, now: datetime) -> Intake:
    """Keeps the form for ever, adds its objections to the ledger and lists what is wrong in quarantine.

    Lines without grounds are no objections. Taking the same bytes in again changes nothing. read = objections + blank +
    refused. Raises TierlineError where the ledger is not as it was written.
    """
    write_bytes_atomically(home.contests / "forms" / f"{form.sha256}{form.suffix}", form.content, mode=0o640)
    told = [(number, cells, fault) for number, cells, fault in form.lines if fault or _one_line(cells.get("grounds"))]
    checked = list(_checked(told, published, now.date()))
    refused = tuple(line for line in checked if isinstance(line, Refusal))
    _quarantine(home, form.sha256, refused, now)
    objections = [line for line in checked if not isinstance(line, Refusal)]
    due = (now.date() + timedelta(days=decision_days)).isoformat()
    with contest_ledger(home).writing() as book:
        accepted, known, warnings = [], [], []
        for objection in objections:
            cells = {**objection, "due_on": due, "form_sha256": form.sha256}
            before = _entry_of_form(book, cells)
            if before is not None:
                known.append(before)
                continue
            warnings += _warnings(book, cells)
            accepted.append(add_objection(book, cells, now))
    return Intake(tuple(accepted), tuple(known), refused, len(form.lines) - len(told), tuple(warnings))


def quarantine_ledger(home: Home) -> Ledger:
    """Gives the list of form lines that became no objection."""
    return Ledger(home.contests / "contest_quarantine.csv", QUARANTINE_HEADINGS, "refused lines of forms")


def _checked(
    lines: Iterable[tuple[int, Mapping[str, str], str | None]], published: Published, today: date
) -> Iterable[Refusal | dict[str, str]]:
    listed = list(lines)
    suppliers = sorted({_identifier(cells.get("supplier_id")) for _, cells, _ in listed})
    rows = rows_by_name(published, suppliers)
    references = references_of(published, suppliers)
    seen: set[tuple[str, ...]] = set()
    for number, cells, fault in listed:
        objection = (
            _refusal(number, "not a line of the form", fault) if fault else _objection(number, cells, rows, today)
        )
        if isinstance(objection, Refusal):
            yield objection
            continue
        key = _key(objection)
        if key in seen:
            yield _refusal(number, "repeated", "the form objects to the same row before", "Say it once.")
            continue
        seen.add(key)
        yield {**objection, "supplier_ref": references.get(objection["supplier_id"], "")}


def _objection(number: int, cells: Mapping[str, str], rows: pl.DataFrame, today: date) -> Refusal | dict[str, str]:
    """Gives the cells of an objection, the reference of its supplier aside, or what is wrong with the line."""
    texts = {name: _one_line(cells.get(name)) for name in _LONGEST}
    for name, longest in _LONGEST.items():
        if len(texts[name]) > longest:
            return _refusal(
                number, "too long", f"{name} has more than {longest:,} letters", "Shorten it; name documents."
            )
        if is_formula(texts[name]):
            return _refusal(number, "formula", f"{name} begins like a formula of a spreadsheet", "Write it in words.")
    raised_on = _day(cells.get("raised_on"))
    if raised_on is None or not _FIRST_DAY <= raised_on <= today:
        return _refusal(
            number, "no such day", f"raised_on is no day from {_FIRST_DAY} to today", "Write it as YYYY-MM-DD."
        )
    role = _one_line(cells.get("contact_role")).casefold()
    if role not in CONTACT_ROLES:
        return _refusal(
            number, "no such role", "contact_role is none of the known roles",
            f"Use one of {', '.join(CONTACT_ROLES)}; a person is never named.",
        )  # fmt: skip
    row = _row(cells, rows)
    if row is None:
        return Refusal(number, *_UNKNOWN_ROW)
    return {
        "supplier_id": row["supplier_id"],
        "contested_table": row["source_table"],
        "contested_key": row["source_key"],
        "contested_source_id": row["source_id"],
        "contested_event_id": row["origin_event_id"] or "",
        "indicator_id": row["indicator_id"],
        "raised_on": raised_on.isoformat(),
        **texts,
        "contact_role": role,
    }


def _row(cells: Mapping[str, str], rows: pl.DataFrame) -> dict[str, Any] | None:
    """Gives the one row that the line names; none where there is none or where it may mean several."""
    indicator = _identifier(cells.get("indicator_id"))
    meant = rows.filter(
        (pl.col("supplier_id") == _identifier(cells.get("supplier_id")))
        & (pl.col("row_name") == _identifier(cells.get("row")))
        & ((pl.col("indicator_id") == indicator) | pl.lit(not indicator))
    )
    return meant.to_dicts()[0] if meant.height == 1 else None


def _quarantine(home: Home, form: str, refused: tuple[Refusal, ...], now: datetime) -> None:
    with quarantine_ledger(home).writing() as book:
        known = {(entry["form_sha256"], entry["line_no"]) for entry in book.entries}
        for line in refused:
            if (form, str(line.line)) not in known:
                book.add(moment_text(now), form, str(line.line), line.code, line.reason, line.remedy)


def _entry_of_form(book: OpenLedger, cells: Mapping[str, str]) -> str | None:
    """Gives the id of the objection that the same form brought before."""
    for entry in book.entries:
        is_of_form = entry["entry"] == "objection" and entry["form_sha256"] == cells["form_sha256"]
        if is_of_form and _key(entry) == _key(cells):
            return entry["contest_id"]
    return None


def _warnings(book: OpenLedger, cells: Mapping[str, str]) -> list[str]:
    before = [one for one in contests_of(book.entries).values() if _key(one.objection) == _key(cells)]
    return [f"the row was contested before, in {before[-1].contest_id}: {before[-1].state}"] if before else []


def _key(cells: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(cells[name] for name in ("supplier_id", "contested_table", "contested_key", "indicator_id"))


def _refusal(number: int, code: str, reason: str, remedy: str = "Ask for the line again.") -> Refusal:
    return Refusal(number, code, reason, remedy)


def _identifier(value: str | None) -> str:
    return _one_line(value).removeprefix("'")


def _one_line(value: str | None) -> str:
    """Gives the text on one line, without characters that act on a terminal; joiners of letters stay."""
    shown = "".join(
        letter if letter in _JOINERS or unicodedata.category(letter)[0] not in "CZ" else " " for letter in value or ""
    )
    return " ".join(shown.split())


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(_one_line(value))
    except ValueError:
        return None
