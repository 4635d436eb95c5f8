"""Compiles the mapping of a declaration to SQL: raw text in, typed canonical rows and the faults of each out.

One statement a mapping, in layers: records → items → texts → translated → parsed → typed. Texts of the declaration
are bound as parameters; only identifiers, quoted, and the declaration's own `sql` stand in the statement.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ingest.contracts import ContractField
from ingest.json_path import json_path
from ingest.mapping_spec import Condition, FieldMapping, Mapping, Origin, Question
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
from ingest.readers.headings import names_of, same_heading
from ingest.spec import SourceSpec
from tierline.warehouse import quote_identifier

EARLIEST = date(1900, 1, 1)
YEARS_AHEAD = 50
_BLANKS = " \t\r\n\v\f\u00a0\ufeff"
_NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"
# decimals of up to 18 digits are machine words, and a hundred times as fast to read as wider ones
_SMALL = "1e12"
_DIGITS_OF_A_WHOLE = 9
_SCALES = {"money": 2, "price": 4}
_ISO_DATE = r"\d{4}-\d{2}-\d{2}([T ].*)?"
_PATH_IN_SQL = re.compile(r"\b(?P<source>record|item(?:_\d+)?)\s*->>\s*'(?P<path>\$[^'*]*)'")
_YES = ["true", "yes", "y", "t", "1"]
_NO = ["false", "no", "n", "f", "0"]
_NUMERIC = {"integer", "number", "money", "price"}
_NAMED = {"column", "path", "parent_path", "each_column"}
_KNOWN_ON = ContractField(name="known_on", kind="date", description="")
_WAVE_ID = {
    "month": "strftime({day}, '%Y-%m')",
    "quarter": "year({day}) || '-Q' || quarter({day})",
    "half_year": "year({day}) || CASE WHEN month({day}) <= 6 THEN '-H1' ELSE '-H2' END",
    "year": "CAST(year({day}) AS VARCHAR)",
}


@dataclass
class Statement:
    """What is bound to a statement, and the faults that its column `problem` points to, from 1."""

    parameters: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def bind(self, value: Any) -> str:
        """Gives the SQL of a parameter that holds the value; lists are lists of text."""
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f"CAST(${name} AS VARCHAR[])" if isinstance(value, list) else f"${name}"

    def problem(self, fault: Fault) -> int:
        """Gives the number of the fault."""
        if fault not in self.faults:
            self.faults.append(fault)
        return self.faults.index(fault) + 1


@dataclass(frozen=True)
class Context:
    """What a mapping is compiled for: the source, its raw table and columns, and the run's day.

    `is_tidy` says that no cell begins or ends with a blank, so that none needs to be trimmed.
    """

    spec: SourceSpec
    raw_table: str
    columns: tuple[str, ...]
    known_on: date | None
    as_of: date
    is_tidy: bool = False


@dataclass(frozen=True)
class CompiledMapping:
    """A query that gives `_snapshot_sha256, _record_no, item_no, known_on, problem` and the fields of the table.

    `problem` is the number of the first fault of the row, 0 for none; `problems`, if asked for, are those of all.
    """

    sql: str
    parameters: dict[str, Any]
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class _Entry:
    """One branch of a mapping: its number and constants where it has each_of."""

    number: int | None = None
    constants: dict[str, Any] = field(default_factory=dict)


def compile_mapping(mapping: Mapping, context: Context, *, tells_all: bool = False) -> CompiledMapping:
    """Gives the query of one mapping; raises ValueError for a path that is none.

    With `tells_all` it has the column `problems`, which costs as much as all the rest: for faulty records alone.
    """
    statement = Statement()
    entries = [_Branch(mapping, context, statement, entry).sql(tells_all=tells_all) for entry in _entries(mapping)]
    return CompiledMapping(" UNION ALL BY NAME ".join(entries), statement.parameters, tuple(statement.faults))


def key_texts(spec: SourceSpec, columns: Sequence[str], statement: Statement, *, is_tidy: bool = False) -> list[str]:
    """Gives the SQL of each part of a record's key over the raw table; tidy cells have no outer blanks."""
    return [
        cleaned(column_sql(spec, part, columns), spec, statement, is_tidy=is_tidy)
        if spec.is_tabular
        else cleaned(f"json_extract_string(record, {statement.bind(json_path(part))})", spec, statement)
        for part in spec.key
    ]


