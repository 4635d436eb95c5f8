"""Scoring of 1,000,000 invented suppliers with 10 million facts in one process: time, peak of memory, and the ratio to
a bare group-by-sum over the evidence that came of it, in the same run.

Measured is the way from features to written scores, evidence, intervals and states. The walk over ties, next facts, the
review queue, the anomaly layer and sensitivity are parts of the same step and not in it: they look at bounded parts.
"""

import argparse
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
from duckdb import DuckDBPyConnection

from scoring.catalogue import build_catalogue, read_seed_files
from scoring.inherent import portfolio_medians
from scoring.keys import SITE
from scoring.reading import supplier_ranges
from scoring.score import Features, Scores, scored
from scoring.steps import WRITING_THREADS
from tests.benchmarks.processes import apart, peak_gib
from tests.benchmarks.scoring_population import write_population
from tierline.warehouse import connect, quote_identifier

OUT = Path("build") / "bench"
SEEDS = Path("dbt_project") / "seeds" / "catalogue"
AS_OF = date(2026, 11, 1)
MEMORY_LIMIT = "1500MB"
SEED = 1
_REPEATS = 3
_WRITTEN = ("supplier_score", "site_score", "supplier_indicator", "score_evidence")
_COUNTED = ("scores.supplier_score", "scores.site_score", "features.ftr_indicator_fact", "scores.score_evidence")


@dataclass(frozen=True)
class Measured:
    """One scoring: how much was scored, what it cost, and what the bare sum over its evidence cost."""

    suppliers: int
    sites: int
    facts: int
    evidence_rows: int
    seconds: float
    processor_seconds: float
    peak_gib: float
    sum_seconds: float
    sum_processor_seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints a Markdown table and writes it to build/bench; gives 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--suppliers", type=int, default=1_000_000)
    parser.add_argument("--facts", type=int, default=10_000_000)
    parser.add_argument("--keep", action="store_true", help="Keep the warehouse, to look into it.")
    options = parser.parse_args([] if arguments is None else arguments)
    folder = OUT / "scoring"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    warehouse = folder / "warehouse.duckdb"
    apart(_populate, warehouse, options.suppliers, options.facts)
    told = _told(apart(_scored, warehouse))
    (OUT / "scoring_scale.md").write_text(told, encoding="utf-8")
    if not options.keep:
        shutil.rmtree(folder)
    print(told)
    return 0


def _populate(warehouse: Path, suppliers: int, facts: int) -> None:
    catalogue = build_catalogue(read_seed_files(SEEDS))
    write_population(warehouse, catalogue, suppliers, facts, as_of=AS_OF, seed=SEED)


def _scored(warehouse: Path) -> Measured:
    catalogue = build_catalogue(read_seed_files(SEEDS))
    with connect(warehouse, memory_limit=MEMORY_LIMIT, threads=WRITING_THREADS) as connection:
        started, started_working = time.perf_counter(), time.process_time()
        levels = connection.sql("SELECT country_level, sector_level, good_level FROM features.ftr_site").pl()
        medians = portfolio_medians(levels, catalogue.inherent)
        connection.execute("CREATE SCHEMA scores")
        for first, last in supplier_ranges(connection):
            _write(connection, scored(_features(connection, first, last), medians, catalogue, AS_OF))
        seconds, working = time.perf_counter() - started, time.process_time() - started_working
        counted = {table: _count(connection, table) for table in _COUNTED}
    peak = peak_gib()
    return Measured(*counted.values(), seconds, working, peak, *_bare_sum(warehouse))


def _features(connection: DuckDBPyConnection, first: str, last: str) -> Features:
    def read(table: str) -> pl.DataFrame:
        query = f"FROM features.{quote_identifier(table)} WHERE supplier_id BETWEEN ? AND ?"
        return connection.execute(query, [first, last]).pl()

    return Features(
        sites=read("ftr_site"),
        facts=read("ftr_indicator_fact"),
        not_applicable=read("ftr_not_applicable"),
        undetermined=read("undetermined"),
        not_assessable=read("ftr_not_assessable"),
    )


def _write(connection: DuckDBPyConnection, part: Scores) -> None:
    for table, frame in zip(_WRITTEN, (part.suppliers, part.sites, part.indicators, part.evidence), strict=True):
        connection.register("rows", frame.to_arrow())
        name = f"scores.{quote_identifier(table)}"
        connection.execute(f"CREATE TABLE IF NOT EXISTS {name} AS FROM rows LIMIT 0")
        connection.execute(f"INSERT INTO {name} FROM rows")
        connection.unregister("rows")


def _bare_sum(warehouse: Path) -> tuple[float, float]:
    """Gives the seconds and processor seconds of one group-by-sum by site over the written evidence, read before."""
    with connect(warehouse, memory_limit=MEMORY_LIMIT, read_only=True) as connection:
        evidence = connection.sql("SELECT supplier_id, site_id, contribution FROM scores.score_evidence").pl()
    started, started_working = time.perf_counter(), time.process_time()
    for _ in range(_REPEATS):
        evidence.group_by(SITE).agg(pl.col("contribution").sum())
    return (time.perf_counter() - started) / _REPEATS, (time.process_time() - started_working) / _REPEATS


def _count(connection: DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0


def _told(one: Measured) -> str:
    work, bare = one.processor_seconds, one.sum_processor_seconds
    return (
        f"DuckDB may use {MEMORY_LIMIT} and, as in the step, one thread; Polars uses every core. The peak is that of\n"
        "the process. Suppliers are invented.\n"
        "The bare sum groups the rows of scores.score_evidence by supplier_id and site_id in Polars and adds up\n"
        "their contributions; the rows are in memory before the clock starts.\n\n"
        "| suppliers | sites | facts | evidence | seconds | processor seconds | peak GiB | bare sum | ratio |\n"
        "|---|---|---|---|---|---|---|---|---|\n"
        f"| {one.suppliers:,} | {one.sites:,} | {one.facts:,} | {one.evidence_rows:,} | {one.seconds:.1f} |"
        f" {work:.1f} | {one.peak_gib:.2f} | {one.sum_seconds:.2f} ({bare:.2f}) | {one.seconds / one.sum_seconds:.0f}"
        f" ({work / bare:.0f}) |\n\n"
        "In brackets: processor seconds, which other work on the machine does not lengthen.\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
