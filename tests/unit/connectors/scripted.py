"""A server that answers as a test scripts it, and a clock that nobody waits for."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ingest.connectors.clock import Clock

HOST = "127.0.0.1"
OTHER_HOST = "localhost"


@dataclass(frozen=True)
class Asked:
    """One request: the target as it stood in its first line, and its headers in lower case."""

    target: str
    headers: dict[str, str]

    @property
    def path(self) -> str:
        return self.target.split("?")[0]


@dataclass(frozen=True)
class Answer:
    """One answer; `sent` is what really goes out of the body, `drips` in single bytes."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    sent: int | None = None
    is_chunked: bool = False
    has_length: bool = True


Scripted = Answer | Callable[[Asked], Answer]


class ScriptedServer:
    """Gives the answers of a path one after the other, the last one again and again."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Scripted]] = defaultdict(list)
        self.asked: list[Asked] = []
        self.port = 0

    def script(self, path: str, *answers: Scripted) -> str:
        """Sets the answers of a path; gives its address."""
        self.answers[path] = list(answers)
        return self.url(path)

    def url(self, path: str, host: str = HOST) -> str:
        return f"http://{host}:{self.port}{path}"

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        left = self.answers.get(asked.path, [Answer(b"not found", 404)])
        answer = left.pop(0) if len(left) > 1 else left[0]
        return answer if isinstance(answer, Answer) else answer(asked)


def ranged(content: bytes, etag: str = '"one"', *, cut: int | None = None) -> Callable[[Asked], Answer]:
    """Gives a careful server's answer for a file: conditions and ranges; `cut` breaks the whole body off there."""

    def answer(asked: Asked) -> Answer:
        headers = {"ETag": etag, "Content-Type": "text/csv"}
        if asked.headers.get("if-none-match") == etag:
            return Answer(b"", 304, headers)
        wanted = asked.headers.get("range")
        if wanted and asked.headers.get("if-range") == etag:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
            return Answer(content[start:], 206, headers)
        return Answer(content, 200, headers, sent=cut)

    return answer


class FakeClock:
    """Time that passes by waiting, and by `tick` seconds at each look."""

    def __init__(self, tick: float = 0.0) -> None:
        self.now, self.tick, self.slept = 0.0, tick, list[float]()

    def monotonic(self) -> float:
        self.now += self.tick
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    @property
    def clock(self) -> Clock:
        return Clock(self.monotonic, self.sleep)


@contextmanager
def scripted_server() -> Iterator[ScriptedServer]:
    """Runs a server on a free port of the own machine."""
    script = ScriptedServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.casefold(): value for name, value in self.headers.items()}
            _send(self, script.answer(Asked(self.path, headers)))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            """Says nothing."""

    server = ThreadingHTTPServer((HOST, 0), Handler)
    server.daemon_threads = True
    script.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()


def _send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    body = answer.body if answer.sent is None else answer.body[: answer.sent]
    handler.close_connection = answer.sent is not None or answer.length is not None or not answer.has_length
    handler.send_response_only(answer.status)
    for name, value in answer.headers.items():
        handler.send_header(name, value)
    if answer.is_chunked:
        handler.send_header("Transfer-Encoding", "chunked")
        end = b"" if answer.sent is not None else b"0\r\n\r\n"
        body = b"%x\r\n%s\r\n%s" % (len(body), body, end)
    elif answer.has_length and answer.status != 304:
        handler.send_header("Content-Length", str(len(answer.body) if answer.length is None else answer.length))
    handler.end_headers()
    try:
        handler.wfile.write(body)
        handler.wfile.flush()
    except OSError:
        handler.close_connection = True
