import shutil
from pathlib import Path

import pytest

from serving.steps import publish, report
from tests.unit.serving.world import make_rows, make_run, write_warehouse
from tierline.home import Home


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root in which the runs one to four were published and reported, one after the other."""
    root = tmp_path_factory.mktemp("publications")
    write_warehouse(make_run(root, "one"), make_rows(3))
    for name in ("one", "two", "three", "four"):
        run = make_run(root, name)
        publish(run)
        report(run)
    return root


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Home:
    """A home of its own with these four publications."""
    shutil.copytree(made, tmp_path, symlinks=True, dirs_exist_ok=True)
    return Home(tmp_path / "home")
