"""dbt for tests of this folder that build a few rows: forked from one process that has parsed the project."""

from collections.abc import Iterator
from datetime import date

import pytest

from tests.integration.dbt_server import DbtServer
from tierline import transform
from tierline.run import Run
from tierline.settings import Settings, SourceConfig


@pytest.fixture(scope="session")
def dbt_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DbtServer]:
    """A running dbt with the project parsed and the seeds built."""
    settings = Settings(
        home=tmp_path_factory.mktemp("dbt") / "home", sources=(SourceConfig(id="erp", path="unused.csv"),)
    )
    server = DbtServer(Run(run_id="seeds", as_of=date(2026, 11, 1), settings=settings))
    yield server
    server.close()


@pytest.fixture(scope="module")
def forked_builds(dbt_server: DbtServer) -> Iterator[None]:
    """Steps of this process that build with dbt ask the server to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transform, "subprocess", dbt_server)
        yield
