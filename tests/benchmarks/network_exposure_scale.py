"""What network exposure (W01) takes at 100,000 and 1,000,000 ties: processor seconds and peak memory, a process a size.

The world is that of `network_scale.py`, in memory: groups of three companies under an owner, agents of twenty clients,
addresses of two, chains of subcontractors, and one company in two thousand a confirmed case.
"""

import json
import resource
import sys
from datetime import date
from multiprocessing import get_context
from time import process_time
from typing import Any

import polars as pl

from scoring.catalogue import build_catalogue, read_seed_files
from scoring.network_facts import Network, network_facts
from tierline.run import PROJECT

OUTPUT = PROJECT / "build" / "bench" / "network_exposure_scale.json"
SIZES = (100_000, 1_000_000)
_SHARES = {"ownership": 0.4, "labour_agent": 0.15, "address": 0.25, "subcontract": 0.2}
_SUPPLIERS, _CASES = 0.4, 2_000
_AS_OF = date(2026, 11, 1)


def main() -> int:
    """Measures each size and prints it."""
    results = {}
    for size in SIZES:
        with get_context("spawn").Pool(1) as pool:
            results[size] = pool.apply(measure, (size,))
        print(json.dumps({size: results[size]}, indent=2))
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps(results, indent=2), encoding="utf-8")
    return 0


def measure(size: int) -> dict[str, Any]:
    """Gives processor seconds and peak memory, in GiB, of the facts over so many ties."""
    catalogue = build_catalogue(read_seed_files(PROJECT / "dbt_project" / "seeds" / "catalogue"))
    network = _network(size)
    before, started = _peak(), process_time()
    found = network_facts(network, catalogue, _AS_OF)
    return {
        "ties": len(network.ties),
        "cases": len(network.cases),
        "suppliers looked at": len(found.facts),
        "suppliers exposed": len(found.exposures),
        "processor_seconds": round(process_time() - started, 1),
        "peak_gib": _peak(),
        "peak_gib_of_the_input": before,
    }


def _network(size: int) -> Network:
    suppliers = int(size * _SUPPLIERS)
    number = pl.col("i")
    far = {
        "ownership": pl.format("S{}", number % suppliers // 3),
        "labour_agent": pl.format("G{}", number.hash(1) % (size * _SHARES["labour_agent"] // 20)),
        "address": pl.format("A{}", number // 2),
        "subcontract": pl.format("S{}", number.hash(2) % suppliers),
    }
    ties = pl.concat(
        pl.DataFrame({"i": range(int(size * share))}).select(
            pl.format(f"{kind}-{{}}", number).alias("edge_id"),
            pl.format("S{}", number % suppliers).alias("subject_id"),
            far[kind].alias("party_id"),
            pl.lit(kind).alias("edge_kind"),
            pl.lit(kind != "subcontract").alias("carries_to_party"),
        )
        for kind, share in _SHARES.items()
    ).filter(pl.col("subject_id") != pl.col("party_id"))
    told = ties.with_columns(
        pl.col("edge_id").alias("row_id"),
        pl.lit("bench").alias("source_id"),
        pl.lit("ab" * 32).alias("snapshot_sha256"),
        pl.lit(1, pl.Int64).alias("record_no"),
        pl.col("subject_id").alias("supplier_id"),
        pl.when(pl.col("party_id").str.starts_with("S")).then("party_id").alias("party_supplier_id"),
    )
    parties = pl.DataFrame({"party_id": pl.concat([ties["subject_id"], ties["party_id"]]).unique()}).with_columns(
        pl.lit("supplier").alias("party_kind"), pl.format("Party {}", "party_id").alias("name")
    )
    cases = pl.DataFrame({"i": range(0, suppliers, _CASES)}).select(
        pl.format("case {}", "i").alias("case_id"),
        pl.format("S{}", "i").alias("supplier_id"),
        pl.lit("A01").alias("indicator_id"),
        pl.lit("a list").alias("told_by"),
        pl.lit(True).alias("in_force"),
        pl.lit(None, pl.Date).alias("fades_from"),
    )
    return Network(told, parties, cases, cases_are_told=True)


def _peak() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2)


if __name__ == "__main__":
    sys.exit(main())
