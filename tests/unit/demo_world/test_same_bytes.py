"""The same seed gives the same bytes, whatever the process; another seed or size gives another world."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from demo_world import generator, write
from tierline.errors import ConfigError
from tierline.files import sha256_of_file

AS_OF = date(2026, 6, 30)


def hashes(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): sha256_of_file(path) for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small") / "world"
    write(folder, suppliers=300, seed=5, as_of=AS_OF)
    return folder


def test_another_process_with_one_thread_and_another_hash_seed_writes_the_same_bytes(
    small: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    code = (
        "import datetime, pathlib, sys; from demo_world import write; "
        "write(pathlib.Path(sys.argv[1]), suppliers=300, seed=5, as_of=datetime.date.fromisoformat(sys.argv[2]))"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(again), str(AS_OF)],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": "77", "POLARS_MAX_THREADS": "1"},
    )
    assert hashes(again) == hashes(small)


@pytest.mark.parametrize(("seed", "suppliers", "as_of"), [(6, 300, AS_OF), (5, 300, date(2026, 7, 1))])
def test_another_seed_or_day_gives_other_bytes_in_every_file_of_evidence(
    small: Path, tmp_path: Path, seed: int, suppliers: int, as_of: date
) -> None:
    write(tmp_path / "other", suppliers=suppliers, seed=seed, as_of=as_of)
    before, after = hashes(small), hashes(tmp_path / "other")
    evidence = [name for name in after if "purchase_orders" in name or "audit" in name or "kobo" in name]
    assert evidence
    assert all(before.get(name) != after[name] for name in evidence)


def test_a_second_writing_replaces_the_first_and_leaves_the_rest_of_the_folder(small: Path, tmp_path: Path) -> None:
    folder = tmp_path / "world"
    write(folder, suppliers=60, seed=1, as_of=AS_OF)
    (folder / "home").mkdir()
    (folder / "home" / "kept.txt").write_text("kept")
    write(folder, suppliers=300, seed=5, as_of=AS_OF)
    (folder / "home" / "kept.txt").unlink()
    (folder / "home").rmdir()
    assert hashes(folder) == hashes(small)


def test_a_world_whose_writing_breaks_off_leaves_the_older_one_whole(tmp_path: Path) -> None:
    folder = tmp_path / "world"
    write(folder, suppliers=60, seed=1, as_of=AS_OF)
    before = hashes(folder)

    def break_off(_done: int, _wanted: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(folder, suppliers=80, seed=2, as_of=AS_OF, progress=break_off)
    assert hashes(folder) == before
    write(folder, suppliers=60, seed=1, as_of=AS_OF)
    assert hashes(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["world"]


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    with pytest.raises(ConfigError, match="no demo world wrote"):
        write(tmp_path, suppliers=60, seed=1, as_of=AS_OF)


@pytest.mark.parametrize(("suppliers", "seed"), [(0, 1), (10_000_000, 1), (10, -1)])
def test_numbers_that_make_no_sense_are_refused(tmp_path: Path, suppliers: int, seed: int) -> None:
    with pytest.raises(ConfigError):
        write(tmp_path / "world", suppliers=suppliers, seed=seed, as_of=AS_OF)


def test_progress_is_told_after_every_chunk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generator, "CHUNK_SUPPLIERS", 40)
    told: list[tuple[int, int]] = []
    write(tmp_path / "w", suppliers=100, seed=1, as_of=AS_OF, progress=lambda done, wanted: told.append((done, wanted)))
    assert told == [(40, 100), (80, 100), (100, 100)]
