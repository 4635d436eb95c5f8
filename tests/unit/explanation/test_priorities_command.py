"""`tierline priorities` gives the queue of the run, or draws another capacity, from the publication alone."""

import json
from pathlib import Path

import polars as pl

from scoring.review_queue import draw_rule, review_queue
from serving.priorities import priority_lines
from tests.unit.command_line import CommandLine
from tests.unit.explanation.conftest import HOSTILE, supplier_id


def test_another_capacity_is_drawn_from_the_publication(explained_runs: Path, command_line: CommandLine) -> None:
    where = ("--published", str(explained_runs))
    queue = json.loads(command_line("priorities", "--capacity", "8", "--json", *where)[1])
    folder = explained_runs / "third" / "parquet"
    candidates, parameters = (
        pl.read_parquet(folder / f"{name}.parquet") for name in ("review_candidate", "score_parameter")
    )
    seed = json.loads((explained_runs / "third" / "manifest.json").read_text(encoding="utf-8"))["seed"]
    drawn = review_queue(candidates, 8, draw_rule(dict(parameters.select("name", "value").iter_rows())), seed)

    assert [row["supplier_id"] for row in queue] == drawn["supplier_id"].to_list()
    assert [row["propensity"] for row in queue] == drawn["propensity"].to_list()
    assert sum(row["chosen_by"] == "random" for row in queue) == 1


def test_lines_and_csv_are_inert(explained_runs: Path, command_line: CommandLine, tmp_path: Path) -> None:
    where = ("--published", str(explained_runs))
    _, printed = command_line("priorities", "--capacity", "12", *where)
    code, _ = command_line("priorities", "--capacity", "12", "--csv", str(tmp_path / "queue.csv"), *where)
    written = pl.read_csv(tmp_path / "queue.csv")

    assert code == 0
    assert HOSTILE not in printed
    assert "12 to review, 0 of them drawn at random" in printed
    assert written.height == 12
    assert set(written["propensity"]) == {1.0}
    assert supplier_id(0) in set(written["supplier_id"])


def test_leverage_is_told_by_what_it_is_known_by(explained_runs: Path, command_line: CommandLine) -> None:
    _, printed = command_line("priorities", "--capacity", "12", "--published", str(explained_runs))
    queue = json.loads(command_line("priorities", "--json", "--capacity", "12", "--published", str(explained_runs))[1])

    assert (
        "Leverage 0.75 of 1: its place among all in what is bought is 0.50 of 1, and the buyer takes 42\xa0%" in printed
    )
    assert "Leverage 0.25 of 1, by its place among all in what is bought alone;" in printed
    assert "the buyer's share of its sales is not known: no sales of it are stated." in printed
    assert "Leverage is not known: no sum is known of what is bought from it. Unknown is not low." in printed
    assert {row["sales_share"] for row in queue} == {0.42, None}
    assert all((row["sales_share"] is None) == (row["sales_share_reason"] is not None) for row in queue)


def test_a_publication_from_before_the_share_of_sales_has_a_queue_too(explained_runs: Path) -> None:
    folder = explained_runs / "third" / "parquet"
    older = pl.read_parquet(folder / "review_candidate.parquet").drop(
        "spend_place", "sales_share", "sales_share_reason"
    )
    about = pl.DataFrame({"supplier_id": older["supplier_id"], "name": "a", "country_code": "BD", "sector_label": "b"})
    queue = review_queue(older, 12, draw_rule({"review_random_share": 0.1, "review_allocation_power": 0.5}), 1)
    named = queue.join(about, on="supplier_id").with_columns(pl.lit("High").alias("band"))

    assert not any("Leverage" in line for line in priority_lines(named))
