"""A publication as a recipe: the settings, publications and ledgers that make it again, and what came out otherwise."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from serving.chain import read_chain
from serving.manifest import FILE_NAME, read_manifest
from serving.promote import point
from serving.publications.current import CURRENT
from serving.versions import version_differences
from tierline.errors import PublishError
from tierline.files import sha256_of_file
from tierline.publications import LEDGER_NAME, ledger_as_it_was
from tierline.settings import Settings, SourceConfig

_MANIFEST_CONTENT = ("as_of", "seed", "inputs", "licences", "sources_degraded", "method_version", "entity_ledger")


@dataclass(frozen=True)
class LoadedInput:
    """One file of one source as a manifest names it; `sha256` is empty where no file was to be had."""

    source: str
    sha256: str
    status: str
    error: str | None
    is_restricted: bool


@dataclass(frozen=True)
class Comparison:
    """What a run that was made again gave: tables alike byte for byte, those that are not, and why that may be."""

    identical: tuple[str, ...]
    different: tuple[str, ...]
    content: tuple[str, ...]
    versions: tuple[str, ...]

    @property
    def is_identical(self) -> bool:
        """Whether every published table has the same bytes."""
        return not self.different


def past_settings(manifest: Mapping[str, Any], home: Path, now: Settings) -> Settings:
    """Gives the settings of a past run for a home of its own; only memory, threads and the log are those of now."""
    told = manifest.get("configuration") or _configuration_of_inputs(manifest)
    sources = tuple(
        SourceConfig(
            id=source["id"],
            name=source["name"],
            known_on=date.fromisoformat(source["known_on"]) if source["known_on"] else None,
            required=source["required"],
        )
        for source in told["sources"]
    )
    return Settings(
        title=told["title"],
        fictional=told["fictional"],
        seed=told["seed"],
        review_capacity=told.get("review_capacity"),
        accepted_licences=tuple(told["accepted_licences"]),
        expansion_limit_bytes=told["expansion_limit_bytes"] or now.expansion_limit_bytes,
        as_of=date.fromisoformat(manifest["as_of"]),
        home=home,
        sources=sources,
        memory_limit=now.memory_limit,
        threads=now.threads,
        log_level=now.log_level,
    )


def loaded_inputs(publication: Path) -> list[LoadedInput]:
    """Gives the files that a publication was made of, failed ones included, as its table source_snapshot tells them."""
    snapshots = pl.read_parquet(publication / "parquet" / "source_snapshot.parquet")
    return [
        LoadedInput(
            row["source_name"],
            row["snapshot_sha256"],
            row["status"],
            row["error"],
            row["sensitivity"] == "restricted",
        )
        for row in snapshots.iter_rows(named=True)
    ]


def lay_publications(published: Path, run_id: str, folder: Path) -> None:
    """Puts into a folder what a run found published when it was made: earlier manifests, and the tables it read.

    Raises PublishError that names the publication whose tables are gone or were changed since.
    """
    manifest = read_manifest(published / run_id)
    folder.mkdir(parents=True)
    needed = publications_read(manifest)
    for earlier in _earlier_runs(published, run_id):
        (folder / earlier).mkdir()
        shutil.copy(published / earlier / FILE_NAME, folder / earlier / FILE_NAME)
    for earlier in sorted(needed):
        _lay_tables(published / earlier, folder / earlier)
    _refuse_other_ledger(manifest, folder)
    known = (manifest.get("publications_ledger") or {}).get("entries")
    if known:
        (folder / LEDGER_NAME).write_text(ledger_as_it_was(published, known), encoding="utf-8")
    current = manifest.get("current_before", (manifest.get("previous_manifest") or {}).get("run_id"))
    if current is not None:
        point(folder / CURRENT, folder / current)


def link_or_copy(source: Path, target: Path) -> None:
    """Makes the file's bytes appear at the target, without a second copy on the disk where the disk can do that."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def compare_publications(then: Path, now: Path, project: Path) -> Comparison:
    """Gives how a publication that was made again differs from the one it was to be, table by table."""
    old, new = read_manifest(then), read_manifest(now)
    tables = sorted(old["tables"].keys() | new["tables"].keys())
    different = [line for name in tables if (line := _difference(name, old["tables"], new["tables"]))]
    identical = [name for name in tables if _difference(name, old["tables"], new["tables"]) is None]
    content = [key for key in _MANIFEST_CONTENT if key in old and old[key] != new.get(key)]
    return Comparison(tuple(identical), tuple(different), tuple(content), tuple(version_differences(old, project)))


def _configuration_of_inputs(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Gives what a manifest of before version 2 tells of its configuration: the sources that it names as inputs."""
    sources = {
        row["source"]: {"id": row["declared_id"], "name": row["source"], "known_on": row["known_on"], "required": False}
        for row in manifest["inputs"]
    }
    return {
        **{name: manifest[name] for name in ("title", "fictional", "seed")},
        "accepted_licences": manifest["licences_accepted"],
        "expansion_limit_bytes": None,
        "sources": list(sources.values()),
    }


def publications_read(manifest: Mapping[str, Any]) -> set[str]:
    """Gives the runs whose tables a run may have read: that of the ids of suppliers, and the one then current."""
    named = [
        (manifest.get("entity_ledger") or {}).get("run_id"),
        (manifest.get("previous_manifest") or {}).get("run_id"),
        manifest.get("current_before"),
    ]
    return {str(run_id) for run_id in named if run_id is not None}


def _earlier_runs(published: Path, run_id: str) -> list[str]:
    by_run = {link.run_id: link for link in read_chain(published).links}
    earlier: list[str] = []
    link = by_run.get(run_id)
    while link is not None and link.previous_run_id in by_run and link.previous_run_id not in earlier:
        earlier.append(link.previous_run_id)
        link = by_run[link.previous_run_id]
    return earlier


def _lay_tables(publication: Path, folder: Path) -> None:
    if not (publication / "parquet").is_dir():
        raise PublishError(
            f"the run went on from publication {publication.name}, whose tables are not here",
            remedy=f"Restore published/{publication.name} from a backup.",
        )
    (folder / "parquet").mkdir(parents=True, exist_ok=True)
    for path in sorted(publication.glob("parquet/*.parquet")):
        link_or_copy(path, folder / "parquet" / path.name)
    for name in (FILE_NAME, "warehouse.duckdb"):
        if (publication / name).is_file() and not (folder / name).exists():
            link_or_copy(publication / name, folder / name)


def _refuse_other_ledger(manifest: Mapping[str, Any], folder: Path) -> None:
    ledger = manifest.get("entity_ledger")
    if not ledger:
        return
    for name, told in ledger["tables"].items():
        path = folder / ledger["run_id"] / "parquet" / f"{name}.parquet"
        if not path.is_file() or sha256_of_file(path) != told:
            raise PublishError(
                f"the ledger of ids differs: {name} of publication {ledger['run_id']} is not the one the run went on"
                " from",
                remedy=f"Restore published/{ledger['run_id']} from a backup; see `tierline verify`.",
            )


def _difference(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str | None:
    if name not in new:
        return f"{name}: is not published any more"
    if name not in old:
        return f"{name}: was not published then"
    if old[name]["sha256"] == new[name]["sha256"]:
        return None
    rows = "" if old[name]["rows"] == new[name]["rows"] else f", {old[name]['rows']} rows then, {new[name]['rows']} now"
    return f"{name}: sha256 {old[name]['sha256'][:12]} then, {new[name]['sha256'][:12]} now{rows}"
