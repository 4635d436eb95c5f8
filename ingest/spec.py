"""The declaration of a source, `source.yml`: what it is, what shape it has and which canonical fields it fills."""

import difflib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from ingest.connection_spec import Connection, FileConnection, connection_models
from ingest.contracts import CONTRACTS, Contract
from ingest.json_path import json_path
from tierline.errors import ConfigError

SOURCES = Path(__file__).resolve().parent / "sources"
DERIVED_FIELDS = {"country_code", "wave_id", "source_type", "question", "indicator_id", "answer"}
_ORIGINS = ("column", "path", "parent_path", "value", "record_no", "join", "each", "each_column", "sql")
Scalar = str | int | float | bool


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Licence(_Strict):
    """Under which terms the source may be used."""

    name: str = Field(description="Name of the licence or of the act that makes the data public.")
    url: str | None = Field(default=None, description="Where its text is.")
    consent_required: bool = Field(
        default=False, description="Whether the configuration must list the source under accepted_licences first."
    )
    share_alike: bool = Field(
        default=False, description="Whether what is made of the data must be given on under the same terms."
    )
    attribution: str | None = Field(default=None, description="Words with which the licence asks to name the source.")


class Format(_Strict):
    """How the bytes are laid out; gzip and zip are recognised by their first bytes whatever the kind."""

    kind: Literal["csv", "jsonl", "json", "xlsx", "html", "parquet"] = Field(description="Layout of the records.")
    encoding: Literal["utf-8", "latin-1", "cp1252", "utf-16"] = Field(default="utf-8", description="Encoding of text.")
    delimiter: str = Field(default=",", min_length=1, max_length=1, description="csv: what separates two cells.")
    records: str | None = Field(
        default=None, description="json: path of the records; none: the root array, or the root object as one record."
    )
    sheet: str | None = Field(default=None, description="xlsx: name of the sheet; none: the first.")
    table: str | None = Field(
        default=None,
        description="html: words of the caption of the table, or of the heading above it; none: all with the headings.",
    )
    member: str | None = Field(
        default=None, description="zip: glob pattern of the one member to read; none: the archive must hold one file."
    )


class Volume(_Strict):
    """How many records the source has when it is whole."""

    minimum: int = Field(default=1, ge=0, description="Fewer records fail the source.")
    maximum: int | None = Field(default=None, ge=0, description="More records are warned about.")
    announced_tolerance: float = Field(
        default=0,
        ge=0,
        lt=1,
        description="Share of the records that the publisher announces which may be missing before the source fails.",
    )


class Survey(_Strict):
    """How answers of workers become waves; survey sources only."""

    place: Literal["offsite_survey", "onsite_survey"] = Field(
        description="Where workers were asked, unless a mapped source_type says so for each record."
    )
    wave: Literal["month", "quarter", "half_year", "year"] = Field(
        default="quarter", description="Length of a wave; its id is made of the day of the answer unless mapped."
    )
    closes_after_days: int = Field(default=30, ge=0, description="Days after the wave's end at which it is closed.")
    design_effect: float = Field(default=1.5, ge=1, description="How much less a clustered sample tells.")
    record: Literal["sheet", "answer"] = Field(
        default="sheet", description="What one record is: the whole sheet of a respondent, or one answer of it."
    )


class Question(_Strict):
    """What the answers to one survey question say about one indicator."""

    indicator: str = Field(description="Id of the indicator, such as F07.")
    adverse: tuple[str, ...] = Field(min_length=1, description="Answers that report the condition.")
    not_adverse: tuple[str, ...] = Field(default=(), description="Answers that report its absence; others are unknown.")
    choice_of: str | None = Field(
        default=None,
        description="csv, multiple choice: heading of the cell that lists what was chosen, split by blanks. Where the"
        " question has no column of its own, its answer is 1 if its choice is listed, 0 if others are.",
    )
    choice: str | None = Field(default=None, description="With choice_of: name of the choice.")

    @model_validator(mode="after")
    def _choice_and_cell_go_together(self) -> Self:
        if (self.choice is None) != (self.choice_of is None):
            raise ValueError("choice and choice_of go together")
        return self


