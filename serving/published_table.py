"""What a published table is, and how one that is a mart is named."""

from collections.abc import Mapping
from dataclasses import dataclass, field

LINEAGE = ("source_id", "snapshot_sha256", "record_no", "row_id")
"""Columns of a row that stems from one source row."""


@dataclass(frozen=True)
class PublishedTable:
    """One published table: only the named columns are copied, sorted by the key, which is unique."""

    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    origin: str
    """Schema and table in the working warehouse, such as `marts.dim_supplier`."""
    condition: str = "true"
    """SQL over the origin: the rows that are published."""
    of_this_run_only: bool = False
    """Whether the origin keeps rows of several runs, told apart by `run_id`."""
    expressions: Mapping[str, str] = field(default_factory=dict)
    """SQL over the origin for columns that are not published as they are."""
    derived: Mapping[str, str] = field(default_factory=dict)
    """SQL over the origin for columns that it does not have."""
    derived_texts: Mapping[str, str] = field(default_factory=dict)
    """What is said of those columns."""
    lineage_key: str | None = None
    """Column that `score_evidence.source_key` points to, where evidence may come from this table."""
    grows_with_facts: bool = False
    """Whether its rows are so many that the key is checked at publication and not declared (see ADR 0012)."""


def mart(
    name: str, key: str, columns: tuple[str, ...], description: str, lineage_key: str | None = None
) -> PublishedTable:
    """Gives the table that publishes columns of the mart of that name; `key` names its columns, split by blanks."""
    return PublishedTable(
        name,
        description,
        tuple(key.split()),
        columns,
        f"marts.{name}",
        lineage_key=lineage_key,
        grows_with_facts=name.startswith("fct_") or name == "dim_supplier_record",
    )
