import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from serving.lookup.app import create_app
from serving.lookup.settings import LookupSettings
from serving.steps import publish
from tests.unit.command_line import command_line
from tests.unit.serving.conftest import HOSTILE
from tests.unit.serving.world import AS_OF, make_rows, make_run, write_warehouse
from tierline.run import Run

__all__ = ["command_line"]

NAMES = ("Amber Textiles Ltd", "Blue River Garments Ltd", *HOSTILE)
AMBER, BLUE = "S000000000000", "S000000000001"
PERSON = f"S{len(NAMES):012x}"
AT_ONCE = 1_000_000
_NOW = datetime(AS_OF.year, AS_OF.month, AS_OF.day, 12, tzinfo=UTC)

Opener = Callable[..., TestClient]


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that published two ordinary suppliers, some with names that would like to be code, and a person."""
    this = make_run(tmp_path_factory.mktemp("lookup"))
    rows = make_rows(len(NAMES) + 1, names=(*NAMES, "natural person, source erp, record erp:1"))
    rows.tables["marts.dim_supplier"][-1]["is_natural_person"] = True
    rows.tables["marts.dim_supplier_name"] = [
        row for row in rows.tables["marts.dim_supplier_name"] if row["supplier_id"] != PERSON
    ]
    write_warehouse(this, rows)
    publish(this)
    return this


@pytest.fixture(scope="session")
def published(run: Run) -> Path:
    return run.home.published


@pytest.fixture
def open_lookup(published: Path) -> Iterator[Opener]:
    """Opens a lookup of its own with other settings; it is closed at the end of the test."""
    with contextlib.ExitStack() as opened:

        def opener(folder: Path = published, *, address: str = "127.0.0.1", **settings: object) -> TestClient:
            asked = {"requests_a_minute": AT_ONCE, **settings}
            app = create_app(LookupSettings(folder, **asked), lambda: _NOW)  # type: ignore[arg-type]  # of several types
            client = TestClient(app, base_url="http://127.0.0.1", client=(address, 50_000), follow_redirects=False)
            return opened.enter_context(client)

        yield opener


@pytest.fixture(scope="session")
def client(published: Path) -> Iterator[TestClient]:
    app = create_app(LookupSettings(published, requests_a_minute=AT_ONCE))
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as opened:
        yield opened
