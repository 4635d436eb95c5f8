"""The pages: search, one supplier, sources, method."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from serving.language import Language, mark
from serving.lookup import answers
from serving.lookup.asking import Country, Lang, SupplierId, Words
from serving.lookup.current import CurrentPublication, Reading
from serving.lookup.problems import NotThere
from serving.lookup.rendering import Pages
from serving.reports.supplier_page import supplier_page
from serving.reports.words import short
from serving.search import NEAR_SCORE, Hit

Row = dict[str, Any]
SCHEMES = {
    "lei": "LEI",
    "os_id": "OS ID",
    "tax_number": mark("tax number"),
    "company_number": mark("company number"),
    "reference": mark("reference in a source"),
    "supplier id": mark("id in Tierline"),
}
"""How schemes of identifiers are called; those of an org-id are called by their code."""
NO_SUPPLIER = mark("There is no supplier with this id in the publication that is read now.")


def router(current: CurrentPublication, pages: Pages, screening: str | None = None) -> APIRouter:
    """Gives the routes of the pages; `screening` is the path of the page that takes lists, where there is one."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @routes.get("/")
    def search(request: Request, q: Words = "", country: Country = None, lang: Lang = None) -> Response:
        speech, query = pages.speech(lang), q.strip()
        with current.reading() as reading:
            hits = reading.index.search(query, country=country or None)
            level = answers.country_level(reading, country) if country and query and not hits else None
            return pages.page(
                request, "search.html.j2", reading, lang=lang, query=query, country=country or "", level=level,
                hits=[_shown(hit, speech) for hit in hits], size=reading.index.size, screening=screening,
                is_near=bool(hits) and hits[0].score >= NEAR_SCORE,
                countries=_countries(reading, speech),
            )  # fmt: skip

    @routes.get("/suppliers/{supplier_id}")
    def one_supplier(request: Request, supplier_id: SupplierId, lang: Lang = None) -> Response:
        with current.reading() as reading:
            row = answers.supplier(reading, supplier_id)
            if row is None:
                raise NotThere(NO_SUPPLIER)
            page = supplier_page(reading.folder, reading.connection, supplier_id, pages.speech(lang))
            return pages.page(
                request, "supplier.html.j2", reading, lang=lang, name=row["name"], supplier_id=supplier_id, page=page
            )

    @routes.get("/sources")
    def sources(request: Request, lang: Lang = None) -> Response:
        return _page(request, "sources.html.j2", lang, _sources)

    @routes.get("/about")
    def about(request: Request, lang: Lang = None) -> Response:
        return _page(request, "about.html.j2", lang, _method)

    def _page(request: Request, template: str, lang: str | None, told: Callable[[Reading], Row]) -> Response:
        with current.reading() as reading:
            return pages.page(request, template, reading, lang=lang, **told(reading))

    return routes


def _sources(reading: Reading) -> Row:
    return {"sources": answers.sources(reading), "degraded": reading.manifest["sources_degraded"]}


def _method(reading: Reading) -> Row:
    return {"rules": answers.band_rules(reading), "method_version": answers.method_version(reading)}


def _shown(hit: Hit, speech: Language) -> Row:
    scheme = hit.identifier_scheme or ""
    return {
        "supplier_id": hit.supplier_id, "name": hit.name, "country_code": hit.country_code, "sector": hit.sector,
        "score": hit.score, "matched_on": hit.matched_on, "matched_text": hit.matched_text,
        "shown_text": short(hit.matched_text), "scheme_name": speech.term(SCHEMES.get(scheme, scheme)),
    }  # fmt: skip


def _countries(reading: Reading, speech: Language) -> list[tuple[str, str]]:
    return sorted(((code, speech.country(code)) for code in reading.index.countries), key=lambda pair: pair[1])
