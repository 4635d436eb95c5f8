"""docs/method.md says what the seeds say."""

from pathlib import Path

import polars as pl
import pytest

from scoring.method_page import with_generated_tables, write_method_page
from scoring.method_tables import firing_tables
from tierline.errors import ConfigError

PROJECT = Path(__file__).parents[3]
PAGE = PROJECT / "docs" / "method.md"


def test_the_tables_of_the_page_are_those_of_the_seeds():
    text = PAGE.read_text(encoding="utf-8")
    assert with_generated_tables(text, PROJECT) == text, "run `make docs`"


def test_the_page_names_every_indicator(catalogue):
    text = PAGE.read_text(encoding="utf-8")
    for indicator in catalogue.indicators["indicator_id"]:
        assert f"| {indicator} |" in text
    assert "| P01 | Price below the labour floor | 3 | medium | – | procurement data |" in text


def test_a_page_without_a_mark_is_told():
    with pytest.raises(ConfigError, match="no place for the table"):
        with_generated_tables("# Empty", PROJECT)


def test_writing_the_page_renews_only_its_tables(tmp_path):
    (tmp_path / "docs").mkdir()
    for name in ("dbt_project", "ingest", "docs/firing"):
        (tmp_path / name).symlink_to(PROJECT / name)
    stale = PAGE.read_text(encoding="utf-8").replace("| 0.75 |", "| 0.1234 |")
    (tmp_path / "docs" / "method.md").write_text(stale, encoding="utf-8")
    assert write_method_page(tmp_path).read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")


def test_every_number_of_the_seeds_stands_on_the_page_with_its_source(seeds):
    text = PAGE.read_text(encoding="utf-8")
    for seed in ("score_parameter", "inherent_prior"):
        for row in seeds[seed].iter_rows(named=True):
            assert f"| {row['name']} | {row['value']:g} | {row['meaning']} | {row['source']} |" in text, row["name"]


def test_the_page_says_which_entries_of_lists_feed_which_indicator():
    text = PAGE.read_text(encoding="utf-8")
    assert "| br_lista_suja | every entry | A01 |" in text
    assert "| opensanctions_simple | DEMO-FRAUD | nothing: context |" in text


def test_the_counts_of_what_fires_are_those_that_are_stored():
    table = firing_tables(PROJECT)["firing"]
    stored = pl.read_csv(PROJECT / "docs" / "firing" / "integration.csv").filter(pl.col("source_type").is_null())
    assert stored["indicator_id"].n_unique() == stored.height >= 31
    row = stored.filter(pl.col("indicator_id") == "F09").row(0, named=True)
    told = " / ".join(
        str(row[name]) for name in ("fired", "contradicted", "absent", "not_assessable", "not_applicable")
    )
    assert any(line.startswith("| F09 | all |") and told in line for line in table.splitlines())
