"""The restricted store at rest: no answer's bytes in any file, no key in any message, and no way in without the key."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import duckdb
import pytest

from ingest.restricted_store import STORE_KEY, restricted_connection, rewrite_store
from tierline.errors import ConfigError, TierlineError
from tierline.home import Home
from tierline.settings import Settings, SourceConfig
from tierline.warehouse import is_encrypted

CANARY = "CANARY-the-foreman-took-my-passport"
OTHER_KEY = "ab" * 32


def settings(home: Home, *, encrypt_restricted: bool = True, memory_limit: str = "1GB") -> Settings:
    return Settings(
        home=home.root,
        sources=(SourceConfig(id="kobo", path="x"),),
        threads=1,
        encrypt_restricted=encrypt_restricted,
        memory_limit=memory_limit,
    )


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def plant(home: Home, *, encrypt_restricted: bool = True) -> None:
    with restricted_connection(home, settings(home, encrypt_restricted=encrypt_restricted)) as store:
        # packed text would hide from a search for its bytes
        store.execute("PRAGMA force_compression = 'uncompressed'")
        store.execute("CREATE TABLE IF NOT EXISTS answer (text VARCHAR PRIMARY KEY)")
        store.execute("INSERT INTO answer SELECT ? || number FROM range(5000) AS numbers(number)", [CANARY])


def count(home: Home, *, encrypt_restricted: bool = True) -> int:
    with restricted_connection(home, settings(home, encrypt_restricted=encrypt_restricted), read_only=True) as store:
        row = store.execute("SELECT count(*) FROM answer WHERE starts_with(text, ?)", [CANARY]).fetchone()
        return int(row[0]) if row else 0


def files_with(home: Home, text: str) -> list[str]:
    """Names of the files below the home that hold the text: names alone, so that no failure quotes a file."""
    return [path.name for path in home.root.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


def test_no_file_of_the_store_holds_an_answer(home: Home) -> None:
    plant(home)

    assert count(home) == 5000
    assert files_with(home, CANARY) == []
    assert is_encrypted(home.restricted_warehouse)


def test_the_same_search_finds_it_in_a_plain_store(home: Home) -> None:
    plant(home, encrypt_restricted=False)

    assert files_with(home, CANARY) == ["restricted.duckdb"]


def test_nothing_is_in_the_log_that_a_killed_writer_leaves(home: Home) -> None:
    with restricted_connection(home, settings(home)) as store:
        store.execute("CREATE TABLE answer (text VARCHAR)")
        store.execute("CHECKPOINT")
        store.execute("INSERT INTO answer SELECT ? FROM range(100)", [CANARY])
        assert "restricted.duckdb.wal" in [path.name for path in home.restricted.iterdir()]
        assert files_with(home, CANARY) == []


def test_what_spills_to_disk_is_encrypted(home: Home) -> None:
    small = settings(home, memory_limit="60MB")
    with restricted_connection(home, small) as store:
        store.execute("CREATE TEMP TABLE big AS SELECT ? || i AS text FROM range(1500000) AS r(i)", [CANARY * 2])
        spilled = [path for path in (home.restricted / ".temporary").rglob("*") if path.is_file()]
        assert sum(path.stat().st_size for path in spilled) > 1_000_000
        assert files_with(home, CANARY) == []


def test_the_key_is_made_once_outside_of_the_store_for_its_owner_alone(home: Home) -> None:
    plant(home)
    key = STORE_KEY.path(home).read_text()
    plant_again = count(home)

    assert plant_again == 5000
    assert STORE_KEY.path(home).read_text() == key
    assert len(key) == 64
    assert home.restricted not in STORE_KEY.path(home).parents
    assert stat.S_IMODE(STORE_KEY.path(home).stat().st_mode) == 0o600
    assert files_with(home, key) == ["restricted.key"]


def test_a_wrong_key_is_told_and_not_quoted(home: Home) -> None:
    plant(home)
    STORE_KEY.path(home).write_text(OTHER_KEY)

    with pytest.raises(ConfigError, match="the key does not open") as refused:
        count(home)

    assert OTHER_KEY not in f"{refused.value}{refused.value.remedy}{refused.value.__cause__}"


def test_a_lost_key_is_told_and_no_other_is_made(home: Home) -> None:
    plant(home)
    STORE_KEY.path(home).unlink()

    with pytest.raises(ConfigError, match="is missing"):
        count(home)

    assert not STORE_KEY.path(home).exists()


def test_the_environment_gives_the_key(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIERLINE_RESTRICTED_KEY", OTHER_KEY)
    plant(home)

    assert count(home) == 5000
    assert not STORE_KEY.path(home).exists()
    monkeypatch.delenv("TIERLINE_RESTRICTED_KEY")
    with pytest.raises(ConfigError, match="is missing"):
        count(home)


def test_no_statement_and_no_setting_shows_the_key(home: Home) -> None:
    with restricted_connection(home, settings(home)) as store:
        key = STORE_KEY.path(home).read_text()
        shown = store.execute("SELECT name, value FROM duckdb_settings()").fetchall()
        shown += store.execute("SELECT * FROM duckdb_databases()").fetchall()
        shown += store.execute("SELECT * FROM duckdb_variables()").fetchall()
        is_shown = key in repr(shown)
        assert not is_shown


def test_a_plain_store_of_an_earlier_version_is_encrypted_at_its_next_use(home: Home) -> None:
    plant(home, encrypt_restricted=False)
    with restricted_connection(home, settings(home, encrypt_restricted=False)) as store:
        store.execute("CREATE SCHEMA release; CREATE TABLE release.survey_class (release_id VARCHAR PRIMARY KEY)")
        store.execute("INSERT INTO release.survey_class VALUES ('R1')")

    assert count(home) == 5000
    assert files_with(home, CANARY) == []
    with restricted_connection(home, settings(home)) as store:
        assert store.execute("SELECT * FROM release.survey_class").fetchall() == [("R1",)]
        with pytest.raises(duckdb.ConstraintException):
            store.execute("INSERT INTO release.survey_class VALUES ('R1')")


def test_a_store_is_whole_when_the_rewriting_is_killed(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(home, encrypt_restricted=False)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            rewrite_store(home, settings(home))

    assert count(home, encrypt_restricted=False) == 5000
    assert count(home) == 5000
    assert files_with(home, CANARY) == []


def test_deleted_rows_are_gone_from_the_file_once_it_is_rewritten(home: Home) -> None:
    plain = settings(home, encrypt_restricted=False)
    plant(home, encrypt_restricted=False)
    with restricted_connection(home, plain) as store:
        store.execute("DELETE FROM answer WHERE text = ?", [f"{CANARY}4999"])
        store.execute("CHECKPOINT")
    left = files_with(home, f"{CANARY}4999")
    assert left == ["restricted.duckdb"], "deleting alone leaves the bytes: else this shows nothing"

    rewrite_store(home, plain)

    assert files_with(home, f"{CANARY}4999") == []
    assert count(home, encrypt_restricted=False) == 4999


def test_a_missing_extension_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(TierlineError, match="cannot be encrypted"):
        plant(home)


def test_sources_fetched_side_by_side_make_one_key_among_them(tmp_path: Path) -> None:
    together = Barrier(8)

    def first_use(home: Home) -> bytes:
        together.wait()
        return STORE_KEY.read(home)

    for turn in range(20):
        home = Home(tmp_path / str(turn))
        with ThreadPoolExecutor(8) as pool:
            keys = set(pool.map(first_use, [home] * 8))

        assert keys == {STORE_KEY.read(home)}
        assert [path.name for path in home.keys.iterdir()] == [STORE_KEY.file_name]
