"""The server of all tests of this folder, and a place for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.protocol.server import RECORDS, ProtocolServer, protocol_server
from tests.unit.connectors_paged.interfaces import SECRET
from tests.unit.connectors_paged.place import Place


@pytest.fixture(scope="module")
def running_server() -> Iterator[ProtocolServer]:
    with protocol_server() as server:
        yield server


@pytest.fixture
def server(running_server: ProtocolServer) -> ProtocolServer:
    """The server, well-behaved and with fresh records."""
    running_server.behave()
    running_server.fill(RECORDS)
    running_server.asked.clear()
    return running_server


@pytest.fixture
def place(tmp_path: Path, server: ProtocolServer, monkeypatch: pytest.MonkeyPatch) -> Place:
    for name, value in SECRET.items():
        monkeypatch.setenv(name, value)
    return Place(tmp_path, server)
