"""One demo world for all tests of the room: big enough for rates to settle, made in about a second."""

from datetime import date
from pathlib import Path

import pytest

from demo_world import WorldSummary, write

AS_OF = date(2026, 6, 30)


@pytest.fixture(scope="session")
def summary(tmp_path_factory: pytest.TempPathFactory) -> WorldSummary:
    return write(tmp_path_factory.mktemp("demo") / "world", suppliers=3000, seed=11, as_of=AS_OF)


@pytest.fixture(scope="session")
def world_folder(summary: WorldSummary) -> Path:
    return summary.directory
