"""The one place that opens DuckDB files."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from tierline.errors import TierlineError


def open_connection(
    path: Path | None = None,
    *,
    read_only: bool = False,
    memory_limit: str = "4GB",
    threads: int | None = None,
    temp_directory: Path | None = None,
    newest_storage: bool = False,
) -> duckdb.DuckDBPyConnection:
    """Gives an open connection, in memory where no path is given; the caller closes it.

    Extensions are never downloaded. A file that is made anew can be read by older versions of DuckDB, unless
    `newest_storage` asks for the layout of this version, which is faster to write. Raises TierlineError where the file
    is missing, locked by another process or not a DuckDB file.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if threads is not None:
        config["threads"] = threads
    if temp_directory is not None:
        config["temp_directory"] = str(temp_directory)
    if newest_storage:
        config["storage_compatibility_version"] = "latest"
    if path is not None and not read_only:
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(":memory:" if path is None else str(path), read_only=read_only, config=config)
    except duckdb.Error as error:
        raise TierlineError(
            f"cannot open the warehouse {path}: {error}",
            remedy="Wait for the other run to end (DuckDB has one writer), or check the file and its permissions.",
        ) from error
    connection.execute("SET TimeZone = 'UTC'")
    # a bar is for a person who watches, not for a log
    connection.execute(f"SET enable_progress_bar = {str(sys.stderr.isatty()).lower()}")
    return connection


@contextmanager
def connect(
    path: Path | None = None,
    *,
    read_only: bool = False,
    memory_limit: str = "4GB",
    threads: int | None = None,
    temp_directory: Path | None = None,
    newest_storage: bool = False,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Opens the DuckDB file for the length of a `with` block and closes it whatever happens; see `open_connection`."""
    connection = open_connection(
        path,
        read_only=read_only,
        memory_limit=memory_limit,
        threads=threads,
        temp_directory=temp_directory,
        newest_storage=newest_storage,
    )
    try:
        yield connection
    finally:
        connection.close()


def quote_identifier(name: str) -> str:
    """Gives the name as a quoted SQL identifier, safe for names that come from data."""
    return '"' + name.replace('"', '""') + '"'
