"""The layer of texts of a mapping: what its record holds for each field and question, before any of it is read."""

from ingest.contracts import ContractField
from ingest.mapping_origins import Origins
from ingest.mapping_spec import FieldMapping, Origin
from ingest.mapping_statement import Branch
from ingest.text_sql import BLANKS, any_of, constant_text


def texts_sql(branch: Branch, origins: Origins) -> str:
    """Gives the columns `r_<field>` and `r_answer_<number of the question>`, which are texts or lists of text.

    `i_<field>` of a reference that needs all its parts is the part that is blank, from 1, or 0.
    """
    texts = [f"{_field_text(branch, origins, item)} AS r_{item.name}" for item in branch.mapped_fields]
    for number, question in enumerate(branch.mapping.questions):
        texts.append(f"{_answer_text(branch, origins, question)} AS r_answer_{number}")
    texts.extend(
        f"{_blank_part(branch, origins, item)} AS i_{item.name}"
        for item in branch.mapped_fields
        if branch.needs_all_parts(item)
    )
    return ", ".join(texts)


def _answer_text(branch: Branch, origins: Origins, question: str) -> str:
    text = origins.text(Origin(column=question) if branch.spec.is_tabular else Origin(path=question))
    asked = branch.mapping.questions[question]
    if asked.choice_of is None:
        return text
    listed, choice = origins.text(Origin(column=asked.choice_of)), branch.statement.bind(asked.choice)
    is_chosen = f"list_contains(string_split({listed}, ' '), {choice})"
    return f"coalesce({text}, CASE WHEN {listed} IS NOT NULL THEN CASE WHEN {is_chosen} THEN '1' ELSE '0' END END)"


def _field_text(branch: Branch, origins: Origins, item: ContractField) -> str:
    source = branch.mapping.fields[item.name]
    if item.kind == "list":
        return _list(branch, origins, source)
    text = _plain_text(branch, origins, source, keeps_blanks=item.is_reference)
    prefix = _namespace(branch, source) if item.is_reference else None
    return f"{branch.statement.bind(prefix + ':')} || {text}" if prefix else text


def _namespace(branch: Branch, source: FieldMapping) -> str | None:
    return source.namespace if "namespace" in source.model_fields_set else branch.spec.reference_namespace


def _plain_text(branch: Branch, origins: Origins, source: FieldMapping, *, keeps_blanks: bool) -> str:
    chosen = source.chosen()
    if chosen == "value":
        return f"CAST({branch.statement.bind(constant_text(source.value))} AS VARCHAR)"
    if chosen == "record_no":
        return "CAST(_record_no AS VARCHAR)"
    if chosen == "sql":
        return origins.text_of_sql(str(source.sql))
    if chosen == "join":
        return _join(branch, origins, source, keeps_blanks=keeps_blanks)
    return origins.text(source)


def _parts(branch: Branch, origins: Origins, source: FieldMapping) -> list[str]:
    return [origins.text(part) for part in source.parts(is_tabular=branch.spec.is_tabular)]


def _join(branch: Branch, origins: Origins, source: FieldMapping, *, keeps_blanks: bool) -> str:
    parts = _parts(branch, origins, source)
    separator = branch.statement.bind(source.separator)
    if not keeps_blanks:
        return f"nullif(concat_ws({separator}, {', '.join(parts)}), '')"
    filled = f" || {separator} || ".join(f"coalesce({part}, '')" for part in parts)
    return f"CASE WHEN coalesce({', '.join(parts)}, NULL) IS NOT NULL THEN {filled} END"


def _blank_part(branch: Branch, origins: Origins, item: ContractField) -> str:
    """Gives the SQL of which part of a reference is blank, from 1, where not all are; else 0."""
    parts = _parts(branch, origins, branch.mapping.fields[item.name])
    blank = " ".join(f"WHEN {part} IS NULL THEN {number}" for number, part in enumerate(parts, start=1))
    return f"CASE WHEN coalesce({', '.join(parts)}) IS NULL THEN 0 {blank} ELSE 0 END"


def _list(branch: Branch, origins: Origins, source: FieldMapping) -> str:
    if source.chosen() == "sql":
        return f"CAST(({origins.own_sql(str(source.sql))}) AS VARCHAR[])"
    bind = branch.statement.bind
    text = _plain_text(branch, origins, source, keeps_blanks=False)
    items = f"string_split_regex({text}, {bind(any_of(source.split))})" if source.split else f"[{text}]"
    if source.path is not None or source.parent_path is not None:
        level, path = origins.place(source)
        where = origins.json_at(level)
        whole, every = bind(path), bind(path + "[*]")
        listed = f"CAST(json_extract_string({where}, {every}) AS VARCHAR[])"
        items = f"CASE WHEN json_type({where}, {whole}) = 'ARRAY' THEN {listed} ELSE {items} END"
    trimmed = f"list_transform({items}, lambda entry: trim(entry, {bind(BLANKS)}))"
    return f"list_filter({trimmed}, lambda entry: entry <> '')"
