"""The stored counts of docs/firing are those of a run: nobody can change what fires and leave the page as it was."""

import polars as pl
import pytest

from tests.benchmarks.firing import FOLDER, counts
from tests.conftest import World

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
