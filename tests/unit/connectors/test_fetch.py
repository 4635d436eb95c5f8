"""Fetching by a connector that appends: what it goes on with, what it forgets, and what is left when it breaks off."""

from collections.abc import Iterator
from typing import Any

import pytest

from ingest.connectors import registry
from ingest.connectors.fetching import Batch, FetchedFile, FetchRequest
from ingest.fetch import fetch_into_landing
from ingest.landing import landing_of
from ingest.load import sources_folder
from ingest.spec import load_spec
from tests.unit.ingest.conftest import CSV_SOURCE, Installation
from tierline.errors import ConfigError, FetchError

CANARY = "CANARY5150"


class Windows:
    """A connector of windows, each with one file; it goes on after the last one, and may break off before one."""

    def __init__(self) -> None:
        self.last, self.breaks_before = 2, 99
        self.requests: list[FetchRequest] = []
        self.extra: dict[str, str] = {}

    def fetch(self, request: FetchRequest) -> Iterator[Batch]:
        self.requests.append(request)
        for number in range(int(request.state.values.get("done", 0)) + 1, self.last + 1):
            if number == self.breaks_before:
                raise FetchError(f"window {number} of {request.client.shown('x')} did not come: {CANARY}")
            path = request.folder / f"w{number}"
            path.write_text(f"id,name,country\nM{number},Maker,VN\n", encoding="utf-8")
            position = {"window_from": str(number), "window_to": str(number + 1), **self.extra}
            file = FetchedFile(path, f"w{number}.csv", f"https://a.example/?k={CANARY}", position=position)
            yield Batch((file,), "append", {"done": number, **self.extra})


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Windows:
    made = Windows()
    monkeypatch.setitem(registry.CONNECTORS, "http_file", made.fetch)
    return made


@pytest.fixture
def makers(installation: Installation, windows: Windows) -> Installation:
    return configured(installation)


def configured(installation: Installation, url: str = "https://a.example/", **options: Any) -> Installation:
    connection = {"kind": "http_file", "url": url, **options.pop("connection", {})}
    installation.declare(CSV_SOURCE, None, connection=connection, **options)
    return installation


def fetch(installation: Installation, run_id: str = "r1", *, full: bool = False) -> list[str]:
    """Fetches, and gives the names of the present files."""
    run = installation.run(run_id)
    spec = load_spec("makers", sources_folder(run))
    return [file.name for file in fetch_into_landing(run, run.settings.source("makers"), spec, full=full).files]


def present(installation: Installation) -> list[str]:
    """Gives the names of the present files, which the notes alone must tell as well."""
    run = installation.run()
    landing = landing_of(run.home, "makers", load_spec("makers", sources_folder(run)))
    assert landing.rebuilt_state() == landing.present_state()
    return [file.name for file in landing.present_files()]


def test_a_fetch_goes_on_where_the_last_one_ended(makers: Installation, windows: Windows) -> None:
    assert fetch(makers) == ["w1.csv", "w2.csv"]
    windows.last = 3

    assert fetch(makers, "r2") == ["w1.csv", "w2.csv", "w3.csv"]
    assert windows.requests[1].state.values == {"done": 2}
    assert not windows.requests[1].full


def test_windows_that_were_whole_stay_when_a_later_one_breaks(makers: Installation, windows: Windows) -> None:
    windows.last, windows.breaks_before = 4, 3
    with pytest.raises(FetchError, match="window 3"):
        fetch(makers)
    assert present(makers) == ["w1.csv", "w2.csv"]
    windows.breaks_before = 99

    assert fetch(makers, "r2") == ["w1.csv", "w2.csv", "w3.csv", "w4.csv"]


def test_a_full_fetch_puts_its_first_window_in_place_of_everything(makers: Installation, windows: Windows) -> None:
    windows.last = 3
    fetch(makers)
    windows.last = 2

    assert fetch(makers, "r2", full=True) == ["w1.csv", "w2.csv"]
    assert present(makers) == ["w1.csv", "w2.csv"]
    assert windows.requests[1].full
    assert windows.requests[1].state.files == ()


def test_another_address_does_not_append_to_the_windows_of_the_first(makers: Installation, windows: Windows) -> None:
    windows.last = 3
    fetch(makers)
    windows.last = 1

    assert fetch(configured(makers, "https://b.example/"), "r2") == ["w1.csv"]
    assert windows.requests[1].state.values == {}


def test_how_a_server_is_treated_is_no_other_source(makers: Installation, windows: Windows) -> None:
    fetch(makers)

    fetch(configured(makers, connection={"retries": 1, "requests_per_minute": 3, "max_bytes": 99}), "r2")

    assert windows.requests[1].state.values == {"done": 2}


def test_a_source_that_gives_nothing_is_told(makers: Installation, windows: Windows) -> None:
    windows.last = 0

    with pytest.raises(FetchError, match="no file at all"):
        fetch(makers)


def test_what_a_connector_keeps_and_tells_is_without_the_secret(
    installation: Installation, windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIERLINE_CREDENTIAL_KEY", CANARY)
    configured(installation, connection={"credential_header": "X-Key"}, credential="key")
    windows.extra = {"cursor": f"next={CANARY}"}
    windows.breaks_before = 2

    with pytest.raises(FetchError) as raised:
        fetch(installation)

    home = installation.run().home.root
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert CANARY not in str(raised.value) + repr(raised.value)
    assert CANARY.encode() not in kept
    assert b"next=***" in kept


def test_a_local_source_asks_no_server(installation: Installation) -> None:
    seen: list[FetchRequest] = []

    def look(request: FetchRequest) -> Iterator[Batch]:
        seen.append(request)
        yield from ()

    installation.declare(CSV_SOURCE, "makers.csv")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(registry.CONNECTORS, "file", look)
        with pytest.raises(FetchError):
            fetch(installation)

    with pytest.raises(ConfigError, match="asks no server"):
        _ = seen[0].client