def column_sql(spec: SourceSpec, column: str, columns: Sequence[str]) -> str:
    """Gives the SQL of a declared column over the raw table: the first of its names that has a value, or NULL."""
    present = {same_heading(name): name for name in columns}
    found = [present[same_heading(name)] for name in names_of(spec, column) if same_heading(name) in present]
    names = ", ".join(quote_identifier(name) for name in dict.fromkeys(found))
    return f"coalesce({names})" if names else "CAST(NULL AS VARCHAR)"


def cleaned(text: str, spec: SourceSpec, statement: Statement, *, is_tidy: bool = False) -> str:
    """Gives the SQL of a text without outer blanks, NULL where it means that nothing is known.

    A text that is tidy has no outer blanks.
    """
    nulls = _null_texts(spec)
    if is_tidy:
        known = " AND ".join(f"{text} <> {statement.bind(value)}" for value in ("", *nulls))
        return f"CASE WHEN {known} THEN {text} END"
    # trimming characters beyond ASCII costs more than all the rest, and few texts need it
    ends_in_blank = " OR ".join(f"suffix({text}, {statement.bind(blank)})" for blank in _BLANKS)
    is_trimmed = f"{text} >= '!' AND {text} < chr(127) AND NOT ({ends_in_blank})"
    trimmed = f"CASE WHEN {is_trimmed} THEN {text} ELSE nullif(trim({text}, {statement.bind(_BLANKS)}), '') END"
    if not nulls:
        return trimmed
    return f"CASE WHEN list_contains({statement.bind(nulls)}, {trimmed}) THEN NULL ELSE {trimmed} END"


def country_key(text: str) -> str:
    """Gives the SQL of the form in which names of countries are compared."""
    return f"trim(regexp_replace(lower(strip_accents(replace({text}, '&', ' and '))), '[^a-z0-9]+', ' ', 'g'))"


def _null_texts(spec: SourceSpec) -> list[str]:
    return [value.strip(_BLANKS) for value in spec.null_values if value.strip(_BLANKS)]


def _entries(mapping: Mapping) -> list[_Entry]:
    if mapping.each_of:
        return [_Entry(number, dict(constants)) for number, constants in enumerate(mapping.each_of, start=1)]
    return [_Entry()]


