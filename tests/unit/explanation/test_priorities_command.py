"""`tierline priorities` gives the queue of the run, or draws another capacity, from the publication alone."""

import json
from pathlib import Path

import polars as pl

from scoring.review_queue import draw_rule, review_queue
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
