"""Pseudonyms are the HMAC of the standard, and their key stays private."""

import hashlib
import hmac
import stat
from pathlib import Path

import duckdb
import pytest

from ingest.pseudonym import pseudonym_key, register_pseudonym
from tierline.errors import ConfigError
from tierline.home import Home
from tierline.warehouse import connect


@pytest.mark.parametrize("key", [b"k" * 32, b"long" * 40, bytes(range(32))])
def test_it_is_hmac_sha256(key: bytes) -> None:
    words = ["uuid:1", "Ülker ✓", "", "a\\x00b'; drop"]
    with connect() as connection:
        register_pseudonym(connection, key)
        made = connection.execute("SELECT pseudonym(word) FROM unnest(?) AS words(word)", [words]).fetchall()
        nothing = connection.execute("SELECT pseudonym(NULL)").fetchone()
    assert [row[0] for row in made] == [hmac.new(key, word.encode(), hashlib.sha256).hexdigest() for word in words]
    assert nothing == (None,)


def test_the_key_is_in_no_catalogue_and_no_file(tmp_path: Path) -> None:
    key = b"SECRETSECRETSECRETSECRETSECRET!!"
    path = tmp_path / "store.duckdb"
    with connect(path) as connection:
        register_pseudonym(connection, key)
        connection.execute("CREATE TABLE answer AS SELECT pseudonym('one') AS respondent_key")
        macros = connection.execute("SELECT string_agg(macro_definition, ' ') FROM duckdb_functions()").fetchone()
    assert macros is not None
    assert key.decode() not in macros[0]
    inner_pad = bytes(byte ^ 0x36 for byte in key)
    for file in tmp_path.iterdir():
        content = file.read_bytes()
        assert key not in content
        assert inner_pad not in content
    with connect(path) as connection, pytest.raises(duckdb.CatalogException):
        connection.execute("SELECT pseudonym('one')")


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first = pseudonym_key(home, {})
    assert first == pseudonym_key(home, {})
    assert len(first) == 32
    assert stat.S_IMODE(home.keys.stat().st_mode) == 0o700
    assert [file.name for file in home.keys.iterdir()] == ["pseudonym.key"]
    assert stat.S_IMODE((home.keys / "pseudonym.key").stat().st_mode) == 0o600


def test_the_environment_wins_and_writes_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert pseudonym_key(home, {"TIERLINE_PSEUDONYM_KEY": "ab" * 32}) == b"\xab" * 32
    assert not home.keys.exists()


@pytest.mark.parametrize("text", ["short", "ab" * 31, "zz" * 32])
def test_a_bad_key_is_refused_without_being_shown(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError) as refused:
        pseudonym_key(Home(tmp_path), {"TIERLINE_PSEUDONYM_KEY": text})
    assert text not in str(refused.value)


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    home = Home(tmp_path)
    pseudonym_key(home, {})
    (home.keys / "pseudonym.key").chmod(0o644)
    with pytest.raises(ConfigError, match="other accounts"):
        pseudonym_key(home, {})
