"""Documents and exports of a whole run: all evidence leads to its sources, and nothing of a worker is in them."""

import json
from pathlib import Path

import pytest

from serving.documents.register import Register, key_of, open_register
from serving.language import language
from serving.trace import trace_in
from tests.conftest import CANARIES, World
from tierline.warehouse import quote_identifier

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def written(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All documents, about the supplier with the longest chain where one is about a supplier, and an export."""
    folder = tmp_path_factory.mktemp("documents")
    with open_register(world.published().resolve(), language("en")) as register:
        supplier = register.one("SELECT supplier_id FROM fct_supplier_tier ORDER BY upstream_count DESC, supplier_id")
    for words in (
        ("modern-slavery-report",),
        ("eu-2024-3015", "--lang", "fr"),
        ("ppn-02-23", "--supplier", supplier["supplier_id"]),
        ("uflpa-evidence-index", "--supplier", supplier["supplier_id"], "--lang", "es"),
    ):
        finished = world.tierline(
            "document", *words, "--out", str(folder / "documents"), "--format", "json", "--format", "html"
        )
        assert finished.code == 0, finished.stderr
    finished = world.tierline("export", "--out", str(folder / "export"), "--format", "ftm")
    assert finished.code == 0, finished.stderr
    return folder


def test_every_reference_leads_to_what_it_names(world: World, written: Path) -> None:
    told = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((written / "documents").glob("*.json"))]
    references = {
        (reference["kind"], reference["table"], reference["key"])
        for document in told
        for section in document["sections"]
        for group in section["groups"]
        for field in group["fields"]
        for reference in field["rests_on"]
    }

    assert len(told) == 4
    assert {kind for kind, _, _ in references} == {"evidence", "row", "table"}
    with open_register(world.published().resolve(), language("en")) as register:
        for kind, table, key in references:
            assert leads_somewhere(register, kind, table, key), (kind, table, key)


def leads_somewhere(register: Register, kind: str, table: str, key: str) -> bool:
    if kind == "evidence":
        trace = trace_in(register.connection, key)
        return bool(trace.sources) or trace.release is not None
    if kind == "table":
        return str(register.manifest["tables"][table]["sha256"]) == key
    column = quote_identifier(key_of(table))
    return len(register.rows(f"SELECT 1 FROM {quote_identifier(table)} WHERE {column} = $key", key=key)) == 1


def test_nothing_of_a_worker_is_in_them(written: Path) -> None:
    files = [path for path in written.rglob("*") if path.is_file()]

    assert len(files) >= 10
    for path in files:
        content = path.read_text(encoding="utf-8")
        assert not [canary for canary in CANARIES if canary in content], path.name
