"""The declaration of a source, `source.yml`: what it is, what shape it has and which canonical fields it fills."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator

from ingest.connection_spec import Connection, FileConnection, connection_models
from ingest.contracts import WORKER_TABLES
from ingest.json_path import json_path
from ingest.mapping_spec import Condition, FieldMapping, Mapping, Origin, Question, Scalar, Strict, as_text
from ingest.spec_problems import REMEDY, place_of, problem_lines
from tierline.errors import ConfigError
from tierline.nearest import nearest

_WORKER_TABLES = tuple(contract.table for contract in WORKER_TABLES)
_TOLD = " or ".join(_WORKER_TABLES)
SOURCES = Path(__file__).resolve().parent / "sources"


class Licence(Strict):
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


class Format(Strict):
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


class Volume(Strict):
    """How many records the source has when it is whole."""

    minimum: int = Field(default=1, ge=0, description="Fewer records fail the source.")
    maximum: int | None = Field(default=None, ge=0, description="More records are warned about.")
    announced_tolerance: float = Field(
        default=0,
        ge=0,
        lt=1,
        description="Share of the records that the publisher announces which may be missing before the source fails.",
    )


class SurveyDesign(Strict):
    """How workers were chosen and reached, for who judges what a survey can tell."""

    sampling: str = Field(description="How respondents were chosen.")
    frame: str = Field(description="Of whom they were chosen.")
    channels: tuple[str, ...] = Field(min_length=1, description="How they were reached.")
    languages: tuple[str, ...] = Field(min_length=1, description="Languages asked in, ISO 639 codes.")
    invited: dict[str, int] = Field(default={}, description="Wave → how many were invited, where it is known.")


class Survey(Strict):
    """How answers of workers become waves; survey sources only."""

    place: Literal["offsite_survey", "onsite_survey", "grievance"] = Field(
        description="Where workers were asked, unless a mapped source_type says so for each record; grievance: a"
        " grievance channel or helpline."
    )
    wave: Literal["month", "quarter", "half_year", "year"] = Field(
        default="quarter", description="Length of a wave; its id is made of the day of the answer unless mapped."
    )
    closes_after_days: int = Field(default=30, ge=0, description="Days after the wave's end at which it is closed.")
    design_effect: float = Field(default=1.5, ge=1, description="How much less a clustered sample tells.")
    record: Literal["sheet", "answer"] = Field(
        default="sheet", description="What one record is: the whole sheet of a respondent, or one answer of it."
    )
    design: SurveyDesign | None = Field(default=None, description="How workers were chosen and reached.")


class SourceSpec(Strict):
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
        return [as_text(value) for value in values] if isinstance(values, list) else values

    @field_validator("enumerations", mode="before")
    @classmethod
    def _enumerated_texts_are_text(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        return {
            name: {as_text(key): value for key, value in entries.items()} if isinstance(entries, dict) else entries
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
        """Whether it fills what single workers said: survey answers or cases of a grievance channel."""
        return any(mapping.table in _WORKER_TABLES for mapping in self.mapping)

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if self.is_tabular and not self.columns:
            raise ValueError("columns: name the headings that must be there")
        if self.merge is not None and self.is_tabular:
            raise ValueError("merge goes with json and jsonl")
        if self.is_survey and (not self.is_restricted or self.survey is None):
            raise ValueError(f"a source that fills {_TOLD} is restricted and has a 'survey' section")
        if self.is_restricted and not all(mapping.table in _WORKER_TABLES for mapping in self.mapping):
            raise ValueError(f"a restricted source fills nothing but {_TOLD}")
        problems = list(dict.fromkeys(_inconsistencies(self)))
        if problems:
            raise ValueError("\n".join(problems))
        return self


def load_spec(source_id: str, sources: Path = SOURCES) -> SourceSpec:
    """Reads and checks the declaration of a source; raises ConfigError that names each wrong key and a near one."""
    path = sources / source_id / "source.yml"
    if not path.is_file():
        known = sorted(folder.parent.name for folder in sources.glob("*/source.yml"))
        raise ConfigError(f"no source is declared as '{source_id}'", remedy=nearest(source_id, known))
    spec = parse_spec(path.read_text(encoding="utf-8"), source_id, sources)
    if spec.id != source_id:
        raise ConfigError(f"the declaration says id '{spec.id}'", source=source_id, remedy=f"Write id: {source_id}")
    return spec


def parse_spec(text: str, source_id: str, sources: Path = SOURCES) -> SourceSpec:
    """Checks the text of a `source.yml`; raises ConfigError that names each wrong key and a near one.

    A declaration that says `extends: <source id>` takes over every key of that one, found under `sources`, that it does
    not give itself.
    """
    declared = _with_inherited(text, source_id, sources)
    try:
        return SourceSpec.model_validate(declared)
    except ValidationError as error:
        problems = "".join(f"\n  - {line}" for line in problem_lines(error.errors(), declared, _sections()))
        raise ConfigError(
            f"source.yml does not declare a source:{problems}", source=source_id, remedy=REMEDY
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
        raise ConfigError(f"extends: no source is declared as '{parent}'; {nearest(parent, known)}", source=source_id)
    inherited = _with_inherited(path.read_text(encoding="utf-8"), parent, sources, heirs)
    return {**inherited, **declared} if isinstance(inherited, dict) else declared


def _yaml(text: str, source_id: str) -> Any:
    try:
        # the loader is a SafeLoader with fewer scalar types
        return yaml.load(text, Loader=_PlainTextLoader)  # noqa: S506 - a SafeLoader with fewer types
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


def _inconsistencies(spec: SourceSpec) -> Iterator[str]:
    for number, mapping in enumerate(spec.mapping, start=1):
        place = place_of(number, mapping.table)
        if (mapping.each and spec.is_tabular) or (mapping.each_of and not spec.is_tabular):
            yield f"{place}: each goes with json, each_of with tables"
        for name, field in mapping.fields.items():
            if field.enumeration is not None and field.enumeration not in spec.enumerations:
                known = nearest(field.enumeration, list(spec.enumerations)) if spec.enumerations else "none is declared"
                yield f"{place}, field {name}: no enumeration '{field.enumeration}'; {known}"
        yield from (f"{place}: {problem}" for problem in _misplaced_origins(spec, mapping))
        yield from (f"{place}: {problem}" for problem in _unreadable_names(spec, mapping))
    yield from _wrong_names(spec, [*spec.key, *spec.column_aliases])
    if spec.format.records and not spec.is_tabular:
        yield from _wrong_names(spec, [spec.format.records])


def _misplaced_origins(spec: SourceSpec, mapping: Mapping) -> Iterator[str]:
    wrong = {"path", "parent_path", "document_path"} if spec.is_tabular else {"column", "each_column"}
    for origin in mapping.origins(is_tabular=spec.is_tabular):
        if origin.chosen() in wrong:
            yield f"'{origin.chosen()}' does not go with records of kind {spec.format.kind}"
        if origin.level > len(mapping.each):
            yield f"level {origin.level}, and only {len(mapping.each)} arrays under each"


def _unreadable_names(spec: SourceSpec, mapping: Mapping) -> Iterator[str]:
    origins = mapping.origins(is_tabular=spec.is_tabular)
    if spec.is_tabular:
        columns = [origin.column for origin in origins]
        choices = [asked.choice_of for asked in mapping.questions.values()]
        each = [str(entry[one.each_column]) for one in origins if one.each_column for entry in mapping.each_of]
        names = [*mapping.questions, *choices, *columns, *each]
    else:
        paths = [path for origin in origins for path in (origin.path, origin.parent_path, origin.document_path)]
        names = [*mapping.each, *mapping.questions, *paths]
    yield from _wrong_names(spec, [name for name in names if name is not None])


def _wrong_names(spec: SourceSpec, names: list[str]) -> Iterator[str]:
    """Yields what is wrong with headings, or with paths, that the declaration uses."""
    declared = [*spec.columns, *spec.optional_columns]
    for name in names:
        if spec.is_tabular:
            if name not in declared:
                yield f"'{name}' is used and not under columns; {nearest(name, declared)}"
            continue
        try:
            json_path(name)
        except ValueError as error:
            yield str(error)


def _sections() -> dict[str, type[BaseModel]]:
    """Gives the models whose keys stand under each key, wherever it is in the declaration."""
    return {
        "": SourceSpec,
        "licence": Licence,
        "format": Format,
        "volume": Volume,
        "survey": Survey,
        "survey.design": SurveyDesign,
        "questions": Question,
        "fields": FieldMapping,
        "join": Origin,
        "when": Condition,
        "mapping": Mapping,
        **{f"connection.{kind}": model for kind, model in connection_models().items()},
    }
