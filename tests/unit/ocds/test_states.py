"""From releases to states, without a database: what is a repeat, what is normalised, what a record gives."""

import json
from typing import Any

import pytest

from ingest.ocds.normalising import as_mapped
from ingest.ocds.states import MOST_RELEASES, Incoming, Outcome, instant, states_of_records, states_of_releases

Json = dict[str, Any]
LINK = {"url": "https://contracts.example/1", "date": "2025-01-01T00:00:00Z", "tag": ["tender"]}
COMPILED = {"ocid": "o", "id": "c", "date": "2025-02-01T00:00:00Z", "tender": {"title": "compiled"}}


def outcomes(*releases: Json | str, has_ocid: bool = True, processes: list[str] | None = None) -> list[Outcome]:
    incoming = [
        Incoming(
            processes[number] if processes else "p",
            has_ocid,
            "sha",
            number + 1,
            release if isinstance(release, str) else json.dumps(release),
        )
        for number, release in enumerate(releases)
    ]
    return list(states_of_releases(incoming, {"sha": "releases.jsonl"}))


def state(outcome: Outcome) -> Json:
    assert outcome.state is not None
    content: Json = json.loads(outcome.state)
    return content


def record(content: Json) -> Outcome:
    return next(iter(states_of_records([Incoming("", True, "sha", 1, json.dumps(content))])))


def test_each_release_gives_what_was_known_with_it() -> None:
    first, second = outcomes(
        {"ocid": "o", "id": "1", "date": "2025-01-01", "tag": ["tender"], "tender": {"title": "a", "status": "active"}},
        {"ocid": "o", "id": "2", "date": "2025-01-02", "tag": ["tenderUpdate"], "tender": {"status": "complete"}},
    )
    assert state(first)["tender"] == {"title": "a", "status": "active"}
    assert state(second) == {
        "ocid": "o",
        "id": "2",
        "date": "2025-01-02",
        "tag": ["compiled"],
        "tender": {"title": "a", "status": "complete"},
        "_state_no": 2,
    }


def test_a_state_has_the_id_of_the_release_that_made_it_and_never_one_that_merging_invents() -> None:
    found = outcomes({"ocid": "o", "id": "1", "date": "2025-01-01"}, {"ocid": "o", "date": "2025-01-02"})
    assert [state(outcome)["id"] for outcome in found] == ["1", None]


def test_processes_do_not_mix() -> None:
    found = outcomes(
        {"ocid": "a", "date": "1", "x": 1}, {"ocid": "b", "date": "2", "y": 1}, processes=["ocid a", "ocid b"]
    )
    assert ["x" in state(outcome) for outcome in found] == [True, False]
    assert [state(outcome)["_state_no"] for outcome in found] == [1, 1]


def test_the_same_content_again_is_a_repeat_however_it_is_written() -> None:
    release = {"ocid": "o", "id": "1", "date": "2025-01-01", "documents": [{"title": "no id"}], "value": 1.0}
    again = json.dumps(dict(reversed(release.items())), indent=2)
    first, repeat = outcomes(release, again)
    assert first.fault is None
    assert repeat.state is None
    assert repeat.fault is not None
    assert repeat.fault.code == "identical repeat"
    assert "record 1 of releases.jsonl" in repeat.fault.reason


def test_one_id_with_two_contents_counts_twice_and_is_marked() -> None:
    releases = [{"ocid": "o", "id": "1", "date": day, "tender": {"title": day}} for day in ("2025-01-01", "2025-01-02")]
    assert [outcome.shares_id for outcome in outcomes(*releases)] == [False, True]
    assert [state(outcome)["_state_no"] for outcome in outcomes(*releases)] == [1, 2]
    without_id = [{name: value for name, value in release.items() if name != "id"} for release in releases]
    assert [outcome.shares_id for outcome in outcomes(*without_id)] == [False, False]


def test_without_ocid_a_release_stands_alone_under_its_own_id() -> None:
    found = outcomes({"id": "x", "date": "1", "a": 1}, {"id": "x", "date": "2", "b": 1}, has_ocid=False)
    assert [(state(outcome)["ocid"], "a" in state(outcome)) for outcome in found] == [("x", True), ("x", False)]


def test_numbers_keep_their_digits() -> None:
    text = '{"ocid":"o","date":"1","value":{"amount":12345678901234567.89,"other":1e9999,"third":1.10}}'
    [outcome] = outcomes(text)
    assert outcome.state is not None
    assert b'{"amount":12345678901234567.89,"other":1E+9999,"third":1.10}' in outcome.state


def test_what_is_no_json_object_says_so() -> None:
    assert [outcome.fault.code for outcome in outcomes("{", "[]") if outcome.fault] == ["broken JSON"] * 2


