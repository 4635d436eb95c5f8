"""The layers of values of a mapping: texts translated by their enumerations, parsed, and typed as the contract says."""

from collections.abc import Callable

from ingest.contracts import ContractField
from ingest.mapping_spec import FieldMapping, Question
from ingest.mapping_statement import Branch
from ingest.text_sql import BLANKS, any_of, constant_text, country_key

# decimals of up to 18 digits are machine words, and a hundred times as fast to read as wider ones
_SMALL = "1e12"
_DIGITS_OF_A_WHOLE = 9
_SCALES = {"money": 2, "price": 4}
_ISO_DATE = r"\d{4}-\d{2}-\d{2}([T ].*)?"
_YES = ["true", "yes", "y", "t", "1"]
_NO = ["false", "no", "n", "f", "0"]
_WAVE_ID = {
    "month": "strftime({day}, '%Y-%m')",
    "quarter": "year({day}) || '-Q' || quarter({day})",
    "half_year": "year({day}) || CASE WHEN month({day}) <= 6 THEN '-H1' ELSE '-H2' END",
    "year": "CAST(year({day}) AS VARCHAR)",
}


# each kind of person has pseudonyms of its own, so that a worker who also interviews is not recognised
PSEUDONYMS = {
    "respondent_key": "{text}",
    "case_key": "{text}",
    "complainant_key": "'complainant ' || {text}",
    "enumerator_key": "'enumerator ' || {text}",
}


# translated


def translated_sql(branch: Branch) -> str:
    """Gives the columns `t_<field>`: texts as enumerations translate them, numbers without their separators."""
    return ", ".join(_translation(branch, item) for item in branch.mapped_fields) or "1 AS t_none"


def position_sql(branch: Branch, source: FieldMapping, text: str) -> str:
    """Gives the SQL of a text's place in its enumeration, from 1; of several as `FieldMapping.split` says."""
    bind, entries = branch.statement.bind, branch.spec.enumerations[str(source.enumeration)]
    keys = bind(list(entries))
    if not source.split:
        return f"list_position({keys}, {text})"
    parts = f"string_split_regex({text}, {bind(any_of(source.split))})"
    trimmed = f"list_transform({parts}, lambda part: trim(part, {bind(BLANKS)}))"
    places = (
        f"list_transform(list_filter({trimmed}, lambda part: part <> ''), "
        f"lambda part: coalesce(list_position({keys}, part), 0))"
    )
    giving = [str(place) for place, value in enumerate(entries.values(), start=1) if value is not None]
    decides = f"list_filter({places}, lambda place: place IN ({', '.join(giving) or 'NULL'}))"
    return f"coalesce(list_min({decides}), list_min({places}))"


def _translation(branch: Branch, item: ContractField) -> str:
    source, text = branch.mapping.fields[item.name], f"r_{item.name}"
    if source.enumeration is not None:
        entries = branch.spec.enumerations[source.enumeration]
        values = [None if value is None else constant_text(value) for value in entries.values()]
        text = f"list_extract({branch.statement.bind(values)}, {position_sql(branch, source, text)})"
    if item.is_number:
        text = _plain_number(branch, source, text)
    return f"{text} AS t_{item.name}"


def _plain_number(branch: Branch, source: FieldMapping, text: str) -> str:
    if source.thousands_separator is not None:
        text = f"replace({text}, {branch.statement.bind(source.thousands_separator)}, '')"
    if source.decimal_mark != ".":
        text = f"replace({text}, {branch.statement.bind(source.decimal_mark)}, '.')"
    return text


# parsed


def parsed_sql(branch: Branch) -> str:
    """Gives the columns `p_<field>` of dates and numbers, as DATE and DOUBLE, and of the country's code.

    The relation is to be joined with `country_join_sql`.
    """
    parsed = [f"{read} AS p_{item.name}" for item in branch.mapped_fields if (read := _parse(branch, item))]
    if branch.country_texts:
        codes = ", ".join(f"as_{name}.code, by_{name}.code" for name in branch.country_texts)
        parsed.append(f"coalesce({codes}, NULL) AS p_country_code")
    return ", ".join(parsed) or "1 AS p_none"


def country_join_sql(branch: Branch) -> str:
    """Gives the joins, each after a blank, that look the countries of a row up by their names.

    Most texts are spelled as in the list; only of others the form is made in which names are compared.
    """
    return "".join(
        f" LEFT JOIN country_spelling AS as_{name} ON as_{name}.spelling = t_{name}"
        f" LEFT JOIN country_name AS by_{name} ON by_{name}.name_key = "
        f"CASE WHEN as_{name}.code IS NULL THEN {country_key(f't_{name}')} END"
        for name in branch.country_texts
    )


def _parse(branch: Branch, item: ContractField) -> str | None:
    text = f"t_{item.name}"
    if item.kind == "date":
        return _parse_date(branch, branch.mapping.fields[item.name].formats, text)
    if item.is_number:
        # the cast takes underscores between digits and names of what is not finite; else it agrees with the faults
        number = _scaled(branch, item, f"try_cast({text} AS DOUBLE)")
        return f"CASE WHEN isfinite({number}) AND NOT contains({text}, '_') THEN {number} END"
    return None


def _parse_date(branch: Branch, formats: tuple[str, ...], text: str) -> str:
    bind = branch.statement.bind
    if formats:
        return f"CAST(try_strptime({text}, {bind(list(formats))}) AS DATE)"
    # the cast takes looser forms than ISO 8601; comparing what it gave costs less than a regular expression
    date, is_iso = f"try_cast({text} AS DATE)", f"regexp_full_match({text}, {bind(_ISO_DATE)})"
    whole = f"WHEN CAST({date} AS VARCHAR) = {text} THEN {date}"
    return f"CASE {whole} WHEN {is_iso} THEN try_cast(left({text}, 10) AS DATE) END"


