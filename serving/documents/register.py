"""The evidence register that documents are filled from: one open publication, and references into it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb

from serving.documents.model import Field, Group, Reference
from serving.language import Language
from serving.manifest import read_manifest
from serving.publications.current import DATABASE
from serving.tables import COPIED
from tierline.errors import PublishError
from tierline.warehouse import connect

Row = dict[str, Any]
_KEYS: Final = {table.name: table.key[0] for table in COPIED if len(table.key) == 1}
_EVIDENCE_COLUMNS: Final = (
    "evidence_id, supplier_id, site_id, indicator_id, kind, event_date, in_force, set_aside, description, source_type, "
    "source_id, snapshot_sha256, source_record_no, contested"
)


@dataclass(frozen=True)
class Register:
    """An open publication with its manifest, and the language that the document is written in."""

    connection: duckdb.DuckDBPyConnection
    folder: Path
    manifest: Mapping[str, Any]
    speech: Language

    @property
    def as_of(self) -> date:
        """The day the publication speaks for."""
        return date.fromisoformat(self.manifest["as_of"])

    def rows(self, query: str, **parameters: Any) -> list[Row]:
        """Gives the rows of a query, each as column → value; raises PublishError where a table is missing."""
        try:
            found = self.connection.execute(query, parameters)
        except duckdb.CatalogException as error:
            raise PublishError(
                f"this publication lacks what the document needs: {str(error).splitlines()[0]}",
                remedy="Publish a run with this version of the code.",
            ) from error
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def one(self, query: str, **parameters: Any) -> Row:
        """Gives the only row of a query, such as one of sums; an empty one where there is none."""
        return next(iter(self.rows(query, **parameters)), {})

    def evidence(self, condition: str, *, shareable: bool, **parameters: Any) -> list[Row]:
        """Gives rows of evidence that meet a condition, by id.

        `shareable` leaves out rows from sources that a supplier may not see, which are those from workers and ties to
        cases of others (`contestable_source`). Rows of the inherent level are no observations and stay.
        """
        seen = (
            "AND (source_type IS NULL OR source_type IN (SELECT source_type FROM contestable_source WHERE"
            " is_contestable))"
        )
        return self.rows(
            f"SELECT {_EVIDENCE_COLUMNS} FROM score_evidence WHERE {condition} {seen if shareable else ''} "
            "ORDER BY evidence_id",
            **parameters,
        )

    def by_table(self, *names: str, says: str = "") -> tuple[Reference, ...]:
        """Gives references to whole tables, by the hashes of their files as the manifest has them."""
        return tuple(Reference("table", name, str(self.manifest["tables"][name]["sha256"]), says) for name in names)

    def text(self, message: str, /, **values: object) -> str:
        """Gives a message in the language of the document."""
        return self.speech.text(message, **values)

    def field(self, field_id: str, label: str, value: str | None, rests_on: Iterable[Reference], by_whom: str) -> Field:
        """Gives a field; where there is no value it is a gap that says who is to fill it in."""
        if value is None or not value.strip():
            return self.gap(field_id, label, by_whom)
        return Field(field_id, label, value, None, tuple(rests_on))

    def gap(self, field_id: str, label: str, by_whom: str) -> Field:
        """Gives a field for which nothing is recorded."""
        told = self.text("not recorded; to be filled in by {who}", who=by_whom)
        return Field(field_id, label, None, told)

    def group(self, title: str, *fields: Field, rank: int | None = None) -> Group:
        """Gives a group of fields."""
        return Group(title, fields, rank)


@contextmanager
def open_register(folder: Path, speech: Language, *, memory_limit: str = "4GB") -> Iterator[Register]:
    """Opens a publication, read-only, for documents; raises PublishError where it is not there or not whole."""
    path = folder / DATABASE
    if not path.is_file():
        raise PublishError(
            f"there is no publication {folder.name}", remedy="Name a run that was published and not pruned."
        )
    with connect(path, read_only=True, memory_limit=memory_limit) as connection:
        yield Register(connection, folder, read_manifest(folder), speech)


def by_evidence(rows: Sequence[Row]) -> tuple[Reference, ...]:
    """Gives references to rows of evidence."""
    return tuple(
        Reference(
            "evidence",
            "score_evidence",
            str(row["evidence_id"]),
            str(row["description"] or ""),
            str(row["source_id"] or ""),
            str(row["snapshot_sha256"] or ""),
            row["source_record_no"],
        )
        for row in rows
    )


def by_rows(table: str, rows: Sequence[Row], says: str = "") -> tuple[Reference, ...]:
    """Gives references to rows of a published table, with their source where the table keeps it."""
    key = _KEYS[table]
    return tuple(
        Reference(
            "row",
            table,
            str(row[key]),
            says,
            str(row.get("source_id") or ""),
            str(row.get("snapshot_sha256") or ""),
            row.get("record_no"),
        )
        for row in rows
    )


def key_of(table: str) -> str:
    """Gives the column of a published table whose values references of the kind `row` name."""
    return _KEYS[table]
