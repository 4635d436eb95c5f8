"""The landing: batches become present whole or not at all, and the notes beside the files give the state back."""

import json
import multiprocessing
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.connectors.fetching import Batch, FetchedFile
from ingest.landing import LandedFile, Landing, PresentState
from ingest.landing_batch import land
from ingest.landing_records import Arrival, BatchRecord, after_batch, last_number, note_batch, rebuilt, whole_batches
from ingest.spec import SourceSpec, parse_spec
from ingest.unpacking import ExpansionLimit
from tests.unit.ingest.conftest import CSV_SOURCE
from tierline.errors import FetchError

SPEC: SourceSpec = parse_spec(CSV_SOURCE, "makers")
ARRIVAL = Arrival("https://publisher.example/", "r1", date(2026, 11, 1).isoformat(), {"kind": "http_file"})
W1 = {"window_from": "2026-01-01", "window_to": "2026-01-31"}
W2 = {"window_from": "2026-02-01", "window_to": "2026-02-28"}
W3 = {"window_from": "2026-03-01", "window_to": "2026-03-31"}


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(tmp_path / "landing" / "makers", is_restricted=False)


def fetched(folder: Path, name: str, content: str, **fields: Any) -> FetchedFile:
    path = folder / f"{name}.part"
    path.write_text(content, encoding="utf-8")
    return FetchedFile(path, name, f"https://publisher.example/{name}", **fields)


def lands(
    landing: Landing, mode: Any, *files: tuple[str, str, dict[str, str]], state: dict[str, Any] | None = None
) -> PresentState:
    """Lands files, each a name, a content and a position, as the next batch."""
    with landing.claimed() as folder:
        batch = Batch(tuple(fetched(folder, name, text, position=at) for name, text, at in files), mode, state or {})
        number = last_number(landing.folder) + 1
        return land(
            landing,
            batch,
            number=number,
            present=landing.present_state(),
            spec=SPEC,
            arrival=ARRIVAL,
            limit=ExpansionLimit(),
        )


def one(landing: Landing, file: FetchedFile, mode: Any) -> PresentState:
    """Lands one file as the first batch."""
    batch = Batch((file,), mode)
    return land(landing, batch, number=1, present=None, spec=SPEC, arrival=ARRIVAL, limit=ExpansionLimit())


def contents(landing: Landing) -> list[str]:
    return [landing.verified(file).read_text(encoding="utf-8") for file in landing.present_files()]


def test_appended_windows_follow_each_other_and_one_fetched_again_takes_its_own_place(landing: Landing) -> None:
    lands(landing, "append", ("w1.json", "one", W1), state={"until": "2026-01-31"})
    lands(landing, "append", ("w2-1.json", "two", W2), ("w2-2.json", "two more", W2))
    lands(landing, "append", ("w3.json", "three", W3), state={"until": "2026-03-31"})

    lands(landing, "append", ("w2-1.json", "two, mended", W2), state={"until": "2026-03-31"})

    assert contents(landing) == ["one", "two, mended", "three"]
    present = landing.present_state()
    assert present is not None
    assert present.values == {"until": "2026-03-31"}


def test_replacing_leaves_nothing_of_before_and_deletes_no_bytes(landing: Landing) -> None:
    lands(landing, "append", ("w1.json", "one", W1))
    lands(landing, "replace", ("a.csv", "a", {}), ("b.csv", "b", {}))
    lands(landing, "replace", ("b.csv", "b2", {}))

    assert contents(landing) == ["b2"]
    assert sorted(path.read_text() for path in landing.folder.glob("*/*.csv")) == ["a", "b", "b2"]


def test_the_same_bytes_twice_are_read_once_and_stay_when_one_of_them_goes(landing: Landing) -> None:
    lands(landing, "append", ("w1.json", "empty", W1))
    lands(landing, "append", ("w2.json", "empty", W2))
    assert [file.name for file in landing.present_files()] == ["w1.json"]

    lands(landing, "append", ("w1.json", "full", W1))

    assert contents(landing) == ["full", "empty"]


def test_a_file_that_stays_keeps_its_place_among_new_ones(landing: Landing) -> None:
    before = lands(landing, "replace", ("a.csv", "a", {}), ("b.csv", "b", {}), ("c.csv", "c", {}))
    with landing.claimed() as folder:
        files = (fetched(folder, "a.csv", "a2"), before.files[1], fetched(folder, "c.csv", "c2"))
        land(
            landing,
            Batch(files, "replace"),
            number=2,
            present=before,
            spec=SPEC,
            arrival=ARRIVAL,
            limit=ExpansionLimit(),
        )

    assert contents(landing) == ["a2", "b", "c2"]
    assert landing.rebuilt_state() == landing.present_state()


def test_a_note_says_where_the_bytes_came_from(landing: Landing) -> None:
    with landing.claimed() as folder:
        file = replace(
            fetched(folder, "a.csv", "a", position=W1),
            announced_total=7,
            headers={"etag": '"1"', "content_type": "text/csv"},
        )
        present = one(landing, file, "append")

    (landed,) = present.files
    note = json.loads((landing.folder / landed.sha256 / "a.csv.origin.json").read_text())
    expected = {
        "url": "https://publisher.example/a.csv",
        "headers": {"etag": '"1"', "content_type": "text/csv"},
        "announced_total": 7,
        "position": W1,
        "licence": SPEC.licence.model_dump(),
        "run_id": "r1",
        "as_of": "2026-11-01",
        "sha256": landed.sha256,
        "size": 1,
    }
    assert note | expected == note


def test_bytes_are_moved_and_not_copied(landing: Landing) -> None:
    with landing.claimed() as folder:
        file = fetched(folder, "a.csv", "a")
        inode = file.path.stat().st_ino
        (landed,) = one(landing, file, "replace").files

    assert landing.verified(landed).stat().st_ino == inode


