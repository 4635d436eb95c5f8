"""What is expected of a source: derived from its declaration and the contracts, and declared in ingest/expectations."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ingest.contracts import CONTRACTS, Contract, ContractField
from ingest.readers.incoming import LINEAGE_COLUMNS, RECORD_COLUMN
from ingest.spec import SourceSpec
from ingest.stores import raw_table
from tierline.errors import ConfigError
from tierline.warehouse import quote_identifier

EXPECTATIONS = Path(__file__).resolve().parent.parent / "expectations"
CHECKED_SOURCE = "checked_source"
NULL_VALUES = "null_values"
AS_OF = "{as_of}"
SUPPLY_STOPS_BELOW = 0.5
SUPPLY_WARNS_BELOW = 0.95
_ALWAYS_THERE = {"value", "record_no", "each"}
_ANY_AT_ALL = 1e-12
NEVER_FILLED = " is filled in at least one record"
"""How the expectation ends that a field is not blank throughout."""
_SAID_BY_WORKERS = {"grievance_case": {"indicator_id", "severity"}, "survey_answer": {"answer_word"}}
"""Fields that may be blank, by what one worker said: a count of them would tell it to who knows all others."""
FILLED_FROM_RECORDS = 20
"""Of a source with fewer records, a mapped field may well be blank in all."""

# a row a record, as so many repeats of each fate: working each one out would take longer than all that is counted of it
_FATES = f"""
    WITH account AS (
        SELECT coalesce(sum(read_count), 0) AS records, coalesce(sum(loaded_count), 0) AS loaded,
            coalesce(sum(quarantined_count), 0) AS quarantined, coalesce(sum(repeated_count), 0) AS repeated
        FROM ingest.source_load WHERE source_name = getvariable('{CHECKED_SOURCE}') AND status = 'loaded'
    ), bounds AS (
        SELECT records, least(records, loaded) AS loaded, least(records, loaded + repeated) AS repeated,
            least(records, loaded + greatest(quarantined, repeated)) AS quarantined,
            greatest(records, loaded + quarantined) AS told
        FROM account
    ), counted AS (
        SELECT unnest(['loaded', 'repeated', 'quarantined', 'lost', 'never read']) AS fate,
            unnest([loaded, repeated - loaded, quarantined - repeated, records - quarantined, told - records]) AS times
        FROM bounds
    )
    SELECT fate, nullif(fate, 'repeated') AS fate_unless_repeated
    FROM (SELECT fate, unnest(range(CAST(times AS BIGINT))) FROM counted)
"""

_ANNOUNCED_FATES = f"""
    WITH counted AS (
        SELECT unnest(['announced and read', 'announced only', 'read only']) AS fate,
            unnest([
                least(announced_count, found_count),
                greatest(announced_count - found_count, 0),
                greatest(found_count - announced_count, 0)
            ]) AS times
        FROM ingest.announced_volume WHERE source_name = getvariable('{CHECKED_SOURCE}')
    )
    SELECT fate, nullif(fate, 'read only') AS fate_if_announced, nullif(fate, 'announced only') AS fate_if_read
    FROM (SELECT fate, unnest(range(CAST(times AS BIGINT))) FROM counted)
