"""A new publication is taken up between two requests: none fails, none sees parts of both, the old one is closed."""

import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import duckdb
import pytest

from serving.lookup.current import CurrentPublication
from serving.promote import point
from serving.publications.retraction import retract
from serving.steps import publish
from tests.unit.lookup.conftest import AMBER, Opener
from tests.unit.serving.world import make_rows, make_run, write_warehouse
from tierline.errors import TierlineError
from tierline.run import Run

NOW = datetime(2026, 11, 2, tzinfo=UTC)


def published_by(root: Path, run_id: str, suppliers: int) -> Run:
    run = make_run(root, run_id)
    write_warehouse(run, make_rows(suppliers, names=("Amber Textiles Ltd",)))
    publish(run)
    return run


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with the publications 'first' of 3 suppliers and 'second' of 5, which is current."""
    root = tmp_path_factory.mktemp("two")
    published_by(root, "first", 3)
    published_by(root, "second", 5)
    return root


@pytest.fixture
def published(two: Path, tmp_path: Path) -> Path:
    """A copy of the two, of which the first is current."""
    shutil.copytree(two, tmp_path, symlinks=True, dirs_exist_ok=True)
    folder = tmp_path / "home" / "published"
    point(folder / "current", folder / "first")
    return folder


@pytest.fixture
def current(published: Path) -> Iterator[CurrentPublication]:
    opened = CurrentPublication(published)
    yield opened
    opened.close()


def test_no_request_fails_while_publications_change(published: Path, open_lookup: Opener) -> None:
    client, done = open_lookup(published), Event()

    def ask(_: int) -> list[tuple[int, str, int]]:
        told = []
        while not done.is_set():
            answer = client.get("/api/search?q=ambr+textiles")
            page = client.get(f"/api/suppliers/{AMBER}")
            told.append((answer.status_code, answer.json()["run_id"], answer.json()["searched"]))
            told.append((page.status_code, page.json()["run_id"], 0))
        return told

    with ThreadPoolExecutor(4) as threads:
        asking = [threads.submit(ask, number) for number in range(4)]
        for place in range(12):
            point(published / "current", published / ("second", "first")[place % 2])
            client.get("/health")
        done.set()
        told = Counter(answer for one in asking for answer in one.result())

    # each search tells the number of suppliers of the run that it names
    assert set(told) <= {(200, "first", 3), (200, "second", 5), (200, "first", 0), (200, "second", 0)}
    assert {"first", "second"} == {run_id for _, run_id, _ in told}


def test_a_reader_keeps_what_it_reads_until_it_has_gone(published: Path, current: CurrentPublication) -> None:
    with current.reading() as old:
        point(published / "current", published / "second")
        with current.reading() as new:
            assert (old.run_id, new.run_id) == ("first", "second")
            assert old.connection.execute("SELECT count(*) FROM dim_supplier").fetchone() == (3,)
            assert new.connection.execute("SELECT count(*) FROM dim_supplier").fetchone() == (5,)
        kept = current._open
    assert kept is not None
    assert kept.folder.name == "second"


def test_the_old_one_is_closed_when_its_last_reader_has_gone(published: Path, current: CurrentPublication) -> None:
    with current.reading():
        held = current._open
        point(published / "current", published / "second")
        with current.reading():
            pass
        assert held is not None
        held.database.execute("SELECT 1")
    with pytest.raises(duckdb.ConnectionException):
        held.database.execute("SELECT 1")


def test_a_new_one_that_cannot_be_read_leaves_the_old_one(
    published: Path, current: CurrentPublication, caplog: pytest.LogCaptureFixture
) -> None:
    with current.reading():
        pass
    (published / "second" / "warehouse.duckdb").write_bytes(b"broken")
    point(published / "current", published / "second")

    with current.reading() as reading:
        assert reading.run_id == "first"


@pytest.mark.parametrize("damaged", ["contents.json", "names/meta.json"])
def test_a_publication_without_an_index_that_opens_gets_one_for_the_time(
    published: Path, current: CurrentPublication, damaged: str
) -> None:
    (published / "first" / "search" / damaged).write_text("broken")

    with current.reading() as reading:
        assert reading.index.search("ambr textiles")[0].supplier_id == AMBER
        (scratch,) = current._scratch.values()
        assert Path(scratch.name).is_dir()
    current.close()
    assert not Path(scratch.name).exists()
    assert (published / "first" / "search" / damaged).read_text() == "broken"


def test_a_retracted_publication_gives_way_to_the_one_before(published: Path, current: CurrentPublication) -> None:
    point(published / "current", published / "second")
    with current.reading() as reading:
        assert reading.run_id == "second"
    retract(published, "second", reason="wrong list", by_role="data steward", superseded_by=None, now=NOW)

    with current.reading() as reading:
        assert (reading.run_id, reading.retraction) == ("first", None)


def test_where_all_were_retracted_it_says_so_and_shows_nothing(published: Path, open_lookup: Opener) -> None:
    client = open_lookup(published)
    for run_id in ("second", "first"):
        retract(published, run_id, reason="wrong list", by_role="data steward", superseded_by=None, now=NOW)
    answer, page = client.get("/api/search?q=amber"), client.get("/?q=amber")

    assert (answer.status_code, page.status_code) == (503, 503)
    assert "was retracted" in answer.json()["detail"]
    assert "Amber Textiles" not in page.text


def test_a_retraction_before_anything_took_its_place_is_marked(published: Path, open_lookup: Opener) -> None:
    client = open_lookup(published)
    retract(published, "first", reason="wrong list", by_role="data steward", now=NOW, superseded_by="second")
    point(published / "current", published / "first")

    assert "This publication was retracted." in client.get("/?q=amber").text
    assert client.get("/health").json()["retracted"] is True


def test_with_nothing_published_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(TierlineError, match="nothing is published yet"), CurrentPublication(tmp_path).reading():
        pass
