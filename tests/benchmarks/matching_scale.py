"""Matching of 100,000 and 1,000,000 invented supplier records: time, peak of memory, and what 1 % new records cost.

A match is that of a run: pairs are compared, and suppliers get their ids, going on from the ledger of the match before.
"""

import argparse
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.matching_population import write_population
from tests.benchmarks.processes import apart, peak_gib
from tierline.warehouse import connect

if TYPE_CHECKING:
    import duckdb

    from matching.entity_ledger import EntityLedger

SIZES = (100_000, 1_000_000)
OUT = Path("build") / "bench"
MEMORY_LIMIT = "1500MB"
SEED = 1
AS_OF = date(2026, 11, 1)
_SHARE_OF_NEW = 0.01
_LEDGER_TABLES = ("entity_ledger", "entity_change")
_RECORDS_AND_MOVED = """
    SELECT
        (SELECT count(*) FROM truth),
        (SELECT count(*) FROM known_id INNER JOIN matching.supplier_entity AS now USING (supplier_ref)
            WHERE known_id.supplier_id <> now.supplier_id)
"""


@dataclass(frozen=True)
class Measured:
    """One match: what was done to how many records, pairs kept, ids that moved, and the cost."""

    what: str
    records: int
    pairs: int
    moved: int
    seconds: float
    pair_seconds: float
    entity_seconds: float
    peak_gib: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints a Markdown table and writes it to build/bench; gives 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options = parser.parse_args([] if arguments is None else arguments)
    folder = OUT / "matching"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    lines = [
        f"DuckDB may use {MEMORY_LIMIT} and two threads; the peak is that of the whole process. Records are invented.",
        "",
        "| records | match | pairs kept | ids moved | seconds | processor seconds: pairs | suppliers and ids | of all"
        " | peak GiB |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    qualities: list[str] = []
    for size in options.sizes:
        measured, quality = measure(folder / f"{size}.duckdb", size)
        lines += [_row(one, measured[0]) for one in measured]
        qualities.append(f"{size:,} records (synthetic): {quality}")
    text = "\n".join([*lines, "", *qualities, ""])
    (OUT / "matching_scale.md").write_text(text, encoding="utf-8")
    shutil.rmtree(folder)
    print(text)
    return 0


def measure(warehouse: Path, size: int) -> tuple[list[Measured], str]:
    """Gives a full match of so many records, one after 1 % new ones, one with nothing new, and how right it is."""
    apart(_populate, warehouse, size)
    full = apart(_match, warehouse, "all records")
    apart(_populate, warehouse, round(size * (1 + _SHARE_OF_NEW)))
    more = apart(_match, warehouse, "1 % new records")
    same = apart(_match, warehouse, "nothing new")
    return [full, more, same], apart(_quality, warehouse)


def _populate(warehouse: Path, size: int) -> int:
    with connect(warehouse, memory_limit=MEMORY_LIMIT) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS known_id (supplier_ref VARCHAR, supplier_id VARCHAR)")
        return write_population(connection, size, seed=SEED)


def _match(warehouse: Path, what: str) -> Measured:
    from matching.entities import write_entities
    from matching.pairs import write_supplier_pairs
    from matching.tables import create_missing_tables

    with connect(warehouse, memory_limit=MEMORY_LIMIT, threads=2) as connection:
        create_missing_tables(connection)
        started, working = time.perf_counter(), time.process_time()
        pairs = write_supplier_pairs(connection)
        compared = time.process_time()
        write_entities(connection, _published_ledger(warehouse), as_of=AS_OF)
        seconds, matched = time.perf_counter() - started, time.process_time()
        peak = peak_gib()
        records, moved = connection.execute(_RECORDS_AND_MOVED).fetchall()[0]
        _publish_ledger(connection, warehouse)
    return Measured(what, records, pairs, moved, seconds, compared - working, matched - compared, peak)


def _publish_ledger(connection: "duckdb.DuckDBPyConnection", warehouse: Path) -> None:
    for table in _LEDGER_TABLES:
        file = warehouse.with_suffix(f".{table}.parquet")
        connection.execute(f"COPY matching.{table} TO '{file}' (FORMAT parquet)")
    connection.execute(
        "CREATE OR REPLACE TABLE known_id AS SELECT supplier_ref, supplier_id FROM matching.entity_ledger"
    )


def _published_ledger(warehouse: Path) -> "EntityLedger":
    import polars as pl

    from matching.entity_ledger import EntityLedger, no_ledger

    files = [warehouse.with_suffix(f".{table}.parquet") for table in _LEDGER_TABLES]
    if not all(file.exists() for file in files):
        return no_ledger()
    ids, changes = (pl.read_parquet(file) for file in files)
    return EntityLedger("before", ids, changes, no_ledger().names, {})


def _quality(warehouse: Path) -> str:
    with connect(warehouse, memory_limit=MEMORY_LIMIT, read_only=True) as connection:
        row = connection.execute("""
            WITH judged AS (
                SELECT pairs.is_automatic, one.company = other.company AS is_right
                FROM matching.supplier_pair AS pairs
                INNER JOIN truth AS one ON pairs.left_ref = one.supplier_ref
                INNER JOIN truth AS other ON pairs.right_ref = other.supplier_ref
            )
            SELECT count(*) FILTER (WHERE is_automatic), count(*) FILTER (WHERE is_automatic AND NOT is_right),
                count(*) FILTER (WHERE NOT is_automatic), count(*) FILTER (WHERE NOT is_automatic AND NOT is_right)
            FROM judged
        """).fetchone()
    assert row is not None
    return (
        f"{row[0]:,} automatic links, {row[1]:,} of them wrong; {row[2]:,} pairs in the queue, {row[3]:,} of them wrong"
    )


def _row(one: Measured, full: Measured) -> str:
    work, whole = (match.pair_seconds + match.entity_seconds for match in (one, full))
    return (
        f"| {one.records:,} | {one.what} | {one.pairs:,} | {one.moved:,} | {one.seconds:.1f} | {one.pair_seconds:.1f} |"
        f" {one.entity_seconds:.1f} | {work / whole:.1%} | {one.peak_gib:.2f} |"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
