"""The merge agrees with the standard's reference implementation, ocdsmerge, after every single release."""

import copy
import json
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ocdsmerge import CompiledRelease as Reference

from ingest.ocds.merging import CompiledRelease
from ingest.ocds.rules import merge_rules

Json = dict[str, Any]
PROCUREMENT = Path(__file__).resolve().parents[4] / "shared" / "data" / "procurement"
EXAMPLE = PROCUREMENT / "ocds-fictional-example"
needs_data = pytest.mark.skipif(not PROCUREMENT.is_dir(), reason="../shared/data/procurement is not there")


def reference() -> Reference:
    return Reference(merge_rules=merge_rules())


def assert_agreement(releases: list[Json]) -> None:
    """Compares after each release; the releases are in order."""
    ours, theirs = CompiledRelease(), reference()
    for release in releases:
        before = copy.deepcopy(release)
        ours.add(release)
        assert release == before, "the release was changed"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs.append(release)
            assert ours.content == theirs.asdict()


# Each field has one kind of value, as in the standard; any may be null, absent or empty.
texts = st.sampled_from(["", "a", "b", "Ä"])
numbers = st.one_of(st.integers(-2, 2), st.floats(allow_nan=False, allow_infinity=False))
plain = st.one_of(st.none(), texts, numbers, st.booleans())
text_ids = st.sampled_from(["1", "2", "x", ""])
number_ids = st.integers(1, 3)
text_lists = st.one_of(st.none(), st.lists(texts, max_size=2))
nested_lists = st.one_of(st.none(), st.lists(st.lists(numbers, max_size=2), min_size=1, max_size=2))


