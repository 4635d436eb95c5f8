"""The pages that take a list: upload, which column is what, the answers; every form carries all that the next needs."""

import asyncio
import base64
import binascii
import zlib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.formparsers import MultiPartException, MultiPartParser

from serving.language import Language
from serving.lookup.asking import Lang
from serving.lookup.current import CurrentPublication
from serving.lookup.rendering import Pages
from serving.lookup.settings import LookupSettings
from serving.screening.check import NONE_OF_THEM, Asked, checked
from serving.screening.columns import Column, Columns, recognised, require_something, sample_of, with_told
from serving.screening.document import record_pdf
from serving.screening.headings import ROLES
from serving.screening.outputs import csv_bytes, workbook_bytes
from serving.screening.page import shown
from serving.screening.reading import Row
from serving.screening.record import kept_text
from serving.screening.table import Limits, Table
from serving.screening.upload import read_table, safe_name
from tierline.errors import ConfigError, ContractError, TierlineError

PATH: Final = "/screening"
MOST_ROWS: Final = 5_000
"""The most rows of a list that is checked over HTTP; the command line takes more."""
_SHARE_OF_BODY: Final = 0.6
"""Share of a request that a list may be: in the forms it is written in letters, which takes a third more."""
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class _InMemory(MultiPartParser):
    """Reads forms without a file on disk, however large a part is: what is uploaded is never written."""

    spool_max_size = 2**31


class Form:
    """What a form of these pages holds: the list, its name, which column is what, and what was confirmed."""

    def __init__(self, content: bytes, fields: Mapping[str, str]) -> None:
        self.content = content
        self.fields = fields

    @property
    def file_name(self) -> str:
        """Name of the list, to be shown."""
        return safe_name(self.fields.get("file_name", ""))

    @property
    def roles(self) -> dict[int, str]:
        """Place of a column, from 0 → what the user says it is; empty where it is not used."""
        told = {name.removeprefix("column-"): role for name, role in self.fields.items() if name.startswith("column-")}
        return {int(place) - 1: role for place, role in told.items() if _is_number(place)}

    @property
    def confirmed(self) -> dict[int, str]:
        """Row → supplier that the bidder is, or `none`."""
        told = {name.removeprefix("row-"): said for name, said in self.fields.items() if name.startswith("row-")}
        return {int(row): said for row, said in told.items() if _is_number(row) and said}

    @property
    def packed(self) -> str:
        """The list as it stands in the next form."""
        return base64.b64encode(zlib.compress(self.content)).decode()


def router(
    current: CurrentPublication, settings: LookupSettings, pages: Pages, now: Callable[[], datetime] | None
) -> APIRouter:
    """Gives the routes of the pages; a check is of the date that `now` gives, and none is made without it.

    Nothing is written: the list goes from form to form, and each time it is read and checked anew.
    """
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    limits = Limits(file_bytes=int(settings.most_body_bytes * _SHARE_OF_BODY), rows=MOST_ROWS)
    desk = _Desk(current, pages, limits, now)

    @routes.get(PATH)
    def upload(request: Request, lang: Lang = None) -> Response:
        return desk.upload(request, lang)

    @routes.get(f"{PATH}/{{rest}}")
    def again(lang: Lang = None) -> Response:
        return RedirectResponse(f"{PATH}?lang={lang}" if lang else PATH, 303)

    @routes.post(f"{PATH}/columns")
    async def columns(request: Request, lang: Lang = None) -> Response:
        return await desk.answer(request, lang, desk.columns)

    @routes.post(f"{PATH}/answers")
    async def answers(request: Request, lang: Lang = None) -> Response:
        return await desk.answer(request, lang, desk.answers)

    for name, (kind, make) in _FILES.items():
        _add_file(routes, desk, name, kind, make)
    return routes


def _add_file(routes: APIRouter, desk: "_Desk", name: str, kind: str, make: Callable[[Row, Language], bytes]) -> None:
    @routes.post(f"{PATH}/{name}")
    async def file(request: Request, lang: Lang = None) -> Response:
        def give(_: Request, form: Form, speech: Language, __: str | None) -> Response:
            headers = {"content-disposition": f'attachment; filename="{name}"'}
            return Response(make(desk.checked(form, speech), speech), media_type=kind, headers=headers)

        return await desk.answer(request, lang, give)


