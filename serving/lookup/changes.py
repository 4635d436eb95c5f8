"""What changed at one supplier since the publication before: a page and an answer of their own, as they read two."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from serving.explanation.since import Since, since_before, since_sentences
from serving.lookup import answers
from serving.lookup.asking import Lang, SupplierId
from serving.lookup.current import CurrentPublication, Reading
from serving.lookup.interface import REFUSALS, about
from serving.lookup.pages import NO_SUPPLIER
from serving.lookup.problems import NotThere
from serving.lookup.rendering import Pages
from serving.lookup.shapes import ChangesAnswer, Move, MovePart, Problem
from serving.reports.published import Published
from serving.reports.words import unmarked


def page_router(current: CurrentPublication, pages: Pages) -> APIRouter:
    """Gives the route of the page, which that of the supplier leads to."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @routes.get("/suppliers/{supplier_id}/changes")
    def changes(request: Request, supplier_id: SupplierId, lang: Lang = None) -> Response:
        with current.reading() as reading:
            name, since = _since(reading, supplier_id)
            return pages.page(
                request, "supplier_changes.html.j2", reading, lang=lang, name=name, supplier_id=supplier_id,
                since=since, sentences=list(since_sentences(since, pages.speech(lang))),
            )  # fmt: skip

    return routes


def router(current: CurrentPublication) -> APIRouter:
    """Gives the route of the JSON answer."""
    routes = APIRouter()

    @routes.get(
        "/api/suppliers/{supplier_id}/changes",
        responses={**REFUSALS, 404: {"model": Problem, "description": "There is no such supplier."}},
        tags=["suppliers"],
    )
    def changes(supplier_id: SupplierId) -> ChangesAnswer:
        """What moved score and band of one supplier since the publication before, part by part."""
        with current.reading() as reading:
            _, since = _since(reading, supplier_id)
            return ChangesAnswer(
                **about(reading), supplier_id=supplier_id, retraction=reading.retraction, **_told(since)
            )

    return routes


def _since(reading: Reading, supplier_id: str) -> tuple[str, Since]:
    """Gives the name of a supplier and what changed; raises NotThere for a stranger."""
    row = answers.supplier(reading, supplier_id)
    if row is None:
        raise NotThere(NO_SUPPLIER)
    return row["name"], since_before(Published(reading.folder, reading.manifest), supplier_id)


def _told(since: Since) -> dict[str, Any]:
    over, move = since.passed_over, since.move
    return {
        "since_run_id": since.before,
        "since_as_of": since.before_as_of,
        "is_comparable": since.before is not None and since.is_readable,
        "is_new": since.is_new,
        "move": None if move is None else Move(**{name: move[name] for name in Move.model_fields}),
        "parts": [MovePart(**{name: part[name] for name in MovePart.model_fields}) for part in since.parts],
        "passed_over_run_id": over.run_id if over else None,
        "passed_over_retraction": over.retracted_because if over else None,
        "sentences": list(map(unmarked, since_sentences(since))),
    }
