"""Makes a published run again, in a home of its own, from the landed bytes and what its manifest names."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import duckdb

from ingest.landing import LandedFile, Landing, PresentState, landing_of
from ingest.landing_records import Arrival, BatchRecord, after_batch, note_batch, whole_batches, write_present
from ingest.load import fetch_step, load_sources, sources_folder
from ingest.sidecar import read_sidecar
from ingest.spec import SourceSpec, load_spec
from ingest.steps import check
from matching.steps import match, prepare
from scoring.steps import score
from serving.manifest import read_manifest
from serving.past_run import (
    Comparison,
    LoadedInput,
    compare_publications,
    lay_publications,
    link_or_copy,
    loaded_inputs,
    past_settings,
)
from serving.steps import publish
from tierline.errors import ConfigError, FetchError
from tierline.home import Home
from tierline.log import get_logger
from tierline.run import Run
from tierline.transform import transform
from tierline.warehouse import connect, quote_identifier

_LOG = get_logger(__name__)
_AFTER_LOADING: Final[tuple[Callable[[Run], dict[str, Any]], ...]] = (prepare, match, transform, score, publish)
_STATE_KEPT: Final = " The state that an earlier run loaded stays in use."
_TERMS: Final = ("declared_id", "publisher", "licence", "citation")

_RESTRICTED_ROWS: Final = {
    "source_load": "source_snapshot",
    "quarantined_record": "quarantined_record",
    "announced_volume": "announced_volume",
    "data_quality": "data_quality",
}
"""Ledger of ingest → published table that holds its rows of restricted sources."""

_RELEASED: Final = """
    INSERT INTO canonical.survey_class BY NAME
    SELECT *, release_id AS row_id, '' AS snapshot_sha256, CAST(0 AS BIGINT) AS record_no,
        CAST(NULL AS BIGINT) AS item_no
    FROM read_parquet($path) ORDER BY release_id
"""

_QUALITY: Final = """
    INSERT INTO canonical.survey_quality BY NAME
    SELECT *, quality_id AS row_id, '' AS snapshot_sha256, CAST(0 AS BIGINT) AS record_no,
        CAST(NULL AS BIGINT) AS item_no
    FROM read_parquet($path) ORDER BY quality_id
"""

_RATES: Final = """
    INSERT INTO canonical.survey_rate BY NAME
    SELECT *, rate_id AS row_id, '' AS snapshot_sha256, CAST(0 AS BIGINT) AS record_no,
        CAST(NULL AS BIGINT) AS item_no
    FROM read_parquet($path) ORDER BY rate_id
