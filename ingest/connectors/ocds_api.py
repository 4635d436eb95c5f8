"""Windows of time lie on a grid from the declared start, so that a fetch that dies goes on after the last complete one.

A window is settled, and never asked for again, once it was read `overlap_days` after its end; until then every fetch
reads it anew and puts it in place of what it had given before. Two windows share the moment between them, so that no
release falls in between. A window with more releases than the interface gives (`most_records`, where it cuts off and
does not say so, or `most_pages`) is halved until each part fits, down to a second, or to a day where `time_format`
tells no time. `--full`, and any change of the grid, reads all windows and puts them in place of everything in one step.
`links.next` is that of the pagination extension of OCDS; cursors, and whole months without pages, are what publishers
have instead. Six requests a minute keep within 12 in two minutes.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from ingest.connectors.fetching import Batch, FetchedFile, FetchRequest, FetchState
from ingest.connectors.http_client import JsonPage
from ingest.connectors.json_values import records_at, text_at
from ingest.connectors.page_files import asker, cursor_call, first_address, linked_call, no_records, page_files
from ingest.connectors.paging import PageCall, PageContent, TooManyRecords, Walk, WalkRules, sound_walk
from ingest.paged_connections import OcdsApiConnection
from tierline.errors import ConfigError, FetchError
from tierline.log import get_logger

_LOG = get_logger(__name__)
_LAST_SECOND = time(23, 59, 59, tzinfo=UTC)
_READ_ON = "read_on"


@dataclass(frozen=True)
class Window:
    """A stretch of time, from and to, in UTC; the end is that of the grid, also where the day of the run is earlier."""

    start: datetime
    end: datetime

    @property
    def position(self) -> dict[str, str | int]:
        """What identifies it in the landing."""
        return {"window_from": self.start.isoformat(), "window_to": self.end.isoformat()}

    def clipped(self, last: datetime) -> "Window":
        """Gives the part of it that is not after a moment."""
        return Window(self.start, min(self.end, last))

    def halves(self, step: timedelta) -> tuple["Window", "Window"] | None:
        """Gives its two halves, which share a whole number of steps from its start; None where it is too short."""
        steps = (self.end - self.start) // step
        if steps < 2:
            return None
        middle = self.start + (steps // 2) * step
        return Window(self.start, middle), Window(middle, self.end)


def fetch(request: FetchRequest) -> Iterator[Batch]:
    """Yields a batch for each window that is not settled, in order of time; with `full` one batch of all windows.

    Raises FetchError for a window that cannot be read whole; the windows before it were yielded.
    """
    connection = request.connection
    if not isinstance(connection, OcdsApiConnection):
        raise ConfigError(f"a connection of kind '{connection.kind}' gives no release packages by windows")
    windows = grid(connection, request.as_of)
    if request.full:
        read = [file for window in windows for file in _files(request, connection, window)]
        yield Batch(tuple(read), "replace", _state({}, windows, request.as_of))
        return
    read_on = _read_on(request.state)
    for window in windows:
        if _is_due(window, read_on.get(window.start.isoformat()), connection, request.as_of):
            files = _files(request, connection, window)
            read_on |= _state(read_on, [window], request.as_of)[_READ_ON]
            if files:
                yield Batch(files, "append", {_READ_ON: dict(read_on)})


def grid(connection: OcdsApiConnection, as_of: date) -> list[Window]:
    """Gives all windows from the declared start that begin on the day of the run or before it."""
    windows = []
    first = connection.start.replace(day=1) if connection.window == "month" else connection.start
    while first <= as_of:
        following = _next_first(first, connection)
        windows.append(Window(_midnight(first), _midnight(following)))
        first = following
    return windows


def _next_first(first: date, connection: OcdsApiConnection) -> date:
    if connection.window == "month":
        return (first + timedelta(days=31)).replace(day=1)
    return first + timedelta(days=connection.window_days)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(tzinfo=UTC))


def _read_on(state: FetchState) -> dict[str, str]:
    """Gives the day on which each window was read last, by its start: from the state and from the present files."""
    read_on = {str(start): str(day) for start, day in dict(state.values.get(_READ_ON, {})).items()}
    for file in state.files:
        start, day = str(file.position.get("window_from", "")), str(file.position.get(_READ_ON, ""))
        read_on[start] = max(read_on.get(start, ""), day)
    return read_on


def _is_due(window: Window, read_on: str | None, connection: OcdsApiConnection, as_of: date) -> bool:
    """Tells whether a window must be read; one that was read on a later day than the run's already holds more."""
    if not read_on:
        return True
    last = date.fromisoformat(read_on)
    return last <= as_of and last < window.end.date() + timedelta(days=connection.overlap_days)


