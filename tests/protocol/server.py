"""The server itself: a thread, a free port of the own machine, and a small interface to command it."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from tests.protocol import pages
from tests.protocol.files import PlainFile, answer_file
from tests.protocol.misbehaviour import DATA_LEVEL, Command, Misbehaviour
from tests.protocol.pages import Call, Page
from tests.protocol.records import FIRST_MOMENT, Record, location, release, row, submission
from tests.protocol.wire import DATE, Answer, spoiled

HOST = "127.0.0.1"
OTHER_NAME = "localhost"
ASSET = "aTestAsset1"
TOKEN = "CANARYtoken5521"
RECORDS = 11
ADDED = 500

Interface = Callable[[Call, list[Record]], Page]


@dataclass(frozen=True)
class Endpoint:
    """One interface at one path: what answers it, which records it has, how another one is made."""

    interface: Interface
    records: list[Record]
    make: Callable[[int], Record]
    needs_token: bool = False


@dataclass(frozen=True)
class Asked:
    """One request that came in."""

    host: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass
class RateLimit:
    """So many requests in so many seconds of a clock; one more is refused, and counts as well."""

    requests: int
    seconds: int
    now: Callable[[], float]
    refused: int = 0
    _times: list[float] = field(default_factory=list)

    def allows(self) -> bool:
        """Counts a request, and tells whether it is within the limit."""
        now = self.now()
        self._times = [moment for moment in self._times if moment > now - self.seconds] + [now]
        is_allowed = len(self._times) <= self.requests
        self.refused += not is_allowed
        return is_allowed


@dataclass
class ProtocolServer:
    """What the server has, what it was told to do, and what it was asked; `url` gives the address of a path."""

    port: int = 0
    endpoints: dict[str, Endpoint] = field(default_factory=dict)
    files: dict[str, PlainFile] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    limit: RateLimit | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)
    _last: dict[str, Page] = field(default_factory=dict)
    _changes: int = 0

    def url(self, path: str) -> str:
        return f"http://{HOST}:{self.port}{path}"

    def misbehave(
        self,
        misbehaviour: Misbehaviour,
        *,
        path: str = "/",
        first: int = 1,
        times: int | None = 1,
        query: Mapping[str, str] | None = None,
        retry_after: int = 7,
    ) -> None:
        """Spoils `times` requests (None: all) below the path, from the matching request number `first` on.

        With `query`, only requests that have all of it match.
        """
        with self.lock:
            self.commands.append(Command(misbehaviour, path, first, times, query or {}, retry_after))

    def behave(self) -> None:
        """Takes all commands back; records that were changed stay changed."""
        with self.lock:
            self.commands.clear()
            self.limit = None

    def fill(self, records: int) -> None:
        """Gives every endpoint so many fresh records."""
        with self.lock:
            self.endpoints.update(_endpoints(records))
            self._last.clear()

    def answer(self, asked: Asked) -> Answer:
        """Gives the answer to a request, spoiled as commanded."""
        with self.lock:
            self.asked.append(asked)
            if self.limit is not None and not self.limit.allows():
                return Answer(429, {"Retry-After": str(self.limit.seconds)})
            struck = [command for command in self.commands if command.strikes(asked.path, asked.query)]
            answer = self._answer(asked, [command.misbehaviour for command in struck])
            for command in struck:
                answer = spoiled(answer, command, _address(asked))
        return answer

    def _answer(self, asked: Asked, struck: list[Misbehaviour]) -> Answer:
        name = asked.path.removeprefix("/files/")
        if name in self.files:
            if Misbehaviour.CHANGED_FILE in struck:
                self.files[name] = replace(self.files[name], content=self.files[name].content + b"changed,1\n")
            ranges = Misbehaviour.RANGE_IGNORED not in struck
            return answer_file(self.files[name], asked.headers, ranges=ranges)
        endpoint = self.endpoints.get(asked.path)
        if endpoint is None:
            return Answer(404, {"Content-Type": "text/plain"}, b"not found")
        if endpoint.needs_token and asked.headers.get("Authorization") != f"Token {TOKEN}":
            return Answer(401, {"Content-Type": "application/json"}, b'{"detail": "Invalid token."}')
        for misbehaviour in DATA_LEVEL.intersection(struck):
            self._change_records(endpoint, misbehaviour)
        page = self._page(endpoint, asked, struck)
        return Answer(200, {"Content-Type": "application/json; charset=utf-8"}, page.body())

    def _change_records(self, endpoint: Endpoint, misbehaviour: Misbehaviour) -> None:
        self._changes += 1
        if misbehaviour is Misbehaviour.RECORD_INSERTED:
            endpoint.records.insert(0, endpoint.make(-self._changes))
        elif endpoint.records:
            del endpoint.records[0]
            if misbehaviour is Misbehaviour.RECORD_SWAPPED:
                endpoint.records.append(endpoint.make(ADDED + self._changes))

    def _page(self, endpoint: Endpoint, asked: Asked, struck: list[Misbehaviour]) -> Page:
        page = endpoint.interface(Call(_address(asked).partition("?")[0], asked.query), endpoint.records)
        last = self._last.get(asked.path)
        if Misbehaviour.REPEATED_PAGE in struck and last is not None:
            return replace(page, records=last.records)
        if Misbehaviour.NEVER_ENDS in struck and last is not None and page.following is None:
            page = replace(page, records=page.records or last.records, following=_again(page, asked))
        if Misbehaviour.EMPTY_PAGE in struck:
            return replace(page, records=[])
        if Misbehaviour.OTHER_HOST in struck and page.following is not None:
            page = replace(page, following=urljoin(_address(asked), page.following).replace(HOST, OTHER_NAME))
        self._last[asked.path] = page
        return page

    def requests_to(self, path: str) -> list[Asked]:
        """Gives what was asked below a path, in order."""
        with self.lock:
            return [asked for asked in self.asked if asked.path.startswith(path)]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16
    protocol: ProtocolServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        answer = self.protocol.answer(Asked(self.headers.get("Host", ""), parts.path, query, dict(self.headers)))
        try:
            self._send(answer)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _send(self, answer: Answer) -> None:
        self.close_connection = answer.is_cut or answer.drips
        if answer.hangs_up:
            return
        self.send_response_only(answer.status)
        headers = {"Date": format_datetime(DATE, usegmt=True), **answer.headers}
        if answer.is_chunked:
            headers["Transfer-Encoding"] = "chunked"
        elif answer.status != 304:
            headers["Content-Length"] = str(len(answer.body) if answer.announced is None else answer.announced)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        for piece in answer.pieces():
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if answer.is_chunked else piece)
            self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Says nothing: the requests are kept in `asked`."""


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Says nothing: clients of these tests hang up when they have had enough."""


@contextmanager
def protocol_server(records: int = RECORDS) -> Iterator[ProtocolServer]:
    """Runs a server with so many records at every endpoint."""
    protocol = ProtocolServer()
    handler = type("Handler", (_Handler,), {"protocol": protocol})
    server = _Listener((HOST, 0), handler)
    protocol.port = server.server_address[1]
    protocol.fill(records)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield protocol
    finally:
        server.shutdown()
        server.server_close()


def _endpoints(records: int) -> dict[str, Endpoint]:
    def plain(interface: Interface, make: Callable[[int], Record], *, needs_token: bool = False) -> Endpoint:
        return Endpoint(interface, [make(number) for number in range(records)], make, needs_token)

    return {
        "/ocds/links": plain(pages.ocds_links, _release),
        "/ocds/cursor": plain(pages.ocds_cursor, _release),
        "/ocds/cut_off": plain(pages.ocds_cut_off, _release),
        "/ocds/v1/Notices": plain(pages.ocds_months, _release),
        f"/api/v2/assets/{ASSET}/data/": plain(pages.kobo_data, submission, needs_token=True),
        "/api/v1/production-locations/": plain(pages.production_locations, location, needs_token=True),
        "/rest/whole": plain(pages.rest_whole, row),
        "/rest/pages": plain(pages.rest_pages, row),
        "/rest/offset": plain(pages.rest_offset, row),
        "/rest/links": plain(pages.rest_links, row),
        "/rest/cursor": plain(pages.rest_cursor, row),
    }


def _release(number: int) -> Record:
    """Gives a release; a negative number comes before all others, one from ADDED on late on the fourth day."""
    if 0 <= number < ADDED:
        return release(number)
    away = timedelta(days=4, hours=13, minutes=number - ADDED) if number >= ADDED else timedelta(minutes=number)
    return release(number, FIRST_MOMENT + away)


def _again(page: Page, asked: Asked) -> str:
    """Gives what leads from a last page to itself: its own address, or the cursor that led to it."""
    if "cursor" in asked.query:
        return asked.query["cursor"]
    return _address(asked)


def _address(asked: Asked) -> str:
    query = f"?{urlencode(asked.query)}" if asked.query else ""
    return f"http://{asked.host}{asked.path}{query}"
