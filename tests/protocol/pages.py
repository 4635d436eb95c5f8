"""What a well-behaved server answers: one function an interface, from a query and the records to one page."""

import bisect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.protocol.records import Record

PAGE_SIZE = 4
MOST_RECORDS = 6
Query = Mapping[str, str]
Envelope = Callable[[list[Record], str | None], Any]


@dataclass(frozen=True)
class Page:
    """One page before it is written down: its records, what leads to the next one, and how both are wrapped."""

    records: list[Record]
    following: str | None
    envelope: Envelope

    def body(self) -> bytes:
        return json.dumps(self.envelope(self.records, self.following), ensure_ascii=False).encode()


@dataclass(frozen=True)
class Call:
    """One request as an interface sees it: the address without its query, and the query."""

    address: str
    query: Query

    def number(self, name: str, default: int) -> int:
        return int(self.query.get(name) or default)

    def with_query(self, **changes: str | int) -> str:
        """Gives the address with the query changed."""
        return f"{self.address}?{urlencode({**self.query, **changes})}"


def ocds_links(call: Call, records: list[Record]) -> Page:
    """Release packages whose `links.next` holds an offset, as a database without a stable cursor gives them."""
    within = _in_window(call, records)
    start, size = call.number("offset", 0), call.number("limit", PAGE_SIZE)
    more = start + size < len(within)
    following = call.with_query(offset=start + size) if more else None
    return Page(within[start : start + size], following, _package_with_link)


def ocds_cursor(call: Call, records: list[Record]) -> Page:
    """Release packages with a cursor that is the date and id of the last release: nothing moves under it."""
    within = _in_window(call, records)
    keys = [f"{release['date']}|{release['id']}" for release in within]
    start = bisect.bisect_right(keys, call.query["cursor"]) if "cursor" in call.query else 0
    end = start + call.number("limit", PAGE_SIZE)
    return Page(within[start:end], keys[end - 1] if end < len(within) else None, _package_with_cursor)


def ocds_cut_off(call: Call, records: list[Record]) -> Page:
    """Release packages of an interface that gives the first MOST_RECORDS of a question and says nothing of the rest."""
    within = _in_window(call, records)[:MOST_RECORDS]
    start = call.number("offset", 0)
    following = call.with_query(offset=start + PAGE_SIZE) if start + PAGE_SIZE < len(within) else None
    return Page(within[start : start + PAGE_SIZE], following, _package_with_link)


def ocds_months(call: Call, records: list[Record]) -> Page:
    """All notices of one month and type in one package, which has no `releases` where there are none."""
    month = "-".join(reversed(call.query["dateFrom"].split("-")))
    chosen = [
        release
        for release in _by_date(records)
        if release["date"].startswith(month) and _notice_type(release) == call.query["noticeType"]
    ]
    return Page(chosen, None, lambda items, _: _package(items) if items else {"uri": call.address})


def kobo_data(call: Call, records: list[Record]) -> Page:
    """Submissions of KoboToolbox: `start` and `limit`, `count`, `next` and `results`."""
    ordered = sorted(records, key=lambda submission: int(submission["_id"]))
    start, size = call.number("start", 0), call.number("limit", PAGE_SIZE)
    following = call.with_query(start=start + size) if start + size < len(ordered) else None

    def envelope(items: list[Record], following: str | None) -> Any:
        return {"count": len(ordered), "next": following, "previous": None, "results": items}

    return Page(ordered[start : start + size], following, envelope)


def production_locations(call: Call, records: list[Record]) -> Page:
    """Production locations of Open Supply Hub, by name and id after `search_after[value]` and `search_after[id]`."""
    country = call.query.get("country")
    chosen = [location for location in records if country in {None, location["country"]["alpha_2"]}]
    ordered = sorted(chosen, key=lambda location: (location["name"], location["os_id"]))
    after = (call.query.get("search_after[value]", ""), call.query.get("search_after[id]", ""))
    rest = [location for location in ordered if (location["name"], location["os_id"]) > after]
    page = rest[: call.number("size", PAGE_SIZE)]
    return Page(page, None, lambda items, _: {"count": len(ordered), "data": items})


def rest_whole(call: Call, records: list[Record]) -> Page:
    """All rows in one document."""
    return Page(_since(call, records), None, lambda items, _: {"data": items})


def rest_pages(call: Call, records: list[Record]) -> Page:
    """Rows by page number, from 1."""
    start = (call.number("page", 1) - 1) * PAGE_SIZE
    return Page(_since(call, records)[start : start + PAGE_SIZE], None, lambda items, _: {"data": items})


def rest_offset(call: Call, records: list[Record]) -> Page:
    """Rows by offset, with the number of all."""
    rows = _since(call, records)
    start = call.number("offset", 0)
    chosen = rows[start : start + call.number("limit", PAGE_SIZE)]
    return Page(chosen, None, lambda items, _: {"total": len(rows), "data": items})


def rest_links(call: Call, records: list[Record]) -> Page:
    """Rows with a link to the next page that is relative to this one."""
    rows, start = _since(call, records), call.number("from", 0)
    more = start + PAGE_SIZE < len(rows)
    following = f"?{urlencode({**call.query, 'from': start + PAGE_SIZE})}" if more else None
    return Page(rows[start : start + PAGE_SIZE], following, lambda items, link: {"data": items, "next": link})


def rest_cursor(call: Call, records: list[Record]) -> Page:
    """Rows with a cursor that is the id of the last row."""
    rows = _since(call, records)
    start = bisect.bisect_right([row["id"] for row in rows], call.query.get("cursor", ""))
    end = start + PAGE_SIZE
    following = rows[end - 1]["id"] if end < len(rows) else None
    return Page(rows[start:end], following, lambda items, cursor: {"data": items, "meta": {"cursor": cursor}})


def _package(items: list[Record]) -> dict[str, Any]:
    return {"uri": "https://example.org/package", "version": "1.1", "publisher": {"name": "P"}, "releases": items}


def _package_with_link(items: list[Record], following: str | None) -> Any:
    return {**_package(items), "links": {"next": following}} if following else _package(items)


def _package_with_cursor(items: list[Record], following: str | None) -> Any:
    return {**_package(items), "nextCursor": following} if following else _package(items)


def _by_date(records: list[Record]) -> list[Record]:
    return sorted(records, key=lambda release: (release["date"], release["id"]))


def _in_window(call: Call, records: list[Record]) -> list[Record]:
    since, until = call.query.get("updatedFrom", ""), call.query.get("updatedTo", "9999")
    return [release for release in _by_date(records) if since <= release["date"].rstrip("Z") <= until]


def _notice_type(release: Record) -> str:
    return str(1 + int(release["ocid"][-5:]) % 2)


def _since(call: Call, records: list[Record]) -> list[Record]:
    since = call.query.get("updated_since", "")
    return sorted((row for row in records if row["updated"] >= since), key=lambda row: str(row["id"]))
