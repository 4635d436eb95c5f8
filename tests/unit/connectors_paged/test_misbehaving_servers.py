"""The matrix: whatever the server does, the rows are those of a well-behaved one, or an error says why there are none.

All cells are fetched into one home and loaded together. A cell that must end in an error is fetched over a source that
holds fewer records from before: they must still be there, in the landing and in the warehouse.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.protocol.misbehaviour import DATA_LEVEL, Misbehaviour
from tests.protocol.server import OTHER_NAME, RECORDS, TOKEN, ProtocolServer
from tests.unit.connectors_paged.interfaces import INTERFACES, SECRET
from tests.unit.connectors_paged.matrix import CELLS, SAME, Cell
from tests.unit.connectors_paged.place import Place

_FEWER = RECORDS - 4
_BOUND_TO_THE_PAGE = {Misbehaviour.REPEATED_PAGE, Misbehaviour.EMPTY_PAGE}
_STRIKES_AT = {Misbehaviour.OTHER_HOST: 1, Misbehaviour.NEVER_ENDS: 3}

Rows = dict[str, list[tuple[Any, ...]]]


@dataclass
class Played:
    """The whole matrix after it was played: errors by cell, what was logged, which failed cells changed the landing."""

    place: Place
    errors: dict[str, str | None] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def played(running_server: ProtocolServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SECRET.items():
            patch.setenv(name, value)
        played = Played(Place(tmp_path_factory.mktemp("matrix"), running_server))
        with _everything_logged(played.log):
            _play(played)
        yield played


@contextmanager
def _everything_logged(log: list[str]) -> Iterator[None]:
    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            log.append(self.format(record))

    keeper, loggers = Keeper(), [logging.getLogger(name) for name in ("tierline", "urllib3")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(keeper)
        logger.setLevel(logging.DEBUG)
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(keeper)
        logger.setLevel(level)


def _play(played: Played) -> None:
    place, server = played.place, played.place.server
    for name, interface in INTERFACES.items():
        server.fill(_FEWER)
        place.fetch(place.add(interface, _earlier(name)))
    place.load()
    for name, interface in INTERFACES.items():
        server.fill(RECORDS)
        place.fetch(place.add(interface, _well_behaved(name)), "r2")
    for cell in CELLS:
        _play_cell(played, cell)
    place.load("r2")


def _play_cell(played: Played, cell: Cell) -> None:
    place, server, interface = played.place, played.place.server, INTERFACES[cell.interface]
    server.fill(RECORDS)
    if cell.lasts and cell.misbehaviour in _BOUND_TO_THE_PAGE:
        server.misbehave(cell.misbehaviour, path=interface.path, times=None, query=interface.second_page)
    else:
        first = _STRIKES_AT.get(cell.misbehaviour, 2)
        server.misbehave(cell.misbehaviour, path=interface.path, first=first, times=None if cell.lasts else 1)
    if cell.outcome == SAME:
        played.errors[cell.name] = place.try_to_fetch(place.add(interface, cell.name), "r2")
    else:
        before = place.present(_earlier(cell.interface))
        played.errors[cell.name] = place.try_to_fetch(_earlier(cell.interface), "r2")
        played.changed |= {cell.name} if place.present(_earlier(cell.interface)) != before else set()
    server.behave()
    if cell.misbehaviour in DATA_LEVEL and cell.outcome == SAME:
        place.fetch(place.add(interface, _after(cell)), "r2")


def _earlier(interface: str) -> str:
    return f"{interface}__earlier"


def _well_behaved(interface: str) -> str:
    return f"{interface}__well_behaved"


def _after(cell: Cell) -> str:
    return f"{cell.name}__after"


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
def test_the_rows_are_those_of_a_well_behaved_server_or_nothing_changes(cell: Cell, played: Played) -> None:
    error = played.errors[cell.name]
    if cell.outcome == SAME:
        assert error is None
        _assert_whole(cell, played.place)
    else:
        assert error is not None
        assert error.startswith("FetchError")
        assert cell.outcome in error
        assert cell.name not in played.changed


@pytest.mark.parametrize("interface", INTERFACES)
def test_the_warehouse_is_as_before_where_a_fetch_failed(interface: str, played: Played) -> None:
    for table, rows in played.place.rows(_earlier(interface)).items():
        assert len(rows) == _FEWER * _entities(interface, table)
        assert set(rows) < set(played.place.rows(_well_behaved(interface))[table])


def _assert_whole(cell: Cell, place: Place) -> None:
    """What was there before and after the change is there once; what came or went meanwhile may be there."""
    got, before = place.rows(cell.name), place.rows(_well_behaved(cell.interface))
    after = place.rows(_after(cell)) if cell.misbehaviour in DATA_LEVEL else before
    for table, rows in got.items():
        assert len(rows) == len(set(rows))
        assert set(before[table]) & set(after[table]) <= set(rows) <= set(before[table]) | set(after[table])


@pytest.mark.parametrize("interface", INTERFACES)
def test_a_well_behaved_server_gives_every_record(interface: str, played: Played) -> None:
    for table, rows in played.place.rows(_well_behaved(interface)).items():
        assert len(rows) == RECORDS * _entities(interface, table)


def _entities(interface: str, table: str) -> int:
    """How many rows of a table one record of an interface gives."""
    return 2 if table == "survey_answer" or interface.startswith("ocds") else 1


def test_the_token_is_in_no_file_no_log_and_no_error_and_was_never_sent_to_another_host(played: Played) -> None:
    assert [path for path in played.place.every_file() if TOKEN.encode() in path.read_bytes()] == []
    assert len(played.log) > len(CELLS)
    assert [line for line in [*played.log, *map(str, played.errors.values())] if TOKEN in line] == []
    assert [asked for asked in played.place.server.asked if asked.host.startswith(OTHER_NAME)] == []
