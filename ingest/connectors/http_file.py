"""Files at fixed addresses: asked for only if they changed, verified by a published checksum where there is one."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from ingest.connectors.addresses import filled
from ingest.connectors.content import Published, wanted_content
from ingest.connectors.fetching import Batch, FetchedFile, FetchRequest
from ingest.connectors.file_names import name_of, unique_names
from ingest.file_connections import HttpFileConnection
from ingest.landing_records import LandedFile
from tierline.errors import FetchError

_ALGORITHMS: dict[int, Literal["md5", "sha1", "sha256"]] = {32: "md5", 40: "sha1", 64: "sha256"}
_HASH = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{64}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{32})(?![0-9A-Fa-f])")
_MOST_CHECKSUM_BYTES = 1 << 20


def fetch(request: FetchRequest) -> Iterator[Batch]:
    """Yields one batch with all files, those that did not change as they are present; nothing where none changed.

    Raises FetchError where one cannot be had, or is not the one whose checksum is published.
    """
    connection = request.connection_as(HttpFileConnection)
    urls = [filled(url, request.as_of) for url in (connection.url, *connection.further_urls)]
    published = _published(request, connection, urls[0])
    files = [
        _fetched(request, url, name, published if number == 0 else Published())
        for number, (url, name) in enumerate(zip(urls, unique_names(urls), strict=True))
    ]
    if any(isinstance(file, FetchedFile) for file in files):
        yield Batch(tuple(files), "replace")


def _fetched(request: FetchRequest, url: str, name: str, published: Published) -> FetchedFile | LandedFile:
    shown = request.client.shown(url)
    got = request.client.download(
        url,
        request.folder / name,
        validators=request.state.validators(shown),
        wanted=wanted_content(request.spec.format.kind),
        published=published,
    )
    if got.not_modified:
        return request.state.files_of(shown)[0]
    return FetchedFile(got.path, name, got.url, got.headers, sha256=got.sha256)


def _published(request: FetchRequest, connection: HttpFileConnection, url: str) -> Published:
    if connection.checksum_url is None:
        return Published()
    target = request.folder / "published.checksum"
    got = request.client.download(filled(connection.checksum_url, request.as_of), target, wanted="table")
    checksum = _checksum_in(target, name_of(url)) if got.size <= _MOST_CHECKSUM_BYTES else None
    if checksum is None:
        raise FetchError(
            f"{got.url} holds no checksum of {name_of(url)}",
            remedy="Correct checksum_url of the connection, or take it away.",
        )
    return Published(algorithm=_ALGORITHMS[len(checksum)], checksum=checksum)


def _checksum_in(path: Path, name: str) -> str | None:
    """Gives the hash on the line that names the file, or the only hash of the text."""
    text = path.read_text(encoding="utf-8", errors="replace")
    named = [line for line in text.splitlines() if name in line.replace("*", " ").split()]
    found = _HASH.findall(named[0] if len(named) == 1 else text)
    return found[0] if len(found) == 1 else None
