"""The one client over HTTP: patient with servers that are slow or broken, strict about what it accepts.

Retries and `Retry-After` follow RFC 9110 (10.2.3) and RFC 6585 (429), conditional requests RFC 9110 (13). A body that
was cut goes on with `Range` and `If-Range` (RFC 9110, 14.2 and 13.1.5) where a strong validator says that it is still
the same, and starts over everywhere else.
"""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.connection_base import HttpConnection
from ingest.connectors.addresses import is_address, with_parameters
from ingest.connectors.body import BodyFile
from ingest.connectors.clock import Clock
from ingest.connectors.content import Published, Wanted
from ingest.connectors.credentials import Secret
from ingest.connectors.pacing import SHARED_PACER, Deadline, HostPacer
from ingest.connectors.transfer import Order, Transfer
from ingest.connectors.transport import Transport, no_address
from ingest.unpacking import ExpansionLimit
from tierline.errors import FetchError

_MOST_PAGE_BYTES = 256 * 2**20
_MOST_DIGITS = 300
_KEPT_HEADERS = {"etag": "ETag", "last_modified": "Last-Modified", "content_type": "Content-Type"}
_NOT_MODIFIED = 304


@dataclass(frozen=True)
class Validators:
    """What the server said of the version that is here already."""

    etag: str | None = None
    last_modified: str | None = None

    @property
    def condition(self) -> dict[str, str]:
        """The headers that ask for the bytes only if they are others."""
        given = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True)
class Downloaded:
    """A file that was asked for; `not_modified`: the server says that the version at hand is still the one.

    `url` is the address without any secret, `headers` are etag, last_modified and content_type where they came.
    """

    path: Path
    url: str
    size: int = 0
    sha256: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    not_modified: bool = False


@dataclass(frozen=True)
class JsonPage:
    """An answer in JSON: what it says, and the file with its bytes as they came.

    In `body` bytes that are not UTF-8 are replaced and huge whole numbers are text; the file has them as they came.
    """

    body: Any
    raw_path: Path
    url: str
    sha256: str
    headers: Mapping[str, str]


class HttpClient:
    """Asks the servers of one connection; files go to `folder`. Not for several threads at once."""

    def __init__(
        self,
        connection: HttpConnection,
        folder: Path,
        *,
        secret: Secret | None = None,
        limit: ExpansionLimit | None = None,
        seed: str = "",
        clock: Clock | None = None,
        pacer: HostPacer | None = None,
    ) -> None:
        self._connection, self._folder = connection, folder
        self._limit = limit or ExpansionLimit()
        self._clock = clock or Clock()
        self._chance = random.Random(seed)  # noqa: S311 - spreads retries, protects nothing
        pacer = pacer or (HostPacer() if clock else SHARED_PACER)
        self._transport = Transport(connection, secret, pacer, self._clock)
        self._pages = 0

    def get_json(
        self, url: str, params: Mapping[str, str | int] | None = None, headers: Mapping[str, str] | None = None
    ) -> JsonPage:
        """Gives an answer in JSON, read whole; raises FetchError where none can be had."""
        self._pages += 1
        target = self._folder / f"response-{self._pages:06d}.json"
        order = Order(
            _asked(url, params),
            {"Accept": "application/json", "Accept-Encoding": "gzip", **(headers or {})},
            wanted="json",
        )
        got = self._bring(order, target, min(self._connection.max_bytes, _MOST_PAGE_BYTES))
        return JsonPage(_parsed(target, got.url), target, got.url, got.sha256, got.headers)

    def download(
        self,
        url: str,
        target: Path,
        *,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        validators: Validators | None = None,
        wanted: Wanted = "any",
        published: Published | None = None,
    ) -> Downloaded:
        """Streams a file to `target`, readable by its owner alone; raises FetchError where it cannot come whole.

        With `validators` of the version at hand, nothing comes where that is still the one. `wanted` says what the
        answer must look like, `published` which size and checksum it must have.
        """
        order = Order(
            _asked(url, params),
            {"Accept": "*/*", "Accept-Encoding": "identity", **(headers or {})},
            validators.condition if validators else {},
            wanted,
            published or Published(),
        )
        return self._bring(order, target, self._connection.max_bytes)

    def shown(self, url: str) -> str:
        """Gives an address as it is told and kept: without the secret."""
        return self._transport.shown(url)

    def redacted(self, text: str) -> str:
        """Gives the text without the secret of the connection."""
        return self._transport.redacted(text)

    def _bring(self, order: Order, target: Path, most_bytes: int) -> Downloaded:
        name = self._transport.shown(order.url)
        deadline = Deadline(self._connection.total_timeout_seconds, self._clock, name)
        body = BodyFile(target, name, most_bytes=most_bytes, limit=self._limit)
        try:
            response = Transfer(self._transport, self._connection, order, self._chance).run(body, deadline)
        finally:
            body.close()
        if response.status_code == _NOT_MODIFIED:
            return Downloaded(target, name, not_modified=True)
        kept = {
            key: self.redacted(response.headers[header])
            for key, header in _KEPT_HEADERS.items()
            if header in response.headers
        }
        return Downloaded(target, name, body.size, body.checksum("sha256"), kept)


def _asked(url: str, params: Mapping[str, str | int] | None) -> str:
    if not is_address(url):
        raise no_address("what the source names as its next address")
    return with_parameters(url, params or {})


def _parsed(path: Path, name: str) -> Any:
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
        return json.loads(text, parse_int=_whole_number)
    except (ValueError, RecursionError):
        pass
    raise FetchError(f"{name} answered with something that is not JSON", remedy="Open the address in a browser.")


def _whole_number(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MOST_DIGITS else digits
