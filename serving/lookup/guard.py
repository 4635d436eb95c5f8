"""What stands before every page: who may ask, how much, how long, and what a browser may do with the answer.

Plain ASGI, so that it sees requests before anything is read of them and answers before anything is sent.
"""

import asyncio
import hmac
import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any, Final

from starlette.exceptions import HTTPException

from serving.language import mark
from serving.lookup.rate import Rate
from serving.lookup.request_log import RequestLog
from serving.lookup.settings import LookupSettings
from tierline.log import get_logger

_LOG = get_logger(__name__)
Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE: Final = "tierline_token"
OPEN_PATHS: Final = ("/health", "/sign-in", "/static/style.css")
"""What is told without the token: nothing of suppliers."""
HEADERS: Final = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none';"
        b" frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_METHODS: Final = ("GET", "HEAD", "POST")


class Refused(Exception):
    """A request that is answered before any page is asked: a status, and why."""

    def __init__(self, status: int, why: str, headers: tuple[tuple[bytes, bytes], ...] = ()) -> None:
        super().__init__(why)
        self.status = status
        self.why = why
        self.headers = headers


class Guard:
    """Lets through what may pass and adds the headers of every answer."""

    def __init__(
        self,
        app: App,
        settings: LookupSettings,
        rate: Rate,
        refuse: Callable[[Scope, Refused], App],
        log: RequestLog,
        clock: Callable[[], float],
        allow: Callable[[Scope], bytes],
    ) -> None:
        """`allow` tells the methods of the path that is asked for."""
        self._app = app
        self._allow = allow
        self._settings = settings
        self._rate = rate
        self._refuse = refuse
        self._log = log
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request; raises nothing that a client causes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, sending = self._clock(), _Sending(send)
        # the server leaves out the body of an answer to HEAD; pages need not know of it
        asked = {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope
        await self._answered(asked, receive, sending)
        self._log.tell({**asked, "method": scope["method"]}, sending.status, self._clock() - begun)

    async def _answered(self, scope: Scope, receive: Receive, sending: "_Sending") -> None:
        try:
            self._check(scope)
            await self._app(scope, self._bounded(receive), sending)
        except Refused as refused:
            await self._answer(scope, receive, sending, refused)
        except Exception as error:  # noqa: BLE001 - whatever it is, the answer is one without a trace
            where = traceback.extract_tb(error.__traceback__)[-1]
            _LOG.error("%s at %s:%d", type(error).__name__, Path(where.filename).name, where.lineno)
            why = mark("What went wrong is in the log of the service.")
            await self._answer(scope, receive, sending, Refused(500, why))

    async def _answer(self, scope: Scope, receive: Receive, sending: "_Sending", refused: Refused) -> None:
        if not sending.status:
            await self._refuse(scope, refused)(scope, receive, sending)

    def _check(self, scope: Scope) -> None:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if _host_name(headers.get(b"host", "")) not in self._settings.hosts:
            raise Refused(
                421, mark("This service is not asked under that name. Its operator can allow it with --allow-host.")
            )
        if scope["method"] not in _METHODS:
            raise Refused(405, mark("Nothing can be changed here: ask with GET."), ((b"allow", self._allow(scope)),))
        address = scope["client"][0] if scope.get("client") else "local"
        wait = self._rate.wait(address)
        if wait > 0:
            raise Refused(
                429, mark("Too many requests. Wait a little."), ((b"retry-after", str(max(1, round(wait))).encode()),)
            )
        self._check_body(headers)
        self._check_token(scope["path"], headers)

    def _bounded(self, receive: Receive) -> Receive:
        """Gives the request bit by bit, as long as it is small enough and comes in time."""
        seen, is_whole, until = 0, False, self._clock() + self._settings.most_body_seconds

        async def bounded() -> Message:
            nonlocal seen, is_whole
            try:
                # after the last bit only the end of the connection is waited for
                async with asyncio.timeout(None if is_whole else max(0.0, until - self._clock())):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, mark("The request came too slowly.")) from None
            seen += len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            if seen > self._settings.most_body_bytes:
                raise HTTPException(413, mark("The request is too large."))
            return message

        return bounded

    def _check_body(self, headers: dict[bytes, str]) -> None:
        length = headers.get(b"content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length) > self._settings.most_body_bytes:
            raise Refused(413, mark("The request is too large."))

    def _check_token(self, path: str, headers: dict[bytes, str]) -> None:
        token = self._settings.token
        if token is None or path in OPEN_PATHS:
            return
        given = (headers.get(b"authorization", "").removeprefix("Bearer ").strip(), _cookie(headers.get(b"cookie", "")))
        if not any(is_token(token, one) for one in given):
            raise Refused(401, mark("Sign in first."), ((b"www-authenticate", b"Bearer"),))


class _Sending:
    """Passes messages on, the headers of every answer added to the first."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            given = {name.lower() for name, _ in message.get("headers", [])}
            message["headers"] = [*message.get("headers", []), *((n, v) for n, v in HEADERS if n not in given)]
        await self._send(message)


def is_token(token: str, given: str) -> bool:
    """Says whether a text is the token, in a time that tells nothing of it."""
    return hmac.compare_digest(token.encode(), given.encode())


def _host_name(host: str) -> str:
    name, colon, port = host.strip().lower().rpartition(":")
    return name if colon and port.isdigit() else host.strip().lower()


def _cookie(header: str) -> str:
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""
