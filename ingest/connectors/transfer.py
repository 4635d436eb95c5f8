"""One body, from the first question to the last byte: retried, resumed where it broke off, and verified."""

import random
import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta

import requests
import urllib3.exceptions

from ingest.connection_base import HttpConnection
from ingest.connectors.body import BodyFile
from ingest.connectors.content import Published, Wanted, unwanted_start, unwanted_type
from ingest.connectors.pacing import Deadline, Interrupted, backoff_seconds, http_date, retry_after_seconds
from ingest.connectors.transport import Transport
from tierline.errors import FetchError
from tierline.log import get_logger

_LOG = get_logger(__name__)
_CHUNK_BYTES = 1 << 20
_MAY_PASS = {408, 425, 429, 500, 502, 503, 504}
_NOT_MODIFIED, _WHOLE, _PART, _NO_SUCH_PART = 304, 200, 206, 416
_REFUSED = {401, 403}
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


@dataclass(frozen=True)
class Order:
    """What is asked for: where, with which headers, under which condition, and what it must be."""

    url: str
    headers: Mapping[str, str]
    condition: Mapping[str, str] = field(default_factory=dict)
    wanted: Wanted = "any"
    published: Published = field(default_factory=Published)


class Transfer:
    """Brings one body to disk."""

    def __init__(self, transport: Transport, policy: HttpConnection, order: Order, chance: random.Random) -> None:
        self._transport, self._policy, self._order, self._chance = transport, policy, order, chance
        self._name = transport.shown(order.url)
        self._version: str | None = None
        self._total: int | None = None
        self._was_resumed = False

    def run(self, body: BodyFile, deadline: Deadline) -> requests.Response:
        """Fills the body; gives the last answer, whose status is 304 where nothing came because nothing changed.

        Raises FetchError where the server goes on failing without any progress, or sends what was not asked for.
        """
        failures, furthest = 0, 0
        while True:
            try:
                return self._attempt(body, deadline)
            except Interrupted as interrupted:
                reason, wait = interrupted.reason, interrupted.wait
            failures = 1 if body.furthest > furthest else failures + 1
            furthest = body.furthest
            if failures > self._policy.retries:
                raise FetchError(
                    f"{self._name} could not be fetched: {reason} ({failures} times in a row)",
                    remedy="Try again later; what landed before is as it was.",
                )
            pause = backoff_seconds(failures, self._chance) if wait is None else wait
            _LOG.warning("%s: %s; asking again in %.0f s", self._name, reason, pause)
            self._transport.hold(self._order.url, pause)

    def _attempt(self, body: BodyFile, deadline: Deadline) -> requests.Response:
        asked = self._headers(body)
        with closing(self._transport.open(self._order.url, asked, deadline)) as response:
            if response.status_code == _NOT_MODIFIED and self._order.condition:
                return response
            self._begin(response, body, is_part="Range" in asked)
            self._stream(response, body, deadline)
        body.finish()
        self._verify(body)
        return response

    def _headers(self, body: BodyFile) -> dict[str, str]:
        if body.received and self._version and not body.is_packed:
            return {**self._order.headers, "Range": f"bytes={body.received}-", "If-Range": self._version}
        return {**self._order.headers, **self._order.condition}

    def _begin(self, response: requests.Response, body: BodyFile, *, is_part: bool) -> None:
        status = response.status_code
        if status == _PART and is_part:
            self._continue(response, body)
        elif status == _WHOLE:
            self._start(response, body)
        elif status == _NO_SUCH_PART and is_part:
            body.restart("")
            raise Interrupted("it has no such part any more")
        elif status in _MAY_PASS:
            raise Interrupted(f"the server answered {status}", retry_after_seconds(response.headers))
        else:
            raise _refusal(status, self._name)

    def _start(self, response: requests.Response, body: BodyFile) -> None:
        content_type = response.headers.get("Content-Type", "")
        if unwanted_type(content_type, self._order.wanted):
            raise self._not_wanted(f"its content type is '{self._transport.redacted(content_type)[:80]}'")
        body.restart(response.headers.get("Content-Encoding", ""))
        self._version = strong_validator(response.headers)
        self._total = _number(response.headers.get("Content-Length", ""))
        self._was_resumed = False
        if self._total is not None and self._total > self._policy.max_bytes:
            raise FetchError(
                f"{self._name} announces {self._total:,} bytes, more than {self._policy.max_bytes:,}",
                remedy="If that is sound, raise max_bytes of the source's connection.",
            )

    def _continue(self, response: requests.Response, body: BodyFile) -> None:
        found = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
        total = _number(found[2]) if found else None
        fits = found is not None and int(found[1]) == body.received and total in {None, self._total or total}
        if not fits or strong_validator(response.headers) not in {None, self._version}:
            body.restart("")
            raise Interrupted("the rest of it is not of the same version")
        self._total = self._total or total
        self._was_resumed = True

    def _stream(self, response: requests.Response, body: BodyFile, deadline: Deadline) -> None:
        while chunk := self._next_chunk(response, body):
            deadline.left()
            body.write(chunk)
        if self._total is not None and body.received != self._total:
            raise Interrupted(f"it broke off after {body.received:,} of {self._total:,} bytes")

    def _next_chunk(self, response: requests.Response, body: BodyFile) -> bytes:
        left = None if self._total is None else self._total - body.received
        if left == 1 and _has_surplus(response):
            body.restart("")
            raise Interrupted(f"more comes than the {self._total:,} bytes that are announced")
        wanted = _CHUNK_BYTES if left is None else max(1, min(_CHUNK_BYTES, left - 1))
        try:
            return bytes(response.raw.read1(wanted, decode_content=False))
        except (urllib3.exceptions.HTTPError, OSError):
            pass
        raise Interrupted(f"it broke off after {body.received:,} bytes")

    def _verify(self, body: BodyFile) -> None:
        if unwanted_start(body.start, self._order.wanted):
            raise self._not_wanted("it begins like something else")
        published = self._order.published
        problem = None
        if published.size is not None and published.size != body.size:
            problem = f"it has {body.size:,} bytes, and its publisher says {published.size:,}"
        elif published.algorithm and body.checksum(published.algorithm) != str(published.checksum).casefold():
            problem = f"its {published.algorithm} is not the one that its publisher says"
        if problem and self._was_resumed:
            body.restart("")
            raise Interrupted(problem)
        if problem:
            raise FetchError(
                f"{self._name} is not what was published: {problem}",
                remedy="It may have been replaced while it was read: fetch again. If it stays, tell the publisher.",
            )

    def _not_wanted(self, why: str) -> FetchError:
        return FetchError(
            f"{self._name} answered with something other than {_WORDS[self._order.wanted]}: {why}",
            remedy="Open the address in a browser: it may show an error, ask for a log-in, or have moved.",
        )


