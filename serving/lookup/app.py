"""The lookup as one application: pages, JSON answers, and what stands before them."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from fastapi.responses import FileResponse

from serving import interfaces
from serving.interfaces.cross_origin import CrossOrigin
from serving.lookup import changes, interface, pages, screening_pages, sign_in
from serving.lookup.current import CurrentPublication
from serving.lookup.guard import Guard
from serving.lookup.methods import methods_of
from serving.lookup.problems import Refusing, tell_problems
from serving.lookup.rate import Rate
from serving.lookup.rendering import Pages
from serving.lookup.request_log import RequestLog
from serving.lookup.settings import LookupSettings

_HERE: Final = Path(__file__).parent
_STYLES: Final = {
    "style.css": _HERE / "static" / "style.css",
    "report.css": _HERE.parent / "reports" / "templates" / "style.css",
}
_VERSION: Final = "1"


def create_app(settings: LookupSettings, now: Callable[[], datetime] | None = None) -> FastAPI:
    """Gives the application; it opens the publication at its start and closes it at its end.

    Nothing it does writes to the publications or to the home; only the audit log is written, where there is one, with
    the time of day that `now` gives. Raises ConfigError for an audit log without it, or one that cannot be written.
    """
    requests = RequestLog(settings.audit_log, now)
    current = CurrentPublication(settings.published)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        with current.reading() as publication:
            # what a first search imports and maps, later ones find ready: nobody who asks waits for it
            publication.index.search(app.title)
        yield
        current.close()
        requests.close()

    app = FastAPI(
        title="Tierline lookup",
        version=_VERSION,
        description="Where to look first for forced labour among suppliers, and why. Read-only.",
        lifespan=life,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        openapi_tags=interfaces.TAGS,
    )
    shown = Pages(settings.language)
    app.include_router(interface.router(current))
    app.include_router(changes.router(current))
    app.include_router(interfaces.router(current, settings))
    app.include_router(pages.router(current, shown, screening_pages.PATH))
    app.include_router(changes.page_router(current, shown))
    app.include_router(screening_pages.router(current, settings, shown, now))
    app.include_router(sign_in.router(settings, shown))
    _serve_styles(app)
    tell_problems(app, shown)
    rate = Rate(settings.requests_a_minute, time.monotonic)
    app.add_middleware(CrossOrigin)
    app.add_middleware(
        Guard, settings=settings, rate=rate, refuse=Refusing(shown), log=requests, clock=time.monotonic,
        allow=methods_of(app),
    )  # fmt: skip
    return app


def _serve_styles(app: FastAPI) -> None:
    for name, path in _STYLES.items():
        app.add_api_route(f"/static/{name}", _sender(path), include_in_schema=False, response_class=FileResponse)


def _sender(path: Path) -> Callable[[], FileResponse]:
    def send() -> FileResponse:
        return FileResponse(path, media_type="text/css")

    return send
