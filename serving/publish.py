"""Builds a publication beside what readers see, checks it, and only then promotes it."""

from pathlib import Path
from typing import Any

import duckdb

from serving.build import add_run_manifest, attach_working, copy_tables, declare_keys, write_parquet
from serving.chain import last_of_chain
from serving.checks import refuse_what_breaks_a_rule
from serving.manifest import FILE_NAME, holds_the_same, make_manifest, method_version
from serving.promote import building_site, point, promote
from serving.publications.current import CURRENT, DATABASE
from serving.search import build_index
from serving.search.files import FOLDER
from serving.signatures import sign_manifest
from serving.versions import code_version
from tierline.errors import PublishError
from tierline.files import json_bytes, sha256_of_file
from tierline.log import get_logger
from tierline.publications import retraction_in_words, standing
from tierline.run import Run
from tierline.warehouse import connect

_LOG = get_logger(__name__)


def publish_run(run: Run) -> dict[str, Any]:
    """Publishes the working warehouse under the run's id and makes it `current`; gives path, row counts and hashes.

    Where the same content is already published under that id, it stays as it is. Raises PublishError where a check
    fails, another publication is being made, or the id is taken by other content; readers then see what they saw.
    """
    folder = run.home.published
    degraded = degraded_sources(run)
    _refuse_retracted(folder, run.run_id)
    with building_site(folder, run.run_id) as building:
        manifest, checks = _build(run, building, degraded)
        target = folder / run.run_id
        if target.exists():
            _refuse_other_content(target, manifest)
        else:
            promote(building, target)
        point(folder / CURRENT, target)
    _LOG.info("published %s after %d checks", run.run_id, checks)
    return {
        "path": str(target),
        "run_id": run.run_id,
        "rows": {name: table["rows"] for name, table in manifest["tables"].items()},
        "checks": checks,
        "degraded": degraded,
        "manifest_sha256": sha256_of_file(target / FILE_NAME),
    }


def degraded_sources(run: Run) -> dict[str, str]:
    """Gives source → reason for what could not be used, as the load and check steps of this run reported it."""
    reasons: dict[str, str] = {}
    for step in ("load", "check"):
        reasons |= {str(name): str(reason) for name, reason in run.read_outcome(step)["degraded"].items()}
    return reasons


def _build(run: Run, building: Path, degraded: dict[str, str]) -> tuple[dict[str, Any], int]:
    settings = run.settings
    with connect(
        building / DATABASE,
        memory_limit=settings.memory_limit,
        threads=settings.threads,
        temp_directory=building.with_name(".building-spill"),
    ) as connection:
        attach_working(connection, run.home.warehouse)
        copy_tables(connection, run.run_id, settings.accepted_licences, run.project)
        checks = refuse_what_breaks_a_rule(connection, run.run_id)
        declare_keys(connection, run.project)
        _add_manifest_row(run, connection)
        files = write_parquet(connection, building / "parquet")
        current = _current(run.home.published, run.run_id)
        previous = last_of_chain(run.home.published, current, run.run_id)
        manifest = make_manifest(run, connection, files, degraded, previous, current)
    (building / FILE_NAME).write_bytes(json_bytes(manifest))
    build_index(building, building / FOLDER)
    if settings.signing_key is not None:
        sign_manifest(building, settings.base / settings.signing_key)
    return manifest, checks


def _add_manifest_row(run: Run, connection: duckdb.DuckDBPyConnection) -> None:
    values = {
        "run_id": run.run_id,
        "as_of": run.as_of,
        "seed": run.settings.seed,
        "title": run.settings.title,
        "fictional": run.settings.fictional,
        "code_version": code_version(run.project),
        "method_version": method_version(connection),
    }
    add_run_manifest(connection, values)


def _current(folder: Path, run_id: str) -> str | None:
    link = folder / CURRENT
    if not link.exists() or link.resolve().name == run_id:
        return None
    return link.resolve().name


def _refuse_retracted(folder: Path, run_id: str) -> None:
    entry = standing(folder).retracted.get(run_id)
    if entry is not None:
        raise PublishError(retraction_in_words(entry), remedy="A retracted run is not published again. Use another id.")


def _refuse_other_content(target: Path, manifest: dict[str, Any]) -> None:
    if not holds_the_same(target, manifest):
        raise PublishError(
            f"run {target.name} is already published, with other content",
            remedy="A publication never changes. Use another run id.",
        )
    _LOG.info("run %s is already published with the same content", target.name)