def _scaled(branch: Branch, item: ContractField, number: str) -> str:
    scale = branch.mapping.fields[item.name].scale
    if scale is None:
        return number
    divisor = round(1 / scale)
    # 57 / 100 is the number nearest to 0.57, 57 * 0.01 is not
    is_divided = divisor != 0 and 1 / divisor == scale
    factor = branch.statement.bind(float(divisor if is_divided else scale))
    scaled = f"({number} {'/' if is_divided else '*'} {factor})"
    return f"round({scaled}, {_DIGITS_OF_A_WHOLE})" if item.kind == "integer" else scaled


# typed


def typed_sql(branch: Branch) -> str:
    """Gives the columns `v_<field>`: values of the contract's types, NULL where the text is none."""
    names = branch.mapping.contract.field_names
    filled = [item for item in branch.fields if item.name != "country_text" or item.name in names]
    return ", ".join(f"{_value(branch, item)} AS v_{item.name}" for item in filled)


def _value(branch: Branch, item: ContractField) -> str:
    if item.name == "country_code" and branch.country_texts:
        return "p_country_code"
    if item.name not in branch.mapping.fields:
        return _derived(branch, item)
    if item.name in PSEUDONYMS:
        return f"pseudonym({PSEUDONYMS[item.name].format(text=f't_{item.name}')})"
    if item.is_number and branch.mapping.fields[item.name].scale is not None:
        return _scaled_value(item, f"p_{item.name}")
    return _typed_value(branch, item, f"t_{item.name}", f"p_{item.name}")


def _scaled_value(item: ContractField, parsed: str) -> str:
    if item.kind == "number":
        return parsed
    is_whole = f"{parsed} = trunc({parsed})" if item.kind == "integer" else f"{parsed} IS NOT NULL"
    return f"CASE WHEN {is_whole} THEN try_cast({parsed} AS {item.sql_type}) END"


def _typed_value(branch: Branch, item: ContractField, text: str, parsed: str) -> str:
    if item.kind in {"date", "number"}:
        return parsed
    if item.kind == "integer":
        exact = f"try_cast(try_cast({text} AS DECIMAL(38, 6)) AS BIGINT)"
        whole = f"CASE WHEN abs({parsed}) < {_SMALL} THEN CAST({parsed} AS BIGINT) ELSE {exact} END"
        return f"CASE WHEN {parsed} = trunc({parsed}) THEN {whole} END"
    if item.kind in _SCALES:
        small = f"CAST(try_cast({text} AS DECIMAL(18, {_SCALES[item.kind]})) AS {item.sql_type})"
        return (
            f"CASE WHEN abs({parsed}) < {_SMALL} THEN {small} "
            f"WHEN {parsed} IS NOT NULL THEN try_cast({text} AS {item.sql_type}) END"
        )
    if item.kind == "flag":
        yes, no = (f"list_contains({branch.statement.bind(texts)}, lower({text}))" for texts in (_YES, _NO))
        return f"CASE WHEN {yes} THEN true WHEN {no} THEN false END"
    return f"CASE WHEN len({text}) > 0 THEN {text} END" if item.kind == "list" else text


def _derived(branch: Branch, item: ContractField) -> str:
    mapping, survey = branch.mapping, branch.spec.survey
    if item.name == "country_text" and "country_code" in mapping.fields:
        return "CASE WHEN p_country_code IS NULL THEN t_country_code END"
    if survey is None:
        return f"CAST(NULL AS {item.sql_type})"
    if item.name == "wave_id":
        day = "p_submitted_on" if "submitted_on" in mapping.fields else "p_reported_on"
        return _WAVE_ID[survey.wave].format(day=day)
    if item.name in _OF_EACH_ANSWER:
        answers = enumerate(mapping.questions.values())
        return f"[{', '.join(_OF_EACH_ANSWER[item.name](branch, number, question) for number, question in answers)}]"
    if mapping.questions and item.name in {"question", "indicator_id"}:
        return "''"  # each answer gets its own
    place = survey.place if item.name == "source_type" else None
    return f"CAST({branch.statement.bind(place)} AS VARCHAR)"


def _answer(branch: Branch, number: int, question: Question) -> str:
    adverse, clean = (branch.statement.bind(list(texts)) for texts in (question.adverse, question.not_adverse))
    return (
        f"CASE WHEN list_contains({adverse}, r_answer_{number}) THEN 'adverse' "
        f"WHEN list_contains({clean}, r_answer_{number}) THEN 'not_adverse' END"
    )


def _answer_word(branch: Branch, number: int, question: Question) -> str:
    if question.choice is not None:
        return "CAST(NULL AS VARCHAR)"
    adverse, clean = (branch.statement.bind(list(texts)) for texts in (question.adverse, question.not_adverse))
    first_adverse, first_clean = (
        branch.statement.bind(next(iter(texts), None)) for texts in (question.adverse, question.not_adverse)
    )
    return (
        f"CASE WHEN list_contains({adverse}, r_answer_{number}) THEN {first_adverse} "
        f"WHEN list_contains({clean}, r_answer_{number}) THEN {first_clean} END"
    )


_OF_EACH_ANSWER: dict[str, Callable[[Branch, int, Question], str]] = {"answer": _answer, "answer_word": _answer_word}
