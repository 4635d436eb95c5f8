"""Reads a publication: its tables and its manifest, nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from tierline.warehouse import quote_identifier


@dataclass(frozen=True)
class Published:
    """One publication as the report reads it."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def as_of(self) -> date:
        """The day the publication speaks for."""
        return date.fromisoformat(self.manifest["as_of"])

    def rows(self, table: str) -> int:
        """Gives how many rows a published table has."""
        return int(self.manifest["tables"][table]["rows"])

    def table(self, name: str) -> pl.LazyFrame:
        """Gives a published table, read only as far as it is asked for."""
        return pl.scan_parquet(self.folder / "parquet" / f"{name}.parquet")

    def of_suppliers(self, name: str, suppliers: pl.Series) -> pl.DataFrame:
        """Gives the rows of a published table that belong to the suppliers."""
        return self.rows_where(name, ["supplier_id"], suppliers)

    def rows_of(self, supplier_id: str, name: str) -> list[dict[str, Any]]:
        """Gives the rows of a published table that belong to one supplier, as column → value."""
        return self.of_suppliers(name, pl.Series([supplier_id], dtype=pl.String)).to_dicts()

    def rows_where(self, name: str, columns: Sequence[str], values: pl.Series) -> pl.DataFrame:
        """Gives the rows of a published table that have one of the values in one of the columns."""
        found = (pl.col(column).is_in(values.implode()) for column in columns)
        return self.table(name).filter(pl.any_horizontal(*found)).collect()


@dataclass(frozen=True)
class PublishedByKey(Published):
    """The same publication for who asks about single suppliers: their rows come from its DuckDB file, by key."""

    connection: duckdb.DuckDBPyConnection

    def rows_where(self, name: str, columns: Sequence[str], values: pl.Series) -> pl.DataFrame:
        """Gives the rows of a published table that have one of the values in one of the columns."""
        # one scan a column: DuckDB skips blocks by a single column, and none by columns joined with OR
        marks = ", ".join("?" * max(len(values), 1))
        parts = [f"FROM {quote_identifier(name)} WHERE {quote_identifier(column)} IN ({marks})" for column in columns]
        sought = (values.to_list() or [None]) * len(columns)
        return self.connection.execute(" UNION ".join(parts), sought).pl()
