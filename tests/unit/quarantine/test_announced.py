"""What a publisher announces against what was read: fewer fails the source, more is told, and the numbers are kept."""

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.announced import announced_windows
from ingest.checks import check
from ingest.landing import landing_of
from ingest.load import load_sources
from ingest.sidecar import SUFFIX, read_sidecar
from ingest.spec import load_spec
from ingest.steps import fetch_source
from tests.unit.ingest.conftest import JSON_LINES_SOURCE, Installation
from tierline.errors import FetchError

WINDOW = {"window_from": "2026-01-01", "window_to": "2026-01-31"}


def lines(*numbers: int) -> str:
    return "".join(f'{{"id": "r{number}"}}\n' for number in numbers)


def announce(installation: Installation, totals: dict[str, int], position: dict[str, Any] | None = None) -> None:
    """Lands the notices and writes a total into the sidecar of each file named, as a connector does."""
    run = installation.run()
    fetch_source(run, "notices")
    landing = landing_of(run.home, "notices", load_spec("notices", installation.root / "ingest" / "sources"))
    for file in landing.present_files():
        sidecar = Path(f"{landing.verified(file)}{SUFFIX}")
        said = json.loads(sidecar.read_text())
        said |= {"announced_total": totals.get(file.name), "position": position or {}}
        sidecar.write_text(json.dumps(said))


def load(installation: Installation) -> dict[str, Any]:
    return load_sources(installation.run())


def volumes(installation: Installation) -> list[tuple[Any, ...]]:
    return installation.query(
        "SELECT window_from, file_count, read_count, announced_count, found_count FROM ingest.announced_volume"
    )


@pytest.fixture
def paged(installation: Installation) -> Installation:
    installation.declare(JSON_LINES_SOURCE, "*.jsonl")
    return installation


def test_pages_of_one_window_are_counted_together(paged: Installation) -> None:
    paged.write("page-1.jsonl", lines(1, 2, 3))
    paged.write("page-2.jsonl", lines(4, 5))
    announce(paged, {"page-1.jsonl": 5, "page-2.jsonl": 5}, WINDOW)

    outcome = load(paged)
    checked = check(paged.run())

    assert outcome["degraded"] == {}
    assert volumes(paged) == [("2026-01-01", 2, 5, 5, 5)]
    assert checked["degraded"] == {}
    assert not any("publisher" in told for told in checked["warnings"].values())
    seen = paged.query(
        "SELECT success, observed_count, unexpected_count FROM ingest.data_quality"
        " WHERE starts_with(expectation, 'ingest.announced_volume')"
    )
    assert seen == [(True, 5, 0), (True, 5, 0)]


def test_fewer_than_announced_fail_the_source_and_the_last_good_state_stays(paged: Installation) -> None:
    paged.write("page-1.jsonl", lines(1, 2))
    announce(paged, {"page-1.jsonl": 2})
    load(paged)
    paged.write("page-1.jsonl", lines(1, 2, 3))
    announce(paged, {"page-1.jsonl": 4})

    outcome = load(paged)

    assert "3 of the 4 records that its publisher announces for the whole source" in outcome["degraded"]["notices"]
    assert paged.query("SELECT count(*) FROM raw.notices") == [(2,)]
    assert volumes(paged) == [(None, 1, 2, 2, 2)]


def test_a_page_that_came_twice_does_not_stand_for_one_that_never_came(paged: Installation) -> None:
    paged.write("page-1.jsonl", lines(1, 2))
    paged.write("page-2.jsonl", lines(1, 2, 2))
    announce(paged, {"page-1.jsonl": 4, "page-2.jsonl": 4}, WINDOW)

    outcome = load(paged)

    told = outcome["degraded"]["notices"]
    assert "2 of the 4 records that its publisher announces for the window from 2026-01-01 to 2026-01-31" in told


def test_more_than_announced_are_told_and_loaded(paged: Installation) -> None:
    paged.write("page-1.jsonl", lines(1, 2, 3))
    announce(paged, {"page-1.jsonl": 2})

    outcome = load(paged)
    checked = check(paged.run())

    assert outcome["sources"]["notices"]["loaded"] == 3
    assert "its publisher announces the records that were read" in checked["warnings"]["notices"]
    assert "(1 of 3 rows do not meet it)" in checked["warnings"]["notices"]


def test_the_declared_tolerance_is_kept_to(installation: Installation) -> None:
    tolerant = JSON_LINES_SOURCE.replace("volume: {minimum: 0}", "volume: {minimum: 0, announced_tolerance: 0.25}")
    installation.declare(tolerant, "*.jsonl")
    installation.write("page-1.jsonl", lines(1, 2, 3))
    announce(installation, {"page-1.jsonl": 4})
    assert load(installation)["degraded"] == {}
    assert check(installation.run())["degraded"] == {}
    announce(installation, {"page-1.jsonl": 5})
    assert "3 of the 5 records" in load(installation)["degraded"]["notices"]


def test_a_publisher_that_announces_nothing_is_not_compared(paged: Installation) -> None:
    paged.write("page-1.jsonl", lines(1))
    announce(paged, {})

    assert load(paged)["degraded"] == {}
    assert volumes(paged) == []


def test_a_landed_file_without_its_note_is_told(paged: Installation) -> None:
    paged.write("page-1.jsonl", lines(1))
    announce(paged, {})
    landing = landing_of(paged.run().home, "notices", load_spec("notices", paged.root / "ingest" / "sources"))
    (file,) = landing.present_files()
    path = landing.verified(file)
    assert read_sidecar(path)["declared_id"] == "notices"
    Path(f"{path}{SUFFIX}").unlink()

    with pytest.raises(FetchError, match="the note of where"):
        announced_windows([(file, path)])