SUPPLIER = {"id": "s", "name": "S", "roles": ["supplier", "tenderer"], "address": {}}
OTHER = {"id": "t", "name": "T", "roles": "supplier"}


@pytest.mark.parametrize(
    ("parties", "awards", "suppliers"),
    [
        ([SUPPLIER], [{"id": 1}], [[{"id": "s", "name": "S"}]]),
        ([SUPPLIER, OTHER], [{"id": 1}], [[{"id": "s", "name": "S"}, {"id": "t", "name": "T"}]]),
        ([SUPPLIER], [{"id": 1}, {"id": 2}], [[{"id": "s", "name": "S"}]] * 2),
        # who won which award is not told, or is told already
        ([SUPPLIER, OTHER], [{"id": 1}, {"id": 2}], [None, None]),
        ([SUPPLIER, OTHER], [{"id": 1, "suppliers": [{"id": "t"}]}, {"id": 2}], [[{"id": "t"}], None]),
        ([{"id": "b", "roles": ["buyer"]}], [{"id": 1}], [None]),
        (None, [{"id": 1}], [None]),
    ],
)
def test_suppliers_that_only_parties_name(parties: Any, awards: list[Json], suppliers: list[Any]) -> None:
    content = {"ocid": "o", "parties": parties, "awards": awards}
    before = json.dumps(content)
    assert [award.get("suppliers") for award in as_mapped(content, 1)["awards"]] == suppliers
    assert json.dumps(content) == before, "what a later release is merged into stays as the standard has it"


def test_a_record_gives_a_state_for_each_release_it_carries() -> None:
    releases = [
        {"ocid": "o", "date": f"2025-01-0{day}T00:00:00Z", "tender": {"title": str(day)}} for day in (3, 1, 1, 2)
    ]
    states = state(record({"ocid": "o", "releases": releases, "compiledRelease": COMPILED}))["states"]
    assert [(each["tender"]["title"], each["_state_no"]) for each in states] == [("1", 1), ("2", 2), ("3", 3)]


@pytest.mark.parametrize(
    "content",
    [
        {"ocid": "o", "releases": [LINK], "compiledRelease": COMPILED},
        {"ocid": "o", "releases": [LINK, {"ocid": "o", "id": "1"}], "compiledRelease": COMPILED},
        {"ocid": "o", "compiledRelease": COMPILED, "versionedRelease": {"ocid": "o"}},
        {"ocid": "o", "releases": [{"id": "1"}, {"id": "2"}], "compiledRelease": COMPILED},
    ],
    ids=["only links", "some links", "no releases", "no dates"],
)
def test_the_compiled_release_stands_where_releases_cannot_be_merged(content: Json) -> None:
    [only] = state(record(content))["states"]
    assert (only["ocid"], only["tender"]["title"], only["_state_no"]) == ("o", "compiled", 1)


@pytest.mark.parametrize(
    ("links", "release_id", "package_url"),
    [
        ([("/2.json#r2", "2025-02-01"), ("/3.json#r3", "2025-03-01T00:00:00Z"), ("/1.json#r1", None)], "c", None),
        ([("/3.json#r3", "2025-03-01T00:00:00Z"), ("/2.json#r2", "2025-02-01")], "r3", "https://x.example/3.json"),
        ([("/1.json", None)], "c", "https://x.example/1.json"),
        ([], "c", None),
    ],
    ids=["one has no day", "the newest", "no id in the address", "none"],
)
def test_a_compiled_release_leads_to_the_newest_release_that_its_record_links_to(
    links: list[tuple[str, str | None]], release_id: str, package_url: str | None
) -> None:
    releases = [{"url": f"https://x.example{address}", "date": day, "tag": ["award"]} for address, day in links]
    [only] = state(record({"ocid": "o", "releases": releases, "compiledRelease": COMPILED}))["states"]
    assert (only["id"], only.get("_package_url")) == (release_id, package_url)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"ocid": "o", "releases": [LINK]}, "no release"),
        ({"ocid": "o"}, "no release"),
        ({"ocid": "o", "releases": [{"id": "1"}, {"id": "2"}]}, "not a date"),
        ({"ocid": "o", "releases": [{"id": str(n)} for n in range(MOST_RELEASES + 1)]}, "too many releases"),
    ],
)
def test_a_record_without_anything_to_read_says_so(content: Json, code: str) -> None:
    outcome = record(content)
    assert outcome.fault is not None
    assert (outcome.state, outcome.fault.code) == (None, code)


def test_moments_are_compared_across_zones() -> None:
    texts = ["2025-01-01T01:00:00+02:00", "2024-12-31T23:30:00Z", "2024-12-31T20:00:00-04:00", "2025-01-01T00:01"]
    moments = [instant(text) for text in texts]
    assert None not in moments
    assert moments == sorted(moment for moment in moments if moment)
    assert [instant(text) for text in ("soon", "", None, 5)] == [None] * 4
