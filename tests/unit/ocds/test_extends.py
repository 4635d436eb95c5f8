"""A declaration that takes over the keys of another."""

from pathlib import Path

import pytest

from ingest.spec import SOURCES, load_spec
from tierline.errors import ConfigError

PARENT = """
id: parent
title: Parent
publisher: Somebody
licence: {name: none stated}
citation: Parent
cadence: never
corrections_contact: nobody
sensitivity: public
reference_namespace: erp
shape_checked: true
format: {kind: csv}
columns: [id, name]
mapping:
  - table: supplier
    fields: {supplier_ref: {column: id}, name: {column: name}, country_text: {value: Chad}}
"""


def declare(folder: Path, source_id: str, text: str) -> None:
    (folder / source_id).mkdir()
    (folder / source_id / "source.yml").write_text(text, encoding="utf-8")


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    declare(tmp_path, "parent", PARENT)
    declare(tmp_path, "child", "extends: parent\nid: child\ntitle: Child\nformat: {kind: csv, delimiter: ';'}\n")
    declare(tmp_path, "grandchild", "extends: child\nid: grandchild\nshape_checked: false\n")
    declare(tmp_path, "round", "extends: trip\nid: round\n")
    declare(tmp_path, "trip", "extends: round\nid: trip\n")
    declare(tmp_path, "orphan", "extends: parnet\nid: orphan\n")
    declare(tmp_path, "wrong", "extends: parent\nid: wrong\ntitel: Wrong\n")
    return tmp_path


def test_what_it_does_not_say_itself_is_what_the_other_says(sources: Path) -> None:
    parent, child, grandchild = (load_spec(name, sources) for name in ("parent", "child", "grandchild"))
    assert (child.id, child.title, child.format.delimiter) == ("child", "Child", ";")
    assert (child.publisher, child.mapping) == (parent.publisher, parent.mapping)
    assert (grandchild.title, grandchild.format.delimiter, grandchild.shape_checked) == ("Child", ";", False)
    assert parent.title == "Parent"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("round", "circle: round → trip → round"),
        ("orphan", "did you mean parent"),
        ("wrong", "unknown key 'titel'; did you mean title"),
    ],
)
def test_a_wrong_extension_says_what_is_wrong(sources: Path, source: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        load_spec(source, sources)


def test_the_procurement_sources_share_one_mapping() -> None:
    shared = load_spec("ocds_bulk_jsonl", SOURCES)
    for source in ("ocds_release_package", "uk_find_a_tender", "uk_contracts_finder", "public_contracts_scotland"):
        spec = load_spec(source, SOURCES)
        assert (spec.mapping, spec.merge, spec.null_values) == (shared.mapping, "ocds", shared.null_values)
        assert spec.format.records == "$.releases[*]"
