import shutil
from pathlib import Path

import pytest

from serving.steps import publish
from tests.unit.serving.world import make_rows, make_run, write_warehouse


@pytest.fixture(scope="session")
def three_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of publications: runs 'a', 'b' and 'c', made one after the other."""
    root = tmp_path_factory.mktemp("three")
    for run_id in ("a", "b", "c"):
        run = make_run(root, run_id)
        write_warehouse(run, make_rows())
        publish(run)
    return run.home.published


@pytest.fixture
def published(three_runs: Path, tmp_path: Path) -> Path:
    """The same three publications, in a folder that a test may spoil."""
    folder = tmp_path / "published"
    shutil.copytree(three_runs, folder, symlinks=True)
    return folder
