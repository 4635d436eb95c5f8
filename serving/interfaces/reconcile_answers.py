"""Answers of the reconciliation service: the manifest, candidates and suggestions."""

from collections.abc import Mapping
from typing import Final

from serving.interfaces.identity import Asked, Found, country_codes, found_suppliers
from serving.interfaces.limits import MOST_CANDIDATES, MOST_QUERIES
from serving.interfaces.reconcile_properties import Property, plain
from serving.interfaces.reconcile_shapes import (
    Candidate,
    Extend,
    Feature,
    Manifest,
    Preview,
    Query,
    Result,
    ResultBatch,
    ServicePath,
    Suggest,
    SuggestedEntities,
    SuggestedEntity,
    SuggestedItem,
    SuggestedItems,
    Type,
    View,
)
from serving.language import Language
from serving.lookup.current import Reading
from serving.search import Hit
from tierline import __version__

TYPES: Final = (Type(id="Company", name="Supplier"), Type(id="LegalEntity", name="Legal entity"))
"""Types of entities, by the names that FollowTheMoney has for them; every supplier has both."""
PREVIEW_SIZE: Final = (420, 170)
_TYPE_IDS: Final = {one.id for one in TYPES} | {"Organization", "Thing"}


def manifest(base: str, *, needs_token: bool) -> Manifest:
    """Gives what the service is; `base` is its address, with a slash at its end."""
    root = base.rstrip("/")
    return Manifest(
        versions=["0.2"],
        name="Tierline suppliers",
        identifierSpace=f"{root}/suppliers/",
        schemaSpace=f"{root}/reconcile/types/",
        documentation=f"{root}/about",
        serviceVersion=__version__,
        defaultTypes=[TYPES[0]],
        view=View(url=f"{root}/suppliers/{{{{id}}}}"),
        preview=Preview(url=f"{root}/reconcile/preview?id={{{{id}}}}", width=PREVIEW_SIZE[0], height=PREVIEW_SIZE[1]),
        suggest=Suggest(
            **{
                what: ServicePath(service_url=root, service_path=f"/reconcile/suggest/{what}")
                for what in ("entity", "property", "type")
            }
        ),
        extend=Extend(
            propose_properties=ServicePath(service_url=root, service_path="/reconcile/properties"),
            property_settings=[],
        ),
        batchSize=MOST_QUERIES,
        authentication={"type": "apiKey", "name": "Authorization", "in": "header"} if needs_token else {},
    )


def results(reading: Reading, batch: Mapping[str, Query], speech: Language) -> ResultBatch:
    """Gives the candidates of each query."""
    return ResultBatch({name: Result(result=_candidates(reading, query, speech)) for name, query in batch.items()})


def suggested_entities(reading: Reading, prefix: str, skipped: int, speech: Language) -> SuggestedEntities:
    """Gives suppliers that a beginning of a name, or an identifier, may mean."""
    hits = reading.index.search(prefix, limit=skipped + 10)[skipped:] if prefix.strip() else []
    return SuggestedEntities(
        result=[
            SuggestedEntity(id=hit.supplier_id, name=hit.name, description=_told(hit, speech), notable=[TYPES[0]])
            for hit in hits
        ]
    )


def suggested_properties(properties: list[Property], prefix: str, skipped: int) -> SuggestedItems:
    """Gives properties whose id or name has what was typed in it."""
    items = [SuggestedItem(id=one.property_id, name=one.name, description=one.says) for one in properties]
    return _narrowed(items, prefix, skipped)


def suggested_types(prefix: str, skipped: int) -> SuggestedItems:
    """Gives types whose id or name has what was typed in it."""
    items = [SuggestedItem(id=one.id, name=one.name, description="A company of the publication.") for one in TYPES]
    return _narrowed(items, prefix, skipped)


def _narrowed(items: list[SuggestedItem], prefix: str, skipped: int) -> SuggestedItems:
    wanted = prefix.strip().casefold()
    return SuggestedItems(
        result=[one for one in items if wanted in one.id.casefold() or wanted in one.name.casefold()][skipped:]
    )


def _candidates(reading: Reading, query: Query, speech: Language) -> list[Candidate]:
    wanted = [query.type] if isinstance(query.type, str) else query.type
    if wanted and not _TYPE_IDS & set(wanted):
        return []
    found = found_suppliers(reading.index, _asked(query), min(query.limit, MOST_CANDIDATES))
    return sorted((_candidate(one, speech) for one in found), key=lambda one: (-one.match, -one.score))


def _asked(query: Query) -> Asked:
    countries: list[str] = []
    identifiers: dict[str | None, list[str]] = {}
    for one in query.properties:
        values = [value for value in plain(one.v) if value.strip()]
        if one.pid == "country":
            countries += values
        else:
            identifiers.setdefault(None if one.pid == "identifier" else one.pid, []).extend(values)
    return Asked(query.query, country_codes(countries), identifiers)


def _candidate(found: Found, speech: Language) -> Candidate:
    hit = found.hit
    features = [
        Feature(id="name_similarity", value=round(found.name_score, 4)),
        Feature(id="identifier", value=found.by_identifier),
    ]
    if found.country_agrees is not None:
        features.append(Feature(id="country", value=found.country_agrees))
    return Candidate(
        id=hit.supplier_id,
        name=hit.name,
        description=_told(hit, speech),
        type=list(TYPES),
        score=round(hit.score * 100, 1),
        match=found.is_certain,
        features=features,
    )


def _told(hit: Hit, speech: Language) -> str:
    met = speech.text("matched on {kind}: {text}", kind=speech.term(hit.matched_on), text=hit.matched_text[:200])
    parts = [speech.country(hit.country_code) if hit.country_code else "", speech.term(hit.sector), met]
    return " · ".join(filter(None, parts))
