"""Load: landed sources into raw and canonical tables and quarantine; one broken source does not stop the others."""

import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from ingest.announced import announced_windows
from ingest.contracts import ANNOUNCED_VOLUME, QUARANTINED_RECORD, SOURCE_LOAD
from ingest.landing import landing_of
from ingest.pseudonym import file_pseudonym, pseudonym_key, register_pseudonym
from ingest.restricted_landing import opened_files, seal_what_is_plain
from ingest.restricted_store import make_private_folder
from ingest.rewriting import finish_rewriting
from ingest.sealed_store import sealed_store
from ingest.source_loading import (
    SourceCounts,
    SourceSnapshot,
    counts_of,
    insert_ledger_row,
    is_loaded,
    ledger_row,
    load_snapshot,
    make_country_names,
)
from ingest.spec import SourceSpec, load_spec
from ingest.stores import OPEN_TABLES, RESTRICTED_TABLES, forget_sources, make_tables
from ingest.unpacking import ExpansionLimit
from ingest.withdrawals import make_withdrawals, withdrawn_of, without_withdrawn
from tierline.errors import ContractError, FetchError, TierlineError
from tierline.log import get_logger
from tierline.run import Run
from tierline.settings import SourceConfig
from tierline.warehouse import connect

_LOG = get_logger(__name__)
_WORK = ".work"
_KEPT_INSIDE = {"original_text", "bytes", "fingerprint"}
"""Columns of the ledgers of restricted sources that are empty in the open store."""


@dataclass(frozen=True)
class _Result:
    """How loading one source ended."""

    status: str
    counts: SourceCounts
    problem: str | None = None


def load_sources(run: Run, only: Collection[str] | None = None) -> dict[str, Any]:
    """Loads the present state of every configured source; gives counts per source and why sources are degraded.

    A source that is as it was is left alone, and so are all others where `only` names some. Raises ContractError where
    a required source failed, after all others were loaded, ConfigError for a wrong declaration.
    """
    chosen = [config for config in run.settings.sources if only is None or config.name in only]
    sources = [(config, load_spec(config.id, sources_folder(run))) for config in chosen]
    results: dict[str, _Result] = {}
    with _open_store(run) as store:
        for config, spec in sources:
            if not spec.is_restricted:
                results[config.name] = _load_one(run, store, config, spec, run.home.landing / _WORK)
        restricted = [pair for pair in sources if pair[1].is_restricted]
        if restricted or only is None:
            results |= _load_restricted(run, store, restricted)
    outcome = _outcome(results, [config.name for config in chosen])
    run.write_outcome("load", outcome)
    _require(chosen, results)
    return outcome


def sources_folder(run: Run) -> Path:
    """Gives the folder of the declarations that the run uses."""
    return run.project / "ingest" / "sources"


def fetch_step(source_name: str) -> str:
    """Gives the name under which the fetch of a source writes its outcome."""
    return f"fetch-{source_name}"


def one_line(error: TierlineError) -> str:
    """Gives message and remedy of an error on one line."""
    text = error.message if error.remedy is None else f"{error.message}. What to do: {error.remedy}"
    return " ".join(text.split())


@contextmanager
def _open_store(run: Run) -> Iterator[duckdb.DuckDBPyConnection]:
    names = [config.name for config in run.settings.sources]
    settings = run.settings
    with connect(
        run.home.warehouse, memory_limit=settings.memory_limit, threads=settings.threads, newest_storage=True
    ) as store:
        make_tables(store, OPEN_TABLES)
        forget_sources(store, OPEN_TABLES, names)
        make_country_names(store)
        work = run.home.landing / _WORK
        work.mkdir(parents=True, exist_ok=True)
        try:
            yield store
        finally:
            shutil.rmtree(work, ignore_errors=True)


@contextmanager
def _restricted_store(run: Run) -> Iterator[duckdb.DuckDBPyConnection]:
    names = [config.name for config in run.settings.sources]
    finish_rewriting(run)
    with opened_files(run.home), sealed_store(run) as store:
        make_tables(store, RESTRICTED_TABLES)
        make_withdrawals(store)
        forget_sources(store, RESTRICTED_TABLES, names)
        make_country_names(store)
        register_pseudonym(store, pseudonym_key(run.home))
        work = run.home.restricted / _WORK
        make_private_folder(work)
        try:
            yield store
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _load_restricted(
    run: Run, open_store: duckdb.DuckDBPyConnection, sources: list[tuple[SourceConfig, SourceSpec]]
) -> dict[str, _Result]:
    if not sources and not run.home.restricted_warehouse.exists():
        return {}
    results = {}
    with _restricted_store(run) as store:
        for config, spec in sources:
            results[config.name] = _load_one(run, store, config, spec, run.home.restricted / _WORK)
            _copy_counts(store, open_store, config.name, pseudonym_key(run.home))
    return results


def _load_one(
    run: Run, store: duckdb.DuckDBPyConnection, config: SourceConfig, spec: SourceSpec, work: Path
) -> _Result:
    snapshot = SourceSnapshot(config.name, spec, config.known_on, run.as_of, ())
    try:
        snapshot = present_state(run, snapshot)
        if spec.is_restricted:
            withdrawn = withdrawn_of(store, config.name)
            snapshot = without_withdrawn(
                run, snapshot, withdrawn, pseudonym_key(run.home), lambda marked: is_loaded(store, marked)
            )
        if is_loaded(store, snapshot):
            result = _Result("unchanged", counts_of(store, snapshot))
        else:
            limit = ExpansionLimit(most_bytes=run.settings.expansion_limit_bytes)
            tables = RESTRICTED_TABLES if spec.is_restricted else OPEN_TABLES
            counts = load_snapshot(store, snapshot, tables, run_id=run.run_id, work=work, limit=limit)
            result = _Result("loaded", counts)
    except TierlineError as error:
        return _failed(store, snapshot, error)
    _tell(config.name, result)
    return result


