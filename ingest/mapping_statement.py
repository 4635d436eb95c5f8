"""What the SQL of a mapping is made from and what is bound to it: the branch it is for, its parameters, its faults."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from ingest.contracts import ContractField
from ingest.mapping_spec import Mapping
from ingest.quarantine import Fault
from ingest.spec import SourceSpec

_UNDECLARED = (
    ContractField(name="country_text", kind="text", description=""),  # for the look-up of country_code
    ContractField(name="known_on", kind="date", description=""),
)


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
class Branch:
    """One SELECT of a mapping, bound to the statement of all: of an entry of each_of by its number, or the only one."""

    mapping: Mapping
    context: Context
    statement: Statement
    number: int | None
    constants: dict[str, Any]

    @property
    def spec(self) -> SourceSpec:
        """The declaration that the mapping is of."""
        return self.context.spec

    @cached_property
    def fields(self) -> tuple[ContractField, ...]:
        """All fields that are filled or looked at: those of the contract, and those that only help."""
        mapping = self.mapping
        names = [name for name in mapping.fields if name not in mapping.contract.field_names]
        return (*mapping.contract.fields, *(item for item in _UNDECLARED if item.name in names))

    @cached_property
    def mapped_fields(self) -> tuple[ContractField, ...]:
        """The fields that the mapping says an origin of."""
        return tuple(item for item in self.fields if item.name in self.mapping.fields)

    @property
    def country_texts(self) -> tuple[str, ...]:
        """The mapped fields whose texts country_code is looked up by, the first to be found first."""
        if "country_code" not in self.mapping.contract.field_names:
            return ()
        return tuple(name for name in ("country_code", "country_text") if name in self.mapping.fields)

    def needs_all_parts(self, item: ContractField) -> bool:
        """Tells whether a mapped field is a reference joined from parts of which none may be blank."""
        source = self.mapping.fields[item.name]
        return item.is_reference and len(source.join or ()) > 1 and not source.optional_parts


def branches_of(mapping: Mapping, context: Context, statement: Statement) -> Iterator[Branch]:
    """Gives a branch for each entry of each_of, numbered from 1, or the one of a mapping without."""
    if not mapping.each_of:
        yield Branch(mapping, context, statement, None, {})
    for number, constants in enumerate(mapping.each_of, start=1):
        yield Branch(mapping, context, statement, number, dict(constants))
