"""Speed of loading 10 million contract lines and 300,000 OCDS releases, as ratios in one run to bare DuckDB."""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import yaml

from tests.benchmarks.loading_files import write_lines, write_releases
from tests.benchmarks.processes import watch_memory

AS_OF = date(2026, 11, 1)
LINES = 10_000_000
RELEASES = 300_000
OUT = Path("build") / "bench"
MEMORY_LIMIT = "1200MB"
Way = Callable[[Path], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints Markdown tables and writes them to build/bench; gives 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=LINES)
    parser.add_argument("--releases", type=int, default=RELEASES)
    options = parser.parse_args([] if arguments is None else arguments)
    world = OUT / "loading"
    shutil.rmtree(world, ignore_errors=True)
    world.mkdir(parents=True)
    tables = [_lines(world, options.lines)]
    tables += [_releases(world, options.releases, *shape) for shape in ((1, False), (3, True), (3, False))]
    (OUT / "loading.md").write_text("\n".join(tables), encoding="utf-8")
    shutil.rmtree(world)
    print("\n".join(tables))
    return 0


def _lines(world: Path, count: int) -> str:
    file = world / "file"
    write_lines(file, count)
    ways: dict[str, Way] = {
        "bare DuckDB: CREATE TABLE AS SELECT, types guessed": bare_csv,
        "bare DuckDB: CREATE TABLE AS SELECT, all text": bare_csv_text,
        "plain pandas: read_csv, then dates and numbers": plain_pandas,
        "Tierline: landing to raw": lines_to_raw,
        "Tierline: landing to raw, canonical and quarantine": load_lines,
        "Tierline: Great Expectations over all of it": check_loaded,
    }
    return _measured(f"{count:,} contract lines", world, "erp_purchase_orders", ways)


def _releases(world: Path, count: int, a_process: int, amended: bool) -> str:
    file = world / "file"
    write_releases(file, count, a_process, amended=amended)
    kind = "each amends" if amended else "each adds" if a_process > 1 else "one state each"
    ways: dict[str, Way] = {
        "bare DuckDB: CREATE TABLE AS SELECT, types guessed": bare_json,
        "bare DuckDB: CREATE TABLE AS SELECT, one text a record": bare_json_text,
        "Tierline: landing to raw": releases_to_raw,
        "Tierline: landing to raw, merged, canonical and quarantine": load_releases,
        "Tierline: Great Expectations over all of it": check_loaded,
    }
    return _measured(f"{count:,} OCDS releases, {a_process} a process ({kind})", world, "ocds_bulk_jsonl", ways)


def bare_csv(world: Path) -> int:
    """Gives the rows of a table made by DuckDB alone, with the types that it guesses."""
    return _bare(world, "CREATE TABLE t AS FROM read_csv(?)")


def bare_csv_text(world: Path) -> int:
    """Gives the rows of a table made by DuckDB alone, all text."""
    return _bare(world, "CREATE TABLE t AS FROM read_csv(?, all_varchar = true)")


def bare_json(world: Path) -> int:
    """Gives the rows of a table made by DuckDB alone, with the structure that it guesses."""
    return _bare(world, "CREATE TABLE t AS FROM read_json(?)")


def bare_json_text(world: Path) -> int:
    """Gives the rows of a table made by DuckDB alone, each record one JSON text."""
    return _bare(world, "CREATE TABLE t AS FROM read_json_objects(?)")


def plain_pandas(world: Path) -> int:
    """Gives the rows of a frame read and typed by pandas."""
    import pandas as pd

    frame = pd.read_csv(world / "file", dtype=str)
    for name in ("ordered_on", "promised_on", "delivered_on"):
        frame[name] = pd.to_datetime(frame[name], errors="coerce")
    for name in ("quantity", "unit_price", "amount", "payment_terms_days"):
        frame[name] = pd.to_numeric(frame[name], errors="coerce")
    return len(frame)


