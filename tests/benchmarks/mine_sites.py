"""Mine sites in eastern DR Congo, ordered by what was known before a day, against what visits after it found.

The visits are those of IPIS in ../shared/data. Forced labour was asked almost only where armed actors are present, so
what is measured is the share of yes among the asked, never the share of all sites. Visits are not a random sample.
"""

import argparse
import shutil
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from models.back_test import OrderMeasured, measured_orders

SHARED = Path("..") / "shared" / "data"
VISITS = SHARED / "audits" / "ipis-mine-visits" / "cod_visits_to_2020.csv.gz"
OUT = Path("build") / "bench"
# After these days forced labour was asked about at sites that had been visited before.
ORIGINS = tuple(date(year, 1, 1) for year in (2013, 2015, 2017, 2018, 2019, 2020))
EMBARGO, HORIZON = timedelta(days=90), timedelta(days=365)
CAPACITY = 0.2
RESAMPLES = 200
SEED = 1
_PRIOR_VISITS = 10
ORDERS = {
    "Tierline: band, severity, score": "tierline",
    "territory: share of yes so far, shrunk": "territory",
    "number of adverse flags so far": "flags",
    "forced labour at the visit before": "last_visit",
    "number of workers": "workers",
    "random order (expected)": "random",
}
_CONFIG = """
title: Mine sites
home: home
as_of: {as_of}
seed: 1
accepted_licences: [ipis_mine_visits]
sources:
  - {{id: ipis_mine_visits, path: "{shared}/audits/ipis-mine-visits/cod_visits_to_2020.csv.gz"}}
  - {{id: us_dol_tvpra_editions, path: "{shared}/lists/us-dol-tvpra/tvpra_goods_by_edition.csv"}}
  - {{id: country_tip, path: "{shared}/country/us-tip-tiers/tip_tiers_orig.csv"}}
  - {{id: country_cpi, path: "{shared}/country/ti-cpi/cpi.csv"}}
"""
# Suppliers that the method takes for equal share one place; their ids order them for readers alone.
_RANKS = """
    WITH placed AS (
        SELECT supplier_id, min(review_rank) OVER (PARTITION BY band, severity, score) AS review_rank
        FROM scores.supplier_score
    )
    SELECT replace(supplier_ref, 'ipis:', '') AS place, min(review_rank) AS review_rank
    FROM placed JOIN marts.dim_supplier_record USING (supplier_id)
    GROUP BY ALL
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints Markdown tables and writes them to build/bench; gives 0, also where the files are absent."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--resamples", type=int, default=RESAMPLES)
    options = parser.parse_args([] if arguments is None else arguments)
    if not VISITS.exists():
        print(f"mine sites are not measured: {VISITS} is absent", file=sys.stderr)
        return 0
    folder = OUT / "mine_sites"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    visits = read_visits(VISITS)
    cases = pl.concat([cases_at(visits, origin, _ranked(folder, origin)) for origin in ORIGINS])
    text = "\n".join(
        [
            _table("sites that had been visited before", cases.filter("was_visited"), options.resamples),
            _table("all sites asked about, those nobody had visited included", cases, options.resamples),
        ]
    )
    (OUT / "mine_sites.md").write_text(text, encoding="utf-8")
    shutil.rmtree(folder)
    print(text)
    return 0


def read_visits(path: Path) -> pl.DataFrame:
    """Gives a row a visit on site: place, territory, day, workers, asked, found (forced labour) and number of flags."""
    table = pl.read_csv(path, infer_schema=False)
    armed = [name for name in table.columns if name.endswith(("_armed_group1", "_armed_group2", "_armed_group3"))]
    asked = [name for name in armed if name.startswith("forced_labour")]
    told = [name for name in armed if name.split("_armed")[0] in ("taxation", "entrance_taxation", "pillaging")]
    return table.filter(pl.col("visit_onsite") == "1").select(
        pl.col("pcode").alias("place"),
        pl.col("territoire").alias("territory"),
        pl.col("visit_date").str.to_date(strict=False).alias("day"),
        pl.col("workers_numb").cast(pl.Float64, strict=False).alias("workers"),
        pl.col("forced_labour_armed_group1").is_not_null().alias("asked"),
        pl.any_horizontal(pl.col(asked) == "1").fill_null(value=False).alias("found"),
        pl.sum_horizontal((pl.col([*asked, *told]) == "1").cast(pl.Int64)).alias("flags"),
    )


def cases_at(visits: pl.DataFrame, origin: date, ranks: pl.DataFrame) -> pl.DataFrame:
    """Gives a row a site asked about after an origin: what was found then, and what each order knew before it.

    `ranks` has `place` and `review_rank`, reckoned from what was known at the origin.
    """
    begins = origin + EMBARGO
    later = visits.filter("asked", pl.col("day") > begins, pl.col("day") <= begins + HORIZON)
    before = visits.filter(pl.col("day") <= origin).sort("place", "day")
    known = before.group_by("place").agg(pl.col("flags").sum(), pl.col("workers").last())
    asked = before.filter("asked")
    last = asked.group_by("place", maintain_order=True).agg(pl.col("found").last().cast(pl.Float64).alias("last_visit"))
    share = asked["found"].sum() / max(len(asked), 1)
    territory = asked.group_by("territory").agg(
        ((pl.col("found").sum() + share * _PRIOR_VISITS) / (pl.len() + _PRIOR_VISITS)).alias("told")
    )
    return (
        later.group_by("place")
        .agg(pl.col("found").any(), pl.col("territory").first())
        .join(known, on="place", how="left")
        .join(last, on="place", how="left")
        .join(territory, on="territory", how="left")
        .join(ranks, on="place", how="left")
        .sort("place")
        .select(
            "place",
            "found",
            pl.lit(origin).alias("origin"),
            pl.col("flags").is_not_null().alias("was_visited"),
            (-pl.col("review_rank").cast(pl.Float64)).alias("tierline"),
            pl.col("told").fill_null(share).alias("territory"),
            pl.col("flags").fill_null(0).cast(pl.Float64),
            pl.col("last_visit").fill_null(0.0),
            pl.col("workers").fill_null(0.0),
            pl.lit(0.0).alias("random"),
        )
    )


def _ranked(folder: Path, origin: date) -> pl.DataFrame:
    """Scores all sites with what visits up to the origin told; gives `place, review_rank`, unvisited sites without."""
    from ingest.steps import check, fetch_source, load, survey
    from matching.steps import match, prepare
    from scoring.steps import score
    from tierline.run import open_run
    from tierline.transform import transform
    from tierline.warehouse import connect

    config = folder / f"{origin}.yml"
    config.write_text(_CONFIG.format(as_of=origin, shared=SHARED.resolve()), encoding="utf-8")
    run = open_run(config, run_id=f"origin-{origin}", today=origin)
    for source in run.settings.sources:
        fetch_source(run, source.name)
    for step in (load, check, survey, prepare, match, transform, score):
        step(run)
    with connect(run.home.warehouse, read_only=True) as connection:
        return connection.execute(_RANKS).pl()


def _table(what: str, cases: pl.DataFrame, resamples: int) -> str:
    measured = measured_orders(
        cases, ORDERS, reference=next(iter(ORDERS)), capacity=CAPACITY, resamples=resamples, seed=SEED
    )
    found = cases["found"].sum()
    lines = [
        f"**Mine sites, {what}**: {len(cases)} sites at {cases['origin'].n_unique()} origins, forced labour found at"
        f" {found} ({found / len(cases):.1%} of the asked, which is what no skill finds). {CAPACITY:.0%} of the"
        " sites are reviewed at each origin.",
        "",
        "| order | lift | average precision over base rate | area under the ROC | lift of Tierline less this, paired |",
        "|---|---|---|---|---|",
        *(_row(name, one) for name, one in measured.items()),
        "",
    ]
    return "\n".join(lines)


def _row(name: str, one: OrderMeasured) -> str:
    paired = one.lift_less_than_reference or "–"
    return f"| {name} | {one.lift} | {one.average_precision_ratio} | {one.area_under_curve} | {paired} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
