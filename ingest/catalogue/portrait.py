"""Everything that a declaration says of one source, in a form to be read."""

from collections.abc import Iterator

from ingest.catalogue.listing import CONTEXT_ONLY, feeds_of
from ingest.mapping_spec import Condition, FieldMapping, Mapping, Origin
from ingest.spec import SourceSpec

_MOST_VALUES = 40


def portrait(spec: SourceSpec) -> str:
    """Gives what is declared of a source as plain text: terms, shape, columns, enumerations, mapping, what it feeds."""
    return "\n".join(
        [*_identity(spec), *_terms(spec), *_shape(spec), *_enumerations(spec), *_mappings(spec), *_feeds(spec)]
    )


def retention_in_words(spec: SourceSpec) -> str:
    """Gives how long it is kept."""
    return "not limited" if spec.retention_days is None else f"{spec.retention_days} days"


def licence_in_words(spec: SourceSpec) -> str:
    """Gives the licence with its conditions: consent, share-alike, attribution."""
    licence = spec.licence
    conditions = [
        text
        for text, holds in (
            ("consent required", licence.consent_required),
            ("share-alike", licence.share_alike),
            (f"attribute: {licence.attribution}", licence.attribution is not None),
        )
        if holds
    ]
    return f"{licence.name} ({'; '.join(conditions)})" if conditions else licence.name


def _identity(spec: SourceSpec) -> Iterator[str]:
    yield f"{spec.id}: {spec.title}"
    yield ""
    yield from _line("publisher", spec.publisher)
    yield from _line("citation", spec.citation)
    yield from _line("changes", spec.cadence)
    yield from _line("corrections", spec.corrections_contact)


def _terms(spec: SourceSpec) -> Iterator[str]:
    yield from _line("licence", licence_in_words(spec))
    yield from _line("licence text", spec.licence.url or "none stated")
    yield from _line("sensitivity", spec.sensitivity)
    yield from _line("kept for", retention_in_words(spec))
    yield from _line("second-hand", "yes" if spec.second_hand else "no")


def _shape(spec: SourceSpec) -> Iterator[str]:
    yield from _line("fetched by", spec.connection.kind)
    yield from _line("layout", _layout(spec))
    yield from _line("shape checked", "yes, on a real file" if spec.shape_checked else "no, never on a real file")
    yield from _line("shape note", spec.shape_note or "none")
    yield from _line("needs columns", ", ".join(spec.columns))
    yield from _line("takes columns", ", ".join(spec.optional_columns))
    yield from _line("other headings", _aliases(spec))
    yield from _line("blank is", ", ".join(repr(text) for text in spec.null_values))
    yield from _line("key", ", ".join(spec.key) or "none")
    yield from _line("references", f"{spec.reference_namespace}:…" if spec.reference_namespace else "as they stand")
    most = "any number" if spec.volume.maximum is None else f"{spec.volume.maximum:,}"
    yield from _line("records", f"at least {spec.volume.minimum:,}, expected at most {most}")


def _layout(spec: SourceSpec) -> str:
    given = spec.format.model_dump(exclude_none=True)
    return ", ".join(f"{name} {value!r}" if name != "kind" else str(value) for name, value in given.items())


def _aliases(spec: SourceSpec) -> str:
    return "; ".join(f"{column} = {' or '.join(names)}" for column, names in spec.column_aliases.items())


def _enumerations(spec: SourceSpec) -> Iterator[str]:
    for name, entries in spec.enumerations.items():
        shown = [f"{text} → {_value(value)}" for text, value in list(entries.items())[:_MOST_VALUES]]
        more = [f"and {len(entries) - _MOST_VALUES} more"] if len(entries) > _MOST_VALUES else []
        yield ""
        yield f"values of {name} (any other is quarantined)"
        yield from (f"  {text}" for text in [*shown, *more])


def _mappings(spec: SourceSpec) -> Iterator[str]:
    for mapping in spec.mapping:
        yield ""
        yield f"fills {mapping.table}{_rows_of(mapping)}"
        width = max(len(name) for name in mapping.fields)
        for name, field in mapping.fields.items():
            yield f"  {name.ljust(width)}  ← {_origin(field)}{_reading(field)}"


def _rows_of(mapping: Mapping) -> str:
    parts = [f"for each {path}" for path in mapping.each]
    parts += [f"{len(mapping.each_of)} rows a record"] if mapping.each_of else []
    parts += [f"where {' and '.join(map(_condition, mapping.when))}"] if mapping.when else []
    return f" ({', '.join(parts)})" if parts else ""


def _condition(condition: Condition) -> str:
    tests = [
        f"is one of {', '.join(condition.within)}" if condition.within is not None else "",
        f"is none of {', '.join(condition.not_in)}" if condition.not_in is not None else "",
        "is not blank" if condition.not_blank else "",
        "is blank" if condition.blank else "",
    ]
    return f"{_origin(condition)} {' and '.join(test for test in tests if test)}"


def _origin(origin: Origin) -> str:
    chosen = origin.chosen()
    value = getattr(origin, chosen)
    if chosen == "sql":
        return "SQL: " + " ".join(str(value).split())
    if chosen == "join":
        return " + ".join(_origin(part) if isinstance(part, Origin) else part for part in value)
    if chosen == "record_no":
        return "number of the record"
    return {"value": "always {}", "each": "{} of each row"}.get(chosen, "{}").format(_value(value))


def _reading(field: FieldMapping) -> str:
    parts = [
        f"by {field.enumeration}" if field.enumeration else "",
        f"dates as {' or '.join(field.formats)}" if field.formats else "",
        f"split at {' or '.join(map(repr, field.split))}" if field.split else "",
        f"thousands {field.thousands_separator!r}" if field.thousands_separator else "",
        f"decimal mark {field.decimal_mark!r}" if field.decimal_mark != "." else "",
        f"times {field.scale:g}" if field.scale is not None else "",
        "parts may be blank" if field.optional_parts else "",
    ]
    told = [part for part in parts if part]
    return f" ({', '.join(told)})" if told else ""


def _feeds(spec: SourceSpec) -> Iterator[str]:
    yield ""
    yield "feeds"
    feeds = feeds_of(spec)
    yield from (f"  {feed}" for feed in feeds)
    if not feeds:
        yield f"  {CONTEXT_ONLY if 'list_entry' in {mapping.table for mapping in spec.mapping} else 'no indicator'}"


def _line(label: str, text: str) -> Iterator[str]:
    if text:
        yield f"{label.ljust(15)} {text}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "nothing" if value is None else str(value)
