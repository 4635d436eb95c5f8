"""Precision in the top 5 % of demo worlds against their hidden truth: synthetic, so plumbing and never validity.

For each of several seeds that nothing else uses, a demo world is written, every step up to the score is run on it, and
the order of review is compared with who is affected today. Beside it stand the orders that need no method. In the same
worlds it is measured which records were brought together as one supplier.
"""

import argparse
import json
import math
import shutil
import statistics
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import polars as pl

from tests.benchmarks.demo_entities import MEASURES, entity_measures

AS_OF = date(2026, 11, 1)
FIRST_UNSEEN_SEED = 9001
SEEDS = 20
SUPPLIERS = 1_000
TOP_SHARE = 0.05
CONFIDENCE = 0.95
OUT = Path("build") / "bench"
ORDERS = {
    "Tierline": "Tierline: band, severity, score",
    "flag_count": "number of adverse facts",
    "inherent": "inherent risk alone",
    "random": "random order (expected)",
}


@dataclass(frozen=True)
class Estimate:
    """A mean over seeds with its t interval."""

    mean: float
    low: float
    high: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints a Markdown table and writes it with the figures of each seed to build/bench; gives 0."""
    options = _options(arguments)
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        worlds = [options.out / "worlds" / str(seed) for seed in seeds]
        results = list(pool.map(measured, worlds, seeds, [options.suppliers] * len(seeds)))
    table = markdown(results, options.suppliers, seeds)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "demo_precision.md").write_text(table, encoding="utf-8")
    (options.out / "demo_precision.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(table)
    return 0


def measured(directory: Path, seed: int, suppliers: int) -> dict[str, float]:
    """Gives the precision of each order in one world, its base rate and counts; the world is removed afterwards."""
    from demo_world import write

    shutil.rmtree(directory, ignore_errors=True)
    world = write(directory, suppliers=suppliers, seed=seed, as_of=AS_OF)
    ranking, entities = _scored(world.config, directory / "truth", f"seed-{seed}")
    shutil.rmtree(directory)
    print(f"seed {seed}: {len(ranking)} suppliers, {ranking['affected'].sum()} affected", file=sys.stderr)
    return {"seed": seed, **precisions(ranking), **entities}


def _scored(config: Path, truth: Path, run_id: str) -> tuple[pl.DataFrame, dict[str, float]]:
    """Runs every step up to the score; gives a row a supplier with a figure for each order, and how well it matched."""
    from ingest.steps import check, fetch_source, load, survey
    from matching.steps import match, prepare
    from scoring.steps import score
    from tierline.run import open_run
    from tierline.transform import transform
    from tierline.warehouse import connect

    run = open_run(config, run_id=run_id, today=AS_OF)
    for source in run.settings.sources:
        fetch_source(run, source.name)
    for step in (load, check, survey, prepare, match, transform, score):
        step(run)
    with connect(run.home.warehouse, read_only=True) as connection:
        ranking = connection.execute(_RANKING, [str(truth / "conditions.csv"), str(truth / "identities.csv")]).pl()
        return ranking, entity_measures(connection, truth)


_RANKING = """
    WITH affected_vendors AS (
        SELECT vendor_id FROM read_csv(?, all_varchar = true) GROUP BY vendor_id HAVING max(forced_labour) = '1'
    ), affected AS (
        SELECT DISTINCT records.supplier_id
        FROM read_csv(?, all_varchar = true) AS identities
        JOIN affected_vendors USING (vendor_id)
        JOIN marts.dim_supplier_record AS records ON records.supplier_ref = 'erp:' || identities.record
        WHERE identities.source = 'erp_vendor_master'
    ), inherent AS (
        SELECT supplier_id, max(contribution) AS inherent FROM scores.score_evidence WHERE kind = 'base' GROUP BY ALL
    ), flags AS (
        SELECT supplier_id, count(*) AS flag_count
        FROM features.ftr_indicator_fact WHERE kind = 'adverse' GROUP BY ALL
    )
    SELECT
        supplier_id,
        affected.supplier_id IS NOT NULL AS affected,
        -review_rank AS "Tierline",
        coalesce(flag_count, 0) AS flag_count,
        inherent,
        0 AS random
    FROM scores.supplier_score
    LEFT JOIN affected USING (supplier_id)
    LEFT JOIN inherent USING (supplier_id)
    LEFT JOIN flags USING (supplier_id)
    ORDER BY supplier_id
