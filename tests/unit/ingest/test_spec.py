"""A declaration that is wrong is refused, and the message says what would be right."""

import pytest

from ingest.spec import SOURCES, load_spec, parse_spec
from tests.unit.ingest.conftest import CSV_SOURCE, JSON_LINES_SOURCE, SURVEY_SOURCE
from tierline.errors import ConfigError


@pytest.mark.parametrize("source_id", sorted(path.parent.name for path in SOURCES.glob("*/source.yml")))
def test_every_declared_source_is_right(source_id: str) -> None:
    assert load_spec(source_id).id == source_id


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("publisher: Test", "publsher: Test", "unknown key 'publsher'; did you mean publisher"),
        ("licence: {name: none}", "licence: {nme: none}", "did you mean name?"),
        ("name: {column: name}", "name: {colum: name}", "did you mean column"),
        ("- table: supplier", "- table: suplier", "did you mean supplier?"),
        ("workers: {column: workers}", "worker: {column: workers}", "did you mean workers?"),
        ("workers: {column: workers}", "workers: {column: wrkers}", "did you mean workers?"),
        ("name: {column: name}", "name: {column: name, value: x}", "exactly one of"),
        ("name: {column: name}", "name: {path: $.name}", "'path' does not go with records of kind csv"),
        ("name: {column: name}", "name: {column: name, enumeration: kinds}", "no enumeration 'kinds'"),
        ("      supplier_ref: {column: id}\n", "", "supplier requires supplier_ref"),
        ("columns: [id, name, country]\n", "", "name the headings"),
        ("key: [id]", "key: [ids]", "'ids' is used and not under columns"),
    ],
)
def test_a_wrong_key_is_named_with_a_near_one(old: str, new: str, told: str) -> None:
    assert old in CSV_SOURCE

    with pytest.raises(ConfigError) as raised:
        parse_spec(CSV_SOURCE.replace(old, new), "makers")

    assert told in str(raised.value)
    assert "source makers" in str(raised.value)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("name: {column: name}", "name: {colum: name}", ["mapping 1 (supplier), field name: unknown key 'colum'"]),
        ("name: {column: name}", "name: name", ["mapping 1 (supplier), field name: give keys with values"]),
        ("name: {column: name}", "name: {value: [a]}", ["field name, value: give text, a number, true or false"]),
        ("name: {column: name}", "name: {join: [id, {colum: name}]}", ["field name, join 2: unknown key 'colum'"]),
        ("name: {column: name}", "name: {column: name, scale: 2}", ["field name: scale goes with numbers"]),
        ("name: {column: name}", "name: {column: name, optional_parts: true}", ["optional_parts goes with join"]),
        ("licence: {name: none}", "licence: {nme: none}", ["licence: unknown key 'nme'; did you mean name?"]),
        (
            "    fields:",
            "    when: {column: id, not_blank: false}\n    fields:",
            ["when, not_blank: write blank: true"],
        ),
        ("    fields:", "    when: {column: id, blank: false}\n    fields:", ["when, blank: write not_blank: true"]),
        (
            "name: {column: name}",
            "name: {column: nme, enumeration: kinds}",
            ["mapping 1 (supplier), field name: no enumeration 'kinds'", "mapping 1 (supplier): 'nme' is used"],
        ),
        (
            "    fields:",
            "    when: [{column: id, blank: true}, {column: id}]\n    fields:",
            ["mapping 1 (supplier), when 2: give 'in'"],
        ),
    ],
)
def test_each_fault_is_told_once_and_says_where_it_stands(old: str, new: str, told: list[str]) -> None:
    assert old in CSV_SOURCE

    with pytest.raises(ConfigError) as raised:
        parse_spec(CSV_SOURCE.replace(old, new), "makers")

    lines = [line for line in str(raised.value).splitlines() if line.startswith("  - ")]
    assert len(lines) == len(told), lines
    for line, words in zip(lines, told, strict=True):
        assert words in line
    assert "docs/source-reference.md lists all keys" in str(raised.value)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('each: ["$.awards[*]", "$.suppliers[*]"]', 'each: ["$.awards[*]"]\n    each_of: [{a: b}]', "one of each"),
        ('parent_path: "$.date", level: 1', 'parent_path: "$.date", level: 3', "only 2 arrays"),
        ('{path: "$.name"}', '{path: "$..name"}', "no path"),
        ('"$.awards[*]", "$.suppliers[*]"', '"$.awards[*].suppliers[*]"', "leads through several arrays"),
        ("    fields:", '    when: {path: "$.a[*].b", in: [x]}\n    fields:', "at the end of a path"),
        ("    fields:", '    when: {path: "$.a[*]", not_blank: true}\n    fields:', "'in' or 'not_in'"),
    ],
)
def test_paths_and_levels_are_checked(old: str, new: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        parse_spec(JSON_LINES_SOURCE.replace(old, new), "notices")


def test_answers_of_workers_must_be_restricted() -> None:
    with pytest.raises(ConfigError, match="is restricted"):
        parse_spec(SURVEY_SOURCE.replace("sensitivity: restricted", "sensitivity: public"), "answers")


def test_yes_no_and_dates_are_text_in_a_declaration() -> None:
    spec = parse_spec(CSV_SOURCE + "enumerations: {flags: {yes: adverse, no: null, 1: 2020-01-01}}\n", "makers")

    assert spec.enumerations == {"flags": {"yes": "adverse", "no": None, "1": "2020-01-01"}}


def test_an_undeclared_source_is_answered_with_near_names() -> None:
    with pytest.raises(ConfigError, match="erp_vendor_master"):
        load_spec("erp_vendor_mastr")
