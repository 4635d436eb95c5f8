"""Check step: which sources are tested, what happens to one that fails, and what is kept of it."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
import polars as pl

from ingest.checks.data_docs import DataDocs
from ingest.checks.suites import (
    FILLED_FROM_RECORDS,
    NEVER_FILLED,
    Suite,
    announced_suite,
    canonical_suite,
    load_suite,
    mapped_fields,
    raw_suite,
)
from ingest.checks.validation import Verdict, validate
from ingest.contracts import CANONICAL, CONTRACTS, DATA_QUALITY, WORKER_TABLES, Contract
from ingest.load import sources_folder
from ingest.release_ledger import leave_out_classes
from ingest.sealed_store import sealed_store
from ingest.spec import SourceSpec, load_spec
from ingest.stores import RAW_SCHEMA, raw_table
from tierline.errors import CheckFailed
from tierline.log import get_logger
from tierline.run import Run
from tierline.warehouse import connect

_LOG = get_logger(__name__)
_DATA_DOCS = "data_docs"


def check(run: Run, only: Collection[str] | None = None) -> dict[str, Any]:
    """Tests every loaded source with Great Expectations and keeps each verdict in `ingest.data_quality`.

    A source that misses an expectation of severity 'stop' is left out of the run: its canonical rows are removed and
    its loading counts as failed. Where `only` names sources, the others are not tested. Gives `degraded` (source →
    reason), `warnings` (source → what was seen), how many expectations were tested and met, and `data_docs`, the page
    that tells all of it. Raises CheckFailed where
    the configuration requires a source that is left out.
    """
    specs = {name: spec for name, spec in _loaded_sources(run).items() if only is None or name in only}
    docs = DataDocs(run.home.run_artifacts(run.run_id) / _DATA_DOCS)
    verdicts = _frame(run, _open_verdicts(run, specs, docs) + _restricted_verdicts(run, specs, docs))
    index = docs.finish(run_id=run.run_id, as_of=run.as_of.isoformat())
    stopped = _missed(verdicts, "stop")
    _leave_out_answers(run, {name: reason for name, reason in stopped.items() if specs[name].is_restricted})
    _record(run, verdicts, stopped)
    outcome = {**_outcome(_verdicts_of(run)), "data_docs": str(index)}
    run.write_outcome("check", outcome)
    _tell(run, outcome)
    return outcome


def why_left_out(run: Run, connection: duckdb.DuckDBPyConnection, name: str, spec: SourceSpec) -> str | None:
    """Gives why the checks would leave a source out that is loaded in the store, or None; changes nothing in it."""
    suites = [load_suite(name, run.as_of), *_source_suites(run, connection, name, spec)]
    stopped: dict[str, str] = _missed(_frame(run, validate(connection, suites)), "stop")
    return stopped.get(name)


def _loaded_sources(run: Run) -> dict[str, SourceSpec]:
    with _warehouse(run, read_only=True) as warehouse:
        rows = warehouse.execute(
            "SELECT source_name, bool_and(status = 'loaded') FROM ingest.source_load GROUP BY source_name "
            "HAVING bool_or(status = 'loaded') ORDER BY source_name"
        ).fetchall()
    loaded = {name for name, is_sound in rows if is_sound}
    for name in (name for name, is_sound in rows if not is_sound):
        _LOG.info("%s is not checked again: the state that an earlier run loaded and checked stays in use", name)
    return {
        source.name: load_spec(source.id, sources_folder(run))
        for source in run.settings.sources
        if source.name in loaded
    }


def _open_verdicts(run: Run, specs: dict[str, SourceSpec], docs: DataDocs) -> list[Verdict]:
    with _warehouse(run, read_only=True) as warehouse:
        suites = [load_suite(name, run.as_of) for name in specs]
        suites += [announced_suite(specs[name], name) for name in _announced_sources(warehouse) if name in specs]
        suites += _suites(run, warehouse, {name: spec for name, spec in specs.items() if not spec.is_restricted})
        return validate(warehouse, suites, docs)


def _announced_sources(warehouse: duckdb.DuckDBPyConnection) -> list[str]:
    rows = warehouse.execute("SELECT DISTINCT source_name FROM ingest.announced_volume ORDER BY source_name")
    return [name for (name,) in rows.fetchall()]


def _restricted_verdicts(run: Run, specs: dict[str, SourceSpec], docs: DataDocs) -> list[Verdict]:
    restricted = {name: spec for name, spec in specs.items() if spec.is_restricted}
    if not restricted:
        return []
    with sealed_store(run, read_only=True) as store:
        return validate(store, _suites(run, store, restricted), docs)


def _suites(run: Run, connection: duckdb.DuckDBPyConnection, specs: dict[str, SourceSpec]) -> list[Suite]:
    return [suite for name, spec in specs.items() for suite in _source_suites(run, connection, name, spec)]


def _source_suites(run: Run, connection: duckdb.DuckDBPyConnection, name: str, spec: SourceSpec) -> Iterator[Suite]:
    yield raw_suite(spec, name, _columns(connection, name))
    is_telling = _record_count(connection, name) >= FILLED_FROM_RECORDS
    for table in dict.fromkeys(mapping.table for mapping in spec.mapping):
        filled = mapped_fields(spec, table) if is_telling else ()
        yield canonical_suite(CONTRACTS[table], name, run.as_of, filled_fields=filled)


def _record_count(connection: duckdb.DuckDBPyConnection, source_name: str) -> int:
    if not _columns(connection, source_name):
        return 0  # the suite of the raw table tells that it is missing
    row = connection.execute(f"SELECT count(*) FROM {raw_table(source_name)}").fetchone()
    return int(row[0]) if row else 0


def _columns(connection: duckdb.DuckDBPyConnection, source_name: str) -> list[str]:
    rows = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = ? AND table_name = ?",
        [RAW_SCHEMA, source_name],
    )
    return [column for (column,) in rows.fetchall()]


def _missed(verdicts: pl.DataFrame, severity: str) -> dict[str, str]:
    """Gives, for each source that misses an expectation of that severity, all that it misses, as text.

    Fields that no record fills are told together: most are a source's own way, and hide what is not.
    """
    in_column = pl.concat_str(pl.lit(", column "), "column_name").fill_null("")
    missed = verdicts.filter(~pl.col("success"), pl.col("severity") == severity)
    is_blank = pl.col("expectation").str.ends_with(NEVER_FILLED)
    single = missed.filter(~is_blank).select(
        "source_name", told=pl.concat_str("expectation", in_column, pl.lit(" ("), "detail", pl.lit(")"))
    )
    blank = (
        missed.filter(is_blank)
        .select(
            "source_name",
            field=pl.concat_str(pl.col("expectation").str.split(": ").list.first(), pl.lit("."), "column_name"),
        )
        .group_by("source_name")
        .agg(told=pl.lit("filled in no record: ") + pl.col("field").sort().str.join(", "))
    )
    told = pl.concat([single, blank]).group_by("source_name").agg(pl.col("told").sort().str.join("; "))
    return dict(told.sort("source_name").iter_rows())


def _leave_out_answers(run: Run, stopped: dict[str, str]) -> None:
    """Removes answers, and the classes that this run decided of them, from the restricted store."""
    if not stopped:
        return
    with sealed_store(run) as store:
        store.begin()
        _leave_out(store, WORKER_TABLES, stopped)
        leave_out_classes(store, list(stopped), run.run_id, run.as_of)
        store.commit()


def _record(run: Run, verdicts: pl.DataFrame, stopped: dict[str, str]) -> None:
    """Keeps the verdicts and leaves out the stopped sources, in one transaction."""
    with _warehouse(run) as warehouse:
        warehouse.begin()
        warehouse.register("verdicts", verdicts)
        warehouse.execute(
            "DELETE FROM ingest.data_quality WHERE run_id = ? AND source_name IN (SELECT source_name FROM verdicts)",
            [run.run_id],
        )
        warehouse.execute("INSERT INTO ingest.data_quality BY NAME SELECT * FROM verdicts")
        _leave_out(warehouse, CANONICAL, stopped)
        warehouse.commit()


def _leave_out(connection: duckdb.DuckDBPyConnection, contracts: Sequence[Contract], stopped: dict[str, str]) -> None:
    """Removes the canonical rows of the sources and says so in the ledger, so that the next run loads them anew."""
    for contract in contracts:
        connection.execute(f"DELETE FROM {contract.qualified_name} WHERE list_contains(?, source_id)", [list(stopped)])
    for source, reason in stopped.items():
        connection.execute(
            "UPDATE ingest.source_load SET status = 'failed', error = ? WHERE source_name = ?", [reason, source]
        )


def _verdicts_of(run: Run) -> pl.DataFrame:
    """Gives all verdicts of this run, those of a step that ran before included."""
    with _warehouse(run, read_only=True) as warehouse:
        return warehouse.execute("SELECT * FROM ingest.data_quality WHERE run_id = ?", [run.run_id]).pl()


def _outcome(verdicts: pl.DataFrame) -> dict[str, Any]:
    return {
        "expectations": verdicts.height,
        "met": int(verdicts["success"].sum()),
        "degraded": _missed(verdicts, "stop"),
        "warnings": _missed(verdicts, "warn"),
    }


def _tell(run: Run, outcome: dict[str, Any]) -> None:
    _LOG.info("check     %d of %d expectations met", outcome["met"], outcome["expectations"])
    for source, told in outcome["warnings"].items():
        _LOG.warning("%s: %s", source, told)
    for source, told in outcome["degraded"].items():
        _LOG.error("%s is left out: %s", source, told)
    for source, told in outcome["degraded"].items():
        if run.settings.source(source).required:
            raise CheckFailed(told, source=source, remedy="Mend the source, or drop 'required' to go on without it.")


def _frame(run: Run, verdicts: Sequence[Verdict]) -> pl.DataFrame:
    rows = [
        (
            run.run_id,
            verdict.suite.source_name,
            f"{verdict.suite.table}: {verdict.expectation.text}",
            verdict.expectation.column,
            verdict.expectation.severity,
            verdict.success,
            verdict.observed_count,
            verdict.unexpected_count,
            verdict.detail,
        )
        for verdict in verdicts
    ]
    types = {"flag": pl.Boolean, "integer": pl.Int64, "text": pl.String}
    return pl.DataFrame(rows, schema={one.name: types[one.kind] for one in DATA_QUALITY.fields}, orient="row")


@contextmanager
def _warehouse(run: Run, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(
        run.home.warehouse,
        read_only=read_only,
        memory_limit=run.settings.memory_limit,
        threads=run.settings.threads,
    ) as connection:
        yield connection
