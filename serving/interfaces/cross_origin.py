"""Lets pages of this machine read what the interfaces answer, and pages of no other.

The reconciliation protocol asks for access from everywhere. Whoever has a browser open beside the service would then
show its suppliers to every page that they visit, so only pages that the same machine serves, such as OpenRefine, may.
"""

import re
from typing import Final

from serving.lookup.guard import App, Message, Receive, Scope, Send

_LOCAL: Final = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?")
_FIRST: Final = "/reconcile"


class CrossOrigin:
    """Adds the header by which a browser lets a page of the same machine read an answer."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http" or not scope["path"].startswith(_FIRST):
            await self._app(scope, receive, send)
            return
        origin = dict(scope["headers"]).get(b"origin", b"").decode("latin-1")

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                allowed = [(b"access-control-allow-origin", origin.encode())] if _LOCAL.fullmatch(origin) else []
                message["headers"] = [*message.get("headers", []), (b"vary", b"origin"), *allowed]
            await send(message)

        await self._app(scope, receive, sending)