@pytest.mark.parametrize("name", ["../a.csv", "a/b.csv", ".hidden", "a.csv.origin.json", "a\nb.csv", "", "x" * 300])
def test_a_name_that_leads_elsewhere_is_refused(landing: Landing, name: str) -> None:
    with landing.claimed() as folder:
        file = replace(fetched(folder, "sound", "a"), name=name)
        with pytest.raises(FetchError, match="no name"):
            one(landing, file, "replace")

    assert landing.present_state() is None


# what is lost comes back


DAMAGES = ["missing", "", "{", "[]", '{"files": [{"name": 1}]}', '{"batch": 1}', "\x00"]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("names", [("current.json",), ("state.json",), ("current.json", "state.json")])
def test_lost_or_broken_pointers_are_rebuilt_from_the_notes(
    landing: Landing, damage: str, names: tuple[str, ...]
) -> None:
    lands(landing, "replace", ("a.csv", "a", {}), state={"cursor": "x"})
    lands(landing, "append", ("w1.json", "one", W1))
    lands(landing, "append", ("w1.json", "one, mended", W1), state={"cursor": "y"})
    before, files = landing.present_state(), landing.present_files()

    for name in names:
        (landing.folder / name).unlink()
        if damage != "missing":
            (landing.folder / name).write_text(damage, encoding="utf-8")

    assert (landing.present_state(), landing.present_files()) == (before, files)
    lands(landing, "append", ("w2.json", "two", W2))
    assert contents(landing) == ["a", "one, mended", "two"]


def test_a_batch_of_which_a_note_is_missing_never_landed(landing: Landing) -> None:
    first = lands(landing, "replace", ("a.csv", "a", {}))
    second = lands(landing, "replace", ("b.csv", "b", {}), ("c.csv", "c", {}))
    (landing.folder / second.files[1].sha256 / "c.csv.origin.json").unlink()

    assert landing.rebuilt_state() == first


def test_nothing_landed_is_told(landing: Landing) -> None:
    with pytest.raises(FetchError, match="nothing has landed yet"):
        landing.present_files()


FILES = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.sampled_from([{}, W1, W2, W3])),
    min_size=1, max_size=3, unique_by=lambda file: file[0],
)  # fmt: skip
BATCHES = st.lists(st.tuples(st.sampled_from(["replace", "append"]), FILES), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(batches=BATCHES)
def test_the_notes_give_the_same_state_as_the_batches_one_by_one(tmp_path_factory: Any, batches: Any) -> None:
    folder = tmp_path_factory.mktemp("notes")
    present = None
    for number, (mode, files) in enumerate(batches, start=1):
        landed = tuple(LandedFile(f"{name}.json", sha * 64, 1, position=dict(at)) for name, sha, at in files)
        for file in landed:
            (folder / file.sha256).mkdir(exist_ok=True)
        record = BatchRecord(number, mode, ARRIVAL, {"number": number}, landed)
        note_batch(folder, record, {}, 0o644)
        present = after_batch(present, record)

    assert rebuilt(folder) == present
    assert len(whole_batches(folder)) == last_number(folder) == len(batches)


# killed


def _land_until_killed(folder: Path, kill_at: int) -> None:
    """Lands a second batch, and dies at the `kill_at`th rename as if the power went."""
    calls = iter(range(1, 1000))
    replace_file = os.replace

    def replace_or_die(*arguments: Any) -> None:
        if next(calls) == kill_at:
            os._exit(9)
        replace_file(*arguments)

    os.replace = replace_or_die  # type: ignore[assignment]  # in a process of its own, which dies
    lands(Landing(folder, is_restricted=False), "replace", ("b.csv", "b", {}), ("c.csv", "c", {}), state={"n": 2})
    os._exit(0)


def _kills() -> Iterator[int]:
    yield from range(1, 8)


@pytest.mark.parametrize("kill_at", _kills())
def test_a_fetch_that_is_killed_leaves_the_former_state_and_the_next_one_tidies_up(
    landing: Landing, kill_at: int
) -> None:
    lands(landing, "replace", ("a.csv", "a", {}), state={"n": 1})
    process = multiprocessing.get_context("fork").Process(target=_land_until_killed, args=(landing.folder, kill_at))
    process.start()
    process.join()

    state = landing.present_state()
    was_done = kill_at > 6 or process.exitcode == 0
    assert (process.exitcode == 0) is (kill_at > 6)
    assert state is not None
    assert [file.name for file in state.files] in (["a.csv"], ["b.csv", "c.csv"])
    assert contents(landing) == (["a"] if [file.name for file in state.files] == ["a.csv"] else ["b", "c"])
    assert state.values == {"n": 1 if [file.name for file in state.files] == ["a.csv"] else 2}
    assert was_done or list(landing.folder.glob(".fetch-*"))
    lands(landing, "replace", ("d.csv", "d", {}), state={"n": 3})
    assert contents(landing) == ["d"]
    assert landing.rebuilt_state() == landing.present_state()
    assert {path.name for path in landing.folder.rglob(".*")} == {".lock"}


def test_two_fetches_of_one_source_do_not_meet(landing: Landing) -> None:
    with landing.claimed(), pytest.raises(FetchError, match="another fetch"), landing.claimed():
        raise AssertionError("both were let in")


def test_what_is_restricted_is_for_its_owner_alone_from_the_first_byte(tmp_path: Path) -> None:
    private = Landing(tmp_path / "restricted" / "landing" / "answers", is_restricted=True)
    os.umask(0o022)
    with private.claimed() as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        file = fetched(folder, "a.json", "a")
        one(private, file, "replace")

    for path in (tmp_path / "restricted").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
