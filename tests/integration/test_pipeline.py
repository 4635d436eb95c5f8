"""One run of the whole way on the demo world: it adds up and it is explained; test_killed runs it a second time."""

import json
from pathlib import Path

import polars as pl
import pytest

from tests.conftest import World
from tierline.warehouse import connect

pytestmark = pytest.mark.integration


def parquet(world: World, table: str) -> pl.DataFrame:
    return pl.read_parquet(world.published() / "parquet" / f"{table}.parquet")


def test_every_score_is_the_sum_of_its_evidence(world: World) -> None:
    scores = parquet(world, "supplier_score")
    sums = parquet(world, "score_evidence").group_by("supplier_id", "site_id").agg(pl.col("contribution").sum())

    joined = scores.join(
        sums, left_on=["supplier_id", "worst_site_id"], right_on=["supplier_id", "site_id"], how="left"
    )

    assert joined.height == parquet(world, "dim_supplier").height > 0
    assert joined["contribution"].null_count() == 0
    assert joined.select((pl.col("contribution") - pl.col("raw_score")).abs().max()).item() < 1e-9
    assert joined.select((pl.col("raw_score") + pl.col("clip_adjustment") - pl.col("score")).abs().max()).item() < 1e-9


def test_every_site_has_a_state_for_every_indicator(world: World) -> None:
    states = parquet(world, "supplier_indicator")
    indicators = parquet(world, "indicator")["indicator_id"].n_unique()
    sites = parquet(world, "site_score").select("supplier_id", "site_id").n_unique()

    assert states.select("supplier_id", "site_id", "indicator_id").n_unique() == states.height == sites * indicators
    assert set(states["state"]) <= {"present", "contradicted", "absent", "not applicable", "not assessable"}
    assert set(states["supplier_id"]) == set(parquet(world, "dim_supplier")["supplier_id"])
    assert states.filter(pl.col("state").is_in(["not assessable", "not applicable"]))["reason"].null_count() == 0


def test_what_was_read_is_loaded_or_quarantined(world: World) -> None:
    snapshots = parquet(world, "source_snapshot")

    assert snapshots.filter(pl.col("status") == "loaded").height > 5
    assert snapshots.filter(pl.col("read_count") != pl.col("loaded_count") + pl.col("quarantined_count")).is_empty()
    assert snapshots["quarantined_count"].sum() == parquet(world, "quarantined_record").height > 0


def test_evidence_points_to_a_published_fact(world: World) -> None:
    evidence = parquet(world, "score_evidence").filter(
        pl.col("source_table").is_not_null() & pl.col("source_key").is_not_null()
    )

    assert evidence.height > 0
    for (table,), rows in evidence.group_by("source_table"):
        keys = pl.Series(rows["source_key"].unique())
        fact = parquet(world, str(table))
        assert any(keys.is_in(fact[name].implode()).all() for name, kind in fact.schema.items() if kind == pl.String), (
            table
        )


def test_nothing_but_an_identifier_or_a_verdict_brings_a_list_into_the_score(world: World) -> None:
    matches = parquet(world, "fct_list_match")
    evidence = parquet(world, "score_evidence").filter(pl.col("source_table") == "fct_list_match")
    confirmed = set(matches.filter(pl.col("match_status") == "confirmed")["supplier_id"])

    assert matches.filter(pl.col("match_status") != "confirmed").height > 0
    assert evidence.height > 0
    assert set(evidence["supplier_id"]) <= confirmed
    assert set(matches.filter(pl.col("match_status") == "confirmed")["confirmed_by"]) <= {"identifier", "verdict"}


def test_the_summary_prints_the_sums_and_the_report(world: World) -> None:
    finished = world.tierline("report", "--run-id", "first")
    report = Path(json.loads(finished.stdout)["report"])

    assert finished.code == 0, finished.stderr
    assert report.read_text(encoding="utf-8").lower().startswith("<!doctype html>")


def test_the_publication_opens_read_only_with_plain_duckdb(world: World) -> None:
    with connect(world.published() / "warehouse.duckdb", read_only=True) as connection:
        bands = dict(connection.execute("select band, count(*) from supplier_score group by band").fetchall())

    assert set(bands) <= {"Critical", "High", "Elevated", "Moderate", "Lower", "Unknown"}
    assert sum(bands.values()) == parquet(world, "dim_supplier").height
