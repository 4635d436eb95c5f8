"""The ids that suppliers had: kept in publications, so that they outlive the warehouse and a rerun finds the same.

A run goes on from the publication that speaks for the latest day not after its own, the last one made where there are
several: what became known later does not reach a run for an earlier day. It never goes on from one that was retracted.
A run that is published already goes on from what it went on from.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from matching.tables import TABLES
from tierline.files import sha256_of_file
from tierline.publications import standing

_KEPT = ("entity_ledger", "entity_change", "dim_supplier", "dim_supplier_record", "fct_list_match", "supplier_action")
_LEDGER_TYPES = {
    "supplier_ref": pl.String, "supplier_id": pl.String, "assigned_on": pl.Date, "is_present": pl.Boolean,
}  # fmt: skip


@dataclass(frozen=True)
class EntityLedger:
    """What an earlier publication said of suppliers: ids by reference, the log of changes, and names."""

    run_id: str | None
    ids: pl.DataFrame
    """`supplier_ref, supplier_id, assigned_on, is_present`; every reference that ever had an id."""
    changes: pl.DataFrame
    """The columns of `matching.entity_change`."""
    names: pl.DataFrame
    """`supplier_id, name` of the suppliers that are no natural persons."""
    sha256: Mapping[str, str]

    def told(self) -> dict[str, Any] | None:
        """Gives the run and the hashes of the tables that it was read from, for the manifest; None where none was."""
        return None if self.run_id is None else {"run_id": self.run_id, "tables": dict(self.sha256)}


def no_ledger() -> EntityLedger:
    """Gives the ledger of a first run: nobody has an id yet."""
    changes = {name: pl.Date if sql_type == "DATE" else pl.String for name, sql_type in TABLES["entity_change"].items()}
    return EntityLedger(
        None,
        pl.DataFrame(schema=_LEDGER_TYPES),
        pl.DataFrame(schema=changes),
        pl.DataFrame(schema={"supplier_id": pl.String, "name": pl.String}),
        {},
    )


def without_persons(ledger: EntityLedger, persons: pl.Series) -> EntityLedger:
    """Gives the ledger without references that turned out to be natural persons', whose names they may hold."""
    if persons.is_empty():
        return ledger
    is_person = pl.col("supplier_ref").is_in(persons.implode())
    ids = ledger.ids.filter(is_person)["supplier_id"].implode()
    told = is_person.fill_null(value=False) | ((pl.col("kind") == "rename") & pl.col("supplier_id").is_in(ids))
    return replace(ledger, ids=ledger.ids.filter(~is_person), changes=ledger.changes.filter(~told))


def read_ledger(connection: duckdb.DuckDBPyConnection, published: Path, *, run_id: str, as_of: date) -> EntityLedger:
    """Gives the ledger that a run goes on from; an empty one where no publication has one."""
    folder = ledger_publication(published, run_id=run_id, as_of=as_of)
    if folder is None:
        return no_ledger()

    def read(name: str, columns: str, order: str) -> pl.DataFrame:
        path = str(_table(folder, name))
        return connection.execute(f"SELECT {columns} FROM read_parquet(?) ORDER BY {order}", [path]).pl()

    names = read("dim_supplier", "supplier_id, CASE WHEN NOT is_natural_person THEN name END AS name", "supplier_id")
    return EntityLedger(
        folder.name,
        read("entity_ledger", ", ".join(_LEDGER_TYPES), "supplier_ref"),
        read("entity_change", ", ".join(TABLES["entity_change"]), "ALL"),
        names.drop_nulls(),
        {name: sha256_of_file(_table(folder, name)) for name in _KEPT if _table(folder, name).is_file()},
    )


def ledger_publication(published: Path, *, run_id: str, as_of: date) -> Path | None:
    """Gives the folder of the publication whose ids the run goes on from; None where there is none."""
    manifests = _manifests(published)
    made = manifests.pop(run_id, None)
    if made is not None and "entity_ledger" in made:
        named = made["entity_ledger"]
        return published / named["run_id"] if named else None
    retracted = standing(published).retracted
    known = [
        (manifest["as_of"], _depth(manifests, name), name)
        for name, manifest in manifests.items()
        if date.fromisoformat(manifest["as_of"]) <= as_of
        and name not in retracted
        and _table(published / name, "entity_ledger").is_file()
    ]
    return published / max(known)[2] if known else None


def _manifests(published: Path) -> dict[str, dict[str, Any]]:
    return {
        path.parent.name: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(published.glob("[!.]*/manifest.json"))
        if not path.parent.is_symlink()
    }


def _depth(manifests: Mapping[str, Mapping[str, Any]], name: str) -> int:
    """How many publications came before this one in the chain of manifests."""
    seen: set[str] = set()
    while name in manifests and name not in seen:
        seen.add(name)
        name = (manifests[name].get("previous_manifest") or {}).get("run_id") or ""
    return len(seen)


def _table(publication: Path, name: str) -> Path:
    return publication / "parquet" / f"{name}.parquet"
