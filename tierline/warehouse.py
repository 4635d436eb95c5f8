"""The one place that opens DuckDB files."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from tierline.errors import ConfigError, TierlineError

# DuckDB's main header: checksum (8 bytes), "DUCK", version (8 bytes), flags, of which the first says encrypted
_HEADER_BYTES = 21
_FLAGS_BYTE = 20
_ENCRYPTED_FLAG = 1


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


def open_encrypted(
    path: Path,
    key: bytes,
    *,
    extension: Path,
    read_only: bool = False,
    memory_limit: str = "4GB",
    threads: int | None = None,
    temp_directory: Path | None = None,
) -> duckdb.DuckDBPyConnection:
    """Gives an open connection to an encrypted file (AES-256-GCM), whose tables are found as those of a plain one are.

    What spills to the temporary directory is encrypted too. `extension` is the httpfs extension, whose cryptography
    DuckDB writes with; it is loaded from there and nothing is installed. The key is bound as a value: it is in no
    statement and no setting. Raises ConfigError for a wrong key, TierlineError where the file cannot be opened.
    """
    connection = open_connection(memory_limit=memory_limit, threads=threads, temp_directory=temp_directory)
    try:
        connection.load_extension(str(extension))
        connection.execute("SET temp_file_encryption = true")
        attach_encrypted(connection, path, key, name="store", read_only=read_only)
        connection.execute("USE store")
    except BaseException:
        connection.close()
        raise
    return connection


def attach_encrypted(
    connection: duckdb.DuckDBPyConnection, path: Path, key: bytes, *, name: str, read_only: bool = False
) -> None:
    """Attaches an encrypted file under a name; the file is made where it is missing. Raises as `open_encrypted`."""
    connection.execute("SET VARIABLE encryption_key = ?", [key.hex()])
    mode = "READ_ONLY, " if read_only else ""
    try:
        connection.execute(
            f"ATTACH {quote_text(str(path))} AS {quote_identifier(name)} "
            f"({mode}ENCRYPTION_KEY getvariable('encryption_key'))"
        )
    except duckdb.InvalidInputException:
        raise ConfigError(
            f"the key does not open {path.name}",
            remedy="Give the key that the file was made with; without it the file cannot be read by anyone.",
        ) from None
    except duckdb.Error as error:
        raise TierlineError(
            f"cannot open the encrypted file {path.name} ({type(error).__name__})",
            remedy="Wait for the other run to end (DuckDB has one writer), or check the file and its permissions.",
        ) from None
    finally:
        connection.execute("RESET VARIABLE encryption_key")


def attach_plain(connection: duckdb.DuckDBPyConnection, path: Path, *, name: str) -> None:
    """Attaches a plain file under a name, made where it is missing; raises TierlineError where it cannot be opened."""
    try:
        connection.execute(f"ATTACH {quote_text(str(path))} AS {quote_identifier(name)}")
    except duckdb.Error as error:
        raise TierlineError(
            f"cannot open the file {path.name} ({type(error).__name__})",
            remedy="Wait for the other run to end (DuckDB has one writer), or check the file and its permissions.",
        ) from None


def is_encrypted(path: Path) -> bool:
    """Tells whether a DuckDB file is encrypted, by its header; raises OSError where it cannot be read."""
    with path.open("rb") as stream:
        header = stream.read(_HEADER_BYTES)
    return len(header) == _HEADER_BYTES and bool(header[_FLAGS_BYTE] & _ENCRYPTED_FLAG)


def quote_text(text: str) -> str:
    """Gives the text as a quoted SQL literal, for statements that take no parameters: those that make or attach."""
    return "'" + text.replace("'", "''") + "'"


def quote_identifier(name: str) -> str:
    """Gives the name as a quoted SQL identifier, safe for names that come from data."""
    return '"' + name.replace('"', '""') + '"'
