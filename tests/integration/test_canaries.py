"""A worker's answer never leaves the restricted store: canaries planted in answers are nowhere else."""

import os
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from ingest.restricted_landing import landed_objects, opened_file, opened_files
from ingest.restricted_store import restricted_connection
from tests.conftest import CANARIES, World, clean_environment
from tierline.home import Home
from tierline.settings import Settings, SourceConfig
from tierline.warehouse import connect, quote_identifier

pytestmark = pytest.mark.integration


def open_files(home: Path) -> Iterator[Path]:
    for path in sorted(home.rglob("*")):
        if path.is_file() and "restricted" not in path.relative_to(home).parts:
            yield path


def contents(path: Path) -> Iterator[bytes]:
    yield path.name.encode()
    yield path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    if path.suffix in {".duckdb", ".parquet"}:
        yield from rows_as_text(path)


def rows_as_text(path: Path) -> Iterator[bytes]:
    with connect(path if path.suffix == ".duckdb" else None, read_only=path.suffix == ".duckdb") as connection:
        if path.suffix == ".parquet":
            yield str(connection.execute("from read_parquet(?)", [str(path)]).fetchall()).encode()
            return
        tables = connection.execute("select table_schema, table_name from information_schema.tables").fetchall()
        for schema, table in tables:
            name = f"{quote_identifier(schema)}.{quote_identifier(table)}"
            yield str(connection.execute(f"from {name}").fetchall()).encode()


def test_the_canaries_were_read_and_are_in_the_restricted_store(world: World) -> None:
    home = Home(world.home)
    at_rest = b"".join(path.read_bytes() for path in home.restricted.rglob("*") if path.is_file())
    settings = Settings(home=home.root, sources=(SourceConfig(id="kobo_survey", path="x"),))
    with restricted_connection(home, settings, read_only=True) as store:
        tables = store.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'raw'").fetchall()
        stored = "".join(str(store.execute(f"FROM raw.{quote_identifier(name)}").fetchall()) for (name,) in tables)
    with opened_files(home):
        landed = b"".join(
            opened_file(home, path).read_bytes()
            for folder in sorted((home.restricted / "landing").iterdir())
            for path in landed_objects(folder)
        )

    assert [canary for canary in CANARIES if canary.encode() not in landed] == []
    # free text is not kept, and the last two are in records that wait in quarantine
    assert [canary for canary in CANARIES if canary in stored] == list(CANARIES[1:3])
    assert [canary for canary in CANARIES if canary.encode() in at_rest] == []


def test_no_canary_is_in_any_file_outside_the_restricted_store(world: World) -> None:
    found = {
        (canary, str(path.relative_to(world.home)))
        for path in open_files(world.home)
        for content in contents(path)
        for canary in CANARIES
        if canary.encode() in content
    }

    assert found == set()


def test_no_canary_is_in_what_a_run_prints(world: World) -> None:
    finished = world.tierline("load", "--run-id", "first")

    assert finished.code == 0, finished.stderr
    assert not any(canary in finished.stdout + finished.stderr for canary in CANARIES)


def test_no_canary_is_in_a_temporary_file_while_a_run_works(world: World, tmp_path: Path) -> None:
    """Files are looked at as they come and go, in the folder for temporary files and in the home."""
    seen: set[Path] = set()
    found: set[tuple[str, str]] = set()
    environment = {**clean_environment(), "TMPDIR": str(tmp_path)}
    for stage in ("load", "check", "survey"):
        command = [sys.executable, "-m", "tierline.cli", stage, "--run-id", "first", "--config", str(world.config)]
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
            while run.poll() is None:
                _look_for_canaries([*tmp_path.rglob("*"), *world.home.glob("*/.*")], seen, found)
        assert run.returncode == 0

    _look_for_canaries(tmp_path.rglob("*"), set(), found)
    assert found == set()


def _look_for_canaries(paths: Iterable[Path], seen: set[Path], found: set[tuple[str, str]]) -> None:
    for path in paths:
        if path in seen or "restricted" in path.parts:
            continue
        with suppress(OSError):  # it may be gone again
            if path.is_file():
                content = path.read_bytes()
                found |= {(canary, path.name) for canary in CANARIES if canary.encode() in content}
                seen |= {path} if content else set()


def test_what_scores_publishes_and_reports_needs_no_restricted_store(world: World, tmp_path: Path) -> None:
    copy = World(world.config, tmp_path / "home")
    shutil.copytree(world.home, copy.home, symlinks=True)
    for part in ("restricted", "keys"):
        shutil.rmtree(copy.home / part)

    for stage in ("score", "publish", "report"):
        finished = copy.tierline(stage, "--run-id", "first", "--home", str(copy.home))
        assert finished.code == 0, finished.stderr

    assert not (copy.home / "restricted").exists()
    assert not (copy.home / "keys").exists()


def test_only_the_owner_can_read_the_restricted_store(world: World) -> None:
    restricted = Home(world.home).restricted

    assert stat.S_IMODE(restricted.stat().st_mode) == 0o700
    for path in restricted.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
        assert path.stat().st_uid == os.getuid()
