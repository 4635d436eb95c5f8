"""The routes of matching by example, in the shape of yente: /match, /search, /entities and /catalog."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import TypeAdapter

from serving.interfaces import match_answers as answers
from serving.interfaces.asked import bytes_of, inlined, shaped
from serving.interfaces.identity import Asked, country_codes
from serving.interfaces.limits import MOST_CANDIDATES, MOST_SKIPPED
from serving.interfaces.list_entries import NamesOfLists
from serving.interfaces.match_shapes import (
    Catalogue,
    Entity,
    EntityAnswer,
    Example,
    Feature,
    MatchAnswer,
    Matches,
    MatchQuery,
    ScoredEntity,
    SearchAnswer,
    Total,
)
from serving.lookup.asking import MOST_LETTERS
from serving.lookup.current import CurrentPublication, Reading
from serving.lookup.interface import REFUSALS
from serving.lookup.problems import NotThere

NOTE: Final = (
    "A likeness of names is no proof of identity: match is true by identifier only. Nothing found means that nothing is"
    " known, and is no clean bill."
)
_NO_DATASET: Final = "There is no such dataset; /catalog lists those that there are."
_NOT_FOUND: Final[dict[int | str, dict[str, Any]]] = {
    404: {"model": REFUSALS[422]["model"], "description": "There is no such dataset or entity."}
}
_MATCHER: Final = {
    "name": Feature(description="How alike the names are, 0 to 1.", coefficient=1.0),
    "identifier": Feature(description="1 where an identifier is the same.", coefficient=1.0),
    "country": Feature(description="1 where the country is the same, 0 where it is another.", coefficient=0.0),
}
_MATCH_QUERY: Final[TypeAdapter[MatchQuery]] = TypeAdapter(MatchQuery)
_BODY: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": inlined(_MATCH_QUERY.json_schema())}}}
}
DatasetName = Annotated[
    str, Path(max_length=200, description="Name of a dataset, as /catalog lists them.", examples=["suppliers"])
]
Limit = Annotated[int, Query(ge=1, le=MOST_CANDIDATES, description="Candidates at most, for each company.")]


def match_router(current: CurrentPublication) -> APIRouter:
    """Gives the routes; they read the current publication and write nothing."""
    routes = APIRouter(tags=["matching"], responses=REFUSALS)
    names = NamesOfLists()
    _add_match(routes, current, names)
    _add_search(routes, current, names)
    _add_single(routes, current)
    return routes


def _add_match(routes: APIRouter, current: CurrentPublication, names: NamesOfLists) -> None:
    @routes.post(
        "/match/{dataset}",
        operation_id="match_companies",
        responses=_NOT_FOUND,
        response_model=MatchAnswer,
        openapi_extra=_BODY,
    )
    async def match(
        request: Request,
        dataset: DatasetName,
        limit: Limit = 5,
        threshold: Annotated[
            float, Query(ge=0, le=1, description="Least score of a match; an identifier is needed as well.")
        ] = 0.7,
        cutoff: Annotated[float, Query(ge=0, le=1, description="Least score of a candidate.")] = 0.0,
    ) -> MatchAnswer:
        """Candidates for companies by example, among suppliers or on lists; no band is given here."""
        content = await bytes_of(request)
        asked = shaped(_MATCH_QUERY, content, "The request")
        return await run_in_threadpool(_matched, current, names, dataset, asked, limit, threshold, cutoff)


def _matched(
    current: CurrentPublication,
    names: NamesOfLists,
    dataset: str,
    query: MatchQuery,
    limit: int,
    threshold: float,
    cutoff: float,
) -> MatchAnswer:
    with current.reading() as reading:
        batch = [answers.asked(example) for example in query.queries.values()]
        found = _found(reading, names, dataset, batch, limit)
        responses = {
            name: _matches(example, candidates, threshold, cutoff)
            for (name, example), candidates in zip(query.queries.items(), found, strict=True)
        }
        return MatchAnswer(
            run_id=reading.run_id, as_of=reading.as_of, responses=responses, matcher=_MATCHER, limit=limit, note=NOTE
        )


def _matches(example: Example, candidates: list[ScoredEntity], threshold: float, cutoff: float) -> Matches:
    kept = [
        one.model_copy(update={"match": one.match and one.score >= threshold})
        for one in candidates
        if one.score >= cutoff
    ]
    return Matches(
        status=200,
        results=sorted(kept, key=lambda one: (-one.match, -one.score)),
        total=Total(value=len(kept)),
        query=example.model_dump(by_alias=True),
    )


def _found(
    reading: Reading, names: NamesOfLists, dataset: str, batch: Sequence[Asked], limit: int
) -> list[list[ScoredEntity]]:
    lists = answers.lists_named(reading, dataset)
    if lists is None:
        raise NotThere(_NO_DATASET)
    if dataset == answers.SUPPLIERS:
        return answers.matched_suppliers(reading, batch, limit)
    return answers.matched_entries(reading, names.of(reading), lists, batch, limit)


def _add_search(routes: APIRouter, current: CurrentPublication, names: NamesOfLists) -> None:
    @routes.get("/search/{dataset}", operation_id="search_dataset", responses=_NOT_FOUND)
    def search(
        dataset: DatasetName,
        q: Annotated[str, Query(max_length=MOST_LETTERS, description="A name or an identifier.")] = "",
        countries: Annotated[
            list[Annotated[str, Query(max_length=100)]] | None, Query(max_length=20, description="ISO codes.")
        ] = None,
        limit: Limit = 10,
        offset: Annotated[int, Query(ge=0, le=MOST_SKIPPED, description="How many to skip.")] = 0,
    ) -> SearchAnswer:
        """Entities that a text may mean; no band is given here."""
        asked = Asked(q, country_codes(countries or []), {None: [q]} if dataset != answers.SUPPLIERS else {})
        with current.reading() as reading:
            (found,) = _found(reading, names, dataset, [asked], limit + offset)
            entities: list[Entity] = answers.plain_entities(found)[offset:]
            return SearchAnswer(
                run_id=reading.run_id,
                as_of=reading.as_of,
                results=entities,
                facets={},
                total=Total(value=len(found), relation="gte" if len(found) == limit + offset else "eq"),
                limit=limit,
                offset=offset,
                note=NOTE,
            )


def _add_single(routes: APIRouter, current: CurrentPublication) -> None:
    @routes.get("/entities/{entity_id}", operation_id="read_entity", responses=_NOT_FOUND)
    def entity(
        entity_id: Annotated[
            str, Path(max_length=200, description="Id of a supplier or of an entry.", examples=["S0000000000ab"])
        ],
    ) -> EntityAnswer:
        """One supplier, with how it stands and its awards, or one entry of a list with its publisher and days."""
        with current.reading() as reading:
            found = answers.entity(reading, entity_id)
            if found is None:
                raise NotThere("There is no supplier and no entry with this id in the publication that is read now.")
            return found

    @routes.get("/catalog", operation_id="list_datasets")
    def catalogue() -> Catalogue:
        """All datasets that can be asked."""
        with current.reading() as reading:
            return answers.catalogue(reading)
