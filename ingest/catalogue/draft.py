"""A declaration drafted from a sample: which columns fill what, and what a person has to decide."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.catalogue.guessing import Guess, check_table, guesses, heading_key, likely_table
from ingest.catalogue.profile import NO, YES, Column, NumberFormat, profiles_of
from ingest.catalogue.sample import Sample, read_sample
from ingest.contracts import Contract, ContractField
from ingest.source_loading import make_country_names
from tierline.warehouse import connect

_NUMERIC = {"integer", "number", "money", "price"}
_LEAST_FILLED_NAME = 0.9
_ID_WORDS = {"id", "no", "nr", "number", "code", "ref", "reference", "uuid", "key", "numero", "codigo", "nummer"}
_MOST_LATITUDE = 90
_SHOWN_ODD = 3


@dataclass(frozen=True)
class FieldDraft:
    """One line of the mapping: the keys of a field mapping, and a remark to put behind it."""

    name: str
    keys: dict[str, str | bool | list[str]]
    remark: str = ""


@dataclass
class Draft:
    """All that goes into a new declaration."""

    source_id: str
    sample: Sample
    contract: Contract
    columns: list[Column]
    fields: list[FieldDraft] = field(default_factory=list)
    enumerations: dict[str, dict[str, str | bool]] = field(default_factory=dict)
    undecided_values: dict[str, list[str]] = field(default_factory=dict)
    key: list[str] = field(default_factory=list)
    to_decide: list[str] = field(default_factory=list)

    @property
    def nulls(self) -> list[str]:
        """Spellings of nothing known, over all columns."""
        return list(dict.fromkeys(["", *(word for column in self.columns for word in column.nulls)]))

    def used(self, *, required_only: bool = False) -> list[str]:
        """Gives the columns that the key and the fields, or the required fields, need, in the order of the sample."""
        fields = [draft for draft in self.fields if not required_only or self.contract.field(draft.name).required]
        keys = ("column", "path")
        wanted = {str(draft.keys[key]) for draft in fields for key in keys if key in draft.keys} | set(self.key)
        return [column.name for column in self.columns if column.name in wanted]


def draft_of(source_id: str, path: Path, table: str | None) -> Draft:
    """Gives a draft for a sample and a canonical table, or the likeliest; raises ConfigError where none can be made."""
    sample = read_sample(path)
    with connect() as connection:
        make_country_names(connection)
        columns = profiles_of(connection, sample.columns)
    named = table or likely_table(columns)
    draft = Draft(source_id, sample, check_table(named), columns)
    if table is None:
        draft.to_decide.append(f"the table {named} was chosen by the headings; --table names another")
    draft.key = _key(draft)
    _fill(draft, guesses(draft.contract, columns))
    draft.to_decide.extend(_remarks(draft))
    return draft


def _key(draft: Draft) -> list[str]:
    """Gives the column that identifies a record: unique, and named like a reference of the table or like an id."""
    unique = [column for column in draft.columns if column.is_unique and not column.is_country]
    references = [guess.column.name for guess in guesses(draft.contract, unique) if guess.field.is_reference]
    named = [column.name for column in unique if _ID_WORDS & set(heading_key(column.name).split())]
    return (references or named)[:1]


def _fill(draft: Draft, found: Sequence[Guess]) -> None:
    by_name = {guess.field.name: guess for guess in found}
    for item in draft.contract.fields:
        guess = by_name.get(item.name)
        made = _from_column(draft, guess) if guess is not None else None
        if made is None and item.required and not _is_answered(item, by_name):
            made = _stand_in(draft, item)
        if made is not None:
            draft.fields.append(made)


def _is_answered(item: ContractField, found: dict[str, Guess]) -> bool:
    return item.name == "country_code" and "country_text" in found


def _from_column(draft: Draft, guess: Guess) -> FieldDraft | None:
    item, column = guess.field, guess.column
    keys: dict[str, str | bool | list[str]] = {"path" if draft.sample.is_json else "column": column.name}
    if column.odd and (item.kind == "date" or item.kind in _NUMERIC):
        draft.to_decide.append(_about_odd_texts(item, column))
    if item.kind == "date" and column.is_ambiguous_date:
        formats = " or ".join(column.dates)
        draft.to_decide.append(f"{item.name} ← {column.name}: dates fit {formats}; day and month cannot be told apart")
        return _undated(item, keys, formats)
    numbers = _number_format(item, column)
    if item.kind in _NUMERIC and numbers is None:
        draft.to_decide.append(f"{item.name} ← {column.name}: its sign may part thousands or decimals; left out")
        return None
    if item.kind == "date" and column.dates != ("",):
        keys["formats"] = list(column.dates)
    if numbers is not None and numbers.thousands:
        keys["thousands_separator"] = numbers.thousands
    if numbers is not None and numbers.decimal != ".":
        keys["decimal_mark"] = numbers.decimal
    if item.kind == "flag" or item.allowed:
        keys["enumeration"] = _enumeration(draft, item, column)
    return FieldDraft(item.name, keys, "" if guess.why.startswith("heading") else guess.why)


def _about_odd_texts(item: ContractField, column: Column) -> str:
    shown = ", ".join(f"'{text}'" for text in column.odd[:_SHOWN_ODD])
    more = f" and {len(column.odd) - _SHOWN_ODD} more" if len(column.odd) > _SHOWN_ODD else ""
    kind = "dates" if item.kind == "date" else "numbers"
    return (
        f"{item.name} ← {column.name}: no {kind} like the others: {shown}{more}; a spelling of nothing known belongs"
        " under null_values, a fault stays and its record waits in quarantine"
    )


def _number_format(item: ContractField, column: Column) -> NumberFormat | None:
    """Gives how a number is written; none where that cannot be told. A whole number has no decimals to mistake."""
    if item.kind not in _NUMERIC or not column.is_ambiguous_number:
        return column.numbers[0] if item.kind in _NUMERIC else None
    with_thousands = [numbers for numbers in column.numbers if numbers.thousands]
    return with_thousands[0] if item.kind == "integer" and with_thousands else None


def _undated(item: ContractField, keys: dict[str, str | bool | list[str]], formats: str) -> FieldDraft | None:
    """Gives a required date without a format, so that every record waits in quarantine until one is chosen."""
    return FieldDraft(item.name, keys, f"to decide: formats: one of {formats}") if item.required else None


def _enumeration(draft: Draft, item: ContractField, column: Column) -> str:
    name = f"{item.name}_values"
    known: dict[str, str | bool] = {}
    for text in dict.fromkeys(value for value in draft.sample.columns[column.name] if value and value.strip()):
        value = _translated(item, text.strip())
        if value is not None:
            known[text.strip()] = value
        elif text.strip() not in draft.nulls:
            draft.undecided_values.setdefault(name, []).append(text.strip())
    draft.enumerations[name] = known
    if name in draft.undecided_values:
        draft.to_decide.append(
            f"{item.name} ← {column.name}: say what each value means under enumerations.{name}; until then its records"
            " wait in quarantine"
        )
    return name


def _translated(item: ContractField, text: str) -> str | bool | None:
    if item.kind == "flag":
        return True if text.lower() in YES else False if text.lower() in NO else None
    same = text.strip().lower().replace(" ", "_").replace("-", "_")
    return next((allowed for allowed in item.allowed if allowed.lower() == same), None)


def _stand_in(draft: Draft, item: ContractField) -> FieldDraft:
    """Gives what fills a required field that no column names: what was seen, never a guess about the world."""
    by = "path" if draft.sample.is_json else "column"
    if item.name == f"{draft.contract.table}_ref" or item.is_reference:
        return _reference(draft, item, by)
    if item.name == "name":
        column = _name_column(draft)
        draft.to_decide.append(f"name ← {column.name}: no heading says name; this column of texts was taken")
        return FieldDraft(item.name, {by: column.name})
    if item.kind == "text" and not item.allowed:
        draft.to_decide.append(f"{item.name}: no column was found; the id of the source stands in")
        return FieldDraft(item.name, {"value": draft.source_id}, "to decide: a column or a constant")
    draft.to_decide.append(f"{item.name}: no column was found and it is required; every record waits in quarantine")
    return FieldDraft(item.name, {"sql": "null"}, f"to decide: {_choices(item)}")


def _reference(draft: Draft, item: ContractField, by: str) -> FieldDraft:
    if draft.key:
        draft.to_decide.append(f"{item.name} ← {draft.key[0]}: taken because no two records share a value")
        return FieldDraft(item.name, {by: draft.key[0]})
    draft.to_decide.append(
        f"{item.name}: no column identifies a record; its number in the file stands in, and changes with the file"
    )
    return FieldDraft(item.name, {"record_no": True}, "to decide: join: [columns that identify a record together]")


def _name_column(draft: Draft) -> Column:
    texts = [column for column in draft.columns if not column.numbers and not column.dates and not column.is_country]
    full = [column for column in texts if column.filled >= _LEAST_FILLED_NAME * draft.sample.columns.height]
    return next(
        (column for column in full if not column.values and column.name not in draft.key), (full or draft.columns)[0]
    )


def _choices(item: ContractField) -> str:
    return "one of " + ", ".join(item.allowed) if item.allowed else f"a column that holds a {item.kind}"


def _remarks(draft: Draft) -> Iterator[str]:
    yield from draft.sample.layout.notes
    if draft.sample.rejected:
        yield f"{draft.sample.rejected} records of the sample could not be read as they stand"
    if draft.sample.unusable:
        yield f"headings that stand there twice or are blank cannot be used: {', '.join(draft.sample.unusable)}"
    if draft.sample.arrays:
        yield f"arrays are not mapped: {', '.join(draft.sample.arrays)}; `each` gives a row an item"
    if not draft.key:
        yield "no key: no column has a value of its own in every record; list columns under key if some do together"
    latitude = next((d.keys for d in draft.fields if d.name == "latitude"), {})
    for column in draft.columns:
        if column.name in latitude.values() and (column.greatest or 0) > _MOST_LATITUDE:
            yield f"latitude ← {column.name}: values beyond 90; the headings of latitude and longitude may be swapped"
    if "name" in draft.contract.field_names:
        yield "natural persons: where a record may be of a person, map no name and no number of it (see br_lista_suja)"
    yield "publisher, licence, citation, cadence, corrections_contact: 'none stated' until you say otherwise"
    yield "sensitivity: internal; say public, or restricted for answers of workers"
    yield "shape_checked: false; say true once the sample is known to be a real file of the publisher"
