"""The stored counts of docs/firing are those of a run: nobody can change what fires and leave the page as it was."""

import json
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from demo_world.countries import COUNTRIES
from tests.benchmarks.firing import FOLDER, counts
from tests.conftest import World
from tierline.run import PROJECT

pytestmark = pytest.mark.integration


def test_the_stored_counts_are_those_of_a_fresh_run(world: World) -> None:
    stored = pl.read_csv(FOLDER / "integration.csv")
    fresh = counts(world.published("first")).cast(dict.fromkeys(stored.columns[2:], pl.Int64))

    assert fresh.equals(stored), "run `python -m tests.benchmarks.firing --only integration` and `make docs`"


def test_every_site_has_one_state_an_indicator(world: World) -> None:
    told = counts(world.published("first"))
    states = told.filter(pl.col("source_type").is_null())
    sites = pl.read_parquet(world.published("first") / "parquet" / "site_score.parquet").height

    assert set(states.select(pl.sum_horizontal(pl.col(pl.UInt32))).to_series()) == {sites}


def test_next_facts_and_the_queue_are_published_and_explained(world: World) -> None:
    folder = world.published("first") / "parquet"
    facts, queue = (pl.read_parquet(folder / f"{name}.parquet") for name in ("next_fact", "review_queue"))
    scores = pl.read_parquet(folder / "supplier_score.parquet")
    candidates = pl.read_parquet(folder / "review_candidate.parquet")

    assert facts.filter(pl.col("fact_rank") == 1).height == facts["supplier_id"].n_unique() > 200
    assert candidates.height == scores.height
    assert queue.height == 50
    assert 5 <= queue.filter(pl.col("chosen_by") == "random").height <= 7
    finished = world.tierline("explain", str(queue["supplier_id"][0]), "--published", str(folder.parents[1]))
    assert finished.code == 0, finished.stderr
    assert "What single fact would move the band most" in finished.stdout


def test_leverage_rests_on_the_share_of_sales_or_says_why_it_is_not_known(world: World) -> None:
    folder = world.published("first") / "parquet"
    candidates = pl.read_parquet(folder / "review_candidate.parquet")
    known = candidates.filter(pl.col("sales_share").is_not_null())
    unknown = candidates.filter(pl.col("sales_share").is_null())

    assert known.height > 20
    assert known["sales_share"].is_between(0, 1).all()
    assert known["sales_share_reason"].null_count() == known.height
    assert unknown["sales_share_reason"].null_count() == 0
    assert unknown["sales_share_reason"].n_unique() >= 4
    assert unknown["leverage"].equals(unknown["spend_place"], null_equal=True)
    again = known.join(bought_in_a_year(folder), on="supplier_id")
    assert again.height == known.height
    assert (again["sales_share"] - again["bought"] / again["annual_sales"]).abs().to_numpy().max() < 1e-6


def bought_in_a_year(folder: Path) -> pl.DataFrame:
    """What was ordered from each supplier in the year up to the day of the run, beside the sales that it states."""
    as_of = date.fromisoformat(json.loads((folder.parent / "manifest.json").read_text(encoding="utf-8"))["as_of"])
    orders, suppliers = (
        pl.read_parquet(folder / f"{name}.parquet") for name in ("fct_purchase_order_line", "dim_supplier")
    )
    year = orders.filter((pl.col("ordered_on") > as_of - timedelta(days=365)) & (pl.col("ordered_on") <= as_of))
    summed = year.group_by("supplier_id").agg(pl.col("amount").cast(pl.Float64).sum().alias("bought"))
    return summed.join(suppliers.select("supplier_id", pl.col("annual_sales").cast(pl.Float64)), on="supplier_id")


def test_where_no_labour_cost_is_known_prices_are_not_assessable_and_say_so(world: World) -> None:
    seed = PROJECT / "dbt_project" / "seeds" / "procurement" / "labour_cost.csv"
    told = pl.read_csv(world.config.parent / "sources" / "country" / "labour_cost.csv", infer_schema=False)["country"]
    known = {*pl.read_csv(seed, infer_schema=False)["country_code"]}
    without = [one.code for one in COUNTRIES if one.name not in set(told) and one.code not in known]
    folder = world.published("first") / "parquet"
    sites, states = (pl.read_parquet(folder / f"{name}.parquet") for name in ("dim_facility", "supplier_indicator"))
    working = sites.group_by("supplier_id").agg(pl.col("country_code").is_in(without).all().alias("is_without"))
    prices = states.filter(pl.col("indicator_id") == "P01").join(working.filter("is_without"), on="supplier_id")

    assert set(prices["state"]) <= {"not assessable", "not applicable"}
    missing = prices["reason"].str.extract("missing: a sourced labour cost for ([A-Z]{2}) in")
    assert set(missing.drop_nulls()) <= set(without)
    assert missing.drop_nulls().len() > 0