def _state(read_on: Mapping[str, str], windows: list[Window], as_of: date) -> dict[str, dict[str, str]]:
    return {_READ_ON: {**read_on, **{window.start.isoformat(): as_of.isoformat() for window in windows}}}


def _files(request: FetchRequest, connection: OcdsApiConnection, window: Window) -> tuple[FetchedFile, ...]:
    part = window.clipped(datetime.combine(request.as_of, _LAST_SECOND))
    walks = [walk for fixed in _variants(connection) for walk in _walks(request, connection, part, fixed)]
    files = page_files(
        walks,
        f"window-{window.start.date()}-",
        {**window.position, _READ_ON: request.as_of.isoformat()},
    )
    _LOG.info("window from %s: %d pages", window.start.date(), len(files))
    return files


def _variants(connection: OcdsApiConnection) -> list[dict[str, str]]:
    return [{name: value} for name, values in connection.each.items() for value in values] or [{}]


def _walks(
    request: FetchRequest, connection: OcdsApiConnection, window: Window, fixed: Mapping[str, str]
) -> list[Walk]:
    """Gives the walk over a window, or those over its parts where it holds too much for one."""
    try:
        return [sound_walk(asker(request), _rules(request, connection, window, fixed))]
    except TooManyRecords as error:
        problem = str(error)
    halves = window.halves(_step(connection)) if connection.window == "days" else None
    if halves is None:
        raise FetchError(
            f"the window from {window.start:%Y-%m-%d %H:%M:%S} cannot be made shorter, and {problem}",
            remedy="Raise most_pages or most_records of the connection, or ask for larger pages.",
        )
    _LOG.info("the window from %s is halved: %s", window.start.isoformat(), problem)
    return [walk for half in halves for walk in _walks(request, connection, half, fixed)]


def _step(connection: OcdsApiConnection) -> timedelta:
    """Gives the finest difference that the interface's times can tell: a second, or a day."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    tells_seconds = moment.strftime(connection.time_format) != moment.replace(second=1).strftime(connection.time_format)
    return timedelta(seconds=1) if tells_seconds else timedelta(days=1)


def _rules(request: FetchRequest, connection: OcdsApiConnection, window: Window, fixed: Mapping[str, str]) -> WalkRules:
    return WalkRules(
        first=_first_call(connection, request.as_of, window, fixed),
        content=lambda page, call, _count: _content(page, call, connection, request.spec.format.records),
        identify=_identity,
        end="empty_page" if connection.last_page_may_be_empty else "no_link",
        twice=connection.reads_twice,
        most_pages=connection.most_pages,
        most_records=connection.most_records,
    )


def _first_call(connection: OcdsApiConnection, as_of: date, window: Window, fixed: Mapping[str, str]) -> PageCall:
    asked: dict[str, str | int] = {**connection.parameters, **fixed}
    asked[connection.from_parameter] = window.start.strftime(connection.time_format)
    if connection.until_parameter:
        asked[connection.until_parameter] = window.end.strftime(connection.time_format)
    if connection.size_parameter:
        asked[connection.size_parameter] = connection.page_size
    return PageCall(first_address(connection, as_of), asked)


def _content(page: JsonPage, call: PageCall, connection: OcdsApiConnection, path: str | None) -> PageContent:
    records = records_at(page.body, path)
    if records is None and not connection.absent_means_none:
        raise no_records(page, path)
    return PageContent(records or [], _following(page, call, connection), has_list=records is not None)


def _following(page: JsonPage, call: PageCall, connection: OcdsApiConnection) -> PageCall | None:
    if connection.paging == "next_link":
        return linked_call(text_at(page.body, connection.next_path), page, connection)
    if connection.paging == "cursor":
        return cursor_call(text_at(page.body, connection.cursor_path), call, connection.cursor_parameter)
    return None


def _identity(record: Any) -> str:
    return json.dumps(record, sort_keys=True)
