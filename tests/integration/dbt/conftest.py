"""Every build of this folder is forked from the running dbt."""

import pytest


@pytest.fixture(scope="module", autouse=True)
def _forked(forked_builds: None) -> None:
    """Asks for it before the fixtures of a module build."""
