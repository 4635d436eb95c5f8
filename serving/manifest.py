"""The manifest of a publication: everything it was made from and the hash of everything it holds."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from serving.versions import code_hashes, code_version, made_with
from tierline.errors import PublishError
from tierline.files import sha256_of_file
from tierline.publications import ledger_state
from tierline.run import Run

FILE_NAME = "manifest.json"
MANIFEST_VERSION = 2
"""2 carries what a run needs to be made again: configuration, code by room, libraries, columns of each table."""

_CONTENT = ("as_of", "seed", "title", "fictional", "inputs", "licences", "sources_degraded", "method_version")
"""Keys that, beside the tables, say what a publication holds, as against which code and which machine made it."""

_INPUTS = """
    SELECT source_name AS source, declared_id, file_name, snapshot_sha256 AS sha256, bytes, licence, publisher, title,
        sensitivity, known_on, status, read_count AS read, loaded_count AS loaded, quarantined_count AS quarantined,
        coalesce(repeated_count, 0) AS repeated
    FROM source_snapshot ORDER BY source_name, snapshot_sha256, file_name
"""

_LICENCES = """
    SELECT source_name AS source, any_value(declared_id) AS declared_id, any_value(licence) AS licence,
        any_value(licence_url) AS url, any_value(licence_consent_required) AS consent_required,
        any_value(licence_accepted) AS accepted, any_value(licence_share_alike) AS share_alike,
        any_value(licence_attribution) AS attribution, sum(loaded_count) > 0 AS is_held
    FROM source_snapshot GROUP BY source_name ORDER BY source_name
"""


def make_manifest(
    run: Run,
    connection: duckdb.DuckDBPyConnection,
    files: dict[str, Path],
    degraded: dict[str, str],
    previous: Path | None,
    current: str | None,
) -> dict[str, Any]:
    """Gives the manifest of the tables as built; raises PublishError where a Parquet file lacks rows of its table.

    `previous` is the last publication of the chain, `current` the run that readers saw while this one was made.
    """
    licences = connection.sql(_LICENCES).pl().to_dicts()
    return {
        "manifest_version": MANIFEST_VERSION,
        "run_id": run.run_id,
        "as_of": run.as_of.isoformat(),
        "seed": run.settings.seed,
        "title": run.settings.title,
        "fictional": run.settings.fictional,
        "code_version": code_version(run.project),
        "method_version": method_version(connection),
        "code": code_hashes(run.project),
        "made_with": made_with(),
        "configuration": _configuration(run),
        "inputs": _inputs(connection),
        "entity_ledger": _entity_ledger(run),
        "sources_degraded": degraded,
        "licences": licences,
        "licences_accepted": sorted(run.settings.accepted_licences),
        "share_alike_sources": [row["source"] for row in licences if row["share_alike"] and row["is_held"]],
        "tables": {name: _described(connection, name, path) for name, path in files.items()},
        "previous_manifest": None if previous is None else {
            "run_id": read_manifest(previous)["run_id"],
            "sha256": sha256_of_file(previous / FILE_NAME),
        },
        "current_before": current,
        "publications_ledger": ledger_state(run.home.published),
    }  # fmt: skip


def read_manifest(publication: Path) -> dict[str, Any]:
    """Gives the manifest of a published folder; raises PublishError where there is none that can be read."""
    try:
        manifest: dict[str, Any] = json.loads((publication / FILE_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PublishError(
            f"the publication {publication.name} has no manifest that can be read: {error}",
            remedy="Publish the run first, or restore the folder from a backup.",
        ) from error
    return manifest


def holds_the_same(publication: Path, manifest: dict[str, Any]) -> bool:
    """Says whether a published folder holds what the manifest describes, by its own manifest and its files' hashes."""
    published = read_manifest(publication)
    return (
        all(published.get(key) == manifest[key] for key in _CONTENT)
        and published["tables"].keys() == manifest["tables"].keys()
        and all(
            _hash_or_none(publication / "parquet" / f"{name}.parquet") == table["sha256"]
            for name, table in manifest["tables"].items()
        )
    )


def method_version(connection: duckdb.DuckDBPyConnection) -> str:
    """Gives the newest version of weights and rules; raises PublishError where the catalogue names none."""
    rows = connection.execute("SELECT version FROM method_version ORDER BY changed_on DESC, version DESC").fetchall()
    if not rows:
        raise PublishError("the catalogue names no method version", remedy="Add one to the seed method_version.")
    return str(rows[0][0])


def _configuration(run: Run) -> dict[str, Any]:
    """Gives the settings that bear on what is published; no address, path or credential is among them."""
    settings = run.settings
    return {
        "title": settings.title,
        "fictional": settings.fictional,
        "seed": settings.seed,
        "review_capacity": settings.review_capacity,
        "accepted_licences": list(settings.accepted_licences),
        "expansion_limit_bytes": settings.expansion_limit_bytes,
        "sources": [
            {
                "id": source.id,
                "name": source.name,
                "known_on": source.known_on.isoformat() if source.known_on else None,
                "required": source.required,
            }
            for source in settings.sources
        ],
    }


def _entity_ledger(run: Run) -> Any:
    """Gives the publication, and the hashes of its tables, that the match step took the ids of suppliers from."""
    return run.read_outcome("match").get("entity_ledger") if run.outcome_path("match").exists() else None


def _inputs(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    rows = connection.sql(_INPUTS).pl().to_dicts()
    return [{key: _plain(value) for key, value in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _described(connection: duckdb.DuckDBPyConnection, name: str, path: Path) -> dict[str, Any]:
    rows = connection.table(name).shape[0]
    written = pl.scan_parquet(path).select(pl.len()).collect().item()
    if rows != written:
        raise PublishError(f"{path.name} has {written} rows, its table {rows}", remedy="Publish again.")
    columns = dict(zip(connection.table(name).columns, map(str, connection.table(name).types), strict=True))
    return {"rows": rows, "sha256": sha256_of_file(path), "bytes": path.stat().st_size, "columns": columns}


def _hash_or_none(path: Path) -> str | None:
    return sha256_of_file(path) if path.is_file() else None
