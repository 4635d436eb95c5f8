"""The same answers as JSON, and the health of the service."""

from typing import Any, Final

from fastapi import APIRouter

from serving.lookup import answers
from serving.lookup.asking import Country, Limit, SupplierId, Words
from serving.lookup.current import CurrentPublication, Reading
from serving.lookup.problems import NotThere
from serving.lookup.shapes import FoundSupplier, Health, Problem, SearchAnswer, SupplierAnswer

_NOTE: Final = (
    "A likeness of names is no proof of identity. Not found means that no source of this publication speaks of such a"
    " supplier; it is not a clean bill."
)
REFUSALS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": Problem, "description": why}
    for status, why in (
        (401, "A token is needed and none or another was given."),
        (405, "Nothing can be changed here."),
        (408, "The request came too slowly."),
        (413, "The request is too large."),
        (421, "The service is not asked under that name."),
        (422, "A value is not as it must be."),
        (429, "Too many requests; Retry-After says how many seconds to wait."),
        (503, "No publication holds."),
    )
}
"""What every route may answer instead; also for the routes of other rooms."""


def router(current: CurrentPublication) -> APIRouter:
    """Gives the routes of the JSON answers."""
    routes = APIRouter()

    @routes.get("/health", responses={503: REFUSALS[503]}, tags=["service"])
    def health() -> Health:
        """Whether the service can answer, and from which publication; needs no token."""
        with current.reading() as reading:
            return Health(
                status="ok", run_id=reading.run_id, as_of=reading.as_of, suppliers=reading.index.size,
                retracted=reading.retraction is not None,
            )  # fmt: skip

    @routes.get("/api/search", responses=REFUSALS, tags=["suppliers"])
    def search(q: Words, country: Country = None, limit: Limit = 10) -> SearchAnswer:
        """Suppliers that a name, as somebody spells it, or an identifier may mean."""
        with current.reading() as reading:
            hits = reading.index.search(q, country=country or None, limit=limit)
            return SearchAnswer(
                **about(reading), query=q, searched=reading.index.size, note=_NOTE,
                found=[FoundSupplier(**vars(hit)) for hit in hits],
            )  # fmt: skip

    @routes.get(
        "/api/suppliers/{supplier_id}",
        responses={**REFUSALS, 404: {"model": Problem, "description": "There is no such supplier."}},
        tags=["suppliers"],
    )
    def supplier(supplier_id: SupplierId) -> SupplierAnswer:
        """How one supplier stands: band, why, and what to do next."""
        with current.reading() as reading:
            row = answers.supplier(reading, supplier_id)
            if row is None:
                raise NotThere("There is no supplier with this id in the publication that is read now.")
            return SupplierAnswer(**about(reading), **row, retraction=reading.retraction)

    return routes


def about(reading: Reading) -> dict[str, Any]:
    """Gives what every answer is about."""
    return {"run_id": reading.run_id, "as_of": reading.as_of, "fictional": reading.manifest["fictional"]}
