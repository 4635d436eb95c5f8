"""Answers on the wire: what is sent, byte for byte, and how each misbehaviour spoils it."""

import gzip
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache

from tests.protocol.misbehaviour import Command, Misbehaviour

DATE = datetime(2026, 3, 1, 12, tzinfo=UTC)
DRIP_SECONDS = 0.05
_BOMB_BYTES = 64 * 2**20
_HTML = b"<!DOCTYPE html><html><head><title>Service unavailable</title></head><body>Try later.</body></html>"


@dataclass(frozen=True)
class Answer:
    """One answer; `sent` of the body's bytes really go out, in pieces with a pause between them."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    announced: int | None = None
    sent: int | None = None
    is_chunked: bool = False
    drips: bool = False
    hangs_up: bool = False

    @property
    def is_cut(self) -> bool:
        """Whether the connection must be closed after it, because it breaks off."""
        return self.hangs_up or self.sent is not None or self.announced is not None

    def with_headers(self, **changes: str) -> "Answer":
        named = {name.replace("_", "-"): value for name, value in changes.items()}
        return replace(self, headers={**self.headers, **named})

    def pieces(self) -> Iterator[bytes]:
        """Yields the body as it goes out."""
        body = self.body if self.sent is None else self.body[: self.sent]
        if not self.drips:
            yield body
            return
        for position in range(len(body)):
            time.sleep(DRIP_SECONDS)
            yield body[position : position + 1]


def spoiled(answer: Answer, command: Command, url: str) -> Answer:
    """Gives the answer as the command wants it spoiled; `url` is the address that was asked for."""
    spoiler = _SPOILERS.get(command.misbehaviour)
    return answer if spoiler is None else spoiler(answer, command, url)


def _server_error(_: Answer, __: Command, ___: str) -> Answer:
    return Answer(500, {"Content-Type": "text/plain"}, b"internal error")


def _too_many(_: Answer, command: Command, __: str) -> Answer:
    headers = {"Content-Type": "text/plain", "Retry-After": str(command.retry_after)}
    return Answer(429, headers, b"slow down")


def _too_many_dated(_: Answer, command: Command, __: str) -> Answer:
    when = format_datetime(DATE + timedelta(seconds=command.retry_after), usegmt=True)
    headers = {"Content-Type": "text/plain", "Retry-After": when, "Date": format_datetime(DATE, usegmt=True)}
    return Answer(429, headers, b"slow down")


def _cut(answer: Answer, _: Command, __: str) -> Answer:
    return replace(answer, sent=len(answer.body) // 2)


def _cut_chunks(answer: Answer, _: Command, __: str) -> Answer:
    return replace(answer, sent=len(answer.body) // 2, is_chunked=True)


def _wrong_length(answer: Answer, _: Command, __: str) -> Answer:
    return replace(answer, announced=max(len(answer.body) - 10, 0))


def _drip(answer: Answer, _: Command, __: str) -> Answer:
    return replace(answer, drips=True)


def _hang_up(answer: Answer, _: Command, __: str) -> Answer:
    return replace(answer, hangs_up=True)


def _redirect(_: Answer, __: Command, url: str) -> Answer:
    return Answer(302, {"Location": url})


def _wrong_type(answer: Answer, _: Command, __: str) -> Answer:
    return answer.with_headers(Content_Type="image/png")


def _html(_: Answer, __: Command, ___: str) -> Answer:
    return Answer(200, {"Content-Type": "text/html; charset=utf-8"}, _HTML)


@cache
def _packed_blanks() -> bytes:
    return gzip.compress(b"[" + b" " * _BOMB_BYTES + b"]", compresslevel=1, mtime=0)


def _bomb(answer: Answer, _: Command, __: str) -> Answer:
    return replace(answer, body=_packed_blanks()).with_headers(Content_Encoding="gzip")


def _invalid_text(answer: Answer, _: Command, __: str) -> Answer:
    """Puts a byte that no UTF-8 text has into the last name of the document, or into its last text."""
    before = b'"name": "' if b'"name": "' in answer.body else b'": "'
    head, mark, tail = answer.body.rpartition(before)
    return replace(answer, body=head + mark + b"\xff" + tail)


def _broken_json(answer: Answer, _: Command, __: str) -> Answer:
    return replace(answer, body=answer.body[:-2])


_SPOILERS = {
    Misbehaviour.SERVER_ERROR: _server_error,
    Misbehaviour.TOO_MANY_REQUESTS: _too_many,
    Misbehaviour.TOO_MANY_REQUESTS_DATED: _too_many_dated,
    Misbehaviour.CUT_BODY: _cut,
    Misbehaviour.CUT_CHUNKS: _cut_chunks,
    Misbehaviour.WRONG_LENGTH: _wrong_length,
    Misbehaviour.SLOW_DRIP: _drip,
    Misbehaviour.HANG_UP: _hang_up,
    Misbehaviour.REDIRECT_LOOP: _redirect,
    Misbehaviour.WRONG_CONTENT_TYPE: _wrong_type,
    Misbehaviour.HTML_ERROR_PAGE: _html,
    Misbehaviour.GZIP_BOMB: _bomb,
    Misbehaviour.INVALID_UTF8: _invalid_text,
    Misbehaviour.BROKEN_JSON: _broken_json,
}
