"""All records come at every fetch, or with `since_parameter` those that changed since the last one.

A changed record then comes again, so that the declaration needs `key` and `key_keeps: last`. What was deleted is not
seen that way; `--full` now and then shows it. Where pages are counted and no total is told, they are asked for until
two are empty: an interface that refuses a page after the last one needs `total_path` or `next_link`.
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from ingest.connectors.fetching import Batch, FetchRequest, FetchState
from ingest.connectors.http_client import JsonPage
from ingest.connectors.json_values import count_at, records_at, text_at
from ingest.connectors.page_files import asker, cursor_call, first_address, linked_call, no_records, page_files
from ingest.connectors.paging import PageCall, PageContent, WalkRules, whole_walk
from ingest.paged_connections import RestJsonConnection
from tierline.errors import ConfigError

_READ_UNTIL = "window_to"


def fetch(request: FetchRequest) -> Iterator[Batch]:
    """Yields all records as one batch, or with `since_parameter` those that changed since the last fetch.

    Raises FetchError where the pages are no whole, ConfigError where the declaration could not tell two versions of a
    record apart.
    """
    connection = request.connection
    if not isinstance(connection, RestJsonConnection):
        raise ConfigError(f"a connection of kind '{connection.kind}' does not speak REST")
    _require_versions(request, connection)
    earlier = _read_until(request.state) if connection.since_parameter else None
    if earlier is not None and request.as_of < earlier:
        return
    since = None if earlier is None else earlier - timedelta(days=connection.overlap_days)
    walk = whole_walk(asker(request), _rules(request, connection, since))
    position = {} if connection.since_parameter is None else _position(since, request.as_of)
    prefix = f"since-{since}-" if since else ""
    yield Batch(page_files([walk], prefix, position), "append" if since else "replace", {**position})


def _require_versions(request: FetchRequest, connection: RestJsonConnection) -> None:
    if connection.since_parameter and (not request.spec.key or request.spec.key_keeps != "last"):
        raise ConfigError(
            "since_parameter brings a record again when it changed, and the declaration does not say which one counts",
            remedy="Add 'key' and 'key_keeps: last' to the source's declaration.",
        )


def _read_until(state: FetchState) -> date | None:
    found = [file.position.get(_READ_UNTIL) for file in state.files] + [state.values.get(_READ_UNTIL)]
    return max((date.fromisoformat(str(day)) for day in found if day), default=None)


def _position(since: date | None, as_of: date) -> dict[str, str | int]:
    return {"window_from": str(since or ""), _READ_UNTIL: as_of.isoformat()}


def _rules(request: FetchRequest, connection: RestJsonConnection, since: date | None) -> WalkRules:
    ends_empty = connection.counts_pages or connection.last_page_may_be_empty
    return WalkRules(
        first=_first_call(connection, request.as_of, since),
        content=lambda page, call, count: _content(page, call, count, connection, request.spec.format.records),
        identify=lambda record: _identity(record, connection.record_id),
        end="empty_page" if ends_empty else "no_link",
        twice=connection.agrees_twice,
        most_pages=connection.most_pages,
    )


def _first_call(connection: RestJsonConnection, as_of: date, since: date | None) -> PageCall:
    asked: dict[str, str | int] = dict(connection.parameters)
    if connection.size_parameter:
        asked[connection.size_parameter] = connection.page_size
    if connection.paging == "page":
        asked[connection.page_parameter] = connection.first_page
    if connection.paging == "offset":
        asked[connection.offset_parameter] = 0
    if since and connection.since_parameter:
        asked[connection.since_parameter] = since.strftime(connection.since_format)
    return PageCall(first_address(connection, as_of), asked)


def _content(
    page: JsonPage, call: PageCall, count: int, connection: RestJsonConnection, path: str | None
) -> PageContent:
    records = records_at(page.body, path)
    if records is None:
        raise no_records(page, path)
    total = count_at(page.body, connection.total_path) if connection.total_path else None
    if total is not None and count + len(records) >= total:
        return PageContent(records, None, total)
    return PageContent(records, _following(page, call, len(records), connection), total)


def _following(page: JsonPage, call: PageCall, count: int, connection: RestJsonConnection) -> PageCall | None:
    if connection.paging == "next_link":
        return linked_call(text_at(page.body, connection.next_path), page, connection)
    if connection.paging == "cursor":
        return cursor_call(text_at(page.body, connection.cursor_path), call, connection.cursor_parameter)
    if connection.paging == "page":
        return _changed(call, connection.page_parameter, int(call.parameters[connection.page_parameter]) + 1)
    if connection.paging == "offset":
        step = count or connection.page_size
        return _changed(call, connection.offset_parameter, int(call.parameters[connection.offset_parameter]) + step)
    return None


def _changed(call: PageCall, name: str, value: str | int) -> PageCall:
    return PageCall(call.url, {**call.parameters, name: value})


def _identity(record: Any, path: str | None) -> str:
    identity = None if path is None else text_at(record, path)
    return identity or json.dumps(record, sort_keys=True)
