"""A load into a store of its own, to see what the checks would say before anything that is in use is replaced."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ingest.checks import why_left_out
from ingest.load import present_state
from ingest.pseudonym import pseudonym_key, register_pseudonym
from ingest.restricted_landing import opened_files
from ingest.restricted_store import make_private_folder
from ingest.sealed_store import sealed_store
from ingest.source_loading import SourceSnapshot, load_snapshot, make_country_names
from ingest.spec import SourceSpec
from ingest.stores import OPEN_TABLES, RESTRICTED_TABLES, make_tables
from ingest.unpacking import ExpansionLimit
from tierline.run import Run
from tierline.settings import SourceConfig
from tierline.warehouse import connect

_PREFIX = ".rehearsal-"


def refused_by_checks(run: Run, config: SourceConfig, spec: SourceSpec) -> str | None:
    """Gives why the checks would leave out the present state of a source, or None; no store in use is touched.

    Raises TierlineError where the source cannot even be loaded, as loading it does.
    """
    tables = RESTRICTED_TABLES if spec.is_restricted else OPEN_TABLES
    limit = ExpansionLimit(most_bytes=run.settings.expansion_limit_bytes)
    with (
        opened_files(run.home),
        _folder(run, spec) as folder,
        _store(run, spec, folder / "store.duckdb") as store,
    ):
        snapshot = present_state(run, SourceSnapshot(config.name, spec, config.known_on, run.as_of, ()))
        make_tables(store, tables)
        make_country_names(store)
        work = folder / "work"
        work.mkdir()
        load_snapshot(store, snapshot, tables, run_id=run.run_id, work=work, limit=limit)
        return why_left_out(run, store, config.name, spec)


@contextmanager
def _folder(run: Run, spec: SourceSpec) -> Iterator[Path]:
    root = run.home.restricted if spec.is_restricted else run.home.landing
    if spec.is_restricted:
        make_private_folder(root)
    folder = Path(tempfile.mkdtemp(dir=root, prefix=_PREFIX))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _store(run: Run, spec: SourceSpec, database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    if spec.is_restricted:
        with sealed_store(run, database=database) as store:
            register_pseudonym(store, pseudonym_key(run.home))
            yield store
        return
    with connect(database, memory_limit=run.settings.memory_limit, threads=run.settings.threads) as store:
        yield store
