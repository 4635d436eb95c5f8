"""A scripted server, and clients that wait for nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.connectors.credentials import Secret
from ingest.connectors.http_client import HttpClient
from ingest.connectors.pacing import HostPacer
from ingest.file_connections import HttpFileConnection
from tests.unit.connectors.scripted import FakeClock, ScriptedServer, scripted_server
from tests.unit.ingest.conftest import Installation

MakeClient = Callable[..., HttpClient]


@pytest.fixture(scope="module")
def running_server() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        yield server


@pytest.fixture
def server(running_server: ScriptedServer) -> ScriptedServer:
    running_server.answers.clear()
    running_server.asked.clear()
    return running_server


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def client(tmp_path: Path, server: ScriptedServer, clock: FakeClock) -> MakeClient:
    """Makes a client of the scripted server; keys of its connection may be given."""

    def make(
        *, secret: Secret | None = None, pacer: HostPacer | None = None, fake: FakeClock | None = None, **keys: Any
    ) -> HttpClient:
        values = {"kind": "http_file", "url": server.url("/"), "requests_per_minute": 6000, **keys}
        folder = tmp_path / "folder"
        folder.mkdir(exist_ok=True)
        connection = HttpFileConnection.model_validate(values)
        return HttpClient(
            connection, folder, secret=secret, seed="1", clock=(fake or clock).clock, pacer=pacer or HostPacer()
        )

    return make


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "target"


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path)
