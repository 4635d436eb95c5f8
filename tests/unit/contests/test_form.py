"""The form for a supplier holds what it may contest, in every kind of file, and nothing from which workers show."""

from pathlib import Path

import polars as pl
import pytest

from ingest.contest_form import read_form
from serving.contests.form import SHOWN, write_form
from serving.contests.rows import contestable_rows
from serving.reports.published import Published
from tests.unit.contests.conftest import without_workers
from tierline.errors import ConfigError

ENDINGS = (".csv", ".xlsx", ".yml", ".json")
HIDDEN = {"contribution", "points", "score", "band", "rank", "interval_low", "reliability", "weight", "set_aside"}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_form_comes_back_with_the_rows_that_it_was_made_of(
    published: Published, supplier: str, tmp_path: Path, ending: str
) -> None:
    rows = contestable_rows(published, [supplier])
    count = write_form(rows, tmp_path / f"form{ending}")

    lines = read_form(tmp_path / f"form{ending}").lines
    assert count == rows.height > 0
    assert [line.cells["row"] for line in lines] == rows["source_key"].to_list()
    assert {line.cells["supplier_id"] for line in lines} == {supplier}


def test_it_holds_every_open_fact_and_no_row_of_workers(published: Published, supplier: str) -> None:
    evidence = published.table("score_evidence").filter(
        (pl.col("supplier_id") == supplier) & (pl.col("kind") == "adverse")
    )
    rows = contestable_rows(published, [supplier])

    from_audits = evidence.filter(pl.col("source_type") == "announced_audit").collect()
    assert set(rows["source_key"]) == set(from_audits["source_key"])
    assert "offsite_survey" in set(evidence.collect()["source_type"])
    assert not HIDDEN & {*rows.columns, *SHOWN}


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_form_is_written_whether_workers_spoke_or_not(
    published: Published, supplier: str, tmp_path: Path, ending: str
) -> None:
    silent = without_workers(published, tmp_path / "silent")
    for name, of in (("with", published), ("without", silent)):
        write_form(contestable_rows(of, [supplier]), tmp_path / f"{name}{ending}")

    assert (tmp_path / f"with{ending}").read_bytes() == (tmp_path / f"without{ending}").read_bytes()


def test_another_ending_is_refused(published: Published, supplier: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="docx"):
        write_form(contestable_rows(published, [supplier]), tmp_path / "form.docx")
