"""The reference of all keys is current, and its examples are declarations that work."""

import pytest
import yaml

from ingest.mapping_spec import Condition, FieldMapping, Mapping
from ingest.source_document import DOCUMENT, EXAMPLES, source_document
from ingest.spec import SourceSpec, parse_spec
from tierline.run import PROJECT

HEAD = """
id: makers
title: t
publisher: p
licence: {name: l}
citation: c
cadence: never
corrections_contact: x
sensitivity: restricted
survey: {place: offsite_survey}
shape_checked: false
"""


def test_the_document_is_what_the_models_give() -> None:
    assert (PROJECT / DOCUMENT).read_text(encoding="utf-8") == source_document(), "run `make docs`"


def test_every_key_has_a_meaning_and_every_key_of_a_mapping_an_example() -> None:
    for model in (SourceSpec, Mapping, FieldMapping, Condition):
        for name, field in model.model_fields.items():
            assert field.description, name
            assert f"| `{field.alias or name}` |" in source_document()
    examples = "\n".join(EXAMPLES.values())
    keys = {field.alias or name for model in (FieldMapping, Condition) for name, field in model.model_fields.items()}
    assert [key for key in sorted(keys) if f"{key}:" not in examples] == []


@pytest.mark.parametrize(
    "key", [key for key in EXAMPLES if key not in {"each", "each_of", "when", "blank", "questions"}]
)
def test_an_example_of_a_field_is_right(key: str) -> None:
    for fields in [yaml.safe_load(line) for line in EXAMPLES[key].splitlines() if not line.startswith("#")]:
        for name, source in fields.items():
            if name != "enumerations":
                FieldMapping.model_validate(source)


@pytest.mark.parametrize("key", ["when", "blank"])
def test_an_example_of_a_condition_is_right(key: str) -> None:
    listed = yaml.safe_load(EXAMPLES[key])["when"]
    for condition in listed if isinstance(listed, list) else [listed]:
        Condition.model_validate(condition)


def test_the_example_of_questions_is_a_declaration() -> None:
    questions = "\n".join(f"    {line}" for line in EXAMPLES["questions"].splitlines())
    fields = "    fields: {respondent_key: {column: id}, facility_ref: {column: site}, submitted_on: {column: day}}\n"
    shape = "format: {kind: csv}\ncolumns: [id, site, day, q_documents]\n"

    spec = parse_spec(f"{HEAD}{shape}mapping:\n  - table: survey_answer\n{questions}\n{fields}", "makers")

    assert list(spec.mapping[0].questions) == ["q_documents"]
