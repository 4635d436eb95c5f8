"""What a document is made of: sections of fields, each with the published rows that it rests on, or a gap."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

ReferenceKind = Literal["evidence", "row", "table"]


@dataclass(frozen=True, order=True)
class Reference:
    """What a value rests on, in the publication that the document was filled from.

    `evidence`: `key` is `score_evidence.evidence_id`. `row`: `key` is the value of the column of `table` that leads to
    one row. `table`: `key` is the SHA-256 of the table's Parquet file, and the value is drawn from many of its rows.
    """

    kind: ReferenceKind
    table: str
    key: str
    says: str = ""
    source_id: str = ""
    snapshot_sha256: str = ""
    record_no: int | None = None


@dataclass(frozen=True)
class Field:
    """One thing that a document tells: a value with what it rests on, or, where nothing is recorded, the gap."""

    field_id: str
    label: str
    value: str | None
    gap: str | None
    rests_on: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class Group:
    """Fields about one thing, such as a site or a company of the chain; `rank` is its place where the order matters."""

    title: str
    fields: tuple[Field, ...]
    rank: int | None = None


@dataclass(frozen=True)
class Section:
    """One area that a document must speak about; `asks` says what is asked for, `source` where that is said."""

    section_id: str
    title: str
    asks: str
    source: str
    groups: tuple[Group, ...]

    def fields(self) -> Iterator[Field]:
        """Gives its fields in their order."""
        for group in self.groups:
            yield from group.fields


@dataclass(frozen=True)
class Document:
    """A document as filled; `file_name` has no ending. `is_not` says what it must not be taken for."""

    kind: str
    file_name: str
    title: str
    audience: str
    is_not: tuple[str, ...]
    law: tuple[str, ...]
    about: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]

    def fields(self) -> Iterator[Field]:
        """Gives all fields in their order."""
        for section in self.sections:
            yield from section.fields()

    def references(self) -> tuple[Reference, ...]:
        """Gives what its fields rest on, each once, in the order of first use."""
        return tuple(dict.fromkeys(reference for field in self.fields() for reference in field.rests_on))

    def gaps(self) -> tuple[Field, ...]:
        """Gives the fields for which nothing is recorded."""
        return tuple(field for field in self.fields() if field.value is None)