class Origin(_Strict):
    """Where a value comes from within a record: exactly one key is given."""

    column: str | None = Field(default=None, description="csv, xlsx, html, parquet: heading.")
    path: str | None = Field(default=None, description="json: path relative to the innermost item.")
    parent_path: str | None = Field(default=None, description="json: path relative to the record, or to `level`.")
    level: int = Field(default=0, ge=0, description="With parent_path: 0 the record, 1 an item of the first `each`, …")
    each: str | None = Field(default=None, description="Key of each_of whose constant is the value.")
    each_column: str | None = Field(default=None, description="Key of each_of that names the heading.")

    def chosen(self) -> str:
        """Gives the name of the key that says where the value comes from."""
        return next(name for name in _ORIGINS if _is_given(self, name))

    @model_validator(mode="after")
    def _exactly_one_origin(self) -> Self:
        names = [name for name in _ORIGINS if name in type(self).model_fields]
        given = [name for name in names if _is_given(self, name)]
        if len(given) != 1:
            raise ValueError(f"give exactly one of {', '.join(names)}; given: {', '.join(given) or 'none'}")
        if self.level and self.parent_path is None:
            raise ValueError("level goes with parent_path")
        return self


class Condition(Origin):
    """Which records or items a mapping takes; all that is given must hold."""

    within: tuple[str, ...] | None = Field(default=None, alias="in", description="The value is one of these.")
    not_in: tuple[str, ...] | None = Field(default=None, description="The value is blank or none of these.")
    not_blank: bool = Field(default=False, description="The value is not blank.")

    @field_validator("within", "not_in", mode="before")
    @classmethod
    def _values_are_text(cls, values: Any) -> Any:
        return [_text(value) for value in values] if isinstance(values, list) else values

    @model_validator(mode="after")
    def _something_is_asked(self) -> Self:
        if self.within is None and self.not_in is None and not self.not_blank:
            raise ValueError("give 'in', 'not_in' or 'not_blank'")
        return self


