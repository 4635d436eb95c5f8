"""`tierline serve`: on this machine alone, or with a token; what is wrong is said before anything listens."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.unit.command_line import CommandLine
from tests.unit.lookup.conftest import AMBER
from tierline.errors import ConfigError, TierlineError
from tierline.run import Run

VARIABLE = "TIERLINE_LOOKUP_TOKEN"
TOKEN = "a-token-of-enough-letters"


@pytest.fixture
def config(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(VARIABLE, raising=False)
    path = tmp_path / "tierline.yml"
    path.write_text(f"home: {run.home.root}\nsources: [{{id: erp_vendor_master, path: none.csv}}]\n")
    return path


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.org"])  # noqa: S104 - refused
def test_a_wider_address_needs_a_token(command_line: CommandLine, config: Path, host: str) -> None:
    with pytest.raises(ConfigError, match="everybody who reaches") as told:
        command_line("serve", "--host", host, "--config", str(config))
    assert VARIABLE in str(told.value)


def test_a_token_that_can_be_guessed_is_refused_and_not_repeated(
    command_line: CommandLine, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "short")
    with pytest.raises(ConfigError, match="can be guessed") as told:
        command_line("serve", "--config", str(config))
    assert "short" not in str(told.value).replace("shorter", "")


def test_a_port_that_is_taken_is_told(command_line: CommandLine, config: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(ConfigError, match=f"cannot listen on 127.0.0.1, port {port}"):
            command_line("serve", "--port", port, "--config", str(config))


def test_with_nothing_published_it_does_not_start(command_line: CommandLine, config: Path, tmp_path: Path) -> None:
    with pytest.raises(TierlineError, match="nothing is published yet"):
        command_line("serve", "--port", "0", "--config", str(config), "--published", str(tmp_path))


def test_it_serves_and_stops_quietly(config: Path) -> None:
    command = [sys.executable, "-m", "tierline.cli", "serve", "--port", "0", "--config", str(config)]
    environment = {**os.environ, VARIABLE: TOKEN}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as service:
        assert service.stdout is not None
        url = service.stdout.readline().split()[2]
        told = requests.get(f"{url}/health", timeout=30)
        refused = requests.get(f"{url}/api/suppliers/{AMBER}", timeout=30)
        opened = requests.get(f"{url}/api/suppliers/{AMBER}", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30)
        head = requests.head(f"{url}/health", timeout=30)
        service.terminate()
        _, log = service.communicate(timeout=30)

    assert (told.status_code, refused.status_code, opened.status_code) == (200, 401, 200)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(told.content))
    assert "server" not in {name.lower() for name in told.headers}
    assert TOKEN not in log
    assert AMBER not in log
    assert "Traceback" not in log
