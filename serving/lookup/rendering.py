"""Pages as HTML: one environment a language, everything that comes from data escaped."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from serving.language import Language, language, mark, page_templates
from serving.lookup.current import Reading
from serving.reports.words import clean, short

PAGES: Final = (
    *(("/", mark("Search")), ("/screening", mark("Screen a list"))),
    *(("/sources", mark("Sources")), ("/about", mark("Method"))),
)
"""Path and name of the pages that every page leads to; rooms that add pages are added here."""


class Pages:
    """Makes pages; `fallback` is the code of the language where none is asked for."""

    def __init__(self, fallback: str) -> None:
        self.fallback = fallback

    def speech(self, lang: str | None) -> Language:
        """Gives the language that is asked for, or the usual one; raises ConfigError for one that there is not."""
        return language(lang or self.fallback)

    def page(
        self,
        request: Request,
        template: str,
        reading: Reading | None,
        *,
        lang: str | None = None,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> HTMLResponse:
        """Gives a page of a template in the language; what it says of the publication is added to the values."""
        speech = self.speech(lang)
        text = (
            environment(speech.code)
            .get_template(template)
            .render(**self._frame(request, speech, lang), **_about(reading), **values)
        )
        return HTMLResponse(text, status, headers)

    def _frame(self, request: Request, speech: Language, lang: str | None) -> dict[str, Any]:
        asked = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
        path = request.url.path
        return {
            "lang": lang or "",
            "here": path,
            "pages": [(where, speech.text(name)) for where, name in PAGES],
            "link": lambda where, **query: address(where, [*query.items(), *([("lang", lang)] if lang else [])]),
            "in_language": lambda code: address(path, [*asked, ("lang", code)]),
        }


def address(path: str, query: list[tuple[str, str]]) -> str:
    """Gives a path with its query, encoded."""
    return f"{path}?{urlencode(query)}" if query else path


@cache
def environment(code: str) -> Environment:
    """Gives the templates of the lookup in one language."""
    made = page_templates("serving.lookup", language(code))
    made.filters |= {"clean": clean, "short": short}
    return made


def _about(reading: Reading | None) -> dict[str, Any]:
    if reading is None:
        return {"run_id": None, "as_of": None, "fictional": False, "retraction": None}
    return {
        "run_id": reading.run_id,
        "as_of": reading.as_of,
        "fictional": reading.manifest["fictional"],
        "retraction": reading.retraction,
    }
