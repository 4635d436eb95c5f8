"""All locations come at every fetch, sorted by name and id.

`search_after[value]` and `search_after[id]` are name and id of the last location of a page, so that nothing moves when
locations come or go meanwhile; the number that came must lie between the lowest and the highest that was announced. An
account has 10,000 requests a day and 100 a minute. Shape and limits: the publisher's specification of
`/v1/production-locations/` and its examples (opensupplyhub/open-supply-hub-api-docs, docs/openapi.yaml, and
open-supply-hub-api-examples, docs/limitations.md).
"""

from collections.abc import Iterator

from ingest.connectors.fetching import Batch, FetchRequest
from ingest.connectors.http_client import JsonPage
from ingest.connectors.json_values import count_at, records_at, text_at
from ingest.connectors.page_files import asker, first_address, no_records, page_files
from ingest.connectors.paging import PageCall, PageContent, WalkRules, whole_walk
from ingest.paged_connections import OpenSupplyHubApiConnection
from tierline.errors import ConfigError, FetchError

_RECORDS = "$.data[*]"


def fetch(request: FetchRequest) -> Iterator[Batch]:
    """Yields all locations as one batch; raises FetchError where they are no whole."""
    connection = request.connection
    if not isinstance(connection, OpenSupplyHubApiConnection):
        raise ConfigError(f"a connection of kind '{connection.kind}' is none to Open Supply Hub")
    asked: dict[str, str | int] = {"sort_by": "name", "order_by": "asc", "size": connection.page_size}
    country = {"country": connection.country} if connection.country else {}
    first = PageCall(first_address(connection, request.as_of), {**connection.parameters, **country, **asked})
    rules = WalkRules(
        first=first,
        content=lambda page, _call, count: _content(page, first, count),
        identify=_identity,
        total="between",
        end="empty_page",
        never_repeats=True,
        most_pages=connection.most_pages,
    )
    walk = whole_walk(asker(request), rules)
    yield Batch(page_files([walk], "", {}), "replace")


def _content(page: JsonPage, first: PageCall, count: int) -> PageContent:
    records, total = records_at(page.body, _RECORDS), count_at(page.body, "$.count")
    if records is None or total is None:
        raise no_records(page, _RECORDS)
    if not records or count + len(records) >= total:
        return PageContent(records, None, total)
    return PageContent(records, _after(records[-1], first), total)


def _after(record: object, first: PageCall) -> PageCall:
    after = {"search_after[value]": text_at(record, "$.name") or "", "search_after[id]": _identity(record)}
    return PageCall(first.url, {**first.parameters, **after})


def _identity(record: object) -> str:
    identity = text_at(record, "$.os_id")
    if identity is None:
        raise FetchError("a location has no os_id", remedy="Check the url of the connection.")
    return identity
