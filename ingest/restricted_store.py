"""The restricted store: a folder that only its owner may enter, and the DuckDB file in it, encrypted at rest."""

import importlib.util
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ingest.secret_keys import SecretKey
from tierline.errors import ConfigError
from tierline.files import sync_folder
from tierline.home import Home
from tierline.settings import Settings
from tierline.warehouse import attach_encrypted, attach_plain, is_encrypted, open_connection, open_encrypted

STORE_KEY = SecretKey(
    file_name="restricted.key",
    variable="TIERLINE_RESTRICTED_KEY",
    title="key of the restricted store",
    if_exposed="encrypt the store with another key",
    if_lost="Without the key that it was made with, the store cannot be read by anyone.",
)
FOLDER_MODE = 0o700
FILE_MODE = 0o600
_OTHERS = 0o077
_DRAFT = ".new"
SEALED_SUFFIX = ".sealed"


def make_private_folder(folder: Path) -> None:
    """Makes the folder, and those above it that are missing, for the owner alone; one that exists stays as it is."""
    for missing in reversed([parent for parent in (folder, *folder.parents) if not parent.exists()]):
        missing.mkdir(mode=FOLDER_MODE, exist_ok=True)


def require_private_store(home: Home) -> None:
    """Raises ConfigError where another account owns or may open any folder or file of the restricted store."""
    for path in (home.restricted, *sorted(home.restricted.rglob("*"))):
        _require_private(path)


def store_key(home: Home) -> bytes:
    """Gives the key of the restricted store, made at its first use.

    Raises ConfigError where the key is malformed or open to others, or is missing while what it encrypts is there: a
    new key would open nothing.
    """
    if not STORE_KEY.is_given(home) and _holds_encrypted(home):
        raise ConfigError(
            f"the {STORE_KEY.title} is missing ({STORE_KEY.path(home).name})",
            remedy=f"Restore keys/{STORE_KEY.file_name} from a backup, or give it as {STORE_KEY.variable}.",
        )
    return STORE_KEY.read(home)


@contextmanager
def restricted_connection(
    home: Home, settings: Settings, *, read_only: bool = False, database: Path | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Opens the DuckDB file of the restricted store; files that DuckDB makes, temporary ones included, stay private.

    `database` is another file inside the store. A file that an earlier version or another configuration left plain is
    encrypted first, and one left encrypted is opened as it is. Raises ConfigError where another account owns or may
    open anything of the store, or its key is missing or wrong.
    """
    make_private_folder(home.restricted)
    require_private_store(home)
    former = os.umask(_OTHERS)
    try:
        connection = _open(home, settings, database or home.restricted_warehouse, read_only=read_only)
        try:
            yield connection
        finally:
            connection.close()
    finally:
        os.umask(former)


def rewrite_store(home: Home, settings: Settings, database: Path | None = None) -> None:
    """Copies the store into a fresh file that takes its place: what was deleted is then in no file any more.

    DuckDB leaves deleted rows in its blocks until they are used again. The copy is encrypted as the configuration says,
    so that a plain store becomes an encrypted one. Killed at any moment, the old file or the new one is there, whole.
    """
    path = database or home.restricted_warehouse
    draft = path.with_name(f".{path.name}{_DRAFT}")
    former = os.umask(_OTHERS)
    try:
        _remove_database(draft)
        _copy_database(home, settings, path, draft)
        with draft.open("rb") as stream:
            os.fsync(stream.fileno())
        os.replace(draft, path)
        sync_folder(path.parent)
    finally:
        _remove_database(draft)
        os.umask(former)


def _open(home: Home, settings: Settings, path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    if settings.encrypt_restricted and path.exists() and not is_encrypted(path):
        rewrite_store(home, settings, path)
    if settings.encrypt_restricted or (path.exists() and is_encrypted(path)):
        return open_encrypted(
            path,
            store_key(home),
            extension=_cryptography(),
            read_only=read_only,
            memory_limit=settings.memory_limit,
            threads=settings.threads,
            temp_directory=_temporary(home),
        )
    return open_connection(
        path,
        read_only=read_only,
        memory_limit=settings.memory_limit,
        threads=settings.threads,
        temp_directory=_temporary(home),
    )


def _copy_database(home: Home, settings: Settings, path: Path, draft: Path) -> None:
    connection = open_connection(
        memory_limit=settings.memory_limit, threads=settings.threads, temp_directory=_temporary(home)
    )
    try:
        for name, file, is_secret in (
            ("before", path, is_encrypted(path)),
            ("after", draft, settings.encrypt_restricted),
        ):
            if is_secret:
                connection.load_extension(str(_cryptography()))
                connection.execute("SET temp_file_encryption = true")
                attach_encrypted(connection, file, store_key(home), name=name)
            else:
                attach_plain(connection, file, name=name)
        connection.execute("COPY FROM DATABASE before TO after")
        connection.execute("CHECKPOINT after")
    finally:
        connection.close()


def _remove_database(path: Path) -> None:
    for file in (path, path.with_name(path.name + ".wal")):
        file.unlink(missing_ok=True)


def _holds_encrypted(home: Home) -> bool:
    path = home.restricted_warehouse
    return (path.exists() and is_encrypted(path)) or any(home.restricted.glob("landing/*/*/*" + SEALED_SUFFIX))


def _temporary(home: Home) -> Path:
    return home.restricted / ".temporary"


def _cryptography() -> Path:
    """Gives the extension whose cryptography DuckDB writes encrypted files with."""
    package = importlib.util.find_spec("duckdb_extension_httpfs")
    places = package.submodule_search_locations if package else None
    found = Path(next(iter(places or [""]))) / "extensions" / f"v{duckdb.__version__}" / "httpfs.duckdb_extension"
    if not found.is_file():
        raise ConfigError(
            "the restricted store cannot be encrypted: the httpfs extension of this version of DuckDB is not installed",
            remedy=f"Install duckdb-extension-httpfs {duckdb.__version__}, or set encrypt_restricted: false, and then"
            " see to it that the disk is encrypted.",
        )
    return found


def _require_private(path: Path) -> None:
    try:
        state = path.lstat()
    except FileNotFoundError:
        return
    if state.st_uid != os.getuid():
        raise ConfigError(
            f"{path.name} of the restricted store belongs to another account",
            remedy="Run under the account that owns the restricted store.",
        )
    if not stat.S_ISLNK(state.st_mode) and stat.S_IMODE(state.st_mode) & _OTHERS:
        wanted = FOLDER_MODE if stat.S_ISDIR(state.st_mode) else FILE_MODE
        raise ConfigError(
            f"other accounts may open {path.name} of the restricted store",
            remedy=f"Take the right away (chmod {wanted:o}), and find out who may have read it.",
        )
