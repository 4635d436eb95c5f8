"""What is answered where there is no answer: plain words and what to do, as a page or as JSON, never a trace."""

from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from serving.language import LANGUAGES, mark
from serving.lookup.guard import App, Refused, Scope
from serving.lookup.rendering import Pages
from tierline.errors import TierlineError
from tierline.log import get_logger

_LOG = get_logger(__name__)
FOR_PROGRAMS: Final = ("/api/", "/health", "/reconcile", "/match/", "/search/", "/entities/", "/catalog")
"""Beginnings of paths that programs ask for."""
_HEADINGS: Final = {
    401: mark("Sign in"),
    404: mark("Not found here"),
    405: mark("Nothing can be changed here"),
    408: mark("Too slow"),
    413: mark("Too large"),
    421: mark("Not asked under this name"),
    422: mark("That cannot be asked"),
    429: mark("Too many requests"),
    500: mark("The service failed"),
    503: mark("No answer now"),
}
_NO_PAGE: Final = mark("There is no such page.")
_WRONG_VALUE: Final = mark("A value is missing, or not as it must be.")


class NotThere(Exception):
    """What was asked for does not exist; says which, in a message that can be translated."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def tell_problems(app: FastAPI, pages: Pages) -> None:
    """Makes the app answer every error in plain words."""

    @app.exception_handler(NotThere)
    def _not_there(request: Request, error: NotThere) -> Response:
        return problem(pages, request, 404, error.why)

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        why = _NO_PAGE if error.status_code == 404 else str(error.detail)
        return problem(pages, request, error.status_code, why, headers=dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    def _validation(request: Request, error: RequestValidationError) -> Response:
        places = sorted({".".join(map(str, detail["loc"][1:])) for detail in error.errors()})
        return problem(pages, request, 422, _WRONG_VALUE, remedy=", ".join(place for place in places if place)[:200])

    @app.exception_handler(TierlineError)
    def _tierline(request: Request, error: TierlineError) -> Response:
        _LOG.warning("cannot answer: %s", error.message)
        return problem(pages, request, 503, error.message, remedy=error.remedy)


class Refusing:
    """Answers requests that are refused before any page is asked."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def __call__(self, scope: Scope, refused: Refused) -> App:
        """Gives the answer as an ASGI app."""
        request = Request(scope)
        headers = {name.decode(): value.decode() for name, value in refused.headers}
        if refused.status == 401 and not wants_json(request):
            lang = _asked_language(request)
            return self._pages.page(
                request, "sign_in.html.j2", None, lang=lang, status=401, headers=headers, is_wrong=False
            )
        return problem(self._pages, request, refused.status, refused.why, headers=headers)


def problem(
    pages: Pages,
    request: Request,
    status: int,
    why: str,
    *,
    remedy: str | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """Gives the answer for a problem: JSON below /api and for whoever asks for it, else a page."""
    if wants_json(request):
        return JSONResponse({"detail": why, "remedy": remedy or None}, status, headers)
    lang = _asked_language(request)
    speech = pages.speech(lang)
    return pages.page(
        request, "message.html.j2", None, lang=lang, status=status, headers=headers,
        heading=speech.term(_HEADINGS.get(status, _HEADINGS[500])), why=speech.term(why), remedy=speech.term(remedy),
    )  # fmt: skip


def wants_json(request: Request) -> bool:
    """Says whether whoever asks is a program."""
    accepted = request.headers.get("accept", "")
    if request.url.path.startswith(FOR_PROGRAMS):
        return "text/html" not in accepted
    return "application/json" in accepted


def _asked_language(request: Request) -> str | None:
    lang = request.query_params.get("lang")
    return lang if lang in LANGUAGES else None
