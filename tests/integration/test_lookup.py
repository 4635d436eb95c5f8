"""The lookup over a whole run: names are spelled as the run spells them, nothing restricted is told or changed."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from fastapi.testclient import TestClient

from serving.lookup.app import create_app
from serving.lookup.settings import LookupSettings
from serving.search.spelling import Spelling, spelling_of
from tests.conftest import CANARIES, World

pytestmark = pytest.mark.integration

ASKED = 40


@pytest.fixture(scope="module")
def client(world: World) -> Iterator[TestClient]:
    app = create_app(LookupSettings(world.published().parent, requests_a_minute=1_000_000))
    with TestClient(app, base_url="http://127.0.0.1") as opened:
        yield opened


@pytest.fixture(scope="module")
def names(world: World) -> pl.DataFrame:
    return pl.read_parquet(world.published() / "parquet" / "dim_supplier_name.parquet")


@pytest.fixture(scope="module")
def spelling(world: World) -> Spelling:
    return spelling_of(json.loads((world.published() / "search" / "spelling.json").read_text(encoding="utf-8")))


def test_a_typed_name_gets_the_key_that_the_run_gave_it(names: pl.DataFrame, spelling: Spelling) -> None:
    told = [(name, key, spelling.key(name)) for name, key in names.select("name", "name_key").iter_rows()]

    assert len(told) > 300
    assert [one for one in told if one[1] != one[2]] == []


def test_every_name_finds_its_supplier(client: TestClient, names: pl.DataFrame) -> None:
    for name, supplier in (
        names.sort("name").gather_every(len(names) // ASKED).select("name", "supplier_id").iter_rows()
    ):
        found = client.get("/api/search", params={"q": name}).json()["found"]
        assert supplier in [hit["supplier_id"] for hit in found if hit["score"] == 1], name


def test_every_kind_of_identifier_finds_its_supplier(client: TestClient, world: World) -> None:
    identifiers = pl.read_parquet(world.published() / "parquet" / "dim_supplier_identifier.parquet")

    assert {"lei", "tax_number", "company_number", "other_identifier"} <= set(identifiers["method"])
    for method, supplier, key in identifiers.unique("method").select("method", "supplier_id", "link_key").iter_rows():
        typed = key.removeprefix(f"{method} ")
        found = client.get("/api/search", params={"q": typed}).json()["found"]
        assert supplier in [hit["supplier_id"] for hit in found if hit["matched_on"] == "identifier"], typed


def test_no_answer_of_a_worker_is_told_and_nothing_is_changed(client: TestClient, world: World) -> None:
    before = _state(world.published().resolve())
    scores = pl.read_parquet(world.published() / "parquet" / "supplier_score.parquet").sort("review_rank")
    paths = ["/", "/sources", "/about", "/api/openapi.json", "/health"]
    for supplier in scores["supplier_id"].head(ASKED):
        paths += [f"/suppliers/{supplier}?lang=es", f"/api/suppliers/{supplier}"]
    paths += [f"/?q={canary}" for canary in CANARIES]

    for path in paths:
        answer = client.get(path)
        told = answer.text.replace(path.removeprefix("/?q="), "") if "?q=" in path else answer.text
        assert answer.status_code == 200, path
        assert not [canary for canary in CANARIES if canary in told], path
    assert _state(world.published().resolve()) == before


def _state(publication: Path) -> dict[str, str]:
    files = [path for path in sorted(publication.rglob("*")) if path.is_file()]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
