"""How a declaration says which records fill which canonical fields: the section `mapping` of `source.yml`."""

from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    field_validator,
    model_validator,
)

from ingest.contracts import CONTRACTS, Contract
from tierline.nearest import nearest

DERIVED_FIELDS = {"country_code", "wave_id", "source_type", "question", "indicator_id", "answer", "answer_word"}
_IN_RECORDS = ("column", "path", "parent_path", "document_path")
_ORIGINS = (*_IN_RECORDS, "value", "record_no", "join", "each", "each_column", "sql")
_LEAST_SCALE = 1e-12
Scalar = str | int | float | bool


class Strict(BaseModel):
    """A section of a declaration: a key that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Question(Strict):
    """What the answers to one survey question say about one indicator."""

    indicator: str = Field(description="Id of the indicator, such as F07.")
    adverse: tuple[str, ...] = Field(min_length=1, description="Answers that report the condition.")
    not_adverse: tuple[str, ...] = Field(default=(), description="Answers that report its absence; others are unknown.")
    texts: dict[str, str] = Field(default={}, description="Language (ISO 639 code) → the question as it is asked.")
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


class Origin(Strict):
    """Where a value comes from within a record: exactly one key is given."""

    column: str | None = Field(default=None, description="csv, xlsx, html, parquet: heading.")
    path: str | None = Field(default=None, description="json: path relative to the innermost item.")
    parent_path: str | None = Field(default=None, description="json: path relative to the record, or to `level`.")
    level: int = Field(default=0, ge=0, description="With parent_path: 0 the record, 1 an item of the first `each`, …")
    document_path: str | None = Field(
        default=None,
        description="json: path from the root of the document that the records stand in; blank of any other file.",
    )
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
        if "[*]" in (self.document_path or ""):
            raise ValueError("document_path leads to one value, not to those of an array")
        return self


class Condition(Origin):
    """Which records or items a mapping takes; all that is given must hold."""

    within: tuple[str, ...] | None = Field(
        default=None,
        alias="in",
        description="The value is one of these; of a path that ends in [*], any of the values.",
    )
    not_in: tuple[str, ...] | None = Field(
        default=None, description="The value is blank or none of these; of a path that ends in [*], no value is."
    )
    not_blank: bool = Field(default=False, description="true: the value is not blank.")
    blank: bool = Field(
        default=False, description="true: the value is missing or blank; json: or an empty array or object."
    )

    @field_validator("not_blank", "blank", mode="after")
    @classmethod
    def _asks_and_never_denies(cls, asked: bool, info: ValidationInfo) -> bool:
        if not asked:
            other = "blank" if info.field_name == "not_blank" else "not_blank"
            raise ValueError(f"write {other}: true instead, or leave {info.field_name} out")
        return asked

    @field_validator("within", "not_in", mode="before")
    @classmethod
    def _values_are_text(cls, values: Any) -> Any:
        return [as_text(value) for value in values] if isinstance(values, list) else values

    @model_validator(mode="after")
    def _something_is_asked(self) -> Self:
        if self.within is None and self.not_in is None and not self.not_blank and not self.blank:
            raise ValueError("give 'in', 'not_in', 'not_blank' or 'blank'")
        if self.not_blank and self.blank:
            raise ValueError("give one of not_blank and blank: no value is both")
        return self

    @property
    def array(self) -> str | None:
        """The path of the array of which any value may meet the condition; None where it is about one value."""
        path = self.path or self.parent_path or ""
        return path.removesuffix("[*]") if path.endswith("[*]") else None

    @model_validator(mode="after")
    def _values_of_one_array(self) -> Self:
        path = self.array if self.array is not None else self.path or self.parent_path or ""
        if "[*]" in path:
            raise ValueError("[*] stands at the end of a path, for any value of one array")
        if self.array is not None and (self.blank or self.not_blank):
            raise ValueError("of the values of an array [*] ask 'in' or 'not_in'")
        return self


JoinPart = Annotated[
    Annotated[str, Tag("text")] | Annotated[Origin, Tag("origin")],
    Discriminator(lambda part: "origin" if isinstance(part, dict | Origin) else "text"),
]


class FieldMapping(Origin):
    """How one canonical field is filled."""

    value: Scalar | None = Field(default=None, description="Constant.")
    record_no: Literal[True] | None = Field(default=None, description="true: the number of the record in its file.")
    join: tuple[JoinPart, ...] | None = Field(
        default=None,
        description="What is joined: headings (json: paths relative to the innermost item), or origins such as"
        " {parent_path: $.id}. Of a reference every part must have a value; other texts leave out what is blank.",
    )
    separator: str = Field(default="|", description="With join: what stands between two values.")
    optional_parts: bool = Field(
        default=False, description="With join, references: parts may be blank, as the others tell rows apart."
    )
    sql: str | None = Field(
        default=None,
        description="DuckDB expression over the headings (tables) or over record, item, item_no and document (json)."
        " Use seldom.",
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
    scale: float | None = Field(
        default=None, description="Numbers: factor by which the value is multiplied; 0.01 turns percent into a share."
    )
    namespace: str | None = Field(
        default=None,
        description="References: namespace other than reference_namespace; null, given: the value has one already.",
    )

    @field_validator("join", mode="after")
    @classmethod
    def _joins_something(cls, values: tuple[JoinPart, ...] | None) -> tuple[JoinPart, ...] | None:
        if values is not None and not values:
            raise ValueError("join names at least one heading or path")
        return values

    @field_validator("scale", mode="after")
    @classmethod
    def _is_a_factor(cls, scale: float | None) -> float | None:
        if scale is not None and not _LEAST_SCALE <= abs(scale) <= 1 / _LEAST_SCALE:
            raise ValueError("scale is a factor, such as 0.01")
        return scale

    @model_validator(mode="after")
    def _parts_are_of_a_join(self) -> Self:
        if self.optional_parts and self.join is None:
            raise ValueError("optional_parts goes with join")
        return self

    def parts(self, *, is_tabular: bool) -> tuple[Origin, ...]:
        """Gives where each part of a join comes from; none without one."""
        return tuple(
            part if isinstance(part, Origin) else Origin(column=part) if is_tabular else Origin(path=part)
            for part in self.join or ()
        )


class Mapping(Strict):
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

    @field_validator("each", mode="after")
    @classmethod
    def _an_array_a_path(cls, paths: tuple[str, ...]) -> tuple[str, ...]:
        for path in paths:
            if "[*]" in path.removesuffix("[*]"):
                raise ValueError(f"'{path}' leads through several arrays: give one path for each, one below the other")
        return paths

    @property
    def contract(self) -> Contract:
        """The contract of the table it fills."""
        return CONTRACTS[self.table]

    @model_validator(mode="after")
    def _fits_the_contract(self) -> Self:
        if self.table not in CONTRACTS:
            raise ValueError(f"no canonical table '{self.table}'; {nearest(self.table, list(CONTRACTS))}")
        if sum(map(bool, (self.each, self.each_of, self.questions))) > 1:
            raise ValueError("give one of each, each_of and questions")
        if bool(self.questions) != (self.table == "survey_answer"):
            raise ValueError("questions go with the table survey_answer, and it needs them")
        self._check_fields()
        return self

    def origins(self, *, is_tabular: bool) -> tuple[Origin, ...]:
        """Gives everything that names a heading, a path or a key of each_of: fields, parts of joins, conditions."""
        parts = [part for one in self.fields.values() for part in one.parts(is_tabular=is_tabular)]
        return (*self.fields.values(), *parts, *self.when)

    def _check_fields(self) -> None:
        known = [*self.contract.field_names, "known_on"]
        if "country_code" in known and "country_text" not in known:
            known.append("country_text")
        for name in self.fields:
            if name not in known:
                raise ValueError(f"{self.table} has no field '{name}'; {nearest(name, known)}")
        required = {field.name for field in self.contract.fields if field.required} - DERIVED_FIELDS
        missing = sorted(required - self.fields.keys())
        if missing:
            raise ValueError(f"{self.table} requires {', '.join(missing)}")
        self._check_scales()
        self._check_keys_of_each_of()

    def _check_scales(self) -> None:
        for name, source in self.fields.items():
            if source.scale is not None and (name == "known_on" or not self.contract.field(name).is_number):
                raise ValueError(f"field {name}: scale goes with numbers")

    def _check_keys_of_each_of(self) -> None:
        keys = {key for entry in self.each_of for key in entry}
        for origin in self.origins(is_tabular=True):
            wanted = origin.each or origin.each_column
            if wanted is not None and (wanted not in keys or any(wanted not in entry for entry in self.each_of)):
                raise ValueError(f"'{wanted}' is not a key of every entry of each_of")


def _is_given(origin: Origin, name: str) -> bool:
    return name in origin.model_fields_set and getattr(origin, name) is not None


def as_text(value: Any) -> Any:
    """Gives a scalar of YAML as the text that stands there."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value
