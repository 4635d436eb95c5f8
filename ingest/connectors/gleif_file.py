"""A golden copy of GLEIF: the latest publish says address, size and number of records of each zip.

The shape (`data.publish_date`, `data.<copy>.full_file.csv.{url,size,record_count}`) is the one that several public
clients of this interface read; it was not checked on a live server. No checksum is published there: the zip is
verified by its size, and by its own checksum when it lands.
"""

from collections.abc import Iterator
from typing import Any

from ingest.connectors.content import Published
from ingest.connectors.fetching import Batch, FetchedFile, FetchRequest
from ingest.connectors.file_names import name_of
from ingest.file_connections import GleifFileConnection
from tierline.errors import FetchError


def fetch(request: FetchRequest) -> Iterator[Batch]:
    """Yields one batch with the zip of the latest publish; nothing where that is the present one.

    Raises FetchError where the publish cannot be read, or the zip has not the published size.
    """
    connection = request.connection_as(GleifFileConnection)
    page = request.client.get_json(connection.url)
    day, described = _described(page.body, connection.copy_of, page.url)
    state = {"publish_date": day, "url": described["url"]}
    if dict(request.state.values) == state and request.state.files:
        return
    got = request.client.download(
        described["url"],
        request.folder / "golden-copy.zip",
        validators=request.state.validators(described["url"]),
        wanted="archive",
        published=Published(size=described["size"]),
    )
    if got.not_modified:
        yield Batch(tuple(request.state.files_of(described["url"])), "replace", state)
        return
    name = name_of(described["url"])
    file = FetchedFile(
        got.path,
        name,
        got.url,
        got.headers,
        announced_total=described["record_count"],
        position={"publish_date": day},
        sha256=got.sha256,
    )
    yield Batch((file,), "replace", state)


def _described(body: Any, copy_of: str, url: str) -> tuple[str, dict[str, Any]]:
    publish: Any = body.get("data") if isinstance(body, dict) else None
    if isinstance(publish, list) and publish:
        publish = publish[0]
    try:
        csv = publish[copy_of]["full_file"]["csv"]
        described = {"url": str(csv["url"]), "size": int(csv["size"]), "record_count": int(csv["record_count"])}
        return str(publish["publish_date"]), described
    except (KeyError, TypeError, ValueError):
        pass
    raise FetchError(
        f"{url} does not describe a publish with a CSV of {copy_of}",
        remedy="Compare it with docs/connections.md: the publisher may have changed its interface.",
    )
