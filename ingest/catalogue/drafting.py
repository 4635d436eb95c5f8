"""A declaration drafted from a sample: which columns fill what, and what a person has to decide."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ingest.catalogue.draft import Draft, FieldDraft
from ingest.catalogue.guessing import Guess, Items, check_table, guesses, items_of, likely_table, own_reference
from ingest.catalogue.headings import heading_key, says_percent
from ingest.catalogue.profile import NO, YES, Column, NumberFormat, profiles_of
from ingest.catalogue.remarks import about_odd_texts, remarks
from ingest.catalogue.sample import read_sample
from ingest.contracts import ContractField
from ingest.source_loading import make_country_names
from tierline.warehouse import connect

_NUMERIC = {"integer", "number", "money", "price"}
_LEAST_FILLED_NAME = 0.9
_ID_WORDS = {"id", "no", "nr", "number", "code", "ref", "reference", "uuid", "key", "numero", "codigo", "nummer"}
_NAME_WORDS = {
    "name",
    "nombre",
    "nom",
    "nome",
    "razon",
    "raison",
    "razao",
    "denominacion",
    "denomination",
    "bezeichnung",
}


def draft_of(source_id: str, path: Path, table: str | None) -> Draft:
    """Gives a draft for a sample and a canonical table, or the likeliest; raises ConfigError where none can be made."""
    sample = read_sample(path)
    with connect() as connection:
        make_country_names(connection)
        columns = profiles_of(connection, sample.columns)
        arrays = [Items(path, profiles_of(connection, frame)) for path, frame in sample.items.items()]
    named = table or likely_table(columns)
    contract = check_table(named)
    draft = Draft(source_id, sample, contract, columns, items_of(contract, columns, arrays))
    if table is None:
        draft.to_decide.append(f"the table {named} was chosen by the headings; --table names another")
    draft.key = _key(draft)
    _fill(draft, guesses(contract, columns, draft.items))
    draft.to_decide.extend(remarks(draft))
    return draft


def _key(draft: Draft) -> list[str]:
    """Gives the column that identifies a record: unique, and named like a reference of the table or like an id."""
    unique = [column for column in draft.columns if column.is_unique and not column.is_country]
    references = [guess.column.name for guess in guesses(draft.contract, unique) if guess.field.is_reference]
    named = [column.name for column in unique if _ID_WORDS & set(heading_key(column.name).split())]
    return (references or named)[:1]


def _fill(draft: Draft, found: Sequence[Guess]) -> None:
    by_name = {guess.field.name: guess for guess in found}
    used = {guess.column.name for guess in found}
    for item in draft.contract.fields:
        guess = by_name.get(item.name)
        made = _from_column(draft, guess) if guess is not None else None
        if made is None and item.required and not _is_answered(item, by_name):
            made = _stand_in(draft, item, used)
        if made is not None:
            draft.fields.append(made)


def _is_answered(item: ContractField, found: dict[str, Guess]) -> bool:
    return item.name == "country_code" and "country_text" in found


def _from_column(draft: Draft, guess: Guess) -> FieldDraft | None:
    item, column = guess.field, guess.column
    made = draft.filled(item.name, column, "" if guess.why.startswith("heading") else guess.why)
    keys = made.keys
    if column.odd and (item.kind == "date" or item.kind in _NUMERIC):
        draft.to_decide.append(about_odd_texts(item, column))
    if item.kind == "date" and column.is_ambiguous_date:
        formats = " or ".join(column.dates)
        draft.to_decide.append(f"{item.name} ← {column.name}: dates fit {formats}; day and month cannot be told apart")
        return replace(made, remark=f"to decide: formats: one of {formats}") if item.required else None
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
    return _within_bounds(draft, item, column, made)


def _within_bounds(draft: Draft, item: ContractField, column: Column, made: FieldDraft) -> FieldDraft | None:
    """Gives the field unless its numbers are parts of a hundred and it wants a fraction; tells values beyond bounds."""
    is_beyond = item.maximum is not None and (column.greatest or 0) > item.maximum
    if item.unit == "fraction" and (is_beyond or says_percent(column.name)):
        keys = ", ".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in made.keys.items())
        draft.to_decide.append(
            f"{item.name} ← {column.name}: it seems to hold percentages, and {item.name} is a fraction from"
            f" {item.minimum:g} to {item.maximum:g}; left out until you say so: {item.name}: {{{keys}, scale: 0.01}}"
        )
        return None
    if is_beyond and item.name not in {"latitude", "longitude"}:
        draft.to_decide.append(
            f"{item.name} ← {column.name}: values beyond {item.maximum:g} {item.unit}; their records wait in quarantine"
        )
    return made


def _number_format(item: ContractField, column: Column) -> NumberFormat | None:
    """Gives how a number is written; none where that cannot be told. A whole number has no decimals to mistake."""
    if item.kind not in _NUMERIC or not column.is_ambiguous_number:
        return column.numbers[0] if item.kind in _NUMERIC else None
    with_thousands = [numbers for numbers in column.numbers if numbers.thousands]
    return with_thousands[0] if item.kind == "integer" and with_thousands else None


def _enumeration(draft: Draft, item: ContractField, column: Column) -> str:
    name = f"{item.name}_values"
    known: dict[str, str | bool] = {}
    for text in dict.fromkeys(value for value in draft.sample.texts(column.name) if value and value.strip()):
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


def _stand_in(draft: Draft, item: ContractField, used: set[str]) -> FieldDraft:
    """Gives what fills a required field that no column names: what was seen, never a guess about the world."""
    if item.is_reference:
        return _reference(draft, item)
    if item.name == "name":
        column = _name_column(draft, used)
        draft.to_decide.append(f"name ← {column.name}: no heading says name; this column of texts was taken")
        return draft.filled(item.name, column)
    if item.kind == "text" and not item.allowed:
        draft.to_decide.append(f"{item.name}: no column was found; the id of the source stands in")
        return FieldDraft(item.name, {"value": draft.source_id}, "to decide: a column or a constant")
    draft.to_decide.append(f"{item.name}: no column was found and it is required; every record waits in quarantine")
    return FieldDraft(item.name, {"sql": "null"}, f"to decide: {_choices(item)}")


def _reference(draft: Draft, item: ContractField) -> FieldDraft:
    by_name = {column.name: column for column in draft.columns}
    if draft.key and draft.items is not None and item.name == own_reference(draft.contract):
        draft.to_decide.append(
            f"{item.name}: no path of the items identifies one; {draft.key[0]} and the number of the item stand in, and"
            " change where the order of the items does"
        )
        path = draft.key[0].replace("'", "''")
        return FieldDraft(item.name, {"sql": f"(record ->> '{path}') || '|' || item_no"})
    if draft.key:
        draft.to_decide.append(f"{item.name} ← {draft.key[0]}: taken because no two records share a value")
        return draft.filled(item.name, by_name[draft.key[0]])
    draft.to_decide.append(
        f"{item.name}: no column identifies a record; its number in the file stands in, and changes with the file"
    )
    return FieldDraft(item.name, {"record_no": True}, "to decide: join: [columns that identify a record together]")


def _name_column(draft: Draft, used: set[str]) -> Column:
    """Gives the column that is most like a name: texts that nothing else uses, no codes, filled nearly always."""

    def rank(column: Column) -> tuple[bool, ...]:
        is_named = bool(_NAME_WORDS & set(heading_key(column.name).split()))
        is_other = bool(column.numbers or column.dates or column.is_country or column.is_lei or column.is_code)
        full = column.filled >= _LEAST_FILLED_NAME * max(other.filled for other in draft.all_columns)
        return (column.name in used, is_other, not is_named, not full, bool(column.values), column.name in draft.key)

    return min(draft.all_columns, key=rank)


def _choices(item: ContractField) -> str:
    return "one of " + ", ".join(item.allowed) if item.allowed else f"a column that holds a {item.kind}"
