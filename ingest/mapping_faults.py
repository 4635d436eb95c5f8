"""What breaks the contract in a row of a mapping: each condition of a fault as SQL, and its words for the reader."""

from datetime import date

from ingest.contracts import ContractField
from ingest.mapping_spec import Origin
from ingest.mapping_statement import Branch
from ingest.mapping_values import position_sql
from ingest.quarantine import (
    Fault,
    missing_part,
    missing_value,
    not_a_date,
    not_a_number,
    not_a_whole_number,
    not_yes_or_no,
    out_of_range,
    unknown_country,
    unknown_value,
)

_EARLIEST = date(1900, 1, 1)
_YEARS_AHEAD = 50
_NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"
_NAMED = {"column", "path", "parent_path", "document_path", "each_column"}


def first_problem_sql(branch: Branch) -> str:
    """Gives the SQL of the number of a row's first fault, by field; 0 for none."""
    cases = [case for item in branch.fields for case in _cases(branch, item)]
    return f"CASE {' '.join(cases)} ELSE 0 END" if cases else "0"


def all_problems_sql(branch: Branch) -> str:
    """Gives the SQL of the numbers of all faults, at most one a field: what follows from it is none of its own."""
    cases = [found for item in branch.fields if (found := _cases(branch, item))]
    listed = ", ".join(f"CASE {' '.join(found)} ELSE 0 END" for found in cases)
    return f"list_filter([{listed}], lambda one: one > 0)" if cases else "CAST([] AS INTEGER[])"


# cases


def _cases(branch: Branch, item: ContractField) -> list[str]:
    if item.name in {"answer", "answer_word"}:
        return []
    is_mapped = item.name in branch.mapping.fields
    cases = [*_part_cases(branch, item), *_conversion_cases(branch, item)] if is_mapped else []
    if item.required and (is_mapped or item.name != "wave_id"):  # a wave follows from the day, which is required
        cases.extend(_required_cases(branch, item))
    return cases


def _part_cases(branch: Branch, item: ContractField) -> list[str]:
    if not branch.needs_all_parts(item):
        return []
    parts = branch.mapping.fields[item.name].parts(is_tabular=branch.spec.is_tabular)
    return [
        _case(branch, f"i_{item.name} = {number}", missing_part(_told_origin(branch, part)))
        for number, part in enumerate(parts, start=1)
    ]


def _conversion_cases(branch: Branch, item: ContractField) -> list[str]:
    source, label = branch.mapping.fields[item.name], _label(branch, item)
    text, parsed, value = f"t_{item.name}", f"p_{item.name}", f"v_{item.name}"
    cases = []
    if source.enumeration is not None:
        unknown = f"r_{item.name} IS NOT NULL AND coalesce({position_sql(branch, source, f'r_{item.name}')}, 0) = 0"
        cases.append(_case(branch, unknown, unknown_value(label)))
    if item.kind == "date":
        cases.append(_case(branch, f"{text} IS NOT NULL AND {parsed} IS NULL", not_a_date(label, source.formats)))
        cases.append(_date_bounds(branch, parsed, label))
    if item.is_number:
        cases.extend(_number_cases(branch, item, label))
    if item.kind == "flag":
        cases.append(_case(branch, f"{text} IS NOT NULL AND {value} IS NULL", not_yes_or_no(label)))
    if item.allowed:
        allowed = branch.statement.bind(list(item.allowed))
        outside = f"{value} IS NOT NULL AND NOT list_contains({allowed}, {value})"
        cases.append(_case(branch, outside, unknown_value(label)))
    return cases


def _number_cases(branch: Branch, item: ContractField, label: str) -> list[str]:
    text, parsed, value = f"t_{item.name}", f"p_{item.name}", f"v_{item.name}"
    is_number = f"regexp_full_match({text}, {branch.statement.bind(_NUMBER)})"
    unread = f"{text} IS NOT NULL AND {parsed} IS NULL AND NOT {is_number}"
    cases = [_case(branch, unread, not_a_number(label))]
    if item.kind == "integer":
        cases.append(_case(branch, f"{parsed} <> trunc({parsed})", not_a_whole_number(label)))
    outside = [f"({text} IS NOT NULL AND {value} IS NULL)"]
    if item.minimum is not None:
        outside.append(f"{parsed} < {item.minimum}")
    if item.maximum is not None:
        outside.append(f"{parsed} > {item.maximum}")
    is_share = item.maximum == 1 and branch.mapping.fields[item.name].scale is None
    fault = out_of_range(label, _bounds(item), is_share=is_share)
    cases.append(_case(branch, " OR ".join(outside), fault))
    return cases


def _date_bounds(branch: Branch, parsed: str, label: str) -> str:
    latest = date(branch.context.as_of.year + _YEARS_AHEAD, 12, 31)
    bind = branch.statement.bind
    outside = f"{parsed} < CAST({bind(_EARLIEST)} AS DATE) OR {parsed} > CAST({bind(latest)} AS DATE)"
    return _case(branch, outside, out_of_range(label, f"{_EARLIEST.year} to {latest.year}"))


def _required_cases(branch: Branch, item: ContractField) -> list[str]:
    label, cases = _label(branch, item), []
    if item.name == "country_code" and branch.country_texts:
        given = " OR ".join(f"t_{name} IS NOT NULL" for name in branch.country_texts)
        cases.append(_case(branch, f"v_country_code IS NULL AND ({given})", unknown_country(label)))
    cases.append(_case(branch, f"v_{item.name} IS NULL", missing_value(label)))
    return cases


def _case(branch: Branch, condition: str, fault: Fault) -> str:
    return f"WHEN {condition} THEN {branch.statement.problem(fault)}"


# words


def _label(branch: Branch, item: ContractField) -> str:
    name, fields = item.name, branch.mapping.fields
    if name not in fields and name == "country_code" and "country_text" in fields:
        name = "country_text"
    source = fields.get(name)
    if source is None:
        return f"field {name}"
    parts = source.parts(is_tabular=branch.spec.is_tabular)
    if parts:
        return " and ".join(_told_origin(branch, part) for part in parts)
    return _told_origin(branch, source) if source.chosen() in _NAMED else f"field {name}"


def _told_origin(branch: Branch, origin: Origin) -> str:
    chosen = origin.chosen()
    if chosen == "each_column":
        return f'column "{branch.constants[str(origin.each_column)]}"'
    kind = {"column": "column", "each": "key of each_of"}.get(chosen, "path")
    return f'{kind} "{getattr(origin, chosen)}"'


def _bounds(item: ContractField) -> str:
    if item.minimum is None and item.maximum is None:
        return "what a number of this kind can hold"
    low = "any" if item.minimum is None else f"{item.minimum:g}"
    high = "any" if item.maximum is None else f"{item.maximum:g}"
    return f"{low} to {high}"