def lines_to_raw(world: Path) -> int:
    """Gives the contract lines that the raw table has."""
    return _to_raw(world, "erp_purchase_orders")


def releases_to_raw(world: Path) -> int:
    """Gives the releases that the raw table has."""
    return _to_raw(world, "ocds_bulk_jsonl")


def load_lines(world: Path) -> int:
    """Gives the contract lines that the load step read."""
    return _load(world, "erp_purchase_orders")


def load_releases(world: Path) -> int:
    """Gives the releases that the load step read."""
    return _load(world, "ocds_bulk_jsonl")


def check_loaded(world: Path) -> int:
    """Gives the expectations that were tested."""
    from ingest.steps import check

    return int(check(_run(world))["expectations"])


def _bare(world: Path, statement: str) -> int:
    from tierline.warehouse import connect

    target = world / "bare.duckdb"
    target.unlink(missing_ok=True)
    with connect(target, memory_limit=MEMORY_LIMIT) as connection:
        connection.execute(statement, [str(world / "file")])
        return _count(connection.execute("SELECT count(*) FROM t").fetchone())


def _to_raw(world: Path, source: str) -> int:
    from ingest.landing import landing_of
    from ingest.raw_loading import RawLoader
    from ingest.spec import load_spec
    from ingest.unpacking import ExpansionLimit
    from tierline.warehouse import connect

    spec = load_spec(source)
    landing = landing_of(_run(world).home, source, spec)
    file = landing.present_files()[0]
    target = world / "only_raw.duckdb"
    target.unlink(missing_ok=True)
    with (
        connect(target, memory_limit=MEMORY_LIMIT, newest_storage=True) as connection,
        tempfile.TemporaryDirectory(dir=world) as work,
    ):
        connection.execute("CREATE SCHEMA raw")
        loader = RawLoader(
            connection,
            source,
            spec,
            table="raw.t",
            run_id="bench",
            work=Path(work),
            limit=ExpansionLimit(),
            only_file=file,
        )
        return loader.take(file, landing.verified(file))


def _load(world: Path, source: str) -> int:
    from ingest.steps import load

    return int(load(_run(world))["sources"][source]["read"])


def _run(world: Path) -> Any:
    from tierline.run import open_run

    return open_run(world / "loading.yml", run_id="bench", today=AS_OF)


def _measured(title: str, world: Path, source: str, ways: dict[str, Way]) -> str:
    from ingest.steps import fetch_source

    file = world / "file"
    config = {"home": "home", "memory_limit": MEMORY_LIMIT, "sources": [{"id": source, "path": "file"}]}
    (world / "loading.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    shutil.rmtree(world / "home", ignore_errors=True)
    fetch_source(_run(world), source)
    measured = {name: _apart(way, world) for name, way in ways.items()}
    bare = next(iter(measured.values()))["seconds"]
    lines = [
        f"{title}, {file.stat().st_size / 2**20:,.0f} MiB, each way in a process of its own.\n",
        "| way | rows | seconds | ratio | peak memory, GiB |",
        "|---|---:|---:|---:|---:|",
        *(_row(name, way, bare) for name, way in measured.items()),
    ]
    return "\n".join(lines) + "\n"


def _apart(way: Way, world: Path) -> dict[str, float]:
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_timed, (way, world))


def _timed(way: Way, world: Path) -> dict[str, float]:
    most_memory = watch_memory()
    began = time.perf_counter()
    rows = way(world)
    seconds = time.perf_counter() - began
    return {"rows": rows, "seconds": seconds, "peak_gib": most_memory()}


def _row(name: str, way: dict[str, float], bare: float) -> str:
    seconds = way["seconds"]
    return f"| {name} | {way['rows']:,.0f} | {seconds:.1f} | {seconds / bare:.1f} | {way['peak_gib']:.2f} |"


def _count(row: Any) -> int:
    return int(row[0])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
