"""Release packages by windows of time: resumed, overlapped, halved, read again, and never beyond the run's day."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.protocol.misbehaviour import Misbehaviour
from tests.protocol.pages import MOST_RECORDS
from tests.protocol.records import FIRST_MOMENT, release
from tests.protocol.server import RateLimit
from tests.unit.connectors_paged.interfaces import INTERFACES
from tests.unit.connectors_paged.place import TIME, Place

LINKS = INTERFACES["ocds_links"]
CURSOR = INTERFACES["ocds_cursor"]
AS_OF = date(2026, 1, 11)
RELEASES = 30
"""One every eight hours from 1 January on: 15 in the first window of five days, 15 in the second, none in the third."""


@pytest.fixture
def releases(place: Place) -> Place:
    """A place whose server has releases in two windows, which are settled a day after their end."""
    place.server.fill(RELEASES)
    place.add(CURSOR, "releases", overlap_days=1)
    return place


def _asked(place: Place) -> list[str]:
    """Gives the lower end of every window that was asked for since the last look, in order, once each."""
    starts = [asked.query["updatedFrom"][:10] for asked in place.server.asked if "updatedFrom" in asked.query]
    place.server.asked.clear()
    return list(dict.fromkeys(starts))


def _references(place: Place) -> list[str]:
    return [row[0] for row in place.rows("releases")["award"]]


def test_a_fetch_that_died_goes_on_after_the_last_complete_window(releases: Place) -> None:
    place = releases
    place.server.misbehave(Misbehaviour.SERVER_ERROR, path=CURSOR.path, first=6, times=None)

    assert "could not be fetched" in str(place.try_to_fetch("releases", as_of=AS_OF))
    assert {name[:17] for name, _ in place.present("releases")} == {"window-2026-01-01"}
    assert _asked(place) == ["2026-01-01", "2026-01-06"]

    place.server.behave()
    place.fetch("releases", as_of=AS_OF)
    assert _asked(place) == ["2026-01-06", "2026-01-11"]
    place.load(as_of=AS_OF)
    assert len(_references(place)) == 2 * RELEASES


def test_a_failed_fetch_keeps_what_an_earlier_run_loaded(releases: Place) -> None:
    place = releases
    place.fetch("releases", "r1", as_of=date(2026, 1, 5))
    place.load("r1", as_of=date(2026, 1, 5))
    before = place.rows("releases")

    place.server.misbehave(Misbehaviour.SERVER_ERROR, path=CURSOR.path, first=6, times=None)
    place.try_to_fetch("releases", "r2", as_of=AS_OF)
    outcome = place.load("r2", as_of=AS_OF)

    assert outcome["sources"]["releases"]["status"] == "failed"
    assert place.rows("releases") == before


def test_a_second_fetch_doubles_nothing(releases: Place) -> None:
    place = releases
    place.fetch("releases", "r1", as_of=AS_OF)
    place.load("r1", as_of=AS_OF)
    present, rows = place.present("releases"), place.rows("releases")

    assert place.fetch("releases", "r2", as_of=AS_OF)["status"] == "unchanged"
    assert place.load("r2", as_of=AS_OF)["sources"]["releases"]["read"] == RELEASES
    assert (place.present("releases"), place.rows("releases")) == (present, rows)


def test_a_settled_window_is_not_asked_for_again(releases: Place) -> None:
    place = releases
    place.fetch("releases", as_of=AS_OF)
    assert _asked(place) == ["2026-01-01", "2026-01-06", "2026-01-11"]

    place.fetch("releases", "r2", as_of=AS_OF + timedelta(days=1))
    assert _asked(place) == ["2026-01-06", "2026-01-11"], "the second ended on the day of the first fetch"
    place.fetch("releases", "r3", as_of=AS_OF + timedelta(days=1))
    assert _asked(place) == ["2026-01-11"]


def test_a_release_that_comes_late_is_found_within_the_overlap(place: Place) -> None:
    place.server.fill(RELEASES)
    place.add(CURSOR, "releases", overlap_days=3)
    place.fetch("releases", as_of=date(2026, 1, 7))
    late = release(900, FIRST_MOMENT + timedelta(days=3))
    place.server.endpoints[CURSOR.path].records.append(late)

    place.fetch("releases", "r2", as_of=date(2026, 1, 9))
    place.load("r2", as_of=date(2026, 1, 9))
    assert f"test:{late['ocid']}|a1" in _references(place)


def test_nothing_is_asked_for_after_the_day_of_the_run(releases: Place) -> None:
    place = releases
    place.fetch("releases", as_of=date(2026, 1, 3))
    assert {asked.query["updatedTo"] for asked in place.server.asked} == {"2026-01-03T23:59:59"}
    place.load(as_of=date(2026, 1, 3))
    assert {row[0][:29] for row in place.rows("releases")["award"]} == {
        f"test:ocds-test01-{number:05d}|a1" for number in range(9)
    }


def test_a_run_of_an_earlier_day_takes_nothing_away(releases: Place) -> None:
    place = releases
    place.fetch("releases", as_of=AS_OF)
    present = place.present("releases")
    _asked(place)

    assert place.fetch("releases", "r2", as_of=date(2026, 1, 8))["status"] == "unchanged"
    assert _asked(place) == []
    assert place.present("releases") == present


def test_full_asks_for_everything_and_drops_what_was_taken_down(releases: Place) -> None:
    place = releases
    place.fetch("releases", as_of=AS_OF)
    del place.server.endpoints[CURSOR.path].records[0]
    _asked(place)

    place.fetch("releases", "r2", as_of=AS_OF, full=True)
    assert _asked(place) == ["2026-01-01", "2026-01-06", "2026-01-11"]
    place.load("r2", as_of=AS_OF)
    assert len(_references(place)) == 2 * (RELEASES - 1)


def test_a_full_fetch_that_dies_changes_nothing(releases: Place) -> None:
    place = releases
    place.fetch("releases", as_of=AS_OF)
    present = place.present("releases")
    place.server.misbehave(Misbehaviour.SERVER_ERROR, path=CURSOR.path, first=6, times=None)

    assert place.try_to_fetch("releases", "r2", as_of=AS_OF, full=True) is not None
    assert place.present("releases") == present


@pytest.mark.parametrize("lost", [["state.json"], ["current.json"], ["state.json", "current.json"]])
def test_what_was_fetched_is_known_from_the_landing_alone(releases: Place, lost: list[str]) -> None:
    place = releases
    place.fetch("releases", as_of=AS_OF)
    present = place.present("releases")
    for name in lost:
        (place.landing("releases") / name).unlink()
    _asked(place)

    place.fetch("releases", "r2", as_of=AS_OF + timedelta(days=1))
    assert _asked(place) == ["2026-01-06", "2026-01-11"]
    assert place.present("releases") == present


def test_another_grid_of_windows_is_fetched_as_a_whole(releases: Place) -> None:
    place = releases
    place.fetch("releases", as_of=AS_OF)
    place.add(CURSOR, "releases", overlap_days=1, window_days=4)

    place.fetch("releases", "r2", as_of=AS_OF)
    place.load("r2", as_of=AS_OF)
    assert {name[:17] for name, _ in place.present("releases")} == {
        "window-2026-01-01",
        "window-2026-01-05",
        "window-2026-01-09",
    }
    assert len(_references(place)) == 2 * RELEASES


@pytest.mark.parametrize("limits", [{"most_records": MOST_RECORDS}, {"most_pages": 2}])
def test_a_window_with_more_than_the_interface_gives_is_halved(place: Place, limits: dict[str, Any]) -> None:
    place.server.fill(RELEASES)
    source = LINKS.source(place.server, url=place.server.url("/ocds/cut_off"))
    connection = {**source, "reads_twice": False, **limits}
    if "most_pages" in limits:
        connection["url"] = place.server.url(LINKS.path)
    place.add(LINKS, "releases", **connection)

    place.fetch("releases", as_of=AS_OF)
    place.load(as_of=AS_OF)
    assert len(_references(place)) == 2 * RELEASES
    assert {name[:17] for name, _ in place.present("releases")} == {
        "window-2026-01-01",
        "window-2026-01-06",
        "window-2026-01-11",
    }


def test_a_window_that_cannot_be_halved_any_more_is_an_error(place: Place) -> None:
    place.server.fill(0)
    moment = FIRST_MOMENT + timedelta(hours=1)
    place.server.endpoints[LINKS.path].records.extend(release(number, moment) for number in range(9))
    place.add(LINKS, "releases", most_records=4, reads_twice=False)

    error = str(place.try_to_fetch("releases", as_of=AS_OF))
    assert "cannot be made shorter" in error
    assert "What to do: Raise most_pages or most_records" in error


def test_whole_months_are_asked_for_once_for_each_value(place: Place) -> None:
    place.server.fill(100)
    months = {
        "url": place.server.url("/ocds/v1/Notices"),
        "window": "month",
        "paging": "none",
        "from_parameter": "dateFrom",
        "until_parameter": None,
        "time_format": "%m-%Y",
        "size_parameter": None,
        "each": {"noticeType": ["1", "2", "3"]},
        "absent_means_none": True,
        "reads_twice": False,
    }
    place.add(LINKS, "releases", **months)

    place.fetch("releases", as_of=date(2026, 2, 10))
    place.load(as_of=date(2026, 2, 10))
    asked = [(asked.query["dateFrom"], asked.query["noticeType"]) for asked in place.server.asked]
    assert asked == [(month, kind) for month in ("01-2026", "02-2026") for kind in ("1", "2", "3")]
    assert len(place.present("releases")) == 4, "a package without releases is none to load"
    assert len(_references(place)) == 2 * 100


def test_a_package_without_its_releases_is_an_error_unless_declared(place: Place) -> None:
    place.server.fill(0)
    place.add(LINKS, "releases", url=place.server.url("/ocds/v1/Notices"), parameters={"dateFrom": "01-2026"},
              each={"noticeType": ["1"]}, paging="none")  # fmt: skip

    assert "no list of records at $.releases[*]" in str(place.try_to_fetch("releases", as_of=AS_OF))


def test_twelve_requests_in_two_minutes_are_enough(place: Place) -> None:
    place.server.fill(RELEASES)
    place.add(CURSOR, "releases", requests_per_minute=6, total_timeout_seconds=3600)
    place.server.limit = limit = RateLimit(12, 120, TIME.monotonic)

    place.fetch("releases", as_of=AS_OF)
    assert limit.refused == 0
    place.add(CURSOR, "hasty", requests_per_minute=600, total_timeout_seconds=3600)
    place.fetch("hasty", as_of=AS_OF)
    assert limit.refused > 0
    place.load(as_of=AS_OF)
    assert place.rows("hasty") == place.rows("releases")
    assert len(_references(place)) == 2 * RELEASES