class _Desk:
    """Answers forms; holds nothing of them."""

    def __init__(
        self, current: CurrentPublication, pages: Pages, limits: Limits, now: Callable[[], datetime] | None
    ) -> None:
        self._current = current
        self._pages = pages
        self._limits = limits
        self._now = now
        # one list at a time, so that lists leave time for single questions
        self._turn = asyncio.Semaphore(1)

    def upload(
        self, request: Request, lang: str | None, problem: ConfigError | ContractError | None = None
    ) -> Response:
        with self._current.reading() as reading:
            return self._pages.page(
                request, "screening.html.j2", reading, lang=lang, limits=self._limits,
                status=422 if problem else 200, problem=problem.message if problem else None,
                remedy=problem.remedy if problem else None,
            )  # fmt: skip

    async def answer(
        self,
        request: Request,
        lang: str | None,
        give: Callable[[Request, Form, Language, str | None], Response],
    ) -> Response:
        """Gives the answer to a form; what cannot be read of a list is told on the page that takes one."""
        speech = self._pages.speech(lang)
        try:
            form = await _form(request, self._limits, speech)
            async with self._turn:
                return await run_in_threadpool(give, request, form, speech, lang)
        except (ConfigError, ContractError) as problem:
            return await run_in_threadpool(self.upload, request, lang, problem)

    def columns(self, request: Request, form: Form, speech: Language, lang: str | None) -> Response:
        """Gives the page on which a person says which column is what."""
        table = read_table(form.content, self._limits, speech)
        return self._columns_page(request, form, speech, lang, table, recognised(table))

    def answers(self, request: Request, form: Form, speech: Language, lang: str | None) -> Response:
        """Gives the answers, or the columns again where they cannot be used."""
        try:
            record = self.checked(form, speech)
        except ConfigError as problem:
            table = self._table(form, speech)
            return self._columns_page(request, form, speech, lang, table, recognised(table), problem)
        open_rows = {
            one["row"] for one in record["answers"] if one["state"] in {"to confirm", "no record", "confirmed"}
        }
        shown_rows = {
            one["row"] for one in record["answers"]
            if one["row"] in open_rows and (one["candidates"] or one["state"] == "confirmed")
        }  # fmt: skip
        with self._current.reading() as reading:
            return self._pages.page(
                request, "screening_answers.html.j2", reading, lang=lang, told=shown(record, speech),
                content=form.packed, file_name=form.file_name, has_headings=record["asked"]["has_headings"],
                columns=[(f"column-{place + 1}", role) for place, role in sorted(form.roles.items())],
                hidden_choices=[(f"row-{row}", said) for row, said in form.confirmed.items() if row not in shown_rows],
                waiting=int(record["counts"]["states"].get("to confirm", 0)),
            )  # fmt: skip

    def checked(self, form: Form, speech: Language) -> Row:
        """Gives the record of the list of a form."""
        table = self._table(form, speech)
        columns = _columns(table, form, speech)
        require_something(columns, speech)
        confirmed = {row: said for row, said in form.confirmed.items() if said == NONE_OF_THEM or said.startswith("S")}
        asked = Asked(form.file_name, form.content, table, columns, self._today(), confirmed)
        with self._current.reading() as reading:
            return checked(asked, reading, self._limits)

    def _today(self) -> date:
        if self._now is None:
            raise TierlineError(
                "no clock was given: a list is checked on a day", remedy="Give create_app the time of day."
            )
        return self._now().date()

    def _table(self, form: Form, speech: Language) -> Table:
        return read_table(form.content, self._limits, speech, has_headings="headings" in form.fields)

    def _columns_page(
        self,
        request: Request,
        form: Form,
        speech: Language,
        lang: str | None,
        table: Table,
        columns: Columns,
        problem: ConfigError | None = None,
    ) -> Response:
        by_place = {column.place: (role, column) for role, column in columns.items()}
        told = [
            {
                "heading": heading,
                "role": by_place[place][0] if place in by_place else "",
                "fitting": by_place[place][1].fitting if place in by_place else None,
                "sampled": by_place[place][1].sampled if place in by_place else 0,
                "examples": "; ".join(sample_of(table, place)),
            }
            for place, heading in enumerate(table.headings)
        ]
        with self._current.reading() as reading:
            return self._pages.page(
                request, "screening_columns.html.j2", reading, lang=lang, status=422 if problem else 200,
                problem=problem.message if problem else None, remedy=problem.remedy if problem else None,
                columns=told, roles=[(role, speech.text(name)) for role, name in ROLES.items()],
                content=form.packed, file_name=form.file_name, form=table.form, has_headings=table.has_headings,
                row_count=table.read_count, refused_count=len(table.refused), unread_sheets=table.unread_sheets,
            )  # fmt: skip


_FILES: Final[Mapping[str, tuple[str, Callable[[Row, Language], bytes]]]] = {
    "answers.xlsx": (_XLSX, workbook_bytes),
    "answers.csv": ("text/csv; charset=utf-8", csv_bytes),
    "record.json": ("application/json", lambda record, speech: kept_text(record, speech.code).encode()),
    "record.pdf": ("application/pdf", record_pdf),
}
"""Name of a file that is given → its kind and what makes it."""


def _columns(table: Table, form: Form, speech: Language) -> dict[str, Column]:
    """Gives the columns as the user says they are; raises ConfigError where two are said to be the same."""
    told: dict[str, str] = {}
    for place, role in sorted(form.roles.items()):
        if role not in ROLES or place >= len(table.headings):
            continue
        if role in told:
            raise ConfigError(
                speech.text("Two columns are said to be the same."), remedy=speech.text("Choose each meaning once.")
            )
        told[role] = str(place + 1)
    return with_told(table, {}, told)


async def _form(request: Request, limits: Limits, speech: Language) -> Form:
    """Gives what a form holds, read in memory; raises ContractError for what is no form of these pages."""
    most = 2 * limits.rows + 2 * limits.columns
    reader = _InMemory(
        request.headers, request.stream(), max_files=1, max_fields=most, max_part_size=2 * limits.file_bytes
    )
    try:
        parts = await reader.parse()
    except (MultiPartException, KeyError) as error:
        raise _no_list(speech) from error
    fields = {name: value for name, value in parts.multi_items() if isinstance(value, str)}
    uploaded = parts.get("file")
    if uploaded is not None and not isinstance(uploaded, str):
        content = await uploaded.read()
        return Form(content, {**fields, "file_name": uploaded.filename or ""})
    return Form(_unpacked(fields.get("content", ""), limits, speech), fields)


def _unpacked(text: str, limits: Limits, speech: Language) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        content = unpacker.decompress(base64.b64decode(text, validate=True), limits.file_bytes + 1)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise _no_list(speech) from error
    return content


def _no_list(speech: Language) -> ContractError:
    return ContractError(speech.text("No list came with the form."), remedy=speech.text("Choose a file and try again."))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 8
