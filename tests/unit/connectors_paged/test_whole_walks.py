"""KoboToolbox, Open Supply Hub and any other interface: what each fetch brings, and what it never does."""

import json
import stat
from datetime import date, timedelta
from typing import Any

import pytest

from tests.protocol.misbehaviour import Misbehaviour
from tests.protocol.server import TOKEN
from tests.unit.connectors_paged.interfaces import CREDENTIAL, INTERFACES, Interface
from tests.unit.connectors_paged.place import AS_OF, Place
from tierline.errors import ConfigError, FetchError

KOBO = INTERFACES["kobo"]
HUB = INTERFACES["open_supply_hub"]
LINKS = INTERFACES["rest_links"]
CURSOR = INTERFACES["rest_cursor"]
SINCE: dict[str, Any] = {"since_parameter": "updated_since", "overlap_days": 2}


def _rows(place: Place, name: str, run_id: str = "r1", *, as_of: date = AS_OF) -> list[tuple[Any, ...]]:
    place.load(run_id, as_of=as_of)
    return place.rows(name)[place.interfaces[name].tables[0]]


def test_an_edited_submission_counts_as_it_is_now_and_a_withdrawn_one_not_at_all(place: Place) -> None:
    place.add(KOBO)
    place.fetch("kobo")
    before = _rows(place, "kobo")
    submissions = place.server.endpoints[KOBO.path].records
    del submissions[0]
    submissions[0]["_uuid"] = submissions[0]["meta/instanceID"] = "uuid:edited"
    submissions[0]["q/documents_held"] = "no"

    place.fetch("kobo", "r2")
    after = _rows(place, "kobo", "r2")
    assert len(after) == len(before) - 2
    assert len(set(after) - set(before)) == 1


def test_a_form_is_fetched_twice_without_a_change(place: Place) -> None:
    place.add(KOBO)
    place.fetch("kobo")
    present, rows = place.present("kobo"), _rows(place, "kobo")
    assert place.fetch("kobo", "r2")["status"] == "unchanged"
    assert (place.present("kobo"), _rows(place, "kobo", "r2")) == (present, rows)


def test_answers_land_for_nobody_else_to_read(place: Place) -> None:
    place.add(KOBO)
    place.fetch("kobo")
    landing = place.landing("kobo")
    assert "restricted" in landing.parts
    modes = {stat.S_IMODE(path.stat().st_mode) for path in landing.rglob("*") if path.is_file()}
    assert modes == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in [landing, *landing.iterdir()] if path.is_dir()} == {0o700}
    outside = [path for path in place.every_file() if "restricted" not in path.parts]
    assert [path for path in outside if b'q/documents_held": "' in path.read_bytes()] == []


def test_answers_come_into_the_restricted_store_or_not_at_all(place: Place) -> None:
    rows = {**LINKS.connection, "kind": "kobo_api", "asset": "a1", "url": place.server.url("")}
    place.add(Interface("open", KOBO.path, LINKS.declaration, _kobo(rows), LINKS.tables, credential=CREDENTIAL))
    with pytest.raises(ConfigError, match="only come into the restricted store"):
        place.fetch("open")
    assert place.server.asked == []


def _kobo(connection: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in connection.items() if key not in {"paging", "reads_twice"}}


def test_a_form_must_be_named(place: Place) -> None:
    place.add(KOBO, asset=None)
    with pytest.raises(ConfigError, match="does not say which form to fetch"):
        place.fetch("kobo")


