"""An award leads to its release and to the package that has it, as far as its source tells them."""

import json
from typing import Any

import pytest

from ingest.checks.suites import mapped_fields
from ingest.document_paths import document_paths
from ingest.spec import load_spec
from tests.unit.ingest.conftest import Installation
from tests.unit.ocds.conftest import declaration
from tierline.errors import ConfigError

Json = dict[str, Any]
LINKS = "SELECT award_ref, state_no, release_id, package_url FROM canonical.award ORDER BY ALL"


def release(ocid: str, release_id: str | None, date: str) -> Json:
    supplier = {"id": "s", "name": "S"}
    awards = [{"id": "a", "suppliers": [supplier], "value": {"amount": 1, "currency": "GBP"}}]
    told = {"ocid": ocid, "id": release_id, "date": date, "awards": awards}
    return {name: value for name, value in told.items() if value is not None}


def load(installation: Installation, source_id: str, documents: dict[str, Json]) -> Installation:
    """Loads documents, by file name, as a source that extends the one of releases, one a line."""
    installation.declare(declaration("ocds_bulk_jsonl"), "none*.jsonl")
    installation.declare(declaration(source_id), "*.json")
    installation.sources = installation.sources[1:]
    for name, document in documents.items():
        installation.write(name, json.dumps(document))
    installation.load()
    return installation


def test_each_state_leads_to_its_release_in_the_package_that_has_it(installation: Installation) -> None:
    loaded = load(
        installation,
        "ocds_release_package",
        {
            "1.json": {"uri": "https://x.example/1", "releases": [release("o", "r1", "2025-01-01")]},
            "2.json": {
                "uri": "https://x.example/2",
                "releases": [release("o", "r2", "2025-01-02"), release("alone", "r3", "2025-01-02")],
            },
            "3.json": {"releases": [release("o", None, "2025-01-03"), release("nowhere", "r4", "2025-01-02")]},
        },
    )
    assert loaded.query(LINKS) == [
        ("ocds:alone|a", None, "r3", "https://x.example/2"),
        ("ocds:nowhere|a", None, "r4", None),
        ("ocds:o|a", 1, "r1", "https://x.example/1"),
        ("ocds:o|a", 2, "r2", "https://x.example/2"),
        ("ocds:o|a", 3, None, None),
    ]


def test_a_record_leads_to_the_package_that_it_links_to_or_else_to_its_own(installation: Installation) -> None:
    linked = {"url": "https://x.example/releases#r9", "date": "2025-01-01", "tag": ["award"]}
    records = [
        {"ocid": "linked", "releases": [linked], "compiledRelease": release("linked", "c", "2025-01-01")},
        {"ocid": "whole", "releases": [release("whole", "r1", "2025-01-01"), release("whole", "r2", "2025-01-02")]},
    ]
    loaded = load(
        installation, "ocds_record_package", {"1.json": {"uri": "https://x.example/records", "records": records}}
    )
    assert loaded.query(LINKS) == [
        ("ocds:linked|a", 1, "r9", "https://x.example/releases"),
        ("ocds:whole|a", 1, "r1", "https://x.example/records"),
        ("ocds:whole|a", 2, "r2", "https://x.example/records"),
    ]


def test_releases_one_a_line_have_no_package_and_nobody_is_warned_of_it(installation: Installation) -> None:
    installation.declare(declaration("ocds_bulk_jsonl"), "*.jsonl")
    installation.write("1.jsonl", json.dumps({"uri": "u", **release("o", "r1", "2025-01-01")}) + "\n")
    installation.load()

    assert installation.query(LINKS) == [("ocds:o|a", None, "r1", None)]
    lines, packages = load_spec("ocds_bulk_jsonl"), load_spec("ocds_release_package")
    assert (document_paths(lines), document_paths(packages)) == ((), ('$."uri"',))
    assert "package_url" not in mapped_fields(lines, "award")
    assert "package_url" in mapped_fields(packages, "award")


@pytest.mark.parametrize(
    ("origin", "told"),
    [("{document_path: uri}", "must begin with"), ('{document_path: "$.packages[*]"}', "leads to one value")],
)
def test_a_path_of_a_document_that_is_none_is_refused(installation: Installation, origin: str, told: str) -> None:
    text = declaration("ocds_bulk_jsonl").replace('{document_path: "$.uri"}', origin)
    installation.declare(text, "*.jsonl")
    with pytest.raises(ConfigError, match=told):
        installation.load()
