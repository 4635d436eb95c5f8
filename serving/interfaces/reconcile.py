"""The routes of the reconciliation service, W3C Entity Reconciliation API 0.2, at /reconcile."""

from functools import cache
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from pydantic import BaseModel

from serving.interfaces import reconcile_answers as answers
from serving.interfaces import reconcile_examples as examples
from serving.interfaces.asked import form_of, inlined, refused, shaped
from serving.interfaces.facts import suppliers_of
from serving.interfaces.limits import MOST_SKIPPED
from serving.interfaces.reconcile_properties import extended, properties_of
from serving.interfaces.reconcile_shapes import (
    EXTENSION_QUERY,
    QUERY_BATCH,
    Extension,
    Manifest,
    PropertyName,
    ProposedProperties,
    ResultBatch,
    SuggestedEntities,
    SuggestedItems,
)
from serving.language import language, page_templates
from serving.lookup.asking import MOST_LETTERS, Lang
from serving.lookup.current import CurrentPublication
from serving.lookup.interface import REFUSALS
from serving.lookup.problems import NotThere
from serving.lookup.settings import LookupSettings
from serving.reports.words import short

Prefix = Annotated[str, Query(max_length=MOST_LETTERS, description="What was typed.", examples=["Amber"])]
Cursor = Annotated[int, Query(ge=0, le=MOST_SKIPPED, description="How many suggestions to skip.")]
_TAGS: Final[list[str]] = ["reconciliation"]
_BATCH: Final = inlined(QUERY_BATCH.json_schema())
_FETCH: Final = inlined(EXTENSION_QUERY.json_schema())
_FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "properties": {"queries": _BATCH, "extend": _FETCH},
                    "anyOf": [{"required": ["queries"]}, {"required": ["extend"]}],
                },
                "encoding": {
                    "queries": {"contentType": "application/json"},
                    "extend": {"contentType": "application/json"},
                },
                "examples": examples.FORMS,
            }
        },
    }
}
_IN_QUERY: Final[dict[str, Any]] = {
    "parameters": [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": says,
            "content": {"application/json": {"schema": schema, "example": example}},
        }
        for name, says, schema, example in (
            ("queries", "Companies that are asked for, as JSON.", _BATCH, examples.QUERIES),
            ("extend", "Properties to fetch, as JSON.", _FETCH, examples.EXTEND),
        )
    ]
}
_TWO_QUESTIONS: Final[dict[str, Any]] = {
    "model": REFUSALS[422]["model"],
    "description": "Queries and properties were asked for at once.",
}
_PROBLEM: Final = {"$ref": "#/components/schemas/Problem"}
_PREVIEW_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'self' http://127.0.0.1:* http://localhost:*"
)

TypeId = Annotated[str, Query(max_length=MOST_LETTERS, description="A type.")]
PreviewedId = Annotated[str, Query(max_length=200, description="Id of a supplier.", examples=["S0000000000ab"])]


def reconcile_router(current: CurrentPublication, settings: LookupSettings) -> APIRouter:
    """Gives the routes; they read the current publication and write nothing."""
    routes = APIRouter(prefix="/reconcile", tags=list(_TAGS), responses=REFUSALS)
    _add_questions(routes, current, settings)
    _add_suggestions(routes, current, settings)
    whole = APIRouter()
    whole.include_router(routes)
    whole.include_router(_preview(current, settings))
    return whole


def _add_questions(routes: APIRouter, current: CurrentPublication, settings: LookupSettings) -> None:
    @routes.get(
        "",
        operation_id="reconcile_by_get",
        response_model=None,
        responses={
            200: {"model": Manifest | ResultBatch | Extension, "description": "As was asked."},
            409: _TWO_QUESTIONS,
            400: {
                "description": "The address is longer than the server reads; use POST.",
                "content": {"text/plain": {}},
            },
        },
        openapi_extra=_IN_QUERY,
    )
    def by_get(request: Request) -> Response:
        """The manifest of the service; with `queries` candidates, with `extend` values of properties."""
        asked = {name: request.query_params[name] for name in _KNOWN if name in request.query_params}
        if not asked:
            return _json(answers.manifest(str(request.base_url), needs_token=settings.token is not None))
        return _answer(current, settings, asked)

    @routes.post(
        "",
        operation_id="reconcile_by_post",
        response_model=None,
        responses={
            200: {"model": ResultBatch | Extension, "description": "As was asked."},
            409: _TWO_QUESTIONS,
            415: {"model": REFUSALS[422]["model"], "description": "The request is no form."},
        },
        openapi_extra=_FORM,
    )
    async def by_post(request: Request) -> Response:
        """Candidates for companies (`queries`), or values of properties of suppliers (`extend`), asked for by a form.

        A candidate is a match only where an identifier says so. No band is given here: it is fetched for suppliers that
        somebody has said are meant.
        """
        form = await form_of(request)
        return await run_in_threadpool(_answer, current, settings, form)


