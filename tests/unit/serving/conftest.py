import shutil
from pathlib import Path

import pytest

from serving.steps import publish, report
from tests.unit.serving.world import make_rows, make_run, write_warehouse
from tierline.run import Run

LARGE = 800
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    '"><svg onload=alert(3)> & </td></table>',
    '=HYPERLINK("http://example.org","x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    "\tindented",
    "\rreturned",
    "＝1+1",
    "http://example.org/a-link",
    "\u202eتجارة النسيج\u202c (ltd)",
    "bell\x07 and null-like \x0b",
    "long " * 2000,
    "x" * 40_000,
    "{{ 7 * 7 }} {% for a in b %}",
)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root whose working warehouse holds a small consistent world that run 'good' has published."""
    root = tmp_path_factory.mktemp("prepared")
    good = make_run(root, "good")
    write_warehouse(good, make_rows())
    publish(good)
    return root


@pytest.fixture
def run(prepared: Path, tmp_path: Path) -> Run:
    """A run of its own home whose working warehouse holds a small consistent world, with nothing published."""
    this = make_run(tmp_path)
    shutil.copy(prepared / "home" / "warehouse.duckdb", this.home.warehouse)
    return this


@pytest.fixture
def good(prepared: Path, tmp_path: Path) -> Run:
    """The run 'good', published, in a home of its own."""
    shutil.copytree(prepared, tmp_path, symlinks=True, dirs_exist_ok=True)
    return make_run(tmp_path, "good")


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A published and reported run whose suppliers have names that would like to be code."""
    this = make_run(tmp_path_factory.mktemp("hostile"), title="<b>Title</b> =1+1")
    write_warehouse(this, make_rows(len(HOSTILE), names=HOSTILE))
    publish(this)
    report(this)
    return this


@pytest.fixture(scope="session")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A published and reported run with more suppliers than the report shows."""
    this = make_run(tmp_path_factory.mktemp("reported"))
    write_warehouse(this, make_rows(LARGE))
    publish(this)
    report(this)
    return this
