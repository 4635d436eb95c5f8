"""What changed at one supplier: on its own page and as JSON, or why nothing can be compared."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from fastapi.testclient import TestClient

from serving.difference import compare_runs
from serving.explanation.since import move_of
from serving.lookup.app import create_app
from serving.lookup.settings import LookupSettings
from serving.publications.retraction import retract
from tests.unit.reports.conftest import Told, supplier_id, told

__all__ = ["told"]
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
MOVED, UNMOVED = supplier_id(0), supplier_id(1)


def opened(folder: Path) -> TestClient:
    return TestClient(create_app(LookupSettings(folder, requests_a_minute=1_000_000)), base_url="http://127.0.0.1")


@pytest.fixture(scope="module")
def client(told: Told) -> Iterator[TestClient]:
    with opened(told.run.home.published) as client:
        yield client


@pytest.fixture
def folder(told: Told, tmp_path: Path) -> Path:
    """Publications of one's own, to break."""
    shutil.copytree(told.run.home.published, tmp_path / "published", symlinks=True)
    return tmp_path / "published"


def changes(folder: Path, supplier: str = MOVED) -> tuple[dict, str]:
    with opened(folder) as client:
        return client.get(f"/api/suppliers/{supplier}/changes").json(), client.get(
            f"/suppliers/{supplier}/changes"
        ).text


def test_the_move_of_one_supplier_is_that_of_the_whole_comparison(told: Told) -> None:
    folder = told.run.home.published
    whole = compare_runs(folder, "first", "second")

    assert whole.suppliers.height > 1
    for supplier in {*whole.suppliers["supplier_id"], UNMOVED}:
        assert move_of(compare_runs(folder, "first", "second", only=supplier), supplier) == move_of(whole, supplier)


def test_a_move_is_told_with_its_parts_which_add_up(client: TestClient) -> None:
    answer = client.get(f"/api/suppliers/{MOVED}/changes").json()
    page = client.get(f"/suppliers/{MOVED}/changes?lang=es")

    assert (answer["run_id"], answer["since_run_id"], answer["since_as_of"]) == ("second", "first", "2026-06-01")
    moved = answer["move"]["score_after"] - answer["move"]["score"]
    assert moved != 0
    assert sum(part["points"] for part in answer["parts"]) == pytest.approx(moved, abs=1e-9)
    assert (page.status_code, page.text.count("<li><bdi>")) == (200, 1 + len(answer["parts"]))
    assert "ejecución first" in page.text


def test_the_page_of_a_supplier_leads_there_in_its_language(client: TestClient) -> None:
    assert f'href="/suppliers/{MOVED}/changes?lang=fr"' in client.get(f"/suppliers/{MOVED}?lang=fr").text


def test_a_supplier_that_did_not_move_and_a_stranger(client: TestClient) -> None:
    answer = client.get(f"/api/suppliers/{UNMOVED}/changes").json()

    assert (answer["move"], answer["parts"], answer["is_comparable"]) == (None, [], True)
    assert "neither score nor band moved" in answer["sentences"][0]
    assert client.get("/api/suppliers/Sffffffffffff/changes").status_code == 404
    assert client.get("/suppliers/Sffffffffffff/changes").status_code == 404


def test_where_nothing_can_be_compared_it_says_why(folder: Path) -> None:
    retract(folder, "first", reason="wrong <list>", by_role="method lead", superseded_by=None, now=NOW)
    answer, page = changes(folder)

    assert (answer["since_run_id"], answer["is_comparable"]) == (None, False)
    assert (answer["passed_over_run_id"], answer["passed_over_retraction"]) == ("first", "wrong <list>")
    assert "was retracted and is not compared with" in page
    assert "wrong &lt;list&gt;" in page
    assert "There is no earlier run to compare with." in page


def test_a_publication_of_which_only_the_manifest_is_left_is_told_as_such(folder: Path) -> None:
    shutil.rmtree(folder / "first" / "parquet")
    answer, page = changes(folder)

    assert (answer["passed_over_run_id"], answer["passed_over_retraction"]) == ("first", None)
    assert "keeps only its manifest and cannot be compared with" in page


def test_tables_of_another_shape_are_told_as_such(folder: Path) -> None:
    path = folder / "first" / "parquet" / "score_evidence.parquet"
    pl.read_parquet(path).drop("freshness").write_parquet(path)
    answer, page = changes(folder)

    assert (answer["since_run_id"], answer["is_comparable"], answer["move"]) == ("first", False, None)
    assert "its tables have another shape" in page


def test_a_first_publication_and_a_new_supplier(folder: Path) -> None:
    path = folder / "first" / "parquet" / "supplier_score.parquet"
    pl.read_parquet(path).filter(pl.col("supplier_id") != MOVED).write_parquet(path)
    answer, page = changes(folder)
    assert (answer["is_new"], answer["move"]) == (True, None)
    assert "Run first did not have this supplier." in page

    shutil.rmtree(folder / "second")
    (folder / "current").unlink()
    (folder / "current").symlink_to("first")
    answer, _ = changes(folder, UNMOVED)
    assert (answer["passed_over_run_id"], answer["sentences"]) == (None, ["There is no earlier run to compare with."])
