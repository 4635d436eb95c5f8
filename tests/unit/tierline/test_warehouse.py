"""The warehouse opens read-only where asked, never downloads, and says who is in the way."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tierline.errors import TierlineError
from tierline.warehouse import connect, quote_identifier


def test_a_read_only_connection_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with connect(path) as connection:
        connection.execute("create table t (a int)")

    with connect(path, read_only=True) as connection, pytest.raises(duckdb.Error, match="read-only"):
        connection.execute("insert into t values (1)")


def test_a_second_writer_is_told_to_wait(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    other = "import sys, pathlib, tierline.warehouse as w; w.open_connection(pathlib.Path(sys.argv[1]))"

    with connect(path):
        blocked = subprocess.run([sys.executable, "-c", other, str(path)], capture_output=True, text=True, check=False)

    assert "Wait for the other run to end" in blocked.stderr


def test_a_file_that_is_no_warehouse_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "w.duckdb").write_bytes(b"not a database" * 1000)

    with pytest.raises(TierlineError, match="cannot open the warehouse"), connect(tmp_path / "w.duckdb"):
        pass


def test_a_hostile_name_stays_one_identifier() -> None:
    with connect() as connection:
        name = 'a"; drop table x; --'
        connection.execute(f"create table t ({quote_identifier(name)} int)")

        assert [column[0] for column in connection.execute("from t").description] == [name]
