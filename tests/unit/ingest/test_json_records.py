"""What JSON records give, however oddly they are shaped: one pass over a record finds what several paths lead to."""

import json
from typing import Any

import pytest

from ingest.json_path import json_path
from ingest.json_shape import JSON, TEXT, Shape, reached_by, shape_text, steps_of, with_leaf
from tests.unit.ingest.conftest import JSON_LINES_SOURCE, Installation

AWARD_OF = "SELECT supplier_ref, supplier_name, process_ref FROM canonical.award ORDER BY record_no, item_no"


def _load(installation: Installation, declared: str, *records: dict[str, Any]) -> None:
    installation.declare(declared, "notices.jsonl")
    installation.write("notices.jsonl", "".join(json.dumps(record) + "\n" for record in records))
    installation.load()


def _with_name(origin: str) -> str:
    return JSON_LINES_SOURCE.replace('supplier_name: {path: "$.name"}', f"supplier_name: {origin}")


def _award(supplier: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {"id": "r", "ocid": "o", "awards": [{"id": "a", "suppliers": [supplier]}], **others}


@pytest.mark.parametrize(
    ("shape", "path", "leaf", "grown"),
    [
        (None, "$", TEXT, TEXT),
        (None, "$.a.b", TEXT, {"a": {"b": TEXT}}),
        (None, "$.a[1].b", TEXT, {"a": [{"b": TEXT}]}),
        ({"a": {"b": TEXT}}, "$.a.c", JSON, {"a": {"b": TEXT, "c": JSON}}),
        ({"a": TEXT}, "$.a", TEXT, {"a": TEXT}),
        ({"a": TEXT}, "$.a", JSON, None),
        ({"a": TEXT}, "$.a.b", TEXT, None),
        ({"a": {"b": TEXT}}, "$.a", TEXT, None),
        ({"a": {"b": TEXT}}, "$.a[0]", TEXT, None),
        ({"a": [TEXT]}, "$.a[5]", TEXT, {"a": [TEXT]}),
        ({"id": TEXT}, "$.ID", TEXT, None),
        ({"a": TEXT}, "$", TEXT, None),
    ],
)
def test_a_shape_grows_where_nothing_else_stands_in_the_way(
    shape: Shape | None, path: str, leaf: Shape, grown: Shape | None
) -> None:
    assert with_leaf(shape, steps_of(json_path(path)), leaf) == grown


def test_steps_and_shapes_as_sql() -> None:
    steps = steps_of(json_path('$.a."b c"[2].é'))

    assert reached_by(steps) == '."a"."b c"[3]."é"'
    assert shape_text(with_leaf(None, steps, TEXT) or "") == '{"a": {"b c": [{"é": "VARCHAR"}]}}'


@pytest.mark.parametrize(
    ("origin", "supplier", "name"),
    [
        ('{path: "$.Name"}', {"name": "small", "Name": "large"}, "large"),
        ("{sql: \"(item->>'$.name') || (item->>'$.NAME')\"}", {"name": "a", "NAME": "b"}, "ab"),
        ("{sql: \"(item->>'$.names') || (item->>'$.names[0]')\"}", {"names": ["x"]}, '["x"]x'),
        ("{sql: \"json_array_length(item, '$.names')\"}", {"names": ["x", "y"]}, "2"),
        ("{sql: \"json_type(item_1, '$.id')\"}", {}, "VARCHAR"),
        ("{sql: \"'item ' || coalesce(item->>'$.name', 'none')\"}", {"name": "x"}, "item x"),
        ('{path: "$.name"}', {"name": {"en": "x"}}, '{"en":"x"}'),
        ('{path: "$.name"}', {"name": 1.50}, "1.5"),
        ('{path: "$.name"}', {"name": None}, None),
        ('{path: "$.name.en"}', {"name": "x"}, None),
    ],
)
def test_keys_that_differ_in_capitals_and_paths_within_each_other_are_read(
    installation: Installation, origin: str, supplier: dict[str, Any], name: str | None
) -> None:
    _load(installation, _with_name(origin), _award({"id": "s", **supplier}))

    assert installation.query(AWARD_OF) == [("ocds:s", name, "ocds:o")]


def test_a_path_within_the_array_of_items_is_read_beside_them(installation: Installation) -> None:
    declared = _with_name("{sql: \"(record->>'$.awards[0].id') || left(record->>'$.awards', 2)\"}")

    _load(installation, declared, _award({"id": "s"}))

    assert installation.query(AWARD_OF) == [("ocds:s", "a[{", "ocds:o")]


@pytest.mark.parametrize("as_text", [False, True])
@pytest.mark.parametrize(
    ("awards", "found"),
    [
        ({"id": "a", "suppliers": {"id": "s"}}, ["ocds:s"]),
        ([{"id": "a", "suppliers": {"id": "s"}}, {"id": "b", "suppliers": [{"id": "t"}]}], ["ocds:s", "ocds:t"]),
        ([{"id": "a", "suppliers": "s"}, {"id": "b"}, None, 3, "x"], []),
        ("awards", []),
        (None, []),
        ([], []),
    ],
)
def test_an_object_stands_for_an_array_of_one_and_nothing_else_does(
    installation: Installation, awards: Any, found: list[str], as_text: bool
) -> None:
    name = "{sql: \"json_extract_string(item, '$.name')\"}" if as_text else '{path: "$.name"}'

    _load(installation, _with_name(name), {"id": "r", "ocid": "o", "awards": awards})

    assert [reference for reference, _, _ in installation.query(AWARD_OF)] == found


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ('{path: "$.roles[*]", in: [maker, seller]}', ["ocds:1", "ocds:2", "ocds:3"]),
        ('{path: "$.roles[*]", not_in: [maker, seller]}', ["ocds:4", "ocds:5", "ocds:6"]),
        ('{parent_path: "$.tags[*]", level: 1, in: [live]}', [f"ocds:{number}" for number in range(1, 7)]),
        ('{parent_path: "$.tags[*]", in: [live]}', []),
    ],
)
def test_of_an_array_any_value_may_meet_a_condition(
    installation: Installation, condition: str, found: list[str]
) -> None:
    roles: list[Any] = [["maker"], ["buyer", " seller "], ["maker", "maker"], ["buyer", None], [], "maker"]
    suppliers = [{"id": str(number), "roles": one} for number, one in enumerate(roles, start=1)]
    declared = JSON_LINES_SOURCE.replace("    fields:", f"    when: {condition}\n    fields:")

    _load(
        installation,
        declared,
        {"id": "r", "ocid": "o", "awards": [{"id": "a", "tags": ["live"], "suppliers": suppliers}]},
    )

    assert [reference for reference, _, _ in installation.query(AWARD_OF)] == found
