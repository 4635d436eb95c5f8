"""An error that leaves the restricted store quotes no answer, and says what helps."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from ingest.sealed_store import sealed_store
from tierline.errors import ContractError
from tierline.run import PROJECT, Run
from tierline.settings import Settings, SourceConfig


@pytest.fixture
def run(tmp_path: Path) -> Run:
    sources = (SourceConfig(id="survey_csv", name="survey", path="answers.csv"),)
    return Run("r1", date(2026, 8, 1), Settings(home=tmp_path / "home", sources=sources, threads=1), PROJECT)


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (duckdb.OutOfMemoryException("failed to allocate for 'my boss keeps my passport'"), "Raise memory_limit"),
        (duckdb.ConversionException("Could not convert 'my boss keeps my passport'"), "Do not delete the store"),
    ],
)
def test_it_says_what_to_do_and_quotes_nobody(run: Run, error: duckdb.Error, remedy: str) -> None:
    with pytest.raises(ContractError) as told, sealed_store(run):
        raise error

    assert "passport" not in str(told.value)
    assert remedy in str(told.value)
    assert told.value.__cause__ is None
