"""An installation with the declared OCDS sources, filled from releases given as objects."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from ingest.spec import SOURCES
from tests.unit.ingest.conftest import Installation, installation

__all__ = ["installation"]
Json = dict[str, Any]


def declaration(source_id: str) -> str:
    return (SOURCES / source_id / "source.yml").read_text(encoding="utf-8")


@pytest.fixture
def bulk(installation: Installation) -> Callable[..., Installation]:
    """Loads releases, one a line, as `ocds_bulk_jsonl`; each argument is a file."""

    def load(*files: list[Json]) -> Installation:
        installation.declare(declaration("ocds_bulk_jsonl"), "*.jsonl")
        for number, releases in enumerate(files, start=1):
            installation.write(f"{number}.jsonl", "".join(json.dumps(release) + "\n" for release in releases))
        installation.load()
        return installation

    return load


@pytest.fixture
def record_package(installation: Installation) -> Callable[[list[Json]], Installation]:
    """Loads records as `ocds_record_package`."""

    def load(records: list[Json]) -> Installation:
        installation.declare(declaration("ocds_bulk_jsonl"), "none*.jsonl")
        installation.declare(declaration("ocds_record_package"), "records.json")
        installation.sources = installation.sources[1:]
        installation.write("records.json", json.dumps({"records": records}))
        installation.load()
        return installation

    return load
