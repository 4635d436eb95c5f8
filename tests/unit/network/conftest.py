"""A publication made by hand: the Parquet files of a network, in the columns that are published."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from serving.network.published import Network, Row, open_network
from tests.unit.command_line import command_line

__all__ = ["command_line"]

LONG_AGO = date(2020, 1, 1)
TIE = {
    "edge_id": pl.String, "edge_kind": pl.String, "subject_id": pl.String, "party_id": pl.String,
    "interest": pl.String, "share_minimum": pl.Float64, "share_maximum": pl.Float64, "is_declared": pl.Boolean,
    "valid_from": pl.Date, "valid_to": pl.Date, "known_on": pl.Date, "source_id": pl.String,
    "snapshot_sha256": pl.String, "record_no": pl.Int64, "row_id": pl.String,
}  # fmt: skip
PARTY = {
    "party_id": pl.String, "party_kind": pl.String, "supplier_id": pl.String, "name": pl.String,
    "country_code": pl.String, "neighbour_count": pl.Int64, "is_hub": pl.Boolean,
}  # fmt: skip
SUPPLIER = {"supplier_id": pl.String, "name": pl.String, "country_code": pl.String}
TIER = {"supplier_id": pl.String, "tier": pl.Int32, "basis": pl.String, "is_declared": pl.Boolean}
KIND_OF_LETTER = {
    "S": "supplier", "C": "company", "P": "person", "G": "labour_agent", "A": "address", "N": "anonymous",
    "U": "unknown",
}  # fmt: skip


@dataclass
class Publication:
    """Ties, parties and tiers of a publication that a test writes."""

    folder: Path
    ties: list[dict[str, Any]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    hubs: set[str] = field(default_factory=set)
    tiers: list[dict[str, Any]] = field(default_factory=list)
    alone: Sequence[str] = ()

    def tie(self, subject: str, party: str, kind: str = "ownership", **more: Any) -> "Publication":
        number = len(self.ties) + 1
        row = {"row_id": f"row:{number}", "source_id": "register", "record_no": number, "snapshot_sha256": "ab" * 32}
        ends = {"edge_id": f"row:{number}:{kind}", "edge_kind": kind, "subject_id": subject, "party_id": party}
        self.ties.append({**row, **ends, **more})
        return self

    def write(self) -> Path:
        parties = sorted({tie[end] for tie in self.ties for end in ("subject_id", "party_id")})
        self._write("fct_network_edge", sorted(self.ties, key=lambda tie: str(tie["edge_id"])), TIE)
        self._write("dim_network_party", [self._party(party) for party in parties], PARTY)
        suppliers = sorted({party for party in parties if party.startswith("S")} | set(self.alone))
        self._write("dim_supplier", [{"supplier_id": one, "name": self._name(one)} for one in suppliers], SUPPLIER)
        self._write("fct_supplier_tier", self.tiers, TIER)
        return self.folder

    def open(self, **options: Any) -> AbstractContextManager[Network]:
        return open_network(self.write(), memory_limit="1GB", **options)

    def _party(self, party: str) -> dict[str, Any]:
        near = {
            (tie["subject_id"], tie["party_id"]) for tie in self.ties if party in (tie["subject_id"], tie["party_id"])
        }
        kind = KIND_OF_LETTER[party[0]]
        return {
            "party_id": party, "party_kind": kind, "name": self._name(party), "neighbour_count": len(near),
            "is_hub": party in self.hubs,
        }  # fmt: skip

    def _name(self, party: str) -> str:
        return self.names.get(party, f"Name of {party}")

    def _write(self, table: str, rows: Sequence[Mapping[str, Any]], columns: Mapping[str, Any]) -> None:
        folder = self.folder / "parquet"
        folder.mkdir(parents=True, exist_ok=True)
        whole = [{name: row.get(name) for name in columns} for row in rows]
        pl.DataFrame(whole, schema=columns).write_parquet(folder / f"{table}.parquet")


@pytest.fixture
def publication(tmp_path: Path) -> Publication:
    return Publication(tmp_path / "published" / "first")


@pytest.fixture
def ids() -> Callable[[Sequence[Row]], list[str]]:
    return lambda parties: [str(party["party_id"]) for party in parties]


@pytest.fixture
def installed(publication: Publication, tmp_path: Path) -> Path:
    """A configuration whose home holds the publication as the current one; write it first."""
    config = tmp_path / "tierline.yml"
    config.write_text("home: .\nsources:\n  - {id: erp_vendor_master, path: none.csv}\n", encoding="utf-8")
    publication.write()
    (tmp_path / "published" / "current").symlink_to("first")
    return config