"""

Severity = Literal["stop", "warn"]
Kind = Literal[
    "ExpectTableRowCountToBeBetween",
    "ExpectColumnToExist",
    "ExpectColumnValuesToNotBeNull",
    "ExpectColumnValuesToBeUnique",
    "ExpectCompoundColumnsToBeUnique",
    "ExpectColumnValuesToBeInSet",
    "ExpectColumnValuesToBeBetween",
    "ExpectColumnPairValuesAToBeGreaterThanB",
    "UnexpectedRowsExpectation",
]


@dataclass(frozen=True)
class Expectation:
    """One thing expected of one table: the class of Great Expectations that tests it, and a sentence that tells it."""

    kind: Kind
    text: str
    severity: Severity
    column: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Suite:
    """All that is expected of what one source has in one table; `query` selects it, reading `variables`."""

    source_name: str
    table: str
    query: str
    expectations: tuple[Expectation, ...]
    variables: Mapping[str, Any] = field(default_factory=dict)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DeclaredExpectation(_Strict):
    """An expectation as a file of ingest/expectations declares it."""

    expects: str = Field(description="What is expected, as a sentence; it names columns, never values of records.")
    kind: Kind = Field(description="Class of Great Expectations.")
    severity: Severity = Field(description="stop: the source is left out of the run; warn: it is told.")
    column: str | None = Field(default=None, description="Column that it is about.")
    arguments: dict[str, Any] = Field(default={}, description="Arguments of the class; '{as_of}' is the run's day.")


class DeclaredSuite(_Strict):
    """A file of ingest/expectations: what is expected of every source in one table."""

    table: str = Field(description="Canonical table, or source_load.")
    expectations: tuple[DeclaredExpectation, ...] = Field(min_length=1, description="In the order they are told.")

    @model_validator(mode="after")
    def _every_check_counts(self) -> Self:
        texts = [declared.expects for declared in self.expectations]
        if len(set(texts)) != len(texts):
            raise ValueError("two expectations have the same sentence")
        return self


def read_declared(table: str, as_of: date, folder: Path = EXPECTATIONS) -> tuple[Expectation, ...]:
    """Gives what is declared for a table, none where no file is; raises ConfigError for a file that is wrong."""
    path = folder / f"{table}.yml"
    if not path.is_file():
        return ()
    try:
        declared = DeclaredSuite.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise ConfigError(f"{path.name} declares no expectations: {error}", remedy="Correct the keys named.") from error
    return tuple(
        Expectation(one.kind, one.expects, one.severity, one.column, _dated(one.arguments, as_of))
        for one in declared.expectations
    )


def raw_suite(spec: SourceSpec, source_name: str, present: Iterable[str]) -> Suite:
    """Gives what a source's declaration promises of its raw table, whose columns `present` are.

    Texts that the declaration calls null count as blank.
    """
    blankable = tuple(dict.fromkeys((*_key(spec), *_supplied_columns(spec))))
    replaced = [quote_identifier(column) for column in blankable if column in set(present)]
    nulled = ", ".join(
        f"CASE WHEN NOT list_contains(getvariable('{NULL_VALUES}'), trim({column})) THEN {column} END AS {column}"
        for column in replaced
    )
    return Suite(
        source_name=source_name,
        table=f"raw.{source_name}",
        query=f"SELECT *{f' REPLACE ({nulled})' if nulled else ''} FROM {raw_table(source_name)}",
        expectations=tuple(_raw_expectations(spec)),
        variables={NULL_VALUES: ["", *spec.null_values]},
    )


def canonical_suite(
    contract: Contract,
    source_name: str,
    as_of: date,
    folder: Path = EXPECTATIONS,
    *,
    filled_fields: Iterable[str] = (),
) -> Suite:
    """Gives what the contract of a canonical table and its file in ingest/expectations expect of one source's rows.

    Each of `filled_fields` is filled at least once; what is mapped and never is may be a misspelt path. Nothing is
    counted by what single workers said.
    """
    said = _SAID_BY_WORKERS.get(contract.table, set())
    return Suite(
        source_name=source_name,
        table=f"{contract.schema_name}.{contract.table}",
        query=f"SELECT * FROM {contract.qualified_name} WHERE source_id = getvariable('{CHECKED_SOURCE}')",
        expectations=(
            *(one for one in _contract_expectations(contract) if one.column not in said),
            *(_filled(name) for name in filled_fields if name not in said),
            *read_declared(contract.table, as_of, folder),
        ),
        variables={CHECKED_SOURCE: source_name},
    )


def mapped_fields(spec: SourceSpec, table: str) -> tuple[str, ...]:
    """Gives the fields of a canonical table that a source fills from what its records hold, in order.

    What a document says of its records is not asked of files without a document around them.
    """
    fields = [field for mapping in spec.mapping if mapping.table == table for field in mapping.fields.items()]
    never_asked = _ALWAYS_THERE | ({"document_path"} if spec.format.kind != "json" else set())
    names = dict.fromkeys(name for name, source in fields if source.chosen() not in never_asked)
    kept = {one.name for one in CONTRACTS[table].all_fields}
    # a table without the text of a country keeps the code that was found for it
    return tuple(dict.fromkeys(name if name in kept else "country_code" for name in names))


def load_suite(source_name: str, as_of: date, folder: Path = EXPECTATIONS) -> Suite:
    """Gives what is expected of the account of loading one source: a row for each record read, with its fate."""
    return Suite(
        source_name=source_name,
        table="ingest.source_load",
        query=_FATES,
        expectations=read_declared("source_load", as_of, folder),
        variables={CHECKED_SOURCE: source_name},
    )


def announced_suite(spec: SourceSpec, source_name: str) -> Suite:
    """Gives what is expected of a source whose publisher announces totals: a row for each record, read or announced."""
    matched = ["announced and read"]
    read = {"column": "fate_if_announced", "value_set": matched, "mostly": 1 - spec.volume.announced_tolerance}
    announced = {"column": "fate_if_read", "value_set": matched}
    kind: Kind = "ExpectColumnValuesToBeInSet"
    return Suite(
        source_name=source_name,
        table="ingest.announced_volume",
        query=_ANNOUNCED_FATES,
        expectations=(
            Expectation(kind, "the records that its publisher announces were read", "stop", "fate_if_announced", read),
            Expectation(kind, "its publisher announces the records that were read", "warn", "fate_if_read", announced),
        ),
        variables={CHECKED_SOURCE: source_name},
    )


def _raw_expectations(spec: SourceSpec) -> Iterator[Expectation]:
    yield _counted(spec.volume.minimum, None, "stop", f"records at least: {spec.volume.minimum}")
    if spec.volume.maximum is not None:
        yield _counted(None, spec.volume.maximum, "warn", f"records at most: {spec.volume.maximum}")
    for column in (*LINEAGE_COLUMNS, *(spec.columns if spec.is_tabular else (RECORD_COLUMN,))):
        yield Expectation("ExpectColumnToExist", "the column is there", "stop", column, {"column": column})
    yield _unique(("_snapshot_sha256", "_record_no"), "stop", "each record of a file has a number of its own")
    for column in _supplied_columns(spec):
        yield _supplied(column, SUPPLY_STOPS_BELOW, "stop")
        yield _supplied(column, SUPPLY_WARNS_BELOW, "warn")
    if _key(spec):
        yield _unique(_key(spec), "warn", f"the key {', '.join(_key(spec))} is there once")


def _contract_expectations(contract: Contract) -> Iterator[Expectation]:
    yield _counted(1, None, "warn", "at least one row")
    yield _unique(("row_id",), "stop", "each row has an id of its own")
    for one in contract.fields:
        yield from _field_expectations(one)


def _field_expectations(one: ContractField) -> Iterator[Expectation]:
    if one.allowed:
        arguments = {"column": one.name, "value_set": list(one.allowed)}
        text = f"one of {', '.join(one.allowed)}"
        yield Expectation("ExpectColumnValuesToBeInSet", text, "stop", one.name, arguments)
    if one.minimum is not None or one.maximum is not None:
        limits = {"min_value": one.minimum, "max_value": one.maximum}
        text = " and ".join(
            f"{word} {limit:g}"
            for word, limit in (("at least", one.minimum), ("at most", one.maximum))
            if limit is not None
        )
        yield Expectation("ExpectColumnValuesToBeBetween", text, "stop", one.name, {"column": one.name, **limits})


def _counted(minimum: int | None, maximum: int | None, severity: Severity, text: str) -> Expectation:
    limits = {"min_value": minimum, "max_value": maximum}
    return Expectation("ExpectTableRowCountToBeBetween", text, severity, None, limits)


def _unique(columns: tuple[str, ...], severity: Severity, text: str) -> Expectation:
    if len(columns) == 1:
        return Expectation("ExpectColumnValuesToBeUnique", text, severity, columns[0], {"column": columns[0]})
    return Expectation("ExpectCompoundColumnsToBeUnique", text, severity, None, {"column_list": list(columns)})


def _supplied(column: str, share: float, severity: Severity) -> Expectation:
    text = f"given in at least {100 * share:g} % of records"
    return Expectation("ExpectColumnValuesToNotBeNull", text, severity, column, {"column": column, "mostly": share})


def _filled(field_name: str) -> Expectation:
    # counted with all other blanks of the table in one pass
    arguments = {"column": field_name, "mostly": _ANY_AT_ALL}
    text = f"field {field_name}{NEVER_FILLED}"
    return Expectation("ExpectColumnValuesToNotBeNull", text, "warn", field_name, arguments)


def _key(spec: SourceSpec) -> tuple[str, ...]:
    return spec.key if spec.is_tabular else ()


def _supplied_columns(spec: SourceSpec) -> tuple[str, ...]:
    """Columns that alone fill a required field of every record."""
    columns = (
        mapping.fields[one.name].column
        for mapping in spec.mapping
        if not mapping.when and not mapping.each_of
        for one in mapping.contract.fields
        if one.required and one.name in mapping.fields
    )
    return tuple(dict.fromkeys(column for column in columns if column is not None))


def _dated(arguments: Mapping[str, Any], as_of: date) -> dict[str, Any]:
    return {name: as_of if value == AS_OF else value for name, value in arguments.items()}