class _Branch:
    """The SELECT of one entry of one mapping."""

    def __init__(self, mapping: Mapping, context: Context, statement: Statement, entry: _Entry) -> None:
        self._mapping = mapping
        self._context = context
        self._spec = context.spec
        self._statement = statement
        self._entry = entry
        known_on = (_KNOWN_ON,) if "known_on" in mapping.fields else ()
        extra = () if "country_text" in mapping.contract.field_names else self._country_text_for_lookup()
        self._fields = (*mapping.contract.fields, *extra, *known_on)
        self._extracted: dict[int, list[str]] = {}
        self._raw_texts: list[str] = []
        self._mapped = [item for item in self._fields if item.name in mapping.fields]

    def sql(self, *, tells_all: bool) -> str:
        """Gives the SELECT."""
        keys = "_snapshot_sha256, _record_no, item_no"
        bind = self._statement.bind
        known_on = (
            "v_known_on" if "known_on" in self._mapping.fields else f"CAST({bind(self._context.known_on)} AS DATE)"
        )
        texts, conditions = self._texts(), self._conditions()
        items = self._items()
        names = self._mapping.contract.field_names
        values = ", ".join(f"v_{name} AS {quote_identifier(name)}" for name in names)
        problems = f", {self._problems()} AS problems" if tells_all else ""
        rows = (
            f"SELECT {keys}, {known_on} AS known_on, {values}, {self._problem()} AS problem{problems} FROM ("
            f"SELECT *, {self._typed()} FROM ("
            f"SELECT *, {self._parsed()} FROM ("
            f"SELECT *, {self._translated()} FROM ("
            f"SELECT {keys}, {texts} FROM (SELECT *{self._raw_columns()} FROM {items}{conditions})"
            f")){self._country_join()}))"
        )
        return self._a_row_for_each_answer(rows) if self._mapping.questions else rows

    def _a_row_for_each_answer(self, rows: str) -> str:
        """Gives a row for each question that was answered, and one for a record with a fault even without any."""
        questions = self._mapping.questions
        bind = self._statement.bind
        indicators = bind([question.indicator for question in questions.values()])
        numbers = f"unnest(range(1, {len(questions) + 1}))"
        is_named = "question" in self._mapping.fields
        name = "question" if is_named else f"list_extract({bind(list(questions))}, number)"
        return (
            f"SELECT * EXCLUDE (number) REPLACE (number AS item_no, {name} AS question, "
            f"list_extract({indicators}, number) AS indicator_id, list_extract(answer, number) AS answer) "
            f"FROM (SELECT *, {numbers} AS number FROM ({rows})) "
            "WHERE list_extract(answer, number) IS NOT NULL OR (problem > 0 AND number = 1)"
        )

    def _country_text_for_lookup(self) -> tuple[ContractField, ...]:
        return (ContractField(name="country_text", kind="text", description=""),)

    # records and items

    def _items(self) -> str:
        """Gives the relation of records or items, with the texts at all paths that were asked for."""
        if self._spec.is_tabular:
            return self._tabular_records()
        raw = self._context.raw_table
        items = self._listed_items() if self._mapping.each else ""
        records = f"SELECT _snapshot_sha256, _record_no, record, record AS item_0{self._extraction(0)}"
        if not self._mapping.each:
            number = "CAST(NULL AS BIGINT)" if self._entry.number is None else str(self._entry.number)
            return f"({records}, record AS item, {number} AS item_no FROM {raw})"
        listed = f"SELECT *, {items} AS items FROM ({records} FROM {raw})"
        unnested = (
            "SELECT * EXCLUDE (items, found), UNNEST(found) FROM (SELECT *, unnest(items) AS found, "
            f"generate_subscripts(items, 1) AS item_no FROM ({listed}))"
        )
        depth = len(self._mapping.each)
        extractions = "".join(self._extraction(level) for level in range(1, depth + 1))
        return f"(SELECT *, item_{depth} AS item{extractions} FROM ({unnested}))"

    def _listed_items(self) -> str:
        """Gives a list of structs, one an item in the order of the record, that hold the items above it as well."""
        found = f"list_transform({self._first_array()}, lambda one: struct_pack(item_1 := one))"
        for level, path in enumerate(self._mapping.each[1:], start=2):
            array = _array(f"json_extract(above.item_{level - 1}, {self._base(path)})")
            kept = "".join(f"item_{above} := above.item_{above}, " for above in range(1, level))
            inner = f"list_transform({array}, lambda one: struct_pack({kept}item_{level} := one))"
            found = f"flatten(list_transform({found}, lambda above: {inner}))"
        return found

    def _first_array(self) -> str:
        """Gives the items of the first level from the pass that reads the record's other paths, if it is an array."""
        path = json_path(self._mapping.each[0].removesuffix("[*]"))
        # a text may look like an array, but it has no first item
        array, head = self._extracted_text(0, path), self._extracted_text(0, f"{path}[0]")
        otherwise = _array(f"json_extract(record, {self._statement.bind(path)})")
        return f"CASE WHEN {head} IS NOT NULL THEN {_items_of(array)} ELSE {otherwise} END"

    def _base(self, path: str) -> str:
        return self._statement.bind(json_path(path.removesuffix("[*]")))

    def _extraction(self, level: int) -> str:
        """Gives the texts at all paths asked for at a level as a list: one pass over the JSON instead of one a path."""
        paths = self._extracted.get(level)
        if not paths:
            return ""
        source = "record" if level == 0 else f"item_{level}"
        return f", json_extract_string({source}, {self._statement.bind(paths)}) AS x_{level}"

    def _extracted_text(self, level: int, path: str) -> str:
        paths = self._extracted.setdefault(level, [])
        if path not in paths:
            paths.append(path)
        return f"x_{level}[{paths.index(path) + 1}]"

    def _tabular_records(self) -> str:
        number = "CAST(NULL AS BIGINT)" if self._entry.number is None else str(self._entry.number)
        declared = "".join(
            f", {column_sql(self._spec, column, self._context.columns)} AS {quote_identifier(column)}"
            for column in (*self._spec.columns, *self._spec.optional_columns)
        )
        return f"(SELECT _snapshot_sha256, _record_no, {number} AS item_no{declared} FROM {self._context.raw_table})"

    def _conditions(self) -> str:
        conditions = [self._condition(condition) for condition in self._mapping.when]
        return f" WHERE {' AND '.join(conditions)}" if conditions else ""

    def _condition(self, condition: Condition) -> str:
        parts = []
        if condition.within is not None:
            parts.append(self._is_among(condition, condition.within))
        if condition.not_in is not None:
            parts.append(f"NOT {self._is_among(condition, condition.not_in)}")
        if condition.not_blank or condition.blank:
            is_blank = self._is_among(condition, [""] if self._spec.is_tabular else ["", "[]", "{}"])
            parts.append(is_blank if condition.blank else f"NOT {is_blank}")
        return " AND ".join(parts)

    def _is_among(self, condition: Condition, texts: Sequence[str]) -> str:
        """Gives the SQL of whether what is at an origin, cleaned, is one of the texts; blank is the text ''.

        A filter is moved to where its text is read, so it names it once: what is unknown is listed, not looked for.
        """
        if condition.chosen() == "each":
            return f"list_contains({self._statement.bind(list(texts))}, {self._origin_text(condition)})"
        unknown = _null_texts(self._spec)
        listed = [text for text in texts if text not in unknown] + (unknown if "" in texts else [])
        raw = self._raw_text(condition)
        trimmed = raw if self._context.is_tidy else f"trim({raw}, {self._statement.bind(_BLANKS)})"
        return f"list_contains({self._statement.bind(listed)}, coalesce({trimmed}, ''))"

    # texts

    def _texts(self) -> str:
        texts = [f"{self._field_text(item)} AS r_{item.name}" for item in self._mapped]
        for number, question in enumerate(self._mapping.questions):
            texts.append(f"{self._answer_text(question)} AS r_answer_{number}")
        texts.extend(
            f"{self._blank_part(item)} AS i_{item.name}" for item in self._mapped if self._needs_all_parts(item)
        )
        return ", ".join(texts)

    def _answer_text(self, question: str) -> str:
        text = self._origin_text(Origin(column=question) if self._spec.is_tabular else Origin(path=question))
        asked = self._mapping.questions[question]
        if asked.choice_of is None:
            return text
        listed, choice = self._origin_text(Origin(column=asked.choice_of)), self._statement.bind(asked.choice)
        is_chosen = f"list_contains(string_split({listed}, ' '), {choice})"
        return f"coalesce({text}, CASE WHEN {listed} IS NOT NULL THEN CASE WHEN {is_chosen} THEN '1' ELSE '0' END END)"

    def _field_text(self, item: ContractField) -> str:
        source = self._mapping.fields[item.name]
        if item.kind == "list":
            return self._list(source)
        text = self._plain_text(source, keeps_blanks=item.is_reference)
        prefix = self._namespace(source) if item.is_reference else None
        return f"{self._statement.bind(prefix + ':')} || {text}" if prefix else text

    def _namespace(self, source: FieldMapping) -> str | None:
        return source.namespace if "namespace" in source.model_fields_set else self._spec.reference_namespace

    def _plain_text(self, source: FieldMapping, *, keeps_blanks: bool) -> str:
        chosen = source.chosen()
        if chosen == "value":
            return f"CAST({self._statement.bind(_constant(source.value))} AS VARCHAR)"
        if chosen == "record_no":
            return "CAST(_record_no AS VARCHAR)"
        if chosen == "sql":
            text = self._raw_column(f"CAST(({self._own_sql(str(source.sql))}) AS VARCHAR)")
            return cleaned(text, self._spec, self._statement)
        if chosen == "join":
            return self._join(source, keeps_blanks=keeps_blanks)
        return self._origin_text(source)

    def _origin_text(self, origin: Origin) -> str:
        chosen = origin.chosen()
        if chosen == "each":
            return f"CAST({self._statement.bind(_constant(self._entry.constants[str(origin.each)]))} AS VARCHAR)"
        raw = self._raw_text(origin)
        text = raw if self._spec.is_tabular else self._raw_column(raw)
        return cleaned(text, self._spec, self._statement, is_tidy=self._context.is_tidy)

    def _raw_column(self, expression: str) -> str:
        """Gives the column of a text as it is in the record: found once, however often it is looked at."""
        if expression not in self._raw_texts:
            self._raw_texts.append(expression)
        return f"_raw_{self._raw_texts.index(expression)}"

    def _raw_columns(self) -> str:
        return "".join(f", {expression} AS _raw_{number}" for number, expression in enumerate(self._raw_texts))

    def _raw_text(self, origin: Origin) -> str:
        if origin.column is not None:
            return quote_identifier(origin.column)
        if origin.each_column is not None:
            return quote_identifier(str(self._entry.constants[origin.each_column]))
        level, path = self._json_source(origin)
        if "[*]" in path:
            return f"json_extract_string(item_{level}, {self._statement.bind(path)})"
        return self._extracted_text(level, path)

    def _json_source(self, origin: Origin) -> tuple[int, str]:
        if origin.path is not None:
            return len(self._mapping.each), json_path(origin.path)
        return origin.level, json_path(str(origin.parent_path))

    def _own_sql(self, sql: str) -> str:
        """Gives the declaration's own SQL with its plain paths read in the one pass that reads all others."""
        if self._spec.is_tabular:
            return sql
        return _PATH_IN_SQL.sub(lambda found: self._path_in_sql(found, sql), sql)

    def _path_in_sql(self, found: re.Match[str], sql: str) -> str:
        name, depth = found["source"], len(self._mapping.each)
        level = {"record": 0, "item": depth}.get(name)
        level = int(name.removeprefix("item_")) if level is None else level
        is_bound_there = re.search(rf"lambda\s+{name}\b", sql) is not None
        try:
            path = json_path(found["path"])
        except ValueError:
            return found.group()
        return found.group() if is_bound_there or level > depth else self._extracted_text(level, path)

    def _parts(self, source: FieldMapping) -> list[str]:
        return [self._origin_text(part) for part in source.parts(is_tabular=self._spec.is_tabular)]

    def _join(self, source: FieldMapping, *, keeps_blanks: bool) -> str:
        parts = self._parts(source)
        separator = self._statement.bind(source.separator)
        if not keeps_blanks:
            return f"nullif(concat_ws({separator}, {', '.join(parts)}), '')"
        filled = f" || {separator} || ".join(f"coalesce({part}, '')" for part in parts)
        return f"CASE WHEN coalesce({', '.join(parts)}, NULL) IS NOT NULL THEN {filled} END"

    def _needs_all_parts(self, item: ContractField) -> bool:
        source = self._mapping.fields[item.name]
        return item.is_reference and len(source.join or ()) > 1 and not source.optional_parts

    def _blank_part(self, item: ContractField) -> str:
        """Gives the SQL of which part of a reference is blank, from 1, where not all are; else 0."""
        parts = self._parts(self._mapping.fields[item.name])
        blank = " ".join(f"WHEN {part} IS NULL THEN {number}" for number, part in enumerate(parts, start=1))
        return f"CASE WHEN coalesce({', '.join(parts)}) IS NULL THEN 0 {blank} ELSE 0 END"

    def _list(self, source: FieldMapping) -> str:
        if source.chosen() == "sql":
            return f"CAST(({self._own_sql(str(source.sql))}) AS VARCHAR[])"
        text = self._plain_text(source, keeps_blanks=False)
        items = (
            f"string_split_regex({text}, {self._statement.bind(_any_of(source.split))})"
            if source.split
            else f"[{text}]"
        )
        if source.path is not None or source.parent_path is not None:
            level, path = self._json_source(source)
            where = f"item_{level}"
            whole, every = self._statement.bind(path), self._statement.bind(path + "[*]")
            listed = f"CAST(json_extract_string({where}, {every}) AS VARCHAR[])"
            items = f"CASE WHEN json_type({where}, {whole}) = 'ARRAY' THEN {listed} ELSE {items} END"
        blanks = self._statement.bind(_BLANKS)
        trimmed = f"list_transform({items}, lambda entry: trim(entry, {blanks}))"
        return f"list_filter({trimmed}, lambda entry: entry <> '')"

    # translated, parsed, typed

    def _translated(self) -> str:
        return ", ".join(self._translation(item) for item in self._mapped) or "1 AS t_none"

    def _translation(self, item: ContractField) -> str:
        source, text = self._mapping.fields[item.name], f"r_{item.name}"
        if source.enumeration is not None:
            entries = self._spec.enumerations[source.enumeration]
            values = [None if value is None else _constant(value) for value in entries.values()]
            text = f"list_extract({self._statement.bind(values)}, {self._position(source, text)})"
        if item.kind in _NUMERIC:
            text = self._plain_number(source, text)
        return f"{text} AS t_{item.name}"

    def _position(self, source: FieldMapping, text: str) -> str:
        """Gives the SQL of a text's place in its enumeration, from 1; of several as `FieldMapping.split` says."""
        entries = self._spec.enumerations[str(source.enumeration)]
        keys = self._statement.bind(list(entries))
        if not source.split:
            return f"list_position({keys}, {text})"
        parts = f"string_split_regex({text}, {self._statement.bind(_any_of(source.split))})"
        trimmed = f"list_transform({parts}, lambda part: trim(part, {self._statement.bind(_BLANKS)}))"
        places = (
            f"list_transform(list_filter({trimmed}, lambda part: part <> ''), "
            f"lambda part: coalesce(list_position({keys}, part), 0))"
        )
        giving = [str(place) for place, value in enumerate(entries.values(), start=1) if value is not None]
        decides = f"list_filter({places}, lambda place: place IN ({', '.join(giving) or 'NULL'}))"
        return f"coalesce(list_min({decides}), list_min({places}))"

    def _plain_number(self, source: FieldMapping, text: str) -> str:
        if source.thousands_separator is not None:
            text = f"replace({text}, {self._statement.bind(source.thousands_separator)}, '')"
        if source.decimal_mark != ".":
            text = f"replace({text}, {self._statement.bind(source.decimal_mark)}, '.')"
        return text

    def _parsed(self) -> str:
        parsed = [f"{expression} AS p_{item.name}" for item in self._mapped if (expression := self._parse(item))]
        if self._looks_up_country:
            parsed.append(f"{self._country_lookup()} AS p_country_code")
        return ", ".join(parsed) or "1 AS p_none"

    def _parse(self, item: ContractField) -> str | None:
        text = f"t_{item.name}"
        if item.kind == "date":
            formats = self._mapping.fields[item.name].formats
            if formats:
                return f"CAST(try_strptime({text}, {self._statement.bind(list(formats))}) AS DATE)"
            # the cast takes looser forms than ISO 8601; comparing what it gave costs less than a regular expression
            date, is_iso = f"try_cast({text} AS DATE)", f"regexp_full_match({text}, {self._statement.bind(_ISO_DATE)})"
            whole = f"WHEN CAST({date} AS VARCHAR) = {text} THEN {date}"
            return f"CASE {whole} WHEN {is_iso} THEN try_cast(left({text}, 10) AS DATE) END"
        if item.kind in _NUMERIC:
            # the cast takes underscores between digits and names of what is not finite; else it agrees with _NUMBER
            number = self._scaled(item, f"try_cast({text} AS DOUBLE)")
            return f"CASE WHEN isfinite({number}) AND NOT contains({text}, '_') THEN {number} END"
        return None

    def _scaled(self, item: ContractField, number: str) -> str:
        scale = self._mapping.fields[item.name].scale
        if scale is None:
            return number
        divisor = round(1 / scale)
        # 57 / 100 is the number nearest to 0.57, 57 * 0.01 is not
        is_divided = divisor != 0 and 1 / divisor == scale
        scaled = (
            f"({number} {'/' if is_divided else '*'} {self._statement.bind(float(divisor if is_divided else scale))})"
        )
        return f"round({scaled}, {_DIGITS_OF_A_WHOLE})" if item.kind == "integer" else scaled

    @property
    def _looks_up_country(self) -> bool:
        return "country_code" in self._mapping.contract.field_names and bool(self._country_texts)

    @property
    def _country_texts(self) -> list[str]:
        return [name for name in ("country_code", "country_text") if name in self._mapping.fields]

    def _country_lookup(self) -> str:
        return f"coalesce({', '.join(f'by_{name}.code' for name in self._country_texts)}, NULL)"

    def _country_join(self) -> str:
        if not self._looks_up_country:
            return ""
        return "".join(
            f" LEFT JOIN country_name AS by_{name} ON by_{name}.name_key = {country_key(f't_{name}')}"
            for name in self._country_texts
        )

    def _typed(self) -> str:
        names = [item for item in self._fields if item.name != "country_text" or self._has_country_text]
        return ", ".join(f"{self._value(item)} AS v_{item.name}" for item in names)

    @property
    def _has_country_text(self) -> bool:
        return "country_text" in self._mapping.contract.field_names

    def _value(self, item: ContractField) -> str:
        if item.name == "country_code" and self._looks_up_country:
            return "p_country_code"
        if item.name not in self._mapping.fields:
            return self._derived(item)
        if item.name == "respondent_key":
            return f"pseudonym(t_{item.name})"
        return self._typed_value(item, f"t_{item.name}", f"p_{item.name}")

    def _typed_value(self, item: ContractField, text: str, parsed: str) -> str:
        bind = self._statement.bind
        if item.kind in {"date", "number"}:
            return parsed
        if item.is_number and self._mapping.fields[item.name].scale is not None:
            is_whole = f"{parsed} = trunc({parsed})" if item.kind == "integer" else f"{parsed} IS NOT NULL"
            return f"CASE WHEN {is_whole} THEN try_cast({parsed} AS {item.sql_type}) END"
        if item.kind == "integer":
            exact = f"try_cast(try_cast({text} AS DECIMAL(38, 6)) AS BIGINT)"
            whole = f"CASE WHEN abs({parsed}) < {_SMALL} THEN CAST({parsed} AS BIGINT) ELSE {exact} END"
            return f"CASE WHEN {parsed} = trunc({parsed}) THEN {whole} END"
        if item.kind in {"money", "price"}:
            scale = _SCALES[item.kind]
            small = f"CAST(try_cast({text} AS DECIMAL(18, {scale})) AS {item.sql_type})"
            return (
                f"CASE WHEN abs({parsed}) < {_SMALL} THEN {small} "
                f"WHEN {parsed} IS NOT NULL THEN try_cast({text} AS {item.sql_type}) END"
            )
        if item.kind == "flag":
            yes, no = (f"list_contains({bind(texts)}, lower({text}))" for texts in (_YES, _NO))
            return f"CASE WHEN {yes} THEN true WHEN {no} THEN false END"
        return f"CASE WHEN len({text}) > 0 THEN {text} END" if item.kind == "list" else text

    def _derived(self, item: ContractField) -> str:
        if item.name == "country_text" and "country_code" in self._mapping.fields:
            return "CASE WHEN p_country_code IS NULL THEN t_country_code END"
        survey = self._spec.survey
        if not self._mapping.questions or survey is None:
            return f"CAST(NULL AS {item.sql_type})"
        if item.name == "wave_id":
            return _WAVE_ID[survey.wave].format(day="p_submitted_on")
        if item.name == "answer":
            answers = enumerate(self._mapping.questions.values())
            return f"[{', '.join(self._answer(number, question) for number, question in answers)}]"
        if item.name in {"question", "indicator_id"}:
            return "''"  # each answer gets its own
        place = survey.place if item.name == "source_type" else None
        return f"CAST({self._statement.bind(place)} AS VARCHAR)"

    def _answer(self, number: int, question: Question) -> str:
        adverse, clean = (self._statement.bind(list(texts)) for texts in (question.adverse, question.not_adverse))
        return (
            f"CASE WHEN list_contains({adverse}, r_answer_{number}) THEN 'adverse' "
            f"WHEN list_contains({clean}, r_answer_{number}) THEN 'not_adverse' END"
        )

    # problems

    def _problem(self) -> str:
        cases = [case for item in self._fields for case in self._cases(item)]
        return f"CASE {' '.join(cases)} ELSE 0 END" if cases else "0"

    def _problems(self) -> str:
        """Gives the SQL of the numbers of all faults, at most one a field: what follows from it is none of its own."""
        cases = [found for item in self._fields if (found := self._cases(item))]
        listed = ", ".join(f"CASE {' '.join(found)} ELSE 0 END" for found in cases)
        return f"list_filter([{listed}], lambda one: one > 0)" if cases else "CAST([] AS INTEGER[])"

    def _cases(self, item: ContractField) -> list[str]:
        if item.name == "answer":
            return []
        is_mapped = item.name in self._mapping.fields
        cases = [*self._part_cases(item), *self._conversion_cases(item)] if is_mapped else []
        if item.required and (is_mapped or item.name != "wave_id"):  # a wave follows from the day, which is required
            cases.extend(self._required_cases(item))
        return cases

    def _part_cases(self, item: ContractField) -> list[str]:
        if not self._needs_all_parts(item):
            return []
        parts = self._mapping.fields[item.name].parts(is_tabular=self._spec.is_tabular)
        return [
            self._case(f"i_{item.name} = {number}", missing_part(self._told_origin(part)))
            for number, part in enumerate(parts, start=1)
        ]

    def _conversion_cases(self, item: ContractField) -> list[str]:
        source, label = self._mapping.fields[item.name], self._label(item)
        text, parsed, value = f"t_{item.name}", f"p_{item.name}", f"v_{item.name}"
        cases = []
        if source.enumeration is not None:
            unknown = f"r_{item.name} IS NOT NULL AND coalesce({self._position(source, f'r_{item.name}')}, 0) = 0"
            cases.append(self._case(unknown, unknown_value(label)))
        if item.kind == "date":
            cases.append(self._case(f"{text} IS NOT NULL AND {parsed} IS NULL", not_a_date(label, source.formats)))
            cases.append(self._date_bounds(parsed, label))
        if item.kind in _NUMERIC:
            cases.extend(self._number_cases(item, text, parsed, value, label))
        if item.kind == "flag":
            cases.append(self._case(f"{text} IS NOT NULL AND {value} IS NULL", not_yes_or_no(label)))
        if item.allowed:
            outside = f"{value} IS NOT NULL AND NOT list_contains({self._statement.bind(list(item.allowed))}, {value})"
            cases.append(self._case(outside, unknown_value(label)))
        return cases

    def _number_cases(self, item: ContractField, text: str, parsed: str, value: str, label: str) -> list[str]:
        is_number = f"regexp_full_match({text}, {self._statement.bind(_NUMBER)})"
        cases = [self._case(f"{text} IS NOT NULL AND {parsed} IS NULL AND NOT {is_number}", not_a_number(label))]
        if item.kind == "integer":
            cases.append(self._case(f"{parsed} <> trunc({parsed})", not_a_whole_number(label)))
        outside = [f"({text} IS NOT NULL AND {value} IS NULL)"]
        if item.minimum is not None:
            outside.append(f"{parsed} < {item.minimum}")
        if item.maximum is not None:
            outside.append(f"{parsed} > {item.maximum}")
        is_share = item.maximum == 1 and self._mapping.fields[item.name].scale is None
        fault = out_of_range(label, _bounds(item), is_share=is_share)
        cases.append(self._case(" OR ".join(outside), fault))
        return cases

    def _date_bounds(self, parsed: str, label: str) -> str:
        latest = date(self._context.as_of.year + YEARS_AHEAD, 12, 31)
        bind = self._statement.bind
        outside = f"{parsed} < CAST({bind(EARLIEST)} AS DATE) OR {parsed} > CAST({bind(latest)} AS DATE)"
        return self._case(outside, out_of_range(label, f"{EARLIEST.year} to {latest.year}"))

    def _required_cases(self, item: ContractField) -> list[str]:
        label, cases = self._label(item), []
        if item.name == "country_code" and self._looks_up_country:
            given = " OR ".join(f"t_{name} IS NOT NULL" for name in self._country_texts)
            cases.append(self._case(f"v_country_code IS NULL AND ({given})", unknown_country(label)))
        cases.append(self._case(f"v_{item.name} IS NULL", missing_value(label)))
        return cases

    def _case(self, condition: str, fault: Fault) -> str:
        return f"WHEN {condition} THEN {self._statement.problem(fault)}"

    def _label(self, item: ContractField) -> str:
        name = item.name
        if name not in self._mapping.fields and name == "country_code" and "country_text" in self._mapping.fields:
            name = "country_text"
        source = self._mapping.fields.get(name)
        if source is None:
            return f"field {name}"
        parts = source.parts(is_tabular=self._spec.is_tabular)
        if parts:
            return " and ".join(self._told_origin(part) for part in parts)
        return self._told_origin(source) if source.chosen() in _NAMED else f"field {name}"

    def _told_origin(self, origin: Origin) -> str:
        chosen = origin.chosen()
        if chosen == "each_column":
            return f'column "{self._entry.constants[str(origin.each_column)]}"'
        kind = {"column": "column", "each": "key of each_of"}.get(chosen, "path")
        return f'{kind} "{getattr(origin, chosen)}"'


def _array(json: str) -> str:
    """Gives the SQL of the items of a JSON array as texts; some publishers write one object instead of an array."""
    return (
        f"list_transform([CAST({json} AS VARCHAR)], lambda found: CASE left(found, 1) WHEN '[' THEN "
        f"{_items_of('found')} WHEN '{{' THEN [found] ELSE CAST([] AS VARCHAR[]) END)[1]"
    )


def _items_of(array: str) -> str:
    return f"CAST(json_extract({array}, '$[*]') AS VARCHAR[])"


def _constant(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _any_of(separators: Sequence[str]) -> str:
    return "|".join(re.escape(separator) for separator in separators)


def _bounds(item: ContractField) -> str:
    if item.minimum is None and item.maximum is None:
        return "what a number of this kind can hold"
    low = "any" if item.minimum is None else f"{item.minimum:g}"
    high = "any" if item.maximum is None else f"{item.maximum:g}"
    return f"{low} to {high}"
