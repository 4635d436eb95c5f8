"""All keys of a declaration as a document: `docs/source-reference.md`, written by `make docs`."""

import types
from html import escape
from inspect import getdoc
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from ingest.mapping_spec import Condition, FieldMapping, Mapping, Origin, Question
from ingest.spec import Format, Licence, SourceSpec, Survey, Volume

DOCUMENT = Path("docs") / "source-reference.md"
_HEADER = "| key | type | default | meaning |\n|---|---|---|---|\n"
_WORDS = {str: "text", int: "whole number", float: "number", bool: "true or false", type(None): "null"}
_OPENING = """# Keys of source.yml

Generated from `ingest/spec.py` and `ingest/mapping_spec.py` by `make docs`; do not edit.

A declaration says what a source is, what shape it has and which canonical fields it fills. A key that does not stand
here is an error. [data-contracts.md](data-contracts.md) lists the canonical tables and fields,
[connections.md](connections.md) the keys of `connection`, [add-a-source.md](add-a-source.md) shows the way from a file
to a declaration. `extends: <source id>` takes over every key of another declaration that this one does not give.
"""
_SECTIONS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("licence", Licence),
    ("format", Format),
    ("volume", Volume),
    ("survey", Survey),
    ("mapping", Mapping),
    ("mapping: fields", FieldMapping),
    ("mapping: when", Condition),
    ("mapping: questions", Question),
)
EXAMPLES: dict[str, str] = {
    "column": "name: {column: Company name}",
    "path": 'name: {path: "$.buyer.name"}              # of the innermost item of each',
    "parent_path": 'audit_ref: {parent_path: "$.id"}          # of the record',
    "document_path": 'package_url: {document_path: "$.uri"}     # of the document that the records stand in',
    "level": 'found_on: {parent_path: "$.date", level: 1}  # of an item of the first array under each',
    "value": "scheme: {value: SMETA}",
    "record_no": "finding_ref: {record_no: true}",
    "join": 'finding_ref: {join: [{parent_path: "$.id"}, "$.no"]}\naddress: {join: [street, town], separator: ", "}',
    "optional_parts": "supplier_ref: {join: [name, address], optional_parts: true}",
    "each": 'each: ["$.visits[*]", "$.findings[*]"]    # in the mapping: a row for each finding of each visit',
    "each_of": "each_of:                                  # in the mapping: a row for each entry\n"
    "  - {issue: child labour, answer: q_children}\n"
    "  - {issue: forced labour, answer: q_forced}\n"
    "fields:\n"
    "  issue_code: {each: issue}               # the constant\n"
    "  outcome: {each_column: answer, enumeration: outcomes}  # the cell under the heading that it names",
    "sql": "supplier_ref: {sql: \"upper(record->>'$.vendor')\"}",
    "enumeration": "grade: {column: severity, enumeration: grades}\n"
    '# beside mapping:\nenumerations: {grades: {High: major, Low: minor, "-": null}}',
    "formats": 'found_on: {column: day, formats: ["%d/%m/%Y", "%Y-%m-%d"]}',
    "split": 'aliases: {column: other names, split: [";", "/"]}',
    "thousands_separator": 'amount: {column: value, thousands_separator: ".", decimal_mark: ","}',
    "decimal_mark": 'quantity: {column: value, decimal_mark: ","}',
    "scale": "migrant_share: {column: migrants in percent, scale: 0.01}",
    "namespace": "supplier_ref: {column: lei, namespace: lei}\nparty_ref: {column: party, namespace: null}  # has one",
    "when": "when:\n"
    "  - {column: status, in: [final, closed]}\n"
    "  - {column: kind, not_in: [test]}\n"
    "  - {column: grade, not_blank: true}",
    "blank": 'when: {path: "$.findings", blank: true}    # an audit that found nothing: no array, or an empty one',
    "questions": "questions:                                # with table: survey_answer\n"
    '  q_documents: {indicator: F07, adverse: ["yes"], not_adverse: ["no"]}',
}
"""A few lines for each key of a mapping."""


def source_document() -> str:
    """Gives the document in Markdown."""
    sections = [_OPENING, "## source.yml\n\n" + _table(SourceSpec)]
    sections += [f"## {title}\n\n{_told(model)}\n\n{_table(model)}" for title, model in _SECTIONS]
    examples = "\n".join(f"`{key}`\n\n```yaml\n{text}\n```\n" for key, text in EXAMPLES.items())
    return "\n".join([*sections, f"## Examples of mappings\n\n{examples}"])


def _told(model: type[BaseModel]) -> str:
    text = getdoc(model) or ""
    if issubclass(model, Origin):
        text += "\n\nExactly one key says where the value comes from."
    return text


def _table(model: type[BaseModel]) -> str:
    return _HEADER + "".join(
        f"| `{field.alias or name}` | {_cell(_kind(field.annotation))} | {_default(field)} "
        f"| {_cell(field.description or '')} |\n"
        for name, field in model.model_fields.items()
    )


def _cell(text: str) -> str:
    return escape(text, quote=False).replace("|", "\\|")


def _kind(annotation: Any) -> str:
    """Gives the words for a type: what is written in YAML."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(arguments[0])
    if origin is Literal:
        return ", ".join(f"`{str(value).lower() if isinstance(value, bool) else value}`" for value in arguments)
    if origin in {Union, types.UnionType}:
        return " or ".join(dict.fromkeys(_kind(one) for one in arguments if one is not type(None)))
    if origin is tuple:
        return f"list of: {_kind(arguments[0])}"
    if origin is dict:
        return f"keys with: {_kind(arguments[1])}"
    return _WORDS.get(annotation) or "section"


def _default(field: FieldInfo) -> str:
    if field.default is PydanticUndefined:
        return "(required)"
    if field.default is None or field.default in ("", (), {}):
        return "none"
    if isinstance(field.default, BaseModel):
        return "the section's own"
    return f"`{_written(field.default)}`"


def _written(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(repr(str(one)) for one in value)}]"
    return str(value).lower() if isinstance(value, bool) else str(value)
