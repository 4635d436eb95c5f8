"""Small networks in memory, and the catalogue as the seeds of the project give it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from scoring.catalogue import Catalogue, build_catalogue, read_seed_files
from scoring.network_facts import Network

AS_OF = date(2026, 11, 1)
SEEDS = Path(__file__).parents[3] / "dbt_project" / "seeds" / "catalogue"
TIE = {
    **dict.fromkeys(("edge_id", "row_id", "source_id", "snapshot_sha256"), pl.String),
    "record_no": pl.Int64,
    **dict.fromkeys(("edge_kind", "subject_id", "party_id", "supplier_id", "party_supplier_id"), pl.String),
    "carries_to_party": pl.Boolean,
}
CASE = {
    **dict.fromkeys(("case_id", "supplier_id", "indicator_id", "told_by"), pl.String),
    "in_force": pl.Boolean,
    "fades_from": pl.Date,
}

MakeNetwork = Callable[..., Network]


def tie(subject: str, kind: str, party: str, edge_id: str | None = None) -> dict[str, Any]:
    """A tie; whoever begins with S is a supplier."""
    name = edge_id or f"{subject} {kind} {party}"
    return {
        "edge_id": name,
        "row_id": f"row of {name}",
        "source_id": "erp",
        "snapshot_sha256": "ab",
        "record_no": 1,
        "edge_kind": kind,
        "subject_id": subject,
        "party_id": party,
        "supplier_id": subject if subject.startswith("S") else None,
        "party_supplier_id": party if party.startswith("S") else None,
        "carries_to_party": kind != "subcontract",
    }


def case(supplier: str, fades_from: date | None = None) -> dict[str, Any]:
    """A confirmed case, in force unless it fades."""
    return {
        "case_id": f"case of {supplier}",
        "supplier_id": supplier,
        "indicator_id": "A01",
        "told_by": "a list",
        "in_force": fades_from is None,
        "fades_from": fades_from,
    }


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return build_catalogue(read_seed_files(SEEDS))


@pytest.fixture(scope="session")
def network() -> MakeNetwork:
    def make(ties: list[dict[str, Any]], cases: list[dict[str, Any]], *, told: bool = True) -> Network:
        names = {
            **{party: f"{party} Ltd" for row in ties for party in (row["subject_id"], row["party_id"])},
            **{row["party_id"]: "labour agent" for row in ties if row["edge_kind"] == "labour_agent"},
        }
        kinds = ["labour_agent" if name == "labour agent" else "supplier" for name in names.values()]
        parties = pl.DataFrame(
            {"party_id": list(names), "party_kind": kinds, "name": list(names.values())},
            schema=dict.fromkeys(("party_id", "party_kind", "name"), pl.String),
        )
        return Network(pl.DataFrame(ties, schema=TIE), parties, pl.DataFrame(cases, schema=CASE), told)

    return make