"""


def precisions(ranking: pl.DataFrame) -> dict[str, float]:
    """Gives the expected precision of each order in the top share, with the base rate and the counts behind it."""
    reviewed = math.ceil(TOP_SHARE * len(ranking))
    found = {name: expected_precision(ranking, name, reviewed) for name in ORDERS}
    affected = int(ranking["affected"].sum())
    return {**found, "suppliers": len(ranking), "affected": affected, "reviewed": reviewed}


def expected_precision(ranking: pl.DataFrame, figure: str, reviewed: int) -> float:
    """Gives the share of affected among the first `reviewed` by descending figure, averaged over the order of ties."""
    groups = (
        ranking.group_by(figure)
        .agg(pl.len().alias("size"), pl.col("affected").sum().alias("hits"))
        .sort(figure, descending=True)
        .with_columns((pl.col("size").cum_sum() - pl.col("size")).alias("before"))
    )
    taken = (reviewed - pl.col("before").cast(pl.Int64)).clip(0, pl.col("size").cast(pl.Int64))
    return float(groups.select((pl.col("hits") * taken / pl.col("size")).sum()).item()) / reviewed


def estimate(values: Sequence[float]) -> Estimate:
    """Gives the mean of the seeds and its t interval; raises ValueError for fewer than two seeds."""
    from scipy.stats import t

    if len(values) < 2:
        raise ValueError("an interval needs at least two seeds")
    mean, error = math.fsum(values) / len(values), statistics.stdev(values)
    half = float(t.ppf((1 + CONFIDENCE) / 2, len(values) - 1)) * error / math.sqrt(len(values))
    return Estimate(mean, mean - half, mean + half)


def markdown(results: Sequence[Mapping[str, float]], suppliers: int, seeds: range) -> str:
    """Gives the table for readers; differences are paired by seed."""
    lines = [
        "# Precision in the top 5 % (synthetic)",
        "",
        f"Synthetic: {len(results)} demo worlds of {suppliers} suppliers, as of {AS_OF},",
        f"seeds {seeds[0]} to {seeds[-1]}, which nothing else uses.",
        "It proves that the plumbing works, never that the method is valid: the world is invented.",
        f"Means over seeds with {CONFIDENCE:.0%} t intervals.",
        "Affected means forced labour at any site of the supplier today.",
        "",
        "| order (synthetic) | precision in the top 5 % | Tierline less this, paired |",
        "|---|---|---|",
    ]
    for name, label in ORDERS.items():
        own = estimate([result[name] for result in results])
        gain = estimate([result["Tierline"] - result[name] for result in results])
        lines.append(f"| {label} | {_told(own)} | {'–' if name == 'Tierline' else _told(gain)} |")
    ideal = estimate([min(1.0, result["affected"] / result["reviewed"]) for result in results])
    lines += ["", f"The best that any order could reach here: {_told(ideal)}.", ""]
    lines += ["| records brought together (synthetic) | mean over the same worlds |", "|---|---|"]
    lines += [f"| {name} | {_told(estimate([result[name] for result in results]))} |" for name in MEASURES]
    return "\n".join(lines) + "\n"


def _told(value: Estimate) -> str:
    return f"{value.mean:.3f} ({value.low:.3f} to {value.high:.3f})"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Precision in the top 5 % of unseen demo worlds (synthetic).")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many worlds")
    parser.add_argument("--first-seed", type=int, default=FIRST_UNSEEN_SEED)
    parser.add_argument("--suppliers", type=int, default=SUPPLIERS, help="suppliers a world")
    parser.add_argument("--jobs", type=int, default=1, help="worlds at once")
    parser.add_argument("--out", type=Path, default=OUT)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