"""


def reproduce_run(now: Run, run_id: str, out: Path) -> Comparison:
    """Makes the published run anew below `out` and gives how the two publications compare.

    Sources are read from the landing of the installation of `now`; of restricted sources the published ledger of
    releases stands for the answers. Raises ConfigError where `out` is taken, FetchError that names an input whose bytes
    are gone or changed, PublishError for a publication that the run went on from and that is gone.
    """
    if out.exists() and any(out.iterdir()):
        raise ConfigError(f"the folder {out.name} holds files", remedy="Name one that is empty or not there yet.")
    then = now.home.published / run_id
    manifest = read_manifest(then)
    settings = past_settings(manifest, out.absolute(), now.settings)
    again = Run(run_id=run_id, as_of=settings.as_of or now.as_of, settings=settings, project=now.project)
    lay_publications(now.home.published, run_id, again.home.published)
    inputs = loaded_inputs(then)
    _load(now.home, again, inputs)
    _adopt_restricted(again, then, manifest, {item.source for item in inputs if item.is_restricted})
    for step in _AFTER_LOADING:
        step(again)
    return compare_publications(then, again.home.published / run_id, now.project)


def _load(landed: Home, again: Run, inputs: list[LoadedInput]) -> None:
    """Loads and checks what the run had: first what it could use, then what failed, so that this fails again."""
    open_run = _without_restricted(again, inputs)
    usable = _hashes(inputs, "loaded")
    failed = {item.source: item for item in inputs if item.status == "failed" and not item.is_restricted}
    for name, hashes in usable.items():
        _lay_source(landed, open_run, name, hashes, exactly=True)
    if failed:
        load_sources(open_run, only=usable)
    for name, item in failed.items():
        _lay_failure(landed, open_run, name, item)
    load_sources(open_run)
    check(open_run)


def _hashes(inputs: Iterable[LoadedInput], status: str) -> dict[str, frozenset[str]]:
    chosen = [item for item in inputs if item.status == status and not item.is_restricted]
    names = sorted({item.source for item in chosen})
    return {name: frozenset(item.sha256 for item in chosen if item.source == name) for name in names}


def _without_restricted(again: Run, inputs: Iterable[LoadedInput]) -> Run:
    restricted = {item.source for item in inputs if item.is_restricted}
    sources = tuple(source for source in again.settings.sources if source.name not in restricted)
    return replace(again, settings=again.settings.model_copy(update={"sources": sources}))


def _lay_failure(landed: Home, again: Run, name: str, failure: LoadedInput) -> None:
    """Makes a source fail as it did: its file, where one came, or else the words of the fetch that failed."""
    if failure.sha256:
        _lay_source(landed, again, name, frozenset({failure.sha256}), exactly=False)
    else:
        words = (failure.error or "").removesuffix(_STATE_KEPT)
        again.write_outcome(fetch_step(name), {"status": "failed", "error": words})


def _lay_source(landed: Home, again: Run, name: str, wanted: frozenset[str], *, exactly: bool) -> None:
    spec = load_spec(again.settings.source(name).id, sources_folder(again))
    old, new = landing_of(landed, name, spec), landing_of(again.home, name, spec)
    state = _past_state(old, name, wanted, exactly=exactly)
    for file in state.files:
        path = _verified(old, name, file)
        new.make_folder(new.folder / file.sha256)
        target = new.folder / file.sha256 / file.name
        if not target.exists():
            link_or_copy(path, target)
    _note(old, new, spec, state)


def _past_state(landing: Landing, name: str, wanted: frozenset[str], *, exactly: bool) -> PresentState:
    """Gives the last state of a source in the landing that had the wanted files, and no others where `exactly`."""
    states: list[PresentState] = []
    for batch in whole_batches(landing.folder):
        states.append(after_batch(states[-1] if states else None, batch))
    found = [
        state
        for state in states
        if wanted <= (had := {file.sha256 for file in state.files}) and (wanted == had or not exactly)
    ]
    if not found:
        raise FetchError(
            "an input of the run is not in the landing: no state of this source had those files",
            source=name,
            remedy="Restore the landing from a backup; the manifest of the run names the files and their hashes.",
        )
    return found[-1]


def _verified(landing: Landing, name: str, file: LandedFile) -> Path:
    try:
        return landing.verified(file)
    except FetchError as error:
        error.source = name
        raise


def _note(old: Landing, new: Landing, spec: SourceSpec, state: PresentState) -> None:
    said = read_sidecar(old.folder / state.files[0].sha256 / state.files[0].name)
    terms = {key: said[key] for key in _TERMS if key in said}
    arrival = Arrival(state.arrival.origin, state.arrival.run_id, state.arrival.as_of)
    unique = {file.sha256: file for file in reversed(state.files)}
    files = tuple(file for file in state.files if unique[file.sha256] is file)
    batch = BatchRecord(state.batch, "replace", arrival, state.values, files)
    note_batch(new.folder, batch, terms, new.file_mode)
    write_present(new.folder, PresentState(state.batch, arrival, state.values, files), new.file_mode)
    _LOG.info("%s: %d landed files as they were", spec.id, len(files))


def _adopt_restricted(again: Run, then: Path, manifest: dict[str, Any], restricted: Collection[str]) -> None:
    """Takes what was published of restricted sources in place of answers: counts, checks and the ledger of releases."""
    with connect(again.home.warehouse, memory_limit=again.settings.memory_limit) as warehouse:
        for ledger, table in _RESTRICTED_ROWS.items():
            _adopt(warehouse, ledger, then / "parquet" / f"{table}.parquet", again.run_id, sorted(restricted))
        warehouse.execute("DELETE FROM canonical.survey_class")
        warehouse.execute("DELETE FROM canonical.survey_quality")
        warehouse.execute("DELETE FROM canonical.survey_rate")
        quality = then / "parquet" / "survey_quality.parquet"
        if quality.is_file():
            warehouse.execute(_QUALITY, {"path": str(quality)})
        rates = then / "parquet" / "survey_rate.parquet"
        if rates.is_file():
            warehouse.execute(_RATES, {"path": str(rates)})
        releases = then / "parquet" / "survey_release.parquet"
        if releases.is_file():
            warehouse.execute(_RELEASED, {"path": str(releases)})
        elif restricted:
            raise ConfigError(
                f"publication {again.run_id} was made by a version that did not publish the ledger of survey releases",
                remedy="Make it again where the restricted store is, with the version of its manifest.",
            )
    loaded = again.read_outcome("load")
    degraded = {name: why for name, why in manifest["sources_degraded"].items() if name in restricted}
    again.write_outcome("load", {**loaded, "degraded": {**loaded["degraded"], **degraded}})


def _adopt(warehouse: duckdb.DuckDBPyConnection, ledger: str, path: Path, run_id: str, sources: list[str]) -> None:
    columns = [row[0] for row in warehouse.execute(f"DESCRIBE ingest.{quote_identifier(ledger)}").fetchall()]
    published = warehouse.execute("DESCRIBE FROM read_parquet($path)", {"path": str(path)}).fetchall()
    shared = ", ".join(quote_identifier(row[0]) for row in published if row[0] in columns)
    of_run = ", $run_id AS run_id" if "run_id" in columns else ""
    parameters: dict[str, Any] = {"path": str(path), "sources": sources}
    warehouse.execute(
        f"INSERT INTO ingest.{quote_identifier(ledger)} BY NAME SELECT {shared}{of_run} FROM read_parquet($path) "
        "WHERE list_contains(CAST($sources AS VARCHAR[]), source_name)",
        {**parameters, "run_id": run_id} if of_run else parameters,
    )
