"""Which methods the routes of a path take, for the answer to any other one."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from starlette.routing import Match

from serving.lookup.guard import Scope


def methods_of(app: FastAPI) -> Callable[[Scope], bytes]:
    """Gives a way to tell the methods of the path that a request asks for, as the header Allow has them."""

    def told(scope: Scope) -> bytes:
        methods = {"GET", "HEAD"} if _takes(app, scope, "GET") else set()
        methods |= {"POST"} if _takes(app, scope, "POST") else set()
        return ", ".join(sorted(methods or {"GET", "HEAD"})).encode()

    return told


def _takes(app: FastAPI, scope: Scope, method: str) -> bool:
    asked: dict[str, Any] = {**scope, "method": method}
    return any(route.matches(asked)[0] is Match.FULL for route in app.routes)
