"""All submissions come at every fetch: only the whole shows what was edited or withdrawn.

They are asked for by `_id`, so that new ones come last. `count` must be the same on every page, and the number of
distinct `_id`s. An edit keeps its `rootUuid`, which the declaration has as its key, with `key_keeps: last`. The source
must be restricted. The token of an account that may read this form and nothing else is enough. Shape:
`GET /api/v2/assets/{uid}/data/?start=&limit=` gives count, next, previous and results.
"""

from collections.abc import Iterator

from ingest.connectors.fetching import Batch, FetchRequest
from ingest.connectors.http_client import JsonPage
from ingest.connectors.json_values import count_at, records_at, text_at
from ingest.connectors.page_files import asker, linked_call, no_records, page_files
from ingest.connectors.paging import PageCall, PageContent, WalkRules, whole_walk
from ingest.paged_connections import KoboApiConnection
from tierline.errors import ConfigError, FetchError

_RECORDS = "$.results[*]"
_BY_ID = '{"_id":1}'


def fetch(request: FetchRequest) -> Iterator[Batch]:
    """Yields all submissions as one batch; raises FetchError where they are no whole, ConfigError without a form."""
    connection = request.connection
    if not isinstance(connection, KoboApiConnection):
        raise ConfigError(f"a connection of kind '{connection.kind}' is none to KoboToolbox")
    if not request.spec.is_restricted:
        raise ConfigError(
            "answers from KoboToolbox may only come into the restricted store",
            remedy="Write 'sensitivity: restricted' in the source's declaration.",
        )
    rules = WalkRules(
        first=_first_call(connection),
        content=lambda page, _call, _count: _content(page, connection),
        identify=_identity,
        end="empty_page",
        never_repeats=True,
        twice=True,
        most_pages=connection.most_pages,
    )
    walk = whole_walk(asker(request), rules)
    yield Batch(page_files([walk], "", {}), "replace")


def _first_call(connection: KoboApiConnection) -> PageCall:
    if connection.asset is None:
        raise ConfigError(
            "the configuration does not say which form to fetch",
            remedy="Add 'connection: {asset: <id of the form>}' to the source in the configuration.",
        )
    url = f"{connection.url.rstrip('/')}/api/v2/assets/{connection.asset}/data/"
    asked: dict[str, str | int] = {"start": 0, "limit": connection.page_size, "sort": _BY_ID}
    return PageCall(url, {**connection.parameters, **asked})


def _content(page: JsonPage, connection: KoboApiConnection) -> PageContent:
    records, total = records_at(page.body, _RECORDS), count_at(page.body, "$.count")
    if records is None or total is None:
        raise no_records(page, _RECORDS)
    return PageContent(records, linked_call(text_at(page.body, "$.next"), page, connection), total)


def _identity(record: object) -> str:
    identity = text_at(record, "$._id")
    if identity is None:
        raise FetchError(
            "a submission has no _id", remedy="Check that the address is that of version 2 of KoboToolbox's interface."
        )
    return identity
