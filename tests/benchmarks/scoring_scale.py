"""Scoring of 1,000,000 invented suppliers with 10 million facts in one process: time, peak of memory, and the ratio to
a bare group-by-sum over the evidence that came of it, in the same run."""

import argparse
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import polars as pl

from scoring.catalogue import build_catalogue, read_seed_files
from scoring.keys import SITE
from scoring.steps import score
from tests.benchmarks.scoring_population import write_population
from tierline.run import Run
from tierline.settings import Settings
from tierline.warehouse import connect, quote_identifier

OUT = Path("build") / "bench"
SEEDS = Path("dbt_project") / "seeds" / "catalogue"
AS_OF = date(2026, 11, 1)
MEMORY_LIMIT = "1500MB"
SEED = 1
_REPEATS = 3


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
    _apart(_populate, folder, options.suppliers, options.facts)
    told = _told(_apart(_scored, folder))
    (OUT / "scoring_scale.md").write_text(told, encoding="utf-8")
    if not options.keep:
        shutil.rmtree(folder)
    print(told)
    return 0


def _populate(folder: Path, suppliers: int, facts: int) -> None:
    seeds = read_seed_files(SEEDS)
    warehouse = _run(folder).home.warehouse
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    write_population(warehouse, build_catalogue(seeds), suppliers, facts, as_of=AS_OF, seed=SEED)
    with connect(warehouse) as connection:
        connection.execute("CREATE SCHEMA seeds")
        for name, seed in seeds.items():
            connection.register("frame", seed.to_arrow())
            connection.execute(f"CREATE TABLE seeds.{quote_identifier(name)} AS FROM frame")
            connection.unregister("frame")


def _scored(folder: Path) -> Measured:
    run = _run(folder)
    started, started_working = time.perf_counter(), time.process_time()
    outcome = score(run)
    seconds, working = time.perf_counter() - started, time.process_time() - started_working
    peak = _peak_gib()
    sums = _bare_sum(run)
    return Measured(
        outcome["suppliers"],
        outcome["sites"],
        _count(run, "features.ftr_indicator_fact"),
        outcome["evidence_rows"],
        seconds,
        working,
        peak,
        *sums,
    )


def _bare_sum(run: Run) -> tuple[float, float]:
    """Gives the seconds and processor seconds of one group-by-sum by site over the written evidence, read before."""
    with connect(run.home.warehouse, memory_limit=MEMORY_LIMIT, read_only=True) as connection:
        evidence = connection.sql("SELECT supplier_id, site_id, contribution FROM scores.score_evidence").pl()
    started, started_working = time.perf_counter(), time.process_time()
    for _ in range(_REPEATS):
        evidence.group_by(SITE).agg(pl.col("contribution").sum())
    return (time.perf_counter() - started) / _REPEATS, (time.process_time() - started_working) / _REPEATS


def _count(run: Run, table: str) -> int:
    with connect(run.home.warehouse, memory_limit=MEMORY_LIMIT, read_only=True) as connection:
        row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0


def _run(folder: Path) -> Run:
    settings = Settings.model_validate(
        {
            "home": (folder / "home").absolute(),
            "sources": [{"id": "any", "path": "any.csv"}],
            "memory_limit": MEMORY_LIMIT,
            "threads": 2,
        }
    )
    return Run(run_id="scale", as_of=AS_OF, settings=settings)


def _told(one: Measured) -> str:
    work, bare = one.processor_seconds, one.sum_processor_seconds
    return (
        f"DuckDB may use {MEMORY_LIMIT} and two threads; the peak is that of the whole process. Suppliers are invented.\n"
        "The bare sum groups the rows of scores.score_evidence by supplier_id and site_id in Polars and adds up\n"
        "their contributions; the rows are in memory before the clock starts.\n\n"
        "| suppliers | sites | facts | rows of evidence | seconds | processor seconds | peak GiB | bare sum | ratio |\n"
        "|---|---|---|---|---|---|---|---|---|\n"
        f"| {one.suppliers:,} | {one.sites:,} | {one.facts:,} | {one.evidence_rows:,} | {one.seconds:.1f} | {work:.1f} |"
        f" {one.peak_gib:.2f} | {one.sum_seconds:.2f} ({bare:.2f}) | {one.seconds / one.sum_seconds:.0f}"
        f" ({work / bare:.0f}) |\n\n"
        "In brackets: processor seconds, which other work on the machine does not lengthen.\n"
    )


def _apart(work: Any, *arguments: Any) -> Any:
    """Runs the work in a process of its own, so that one peak of memory is not another's."""
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(sender, work, arguments))
    process.start()
    sender.close()
    result = receiver.recv()
    process.join()
    return result


def _send(sender: Connection, work: Any, arguments: tuple[Any, ...]) -> None:
    sender.send(work(*arguments))


def _peak_gib() -> float:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 2**20


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
