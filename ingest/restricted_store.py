"""The restricted store: a folder that only its owner may enter, and the DuckDB file in it."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from tierline.errors import ConfigError
from tierline.home import Home
from tierline.settings import Settings
from tierline.warehouse import connect

FOLDER_MODE = 0o700
FILE_MODE = 0o600
_OTHERS = 0o077


def make_private_folder(folder: Path) -> None:
    """Makes the folder, and those above it that are missing, for the owner alone; one that exists stays as it is."""
    for missing in reversed([parent for parent in (folder, *folder.parents) if not parent.exists()]):
        missing.mkdir(mode=FOLDER_MODE, exist_ok=True)


def require_private_store(home: Home) -> None:
    """Raises ConfigError where another account owns or may open any folder or file of the restricted store."""
    for path in (home.restricted, *sorted(home.restricted.rglob("*"))):
        _require_private(path)


@contextmanager
def restricted_connection(
    home: Home, settings: Settings, *, read_only: bool = False, database: Path | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Opens the DuckDB file of the restricted store; files that DuckDB makes, temporary ones included, stay private.

    `database` is another file inside the store. Raises ConfigError where another account owns or may open anything of
    the store.
    """
    make_private_folder(home.restricted)
    require_private_store(home)
    former = os.umask(_OTHERS)
    try:
        with connect(
            database or home.restricted_warehouse,
            read_only=read_only,
            memory_limit=settings.memory_limit,
            threads=settings.threads,
            temp_directory=home.restricted / ".temporary",
        ) as connection:
            yield connection
    finally:
        os.umask(former)


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