@pytest.mark.parametrize("interface", [KOBO, HUB], ids=["kobo", "open_supply_hub"])
def test_a_wrong_token_is_told_and_nothing_lands(
    place: Place, interface: Interface, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIERLINE_CREDENTIAL_PAGED_TEST", "WRONGtoken9")
    place.add(interface)
    with pytest.raises(FetchError) as raised:
        place.fetch(interface.name)
    assert "401" in str(raised.value)
    assert "WRONGtoken9" not in str(raised.value)
    assert not (place.landing(interface.name) / "current.json").exists()


def test_a_hub_can_be_that_of_one_country(place: Place) -> None:
    place.add(HUB, country="BD")
    place.fetch("open_supply_hub")
    assert {asked.query["country"] for asked in place.server.asked} == {"BD"}
    assert {row[0][:8] for row in _rows(place, "open_supply_hub")} == {"test:BD2"}


def test_more_pages_than_allowed_are_an_error(place: Place) -> None:
    place.add(LINKS, most_pages=2)
    with pytest.raises(FetchError, match="more than 2 pages"):
        place.fetch("rest_links")


def test_an_announced_number_lands_beside_the_pages(place: Place) -> None:
    place.add(HUB)
    outcome = place.fetch("open_supply_hub")
    assert {file["announced_total"] for file in outcome["files"]} == {len(place.server.endpoints[HUB.path].records)}


def test_only_what_changed_is_asked_for_and_the_newer_version_counts(place: Place) -> None:
    place.add(CURSOR, **SINCE)
    place.fetch("rest_cursor", as_of=AS_OF)
    before = _rows(place, "rest_cursor")
    place.server.asked.clear()
    changed = place.server.endpoints[CURSOR.path].records[0]
    changed.update(name="Another name", updated=AS_OF.isoformat())

    next_day = AS_OF + timedelta(days=1)
    place.fetch("rest_cursor", "r2", as_of=next_day)
    since = (AS_OF - timedelta(days=2)).isoformat()
    assert {asked.query["updated_since"] for asked in place.server.asked} == {since}
    assert _rows(place, "rest_cursor", "r2") == before
    after = _rows(place, "rest_cursor", "r2", as_of=next_day)
    assert len(after) == len(before)
    assert sum("Another name" in row for row in after) == 1


def test_what_changed_is_fetched_twice_without_doubling_a_row(place: Place) -> None:
    place.add(CURSOR, **SINCE)
    place.fetch("rest_cursor", as_of=AS_OF)
    rows = _rows(place, "rest_cursor")
    later = AS_OF + timedelta(days=1)
    place.fetch("rest_cursor", "r2", as_of=later)
    place.fetch("rest_cursor", "r3", as_of=later)
    present = place.present("rest_cursor")
    assert place.fetch("rest_cursor", "r4", as_of=later)["status"] == "unchanged"
    assert place.present("rest_cursor") == present
    assert _rows(place, "rest_cursor", "r4") == rows


def test_the_day_to_go_on_from_is_known_from_the_landing_alone(place: Place) -> None:
    place.add(CURSOR, **SINCE)
    place.fetch("rest_cursor", as_of=AS_OF)
    for name in ("state.json", "current.json"):
        (place.landing("rest_cursor") / name).unlink()
    place.server.asked.clear()

    place.fetch("rest_cursor", "r2", as_of=AS_OF + timedelta(days=1))
    since = (AS_OF - timedelta(days=2)).isoformat()
    assert {asked.query["updated_since"] for asked in place.server.asked} == {since}


def test_full_brings_everything_and_drops_what_was_deleted(place: Place) -> None:
    place.add(CURSOR, **SINCE)
    place.fetch("rest_cursor", as_of=AS_OF)
    before = _rows(place, "rest_cursor")
    del place.server.endpoints[CURSOR.path].records[0]
    place.server.asked.clear()

    place.fetch("rest_cursor", "r2", as_of=AS_OF, full=True)
    assert not any("updated_since" in asked.query for asked in place.server.asked)
    assert len(_rows(place, "rest_cursor", "r2")) == len(before) - 1


def test_a_run_of_an_earlier_day_asks_for_nothing(place: Place) -> None:
    place.add(CURSOR, **SINCE)
    place.fetch("rest_cursor", as_of=AS_OF)
    place.server.asked.clear()
    assert place.fetch("rest_cursor", "r2", as_of=date(2026, 1, 2))["status"] == "unchanged"
    assert place.server.asked == []


def test_what_changed_needs_a_declaration_that_says_which_version_counts(place: Place) -> None:
    first = Interface("first", CURSOR.path, CURSOR.declaration.replace("last", "first"), CURSOR.connection, ())
    place.add(first, **SINCE)
    with pytest.raises(ConfigError, match="does not say which one counts"):
        place.fetch("first")


def test_a_secret_that_a_page_repeats_in_its_link_does_not_land(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    keyed = Interface("keyed", LINKS.path, LINKS.declaration, LINKS.connection, LINKS.tables, credential=CREDENTIAL)
    place.add(keyed, credential_parameter="api_key")
    place.fetch("keyed")

    assert {asked.query["api_key"] for asked in place.server.asked} == {TOKEN}
    pages = [json.loads(path.read_text()) for path in place.landing("keyed").glob("*/page-*1.json")]
    assert ["***" in page["next"] for page in pages] == [True]
    assert [path for path in place.every_file() if TOKEN in path.read_text(errors="replace")] == []
    assert TOKEN not in caplog.text
    assert len(_rows(place, "keyed")) == len(place.server.endpoints[LINKS.path].records)


@pytest.mark.parametrize(("encoding", "lands"), [("latin-1", True), ("utf-8", False)])
def test_a_text_in_a_declared_encoding_is_read_in_it(place: Place, encoding: str, lands: bool) -> None:
    declaration = LINKS.declaration.replace("json,", f"json, encoding: {encoding},")
    place.add(Interface("old", LINKS.path, declaration, LINKS.connection, LINKS.tables))
    place.server.misbehave(Misbehaviour.INVALID_UTF8, times=None)
    assert (place.try_to_fetch("old") is None) == lands
