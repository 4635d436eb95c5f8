"""Reads a publication: its Parquet files and its manifest, nothing else."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl


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
        return self.table(name).filter(pl.col("supplier_id").is_in(suppliers.implode())).collect()
