"""A draft as the text of a `source.yml`: plain YAML with what was seen and what is to be decided as comments."""

import json
import re
import textwrap
from collections.abc import Iterable, Iterator

from ingest.catalogue.draft import Draft, FieldDraft
from ingest.catalogue.profile import MOST_LISTED_VALUES, Column

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_/.-]*(?: [A-Za-z0-9_/.-]+)*")
_RESERVED = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
_WIDTH = 118


def declaration_text(draft: Draft) -> str:
    """Gives the YAML; `parse_spec` accepts it."""
    parts = [_head(draft), _layout(draft), _columns(draft), _enumerations(draft), _mapping(draft), _unused(draft)]
    return "".join(f"{line}\n" for part in parts for line in part)


def _head(draft: Draft) -> Iterator[str]:
    yield f"id: {draft.source_id}"
    yield f"title: {draft.source_id.replace('_', ' ')}"
    yield "publisher: none stated"
    yield "licence: {name: none stated, url: null, consent_required: false}"
    yield "citation: none stated"
    yield "cadence: none stated"
    yield "corrections_contact: none stated"
    yield "sensitivity: internal"
    yield "retention_days: null"
    yield f"reference_namespace: {draft.source_id.replace('_', '-')}"
    yield "shape_checked: false"
    yield "shape_note: >-"
    seen = "all" if draft.sample.is_whole else "the first"
    note = (
        f"Drafted from a sample: {seen} {draft.sample.columns.height:,} records and {len(draft.columns)} columns were "
        "looked at. Say here in full sentences what you found in the file, and what you do not know."
    )
    yield from textwrap.wrap(note, _WIDTH, initial_indent="  ", subsequent_indent="  ")
    yield "second_hand: false"
    yield "connection: {kind: file}"


def _layout(draft: Draft) -> Iterator[str]:
    given = draft.sample.layout.format.model_dump(exclude_none=True)
    if given["kind"] != "csv":
        given.pop("delimiter")
    if given["kind"] in {"xlsx", "parquet"}:
        given.pop("encoding")
    yield f"format: {{{', '.join(f'{key}: {_scalar(value)}' for key, value in given.items())}}}"
    if draft.sample.layout.packing:
        yield f"# The sample is packed with {draft.sample.layout.packing}, which is recognised by itself."


def _columns(draft: Draft) -> Iterator[str]:
    if not draft.sample.is_json:
        used = draft.used(required_only=True) or draft.used() or [draft.columns[0].name]
        yield from _list("columns", used)
        others = [column.name for column in draft.columns if column.name not in used]
        if others:
            yield from _list("optional_columns", others)
    yield from _list("null_values", draft.nulls)
    yield from _list("key", draft.key)
    yield "volume: {minimum: 1, maximum: null}"


def _enumerations(draft: Draft) -> Iterator[str]:
    if not draft.enumerations:
        return
    yield "enumerations:"
    for name, entries in draft.enumerations.items():
        yield f"  {name}:{'' if entries else ' {}'}"
        yield from (f"    {_scalar(text)}: {_scalar(value)}" for text, value in entries.items())
        undecided = draft.undecided_values.get(name, [])
        yield from (f"    # to decide: {_comment(_scalar(text))}:" for text in undecided[:MOST_LISTED_VALUES])
        if len(undecided) > MOST_LISTED_VALUES:
            yield f"    # and {len(undecided) - MOST_LISTED_VALUES} more values"


def _mapping(draft: Draft) -> Iterator[str]:
    yield "mapping:"
    yield f"  - table: {draft.contract.table}"
    if draft.items is not None:
        yield f"    each: {_scalar(draft.items.path)}"
    yield "    fields:"
    for field in draft.fields:
        yield f"      {field.name}: {{{_keys(field)}}}{f'  # {_comment(field.remark)}' if field.remark else ''}"


def _keys(field: FieldDraft) -> str:
    return ", ".join(f"{key}: {_value(value)}" for key, value in field.keys.items())


def _unused(draft: Draft) -> Iterator[str]:
    """Tells what was seen of columns that fill nothing, so that nobody has to open the file again."""
    used = set(draft.used())
    free = [column for column in draft.all_columns if column.name not in used]
    if free:
        yield "# Not mapped:"
        yield from (f"#   {_comment(column.name)}{_comment(_seen(column))}" for column in free)


def _seen(column: Column) -> str:
    return f": {', '.join(_sights(column))}" if _sights(column) else ""


def _sights(column: Column) -> list[str]:
    if not column.filled:
        return ["blank throughout"]
    if column.dates:
        return [f"dates, {' or '.join(format_ or 'ISO 8601' for format_ in column.dates)}"]
    told = [_numbers_in_words(column)] if column.numbers and not column.is_flag else []
    if column.values:
        listed = ", ".join(text for text, _ in column.values[:MOST_LISTED_VALUES])
        return [*told, f"{len(column.values)} values: {listed}"]
    return told or (["LEI"] if column.is_lei else ["countries"] if column.is_country else [])


def _numbers_in_words(column: Column) -> str:
    if column.is_ambiguous_number:
        return "numbers whose sign may part thousands or decimals"
    (numbers,) = column.numbers
    thousands = f' with "{numbers.thousands}" between thousands' if numbers.thousands else ""
    decimals = f' with "{numbers.decimal}" before decimals' if numbers.decimal != "." else ""
    return f"numbers{' and'.join(filter(None, (thousands, decimals)))}"


def _list(key: str, values: Iterable[str]) -> Iterator[str]:
    line, indent = f"{key}: [", "  "
    items = [_scalar(value) for value in values]
    if len(line) + len(", ".join(items)) >= _WIDTH and items:
        yield f"{key}:"
        line, indent = f"{indent}[", "   "
    for item in [*(f"{item}," for item in items[:-1]), *(f"{item}]" for item in items[-1:])]:
        if len(line) + len(item) > _WIDTH and line.strip() not in {"[", ""}:
            yield line.rstrip()
            line = indent
        line += f"{item} "
    yield line.rstrip() if items else f"{line}]"


def _value(value: str | bool | list[str]) -> str:
    return f"[{', '.join(_scalar(item) for item in value)}]" if isinstance(value, list) else _scalar(value)


def _scalar(value: str | bool) -> str:
    """Gives a YAML scalar: as it is where that is safe, else in double quotes as JSON writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if _PLAIN.fullmatch(value) and value.lower() not in _RESERVED:
        return value
    return json.dumps(value, ensure_ascii=False)


def _comment(text: str) -> str:
    return " ".join(text.split())