def fields(known: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries({}, optional=known)


def objects(ids: st.SearchStrategy[Any], known: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    item = fields({**known, "id": st.one_of(st.none(), ids)})
    return st.one_of(st.none(), st.lists(item, max_size=3))


def releases_with(ids: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
    value = st.one_of(st.none(), fields({"amount": numbers, "currency": st.one_of(st.none(), texts)}))
    classifications = objects(ids, {"scheme": texts})
    item = {"description": plain, "additionalClassifications": classifications, "unit": value, "own": nested_lists}
    party = {
        "name": plain,
        "roles": text_lists,
        "additionalIdentifiers": classifications,
        "details": fields({"a": value}),
    }
    award = {"value": value, "suppliers": objects(ids, {"name": plain}), "items": objects(ids, item), "status": plain}
    tender = fields(
        {"id": ids, "title": plain, "items": objects(ids, item), "submissionMethod": text_lists, "value": value,
         "tenderers": objects(ids, party), "tag": plain, "date": plain}
    )  # fmt: skip
    return fields(
        {
            "id": texts,
            "tag": st.lists(texts, max_size=2),
            "language": plain,
            "parties": objects(ids, party),
            "buyer": st.one_of(st.none(), fields({"id": ids, "name": plain})),
            "tender": st.one_of(st.none(), tender),
            "awards": objects(ids, award),
            "relatedProcesses": objects(ids, {"relationship": text_lists}),
        }
    )


def processes(ids: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Json]]:
    return st.lists(releases_with(ids), min_size=1, max_size=5).map(
        lambda bodies: [{"ocid": "o-1", "date": f"2025-01-0{day}", **body} for day, body in enumerate(bodies, start=1)]
    )


@settings(max_examples=400, deadline=None)
@given(processes(text_ids))
def test_releases_with_texts_as_ids(releases: list[Json]) -> None:
    assert_agreement(releases)


@settings(max_examples=400, deadline=None)
@given(processes(number_ids))
def test_releases_with_numbers_as_ids(releases: list[Json]) -> None:
    assert_agreement(releases)


@settings(max_examples=200, deadline=None)
@given(processes(st.one_of(text_ids, number_ids)))
def test_a_number_and_its_text_are_one_id_whichever_a_release_writes(releases: list[Json]) -> None:
    ours, theirs = CompiledRelease(), reference()
    for release in releases:
        ours.add(release)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs.append(with_texts_as_ids(release))
            assert with_texts_as_ids(ours.content) == theirs.asdict()


def with_texts_as_ids(value: Any) -> Any:
    if isinstance(value, list):
        return [with_texts_as_ids(item) for item in value]
    if isinstance(value, dict):
        return {
            name: str(item) if name == "id" and type(item) is int else with_texts_as_ids(item)
            for name, item in value.items()
        }
    return value


def process(*bodies: Json) -> list[Json]:
    return [{"ocid": "o", "date": f"2025-01-{day:02}", **body} for day, body in enumerate(bodies, start=1)]


RULES: dict[str, list[Json]] = {
    "null takes a value away": [{"tender": {"title": "a"}}, {"tender": {"title": None}}],
    "null takes no object away": [{"tender": {"title": "a"}}, {"tender": None}],
    "null takes no array of objects away": [{"awards": [{"id": 1}]}, {"awards": None}],
    "a whole list": [{"parties": [{"id": 1, "roles": ["a", "b"]}]}, {"parties": [{"id": 1, "roles": []}]}],
    "by id, in order": [{"awards": [{"id": 1, "a": 1}]}, {"awards": [{"id": 2}, {"id": 1, "b": 2}]}],
    "without ids all are kept": [{"documents": [{"a": 1}]}, {"documents": [{"a": 1}]}],
    "one id twice in one release": [{"awards": [{"id": 1, "a": 1}, {"id": 1, "b": 2}]}],
    "the id of an object is a value": [{"tender": {"id": "1"}}, {"tender": {"id": "2"}}],
    "empty says nothing": [{"tender": {}, "awards": []}, {"awards": [{}, {"x": {}}]}],
    "mixed arrays are replaced": [{"a": [1, {"id": 1}]}, {"a": [{"id": 1}, None]}],
    "nested arrays are replaced": [{"a": [[{"id": 1}]]}, {"a": [[{"id": 1, "b": 1}]]}],
    "an object where a list is due": [
        {"bids": {"details": [{"id": 1, "tenderers": {"id": "x", "name": "y"}}]}},
        {"bids": {"details": [{"id": 1, "tenderers": {"id": "z"}}]}},
    ],
}


@pytest.mark.parametrize("rule", RULES)
def test_rules_one_by_one(rule: str) -> None:
    assert_agreement(process(*RULES[rule]))


def test_a_number_that_a_spreadsheet_wrote_is_the_same_id() -> None:
    ours = CompiledRelease()
    for release in process({"awards": [{"id": 1.0, "a": 1}]}, {"awards": [{"id": 1, "a": 2}, {"id": "1.0"}]}):
        ours.add(release)
    assert ours.content["awards"] == [{"id": 1.0, "a": 2}, {"id": "1.0"}]


@pytest.mark.parametrize(
    ("first", "then", "merged"),
    [
        ({"tenderers": {"id": 1}}, {"tenderers": [{"id": 1, "name": "x"}]}, [{"id": 1, "name": "x"}]),
        ({"tenderers": [{"id": 1}]}, {"tenderers": {"id": 2}}, [{"id": 1}, {"id": 2}]),
        ({"tenderers": "none yet"}, {"tenderers": [{"id": 1}]}, [{"id": 1}]),
        ({"tenderers": [{"id": 1}]}, {"tenderers": "see annex"}, [{"id": 1}]),
        ({"tenderers": "see annex"}, {"tenderers": {"id": 1}}, {"id": 1}),
    ],
)
def test_where_the_reference_refuses_or_leaves_it_open_nothing_is_lost(first: Json, then: Json, merged: Any) -> None:
    ours = CompiledRelease()
    for release in process(first, then):
        ours.add(release)
    assert ours.content["tenderers"] == merged


def test_the_id_stays_as_it_was_first_written() -> None:
    ours = CompiledRelease()
    for release in process({"awards": [{"id": 1}]}, {"awards": [{"id": "1", "a": 2}]}):
        ours.add(release)
    assert json.dumps(ours.content["awards"]) == '[{"id": 1, "a": 2}]'


def test_lists_that_the_standard_replaces_whole_can_be_emptied() -> None:
    full = {
        "parties": [{"id": 1, "roles": ["buyer"], "additionalIdentifiers": [{"id": "x"}]}],
        "tender": {"submissionMethod": ["electronicSubmission"], "documents": [{"id": "d"}]},
    }
    empty = {
        "parties": [{"id": 1, "roles": [], "additionalIdentifiers": []}],
        "tender": {"submissionMethod": [], "documents": []},
    }
    ours = CompiledRelease()
    for release in process(full, empty):
        ours.add(release)
    assert ours.content["parties"] == empty["parties"]
    assert ours.content["tender"] == {"submissionMethod": [], "documents": [{"id": "d"}]}


def test_versioned_values_of_a_record_are_values_like_any_other() -> None:
    versions = [{"releaseID": "1", "releaseDate": "2025-01-01", "releaseTag": ["tender"], "value": "a"}]
    assert_agreement(process({"tender": {"title": versions}}, {"tender": {"title": versions}}))


@needs_data
@pytest.mark.real_data
def test_the_record_of_the_fictional_example_is_the_published_one() -> None:
    releases = json.loads((EXAMPLE / "ocds-213czf-000-00001.json").read_text(encoding="utf-8"))["releases"]
    assert len(releases) == 6
    assert_agreement(releases)
    ours = CompiledRelease()
    for release in releases:
        ours.add(release)
    for name in ("ocds-213czf-000-00001.json", "ocds-213czf-000-00001-withversions.json"):
        [record] = json.loads((EXAMPLE / "record" / name).read_text(encoding="utf-8"))["records"]
        assert ours.content == record["compiledRelease"]


@needs_data
@pytest.mark.real_data
@pytest.mark.parametrize("name", ["uk-contracts-finder.jsonl", "public-contracts-scotland.jsonl"])
def test_real_releases_one_by_one_and_as_if_they_were_one_process(name: str) -> None:
    lines = (PROCUREMENT / "uk-ocds" / name).read_text(encoding="utf-8").splitlines()
    releases = [json.loads(line) for line in lines]
    for release in releases:
        assert_agreement([release])
    assert_agreement(releases[:25])
