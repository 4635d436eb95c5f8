"""Speed of loading purchase orders, as ratios in one run to bare DuckDB and to plain pandas over the same files."""

import argparse
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import yaml

AS_OF = date(2026, 11, 1)
SUPPLIERS = 50_000
OUT = Path("build") / "bench"
DATES = ("ordered_on", "requested_on", "promised_on", "delivered_on", "invoiced_on", "paid_on")
NUMBERS = ("quantity", "unit_price", "amount", "payment_terms_days", "labour_hours")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints a Markdown table and writes it to build/bench; gives 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--suppliers", type=int, default=SUPPLIERS)
    options = parser.parse_args([] if arguments is None else arguments)
    world = OUT / "loading"
    shutil.rmtree(world, ignore_errors=True)
    _write_world(world, options.suppliers)
    files = sorted((world / "sources" / "erp").glob("purchase_orders-*.csv"))
    bytes_read = sum(path.stat().st_size for path in files)
    ways: dict[str, Callable[[Path], int]] = {
        "bare DuckDB: CREATE TABLE AS SELECT, all text": bare_duckdb,
        "plain pandas: read_csv, then dates and numbers": plain_pandas,
        "Tierline: landing to raw, canonical and quarantine": tierline_load,
    }
    measured = {name: _apart(way, world) for name, way in ways.items()}
    table = _table(measured, bytes_read)
    (OUT / "loading.md").write_text(table, encoding="utf-8")
    shutil.rmtree(world)
    print(table)
    return 0


def bare_duckdb(world: Path) -> int:
    """Gives the rows of a table made by DuckDB alone."""
    from tierline.warehouse import connect

    with connect(world / "bare.duckdb") as connection:
        pattern = str(world / "sources" / "erp" / "purchase_orders-*.csv")
        connection.execute("create table orders as from read_csv(?, all_varchar = true)", [pattern])
        return _count(connection.execute("select count(*) from orders").fetchone())


def plain_pandas(world: Path) -> int:
    """Gives the rows of a frame read and typed by pandas."""
    import pandas as pd

    files = sorted((world / "sources" / "erp").glob("purchase_orders-*.csv"))
    frame = pd.concat([pd.read_csv(path, dtype=str) for path in files])
    for name in DATES:
        frame[name] = pd.to_datetime(frame[name], errors="coerce")
    for name in NUMBERS:
        frame[name] = pd.to_numeric(frame[name], errors="coerce")
    return len(frame)


def tierline_load(world: Path) -> int:
    """Gives the rows that the load step read."""
    from ingest.steps import load
    from tierline.run import open_run

    outcome = load(open_run(world / "loading.yml", run_id="bench", today=AS_OF))
    return int(outcome["sources"]["erp_purchase_orders"]["read"])


def _write_world(world: Path, suppliers: int) -> None:
    from demo_world import write
    from ingest.steps import fetch_source
    from tierline.run import open_run

    write(world, suppliers=suppliers, seed=1, as_of=AS_OF)
    source = {"id": "erp_purchase_orders", "path": "sources/erp/purchase_orders-*.csv"}
    (world / "loading.yml").write_text(yaml.safe_dump({"home": "home", "sources": [source]}), encoding="utf-8")
    fetch_source(open_run(world / "loading.yml", run_id="bench", today=AS_OF), "erp_purchase_orders")


def _apart(way: Callable[[Path], int], world: Path) -> dict[str, float]:
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_timed, (way, world))


def _timed(way: Callable[[Path], int], world: Path) -> dict[str, float]:
    began = time.perf_counter()
    rows = way(world)
    seconds = time.perf_counter() - began
    return {"rows": rows, "seconds": seconds, "peak_gib": _peak_kib() / 2**20}


def _peak_kib() -> int:
    # getrusage would count what the parent used before this process replaced its copy
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


def _table(measured: dict[str, dict[str, float]], bytes_read: int) -> str:
    bare = next(iter(measured.values()))["seconds"]
    lines = [
        f"Loading {bytes_read / 2**20:.0f} MiB of purchase orders (demo world), each way in a process of its own.\n",
        "| way | rows | seconds | ratio to bare DuckDB | peak memory, GiB |",
        "|---|---:|---:|---:|---:|",
        *(_row(name, way, bare) for name, way in measured.items()),
    ]
    return "\n".join(lines) + "\n"


def _row(name: str, way: dict[str, float], bare: float) -> str:
    seconds = way["seconds"]
    return f"| {name} | {way['rows']:,.0f} | {seconds:.1f} | {seconds / bare:.1f} | {way['peak_gib']:.2f} |"


def _count(row: Any) -> int:
    return int(row[0])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