_KNOWN: Final = ("queries", "extend", "callback")


def _answer(current: CurrentPublication, settings: LookupSettings, asked: dict[str, str]) -> Response:
    if "callback" in asked:
        raise refused("JSONP is not supported; leave callback out.")
    if "queries" in asked and "extend" in asked:
        raise refused("Ask one thing at a time: queries or extend.", 409)
    if not {"queries", "extend"} & asked.keys():
        raise refused("Ask with one field: queries or extend.")
    if "queries" in asked:
        batch = shaped(QUERY_BATCH, asked["queries"], "queries")
        if any(not one.query and not one.properties for one in batch.values()):
            raise refused("A query needs a name, properties, or both.")
        with current.reading() as reading:
            return _json(answers.results(reading, batch, language(settings.language)))
    fetch = shaped(EXTENSION_QUERY, asked["extend"], "extend")
    with current.reading() as reading:
        return _json(extended(reading, fetch))


def _add_suggestions(routes: APIRouter, current: CurrentPublication, settings: LookupSettings) -> None:
    @routes.get("/suggest/entity", operation_id="suggest_entity")
    def entity(prefix: Prefix = "", cursor: Cursor = 0) -> SuggestedEntities:
        """Suppliers to choose from while a name is typed."""
        with current.reading() as reading:
            return answers.suggested_entities(reading, prefix, cursor, language(settings.language))

    @routes.get("/suggest/property", operation_id="suggest_property")
    def one_property(prefix: Prefix = "", cursor: Cursor = 0) -> SuggestedItems:
        """Properties to choose from."""
        with current.reading() as reading:
            return answers.suggested_properties(properties_of(reading), prefix, cursor)

    @routes.get("/suggest/type", operation_id="suggest_type")
    def one_type(prefix: Prefix = "", cursor: Cursor = 0) -> SuggestedItems:
        """Types to choose from."""
        return answers.suggested_types(prefix, cursor)

    @routes.get("/properties", operation_id="propose_properties", response_model_exclude_none=True)
    def properties(
        type: TypeId = "Company",  # noqa: A002 - named by the protocol
        limit: Annotated[int | None, Query(ge=1, le=1000, description="Properties at most.")] = None,
    ) -> ProposedProperties:
        """Properties that can be fetched for suppliers."""
        with current.reading() as reading:
            fetched = [one for one in properties_of(reading) if one.property_id != "identifier"]
        proposed = [PropertyName(id=one.property_id, name=one.name) for one in fetched]
        return ProposedProperties(type=type, properties=proposed[:limit], limit=limit)


def _preview(current: CurrentPublication, settings: LookupSettings) -> APIRouter:
    # refusals are JSON beside an answer that is HTML, which a model cannot say
    told = {**REFUSALS, 404: {"description": "There is no such supplier."}}
    refusals = {
        status: {"description": one["description"], "content": {"application/json": {"schema": _PROBLEM}}}
        for status, one in told.items()
    }
    routes = APIRouter(prefix="/reconcile", tags=list(_TAGS), responses=refusals)

    @routes.get("/preview", operation_id="preview", response_class=HTMLResponse)
    def preview(
        id: PreviewedId,  # noqa: A002 - named by the protocol
        lang: Lang = None,
    ) -> HTMLResponse:
        """A small picture of one supplier, as HTML; without its band."""
        speech = language(lang or settings.language)
        with current.reading() as reading:
            facts = suppliers_of(reading, [id]).get(id)
            if facts is None:
                raise NotThere("There is no supplier with this id in the publication that is read now.")
            text = _templates(speech.code).get_template("preview.html.j2").render(facts=facts, as_of=reading.as_of)
        return HTMLResponse(text, headers={"content-security-policy": _PREVIEW_POLICY})

    return routes


@cache
def _templates(code: str) -> Environment:
    made = page_templates("serving.interfaces", language(code))
    made.filters["short"] = short
    return made


def _json(told: BaseModel) -> Response:
    is_open = isinstance(told, Manifest) and not told.authentication
    left_out = {"authentication"} if is_open else None
    return Response(told.model_dump_json(exclude=left_out), media_type="application/json")
