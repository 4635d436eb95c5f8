"""What a draft leaves to a person, in sentences: what was seen and not used, and what no sample can tell."""

from collections.abc import Iterator

from ingest.catalogue.draft import Draft
from ingest.catalogue.profile import Column
from ingest.contracts import ContractField

_MOST_LATITUDE = 90
_SHOWN_ODD = 3
_LONGEST_NULL = 12


def remarks(draft: Draft) -> Iterator[str]:
    """Yields what is to be told of the sample, its arrays, its columns and the terms of use."""
    yield from _of_the_sample(draft)
    yield from _of_arrays(draft)
    if not draft.key:
        yield "no key: no column has a value of its own in every record; list columns under key if some do together"
    yield from _of_columns(draft)
    if "name" in draft.contract.field_names:
        yield "natural persons: where a record may be of a person, map no name and no number of it (see br_lista_suja)"
    yield "publisher, licence, citation, cadence, corrections_contact: 'none stated' until you say otherwise"
    yield "sensitivity: internal; say public, or restricted for answers of workers"
    yield "shape_checked: false; say true once the sample is known to be a real file of the publisher"


def about_odd_texts(item: ContractField, column: Column) -> str:
    """Gives the sentence on the texts of a mapped column that are no number or date where most are."""
    shown = ", ".join(f"'{text}'" for text in column.odd[:_SHOWN_ODD])
    more = f" and {len(column.odd) - _SHOWN_ODD} more" if len(column.odd) > _SHOWN_ODD else ""
    kind = "dates" if item.kind == "date" else "numbers"
    return (
        f"{item.name} ← {column.name}: no {kind} like the others: {shown}{more}; a spelling of nothing known belongs"
        " under null_values, a fault stays and its record waits in quarantine"
    )


def _of_the_sample(draft: Draft) -> Iterator[str]:
    yield from draft.sample.layout.notes
    if draft.sample.rejected:
        yield f"{draft.sample.rejected} records of the sample could not be read as they stand"
    if draft.sample.unusable:
        yield f"headings that stand there twice or are blank cannot be used: {', '.join(draft.sample.unusable)}"


def _of_arrays(draft: Draft) -> Iterator[str]:
    if draft.items is not None:
        yield (
            f"each: {draft.items.path}: a row of {draft.contract.table} for each of its items; parent_path leads to"
            " what stands above them in the record"
        )
    others = [path for path in draft.sample.arrays if draft.items is None or path != draft.items.path]
    if others:
        yield f"arrays are not mapped: {', '.join(others)}; `each` gives a row an item"


def _of_columns(draft: Draft) -> Iterator[str]:
    used = set(draft.used())
    latitude = next((made.column for made in draft.fields if made.name == "latitude"), None)
    for column in draft.all_columns:
        if column.name not in used and len(column.odd) == 1 and len(column.odd[0]) <= _LONGEST_NULL:
            yield (
                f"{column.name}, not mapped: '{column.odd[0]}' is unlike its other values; a spelling of nothing known"
                " belongs under null_values"
            )
        if column.name == latitude and (column.greatest or 0) > _MOST_LATITUDE:
            yield f"latitude ← {column.name}: values beyond 90; the headings of latitude and longitude may be swapped"
