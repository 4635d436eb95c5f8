"""docs/method.md says what the seeds say."""

from pathlib import Path

import pytest

from scoring.method_page import with_generated_tables, write_method_page
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
    (tmp_path / "dbt_project").symlink_to(PROJECT / "dbt_project")
    stale = PAGE.read_text(encoding="utf-8").replace("| 0.75 |", "| 0.1234 |")
    (tmp_path / "docs" / "method.md").write_text(stale, encoding="utf-8")
    assert write_method_page(tmp_path).read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")