def present_state(run: Run, snapshot: SourceSnapshot) -> SourceSnapshot:
    """Gives the snapshot with the files that the run's day knows; raises FetchError where they are not whole, or none.

    Rows that carry the day on which they were known are told apart by it, so that of these all that landed is taken.
    """
    fetched = run.outcome_path(fetch_step(snapshot.name))
    if fetched.exists():
        outcome = run.read_outcome(fetch_step(snapshot.name))
        if outcome["status"] == "failed":
            raise FetchError(outcome["error"])
    landing = landing_of(run.home, snapshot.name, snapshot.spec)
    if snapshot.spec.is_restricted and run.settings.encrypt_restricted:
        seal_what_is_plain(run.home, landing.folder)
    tells_when = snapshot.known_on is not None or any("known_on" in one.fields for one in snapshot.spec.mapping)
    landed = landing.present_files(None if tells_when else snapshot.as_of)
    files = tuple((file, landing.verified(file)) for file in landed)
    return replace(snapshot, files=files, announced=announced_windows(files))


def _failed(store: duckdb.DuckDBPyConnection, snapshot: SourceSnapshot, error: TierlineError) -> _Result:
    """Writes the failure to the ledger; what an earlier run loaded of the source stays, and that is said."""
    counts = counts_of(store, snapshot)
    problem = one_line(error)
    if counts.read:
        problem += " The state that an earlier run loaded stays in use."
    store.begin()
    store.execute(
        f"DELETE FROM {SOURCE_LOAD.qualified_name} WHERE source_name = $name AND status = 'failed'",
        {"name": snapshot.name},
    )
    known = store.execute(
        f"SELECT snapshot_sha256 FROM {SOURCE_LOAD.qualified_name} WHERE source_name = $name", {"name": snapshot.name}
    ).fetchall()
    new = [file for file, _ in snapshot.files if (file.sha256,) not in known]
    insert_ledger_row(store, ledger_row(snapshot, new[0] if new else None, status="failed", error=problem))
    store.commit()
    _LOG.error("%s: %s", snapshot.name, problem)
    return _Result("failed", counts, problem)


def _copy_counts(
    restricted: duckdb.DuckDBPyConnection, open_store: duckdb.DuckDBPyConnection, name: str, key: bytes
) -> None:
    """Brings ledger and quarantine of a restricted source into the open store, without the text of any record.

    Nor does anything leave by which answers could be tried: hashes of files are keyed, and sizes are left out.
    """
    open_store.begin()
    for contract in (SOURCE_LOAD, QUARANTINED_RECORD, ANNOUNCED_VOLUME):
        columns = ", ".join(
            f"NULL AS {field.name}" if field.name in _KEPT_INSIDE else field.name for field in contract.fields
        )
        rows = restricted.execute(
            f"SELECT {columns} FROM {contract.qualified_name} WHERE source_name = $name", {"name": name}
        ).pl()
        if "snapshot_sha256" in rows.columns:
            hashes = [file_pseudonym(key, sha256) for sha256 in rows["snapshot_sha256"]]
            rows = rows.with_columns(pl.Series("snapshot_sha256", hashes, dtype=pl.String))
        open_store.execute(f"DELETE FROM {contract.qualified_name} WHERE source_name = $name", {"name": name})
        open_store.register("restricted_rows", rows)
        open_store.execute(f"INSERT INTO {contract.qualified_name} BY NAME SELECT * FROM restricted_rows")
        open_store.unregister("restricted_rows")
    open_store.commit()


def _tell(name: str, result: _Result) -> None:
    counts = result.counts
    _LOG.info(
        "%s %s: %d read = %d loaded + %d quarantined",
        name,
        result.status,
        counts.read,
        counts.loaded,
        counts.quarantined,
    )
    if counts.warning:
        _LOG.warning("%s: %s", name, counts.warning)


def _outcome(results: dict[str, _Result], names: list[str]) -> dict[str, Any]:
    return {
        "sources": {
            name: {
                "status": results[name].status,
                "read": results[name].counts.read,
                "loaded": results[name].counts.loaded,
                "quarantined": results[name].counts.quarantined,
                "repeated": results[name].counts.repeated,
                "reasons": results[name].counts.reasons,
                "warning": results[name].counts.warning,
            }
            for name in names
        },
        "degraded": {name: problem for name in names if (problem := _degradation(results[name])) is not None},
    }


def _degradation(result: _Result) -> str | None:
    if result.problem is not None:
        return result.problem
    return result.counts.warning if result.counts.read and not result.counts.loaded else None


def _require(chosen: Sequence[SourceConfig], results: dict[str, _Result]) -> None:
    for config in chosen:
        problem = results[config.name].problem
        if config.required and problem is not None:
            raise ContractError(
                f"a required source failed: {problem}",
                source=config.name,
                remedy="Mend the source, or take 'required' away from it in the configuration.",
            )