class FieldMapping(Origin):
    """How one canonical field is filled."""

    value: Scalar | None = Field(default=None, description="Constant.")
    record_no: Literal[True] | None = Field(default=None, description="true: the number of the record in its file.")
    join: tuple[str, ...] | None = Field(default=None, description="Headings (json: paths) whose values are joined.")
    separator: str = Field(default="|", description="With join: what stands between two values.")
    sql: str | None = Field(
        default=None,
        description="DuckDB expression over the headings (tables) or over record, item, item_no (json). Use seldom.",
    )
    enumeration: str | None = Field(default=None, description="Which of `enumerations` translates the value.")
    formats: tuple[str, ...] = Field(default=(), description="Dates: strptime formats, tried in order; none: ISO 8601.")
    split: tuple[str, ...] = Field(
        default=(),
        description="What separates two values in the text. Where an enumeration makes one of them, the first of its "
        "entries that gives a value for any of them decides; where none does, a value it does not know is a fault.",
    )
    thousands_separator: str | None = Field(default=None, max_length=1, description="Numbers: ignored sign.")
    decimal_mark: str = Field(default=".", min_length=1, max_length=1, description="Numbers: decimal sign.")
    namespace: str | None = Field(
        default=None,
        description="References: namespace other than reference_namespace; null, given: the value has one already.",
    )

    @field_validator("join", mode="after")
    @classmethod
    def _joins_something(cls, values: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if values is not None and not values:
            raise ValueError("join names at least one heading or path")
        return values


class Mapping(_Strict):
    """How records fill one canonical table."""

    table: str = Field(description="Canonical table.")
    when: tuple[Condition, ...] = Field(default=(), description="Conditions that records or items must meet.")
    each: tuple[str, ...] = Field(default=(), description="json: arrays, one below the other; a row for each item.")
    each_of: tuple[dict[str, Scalar], ...] = Field(default=(), description="csv: a row for each of these entries.")
    questions: dict[str, Question] = Field(default={}, description="survey_answer: question heading or path.")
    fields: dict[str, FieldMapping] = Field(description="Canonical field → where it comes from.")

    @field_validator("when", mode="before")
    @classmethod
    def _one_condition_is_a_list_of_one(cls, value: Any) -> Any:
        return [value] if isinstance(value, dict) else value

    @field_validator("each", mode="before")
    @classmethod
    def _one_path_is_a_list_of_one(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @property
    def contract(self) -> Contract:
        """The contract of the table it fills."""
        return CONTRACTS[self.table]

    @model_validator(mode="after")
    def _fits_the_contract(self) -> Self:
        if self.table not in CONTRACTS:
            raise ValueError(f"no canonical table '{self.table}'; {_nearest(self.table, list(CONTRACTS))}")
        if sum(map(bool, (self.each, self.each_of, self.questions))) > 1:
            raise ValueError("give one of each, each_of and questions")
        if bool(self.questions) != (self.table == "survey_answer"):
            raise ValueError("questions go with the table survey_answer, and it needs them")
        self._check_fields()
        return self

    def _check_fields(self) -> None:
        known = [*self.contract.field_names, "known_on"]
        if "country_code" in known and "country_text" not in known:
            known.append("country_text")
        for name in self.fields:
            if name not in known:
                raise ValueError(f"{self.table} has no field '{name}'; {_nearest(name, known)}")
        required = {field.name for field in self.contract.fields if field.required} - DERIVED_FIELDS
        missing = sorted(required - self.fields.keys())
        if missing:
            raise ValueError(f"{self.table} requires {', '.join(missing)}")
        keys = {key for entry in self.each_of for key in entry}
        for origin in (*self.fields.values(), *self.when):
            wanted = origin.each or origin.each_column
            if wanted is not None and (wanted not in keys or any(wanted not in entry for entry in self.each_of)):
                raise ValueError(f"'{wanted}' is not a key of every entry of each_of")


class SourceSpec(_Strict):
    """One source: who publishes it, under which terms, in which shape, and what it fills."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="Name of the folder under ingest/sources.")
    title: str = Field(description="Name of the source as its publisher gives it.")
    publisher: str = Field(description="Who publishes it.")
    licence: Licence = Field(description="Terms of use.")
    citation: str = Field(description="How to cite it.")
    cadence: str = Field(description="How often it changes.")
    corrections_contact: str = Field(description="Where errors in the source are reported.")
    sensitivity: Literal["public", "internal", "restricted"] = Field(
        description="restricted: answers of single workers, which never leave the restricted store."
    )
    retention_days: int | None = Field(default=None, ge=1, description="Days after which it is purged.")
    reference_namespace: str | None = Field(
        default=None,
        pattern=r"^[a-z][a-z0-9_.-]*$",
        description="Prefix of every reference, shared by sources of one family; none: values have one already.",
    )
    shape_checked: bool = Field(description="Whether the shape was ever checked on a real file.")
    shape_note: str = Field(default="", description="What is known and unknown about the shape.")
    second_hand: bool = Field(default=False, description="Whether it was copied from someone other than the origin.")
    connection: Connection = Field(default=FileConnection(), description="How its bytes are fetched.")
    format: Format = Field(description="Layout of the bytes.")
    columns: tuple[str, ...] = Field(default=(), description="Tables: headings that must be there, in any order.")
    optional_columns: tuple[str, ...] = Field(default=(), description="Headings that may be absent.")
    column_aliases: dict[str, tuple[str, ...]] = Field(default={}, description="Heading → other names it had.")
    null_values: tuple[str, ...] = Field(default=("",), description="Texts that mean that nothing is known.")
    key: tuple[str, ...] = Field(default=(), description="Headings or paths that identify a record; none: no key.")
    key_keeps: Literal["first", "last"] = Field(default="first", description="Which of two with one key is loaded.")
    merge: Literal["ocds", "ocds_records"] | None = Field(
        default=None,
        description="json: ocds: records are releases, and mappings see what their process was with each of them; "
        "ocds_records: they are OCDS records, and mappings see an object with `states`; none: as they are.",
    )
    volume: Volume = Field(default=Volume(), description="Records of a whole source.")
    enumerations: dict[str, dict[str, Scalar | None]] = Field(default={}, description="Name → text → value.")
    survey: Survey | None = Field(default=None, description="Survey sources only.")
    mapping: tuple[Mapping, ...] = Field(min_length=1, description="What each record fills.")

    @field_validator("columns", "optional_columns", "null_values", "key", mode="before")
    @classmethod
    def _entries_are_text(cls, values: Any) -> Any:
        return [_text(value) for value in values] if isinstance(values, list) else values

    @field_validator("enumerations", mode="before")
    @classmethod
    def _enumerated_texts_are_text(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        return {
            name: {_text(key): value for key, value in entries.items()} if isinstance(entries, dict) else entries
            for name, entries in values.items()
        }

    @property
    def is_tabular(self) -> bool:
        """Whether records have headings (csv, xlsx, html, parquet) rather than paths."""
        return self.format.kind not in {"json", "jsonl"}

    @property
    def is_restricted(self) -> bool:
        """Whether its data may only be in the restricted store."""
        return self.sensitivity == "restricted"

    @property
    def is_survey(self) -> bool:
        """Whether it fills survey answers."""
        return any(mapping.table == "survey_answer" for mapping in self.mapping)

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if self.is_tabular and not self.columns:
            raise ValueError("columns: name the headings that must be there")
        if self.merge is not None and self.is_tabular:
            raise ValueError("merge goes with json and jsonl")
        if self.is_survey and (not self.is_restricted or self.survey is None):
            raise ValueError("a source that fills survey_answer is restricted and has a 'survey' section")
        if self.is_restricted and not all(mapping.table == "survey_answer" for mapping in self.mapping):
            raise ValueError("a restricted source fills nothing but survey_answer")
        for problem in _inconsistencies(self):
            raise ValueError(problem)
        return self


def load_spec(source_id: str, sources: Path = SOURCES) -> SourceSpec:
    """Reads and checks the declaration of a source; raises ConfigError that names each wrong key and a near one."""
    path = sources / source_id / "source.yml"
    if not path.is_file():
        known = sorted(folder.parent.name for folder in sources.glob("*/source.yml"))
        raise ConfigError(f"no source is declared as '{source_id}'", remedy=_nearest(source_id, known))
    spec = parse_spec(path.read_text(encoding="utf-8"), source_id, sources)
    if spec.id != source_id:
        raise ConfigError(f"the declaration says id '{spec.id}'", source=source_id, remedy=f"Write id: {source_id}")
    return spec


def parse_spec(text: str, source_id: str, sources: Path = SOURCES) -> SourceSpec:
    """Checks the text of a `source.yml`; raises ConfigError that names each wrong key and a near one.

    A declaration that says `extends: <source id>` takes over every key of that one, found under `sources`, that it does
    not give itself.
    """
    try:
        return SourceSpec.model_validate(_with_inherited(text, source_id, sources))
    except ValidationError as error:
        problems = "".join(f"\n  - {_problem(detail)}" for detail in error.errors())
        raise ConfigError(
            f"source.yml does not declare a source:{problems}",
            source=source_id,
            remedy="Correct the keys named above; docs/data-contracts.md lists the canonical fields.",
        ) from error


def _with_inherited(text: str, source_id: str, sources: Path, heirs: tuple[str, ...] = ()) -> Any:
    declared = _yaml(text, source_id)
    if not isinstance(declared, dict) or "extends" not in declared:
        return declared
    parent = str(declared.pop("extends"))
    heirs = (*heirs, source_id)
    path = sources / parent / "source.yml"
    if parent in heirs:
        raise ConfigError(f"extends goes round in a circle: {' → '.join((*heirs, parent))}", source=source_id)
    if not path.is_file():
        known = sorted(folder.parent.name for folder in sources.glob("*/source.yml"))
        raise ConfigError(f"extends: no source is declared as '{parent}'; {_nearest(parent, known)}", source=source_id)
    inherited = _with_inherited(path.read_text(encoding="utf-8"), parent, sources, heirs)
    return {**inherited, **declared} if isinstance(inherited, dict) else declared


def _yaml(text: str, source_id: str) -> Any:
    try:
        # the loader is a SafeLoader with fewer scalar types
        return yaml.load(text, Loader=_PlainTextLoader)  # noqa: S506
    except yaml.YAMLError as error:
        raise ConfigError(f"source.yml is not YAML: {error}", source=source_id) from error


class _PlainTextLoader(yaml.SafeLoader):
    """YAML 1.2 scalars: `yes`, `no`, `NO` and dates are text; only true and false are booleans."""


_PlainTextLoader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in {"tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp"}
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_PlainTextLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$", re.IGNORECASE), list("tTfF")
)


def _is_given(origin: Origin, name: str) -> bool:
    return name in origin.model_fields_set and getattr(origin, name) is not None


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


def _inconsistencies(spec: SourceSpec) -> Iterator[str]:
    declared = [*spec.columns, *spec.optional_columns]
    for mapping in spec.mapping:
        if (mapping.each and spec.is_tabular) or (mapping.each_of and not spec.is_tabular):
            yield f"{mapping.table}: each goes with json, each_of with tables"
        for name, field in mapping.fields.items():
            if field.enumeration is not None and field.enumeration not in spec.enumerations:
                yield f"{mapping.table}.{name}: no enumeration '{field.enumeration}'"
        yield from _misplaced_origins(spec, mapping)
    yield from _wrong_paths(spec)
    if spec.is_tabular:
        for heading in _headings_used(spec):
            if heading not in declared:
                yield f"'{heading}' is used and not under columns; {_nearest(heading, declared)}"


def _misplaced_origins(spec: SourceSpec, mapping: Mapping) -> Iterator[str]:
    wrong = {"path", "parent_path"} if spec.is_tabular else {"column", "each_column"}
    for origin in (*mapping.fields.values(), *mapping.when):
        if origin.chosen() in wrong:
            yield f"{mapping.table}: '{origin.chosen()}' does not go with records of kind {spec.format.kind}"
        if origin.level > len(mapping.each):
            yield f"{mapping.table}: level {origin.level}, and only {len(mapping.each)} arrays under each"


def _wrong_paths(spec: SourceSpec) -> Iterator[str]:
    if spec.is_tabular:
        return
    paths = [*spec.key, *([spec.format.records] if spec.format.records else [])]
    for mapping in spec.mapping:
        paths.extend((*mapping.each, *mapping.questions))
        origins = (*mapping.fields.values(), *mapping.when)
        paths.extend(path for origin in origins for path in (origin.path, origin.parent_path) if path is not None)
        paths.extend(path for field in mapping.fields.values() for path in field.join or ())
    for path in paths:
        try:
            json_path(path)
        except ValueError as error:
            yield str(error)


def _headings_used(spec: SourceSpec) -> Iterator[str]:
    yield from (*spec.key, *spec.column_aliases)
    for mapping in spec.mapping:
        yield from mapping.questions
        yield from (asked.choice_of for asked in mapping.questions.values() if asked.choice_of is not None)
        for origin in (*mapping.fields.values(), *mapping.when):
            if origin.column is not None:
                yield origin.column
            if origin.each_column is not None:
                yield from (str(entry[origin.each_column]) for entry in mapping.each_of)
        for field in mapping.fields.values():
            yield from field.join or ()


def _problem(detail: ErrorDetails) -> str:
    where = ".".join(str(part) for part in detail["loc"]) or "source.yml"
    if detail["type"] == "extra_forbidden":
        return f"unknown key '{where}'; {_nearest(str(detail['loc'][-1]), _known_keys(detail))}"
    return f"{where}: {detail['msg']}"


def _known_keys(detail: ErrorDetails) -> list[str]:
    sections: dict[str, type[BaseModel]] = {
        "licence": Licence,
        "format": Format,
        "volume": Volume,
        "survey": Survey,
        "questions": Question,
        "fields": FieldMapping,
        "when": Condition,
        "mapping": Mapping,
    }
    parents = [str(part) for part in detail["loc"][:-1]]
    if parents[:1] == ["connection"]:
        return list(connection_models()[parents[1]].model_fields)
    nearest = next((sections[part] for part in reversed(parents) if part in sections), SourceSpec)
    return [field.alias or name for name, field in nearest.model_fields.items()]


def _nearest(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, n=3, cutoff=0.5)
    return f"did you mean {' or '.join(near)}?" if near else f"known are {', '.join(known)}"
