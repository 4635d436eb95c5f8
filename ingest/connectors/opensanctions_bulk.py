"""A data set of OpenSanctions: its index says the version and, for each file, address, size and SHA-1.

The shape of the index is that of the publisher's own code (opensanctions/opensanctions, zavod/exporters/metadata): the
count of targets is that of the lines of targets.simple.csv, the count of entities that of entities.ftm.json. It was not
checked on a live server.
"""

from collections.abc import Iterator
from typing import Any

from ingest.connectors.content import Published, wanted_content
from ingest.connectors.fetching import Batch, FetchedFile, FetchRequest
from ingest.file_connections import OpenSanctionsBulkConnection
from tierline.errors import FetchError

_COUNTS = {"targets.simple.csv": "target_count", "entities.ftm.json": "entity_count"}
_NEEDED = ("url", "checksum", "size")


def fetch(request: FetchRequest) -> Iterator[Batch]:
    """Yields one batch with the wanted file; nothing where the version is the one that is present.

    Raises FetchError where the index lacks the file, or its size or checksum are not the published ones.
    """
    connection = request.connection_as(OpenSanctionsBulkConnection)
    page = request.client.get_json(f"{connection.url.rstrip('/')}/{connection.dataset}/index.json")
    index = _object(page.body, page.url)
    resource = _resource(index, connection.resource, page.url)
    state = {"version": str(index.get("version") or ""), "checksum": resource["checksum"]}
    if dict(request.state.values) == state and request.state.files:
        return
    got = request.client.download(
        resource["url"],
        request.folder / connection.resource,
        wanted=wanted_content(request.spec.format.kind),
        published=Published(size=resource["size"], algorithm="sha1", checksum=resource["checksum"]),
    )
    position = {key: str(index[key]) for key in ("version", "updated_at", "last_export") if index.get(key)}
    count = index.get(_COUNTS[connection.resource])
    file = FetchedFile(
        got.path,
        connection.resource,
        got.url,
        got.headers,
        announced_total=count if isinstance(count, int) else None,
        position=position,
        sha256=got.sha256,
    )
    yield Batch((file,), "replace", state)


def _object(body: Any, url: str) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise FetchError(f"{url} is no index of a data set", remedy="Correct url and dataset of the connection.")
    return body


def _resource(index: dict[str, Any], name: str, url: str) -> dict[str, Any]:
    listed = index.get("resources")
    found = [
        resource
        for resource in (listed if isinstance(listed, list) else [])
        if isinstance(resource, dict) and resource.get("name") == name
    ]
    if len(found) != 1:
        told = ": the publisher's last run failed" if index.get("result") == "failure" else ""
        raise FetchError(f"{url} lists no {name}{told}", remedy="Try again after the publisher's next run.")
    if not all(found[0].get(key) for key in _NEEDED) or not isinstance(found[0]["size"], int):
        raise FetchError(f"{url} does not say address, size and checksum of {name}")
    return found[0]