_WORDS = {"json": "JSON", "html": "a page", "table": "the file", "archive": "a zip archive", "any": "the file"}


def strong_validator(headers: Mapping[str, str]) -> str | None:
    """Gives what tells one version of a file from any other byte by byte; None where the server gives no such thing.

    A Last-Modified is strong where it is at least a second older than the answer (RFC 9110, 8.8.2.2).
    """
    tag = headers.get("ETag", "")
    if tag.startswith('"'):
        return tag
    changed = headers.get("Last-Modified", "")
    modified, answered = http_date(changed), http_date(headers.get("Date", ""))
    if tag or modified is None or answered is None or answered - modified < timedelta(seconds=1):
        return None
    return changed


def _has_surplus(response: requests.Response) -> bool:
    """Tells whether bytes have come beyond the last announced one, which is the next to be read.

    A length that is too small would cut the body without a sign; the library stops at it, so its stream is looked into.
    """
    stream = getattr(getattr(response.raw, "_fp", None), "fp", None)
    try:
        return stream is not None and len(stream.peek(2)) > 1
    except (urllib3.exceptions.HTTPError, OSError):
        return False


def _refusal(status: int, name: str) -> FetchError:
    if status in _REFUSED:
        remedy = "Check the credential of the source, and what its account may read."
    else:
        remedy = "Open the address in a browser: it may have moved, or the publisher may have closed it."
    return FetchError(f"{name} was refused with status {status}", remedy=remedy)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None
