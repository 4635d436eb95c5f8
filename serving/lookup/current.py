"""The publication that is read now: held open, and changed for the new one between two requests, never under one."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb

from serving.manifest import read_manifest
from serving.publications.current import CURRENT, DATABASE
from serving.search import SupplierIndex, build_index, is_index_of, open_index
from serving.search.files import FOLDER
from tierline.errors import TierlineError
from tierline.log import get_logger
from tierline.publications import nothing_current, publications_ledger, retraction_in_words, standing
from tierline.warehouse import open_connection

_LOG = get_logger(__name__)
_MEMORY_LIMIT = "1GB"


@dataclass(frozen=True)
class Reading:
    """What one request reads: one publication from its first row to its last."""

    folder: Path
    manifest: dict[str, Any]
    index: SupplierIndex
    connection: duckdb.DuckDBPyConnection
    """A cursor of its own on the read-only DuckDB file."""
    retraction: str | None = None
    """Why the publication was retracted, where it was and no other stands in its place yet."""

    @property
    def as_of(self) -> date:
        """The day the publication speaks for."""
        return date.fromisoformat(self.manifest["as_of"])

    @property
    def run_id(self) -> str:
        """The run that made it."""
        return str(self.manifest["run_id"])


@dataclass
class _Open:
    folder: Path
    manifest: dict[str, Any]
    index: SupplierIndex
    database: duckdb.DuckDBPyConnection
    readers: int = 0
    is_left: bool = False


@dataclass
class _Standing:
    """Which runs were retracted, as the ledger said when it had this state."""

    state: tuple[int, int] | None = None
    retracted: dict[str, str] = field(default_factory=dict)


def require_publication(published: Path) -> None:
    """Raises TierlineError that says why there is nothing to read, where that is so."""
    if not (published / CURRENT).exists():
        raise nothing_current(published)


class CurrentPublication:
    """Holds open what `current` points to; many threads may read at once.

    Where `current` has moved, the next reading opens the new publication, while others go on with the old one, which is
    closed when its last reader has gone. A new one that cannot be opened is told in the log and the old one kept.
    """

    def __init__(self, published: Path) -> None:
        self._published = published
        self._lock = Lock()
        self._opening = Lock()
        self._open: _Open | None = None
        self._refused: str | None = None
        self._standing = _Standing()
        self._scratch: dict[str, tempfile.TemporaryDirectory[str]] = {}

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Gives the publication for the length of a `with` block; raises TierlineError where none holds."""
        held = self._held()
        cursor = held.database.cursor()
        try:
            yield Reading(held.folder, held.manifest, held.index, cursor, self._retraction(held.folder.name))
        finally:
            cursor.close()
            self._leave(held)

    def close(self) -> None:
        """Closes what is open; readings that still go on end first."""
        with self._lock:
            left, self._open = self._open, None
        if left is not None:
            self._retire(left)

    def _held(self) -> _Open:
        name = self._name()
        with self._lock:
            fits = self._open is not None and name in (self._open.folder.name, self._refused)
            if fits and self._open is not None:
                self._open.readers += 1
                return self._open
        self._change_to(name)
        with self._lock:
            if self._open is None:
                raise nothing_current(self._published)
            self._open.readers += 1
            return self._open

    def _name(self) -> str:
        try:
            return (self._published / CURRENT).readlink().name
        except OSError:
            raise nothing_current(self._published) from None

    def _change_to(self, name: str) -> None:
        # while one thread opens the new one, the others go on with the old one, if there is any
        if not self._opening.acquire(blocking=self._open is None):
            return
        try:
            if self._open is None or self._open.folder.name != name:
                self._open_anew(name)
        finally:
            self._opening.release()

    def _open_anew(self, name: str) -> None:
        try:
            opened = self._opened(self._published / name)
        except (TierlineError, OSError, ValueError) as error:
            self._keep_old(name, error)
            return
        with self._lock:
            left, self._open, self._refused = self._open, opened, None
        _LOG.info("reading publication %s: %d suppliers", name, opened.index.size)
        if left is not None:
            self._retire(left)

    def _keep_old(self, name: str, error: Exception) -> None:
        if self._open is None:
            raise error
        _LOG.warning("publication %s cannot be read, the one before it is kept: %s", name, error)
        with self._lock:
            self._refused = name

    def _opened(self, folder: Path) -> _Open:
        index = self._index(folder)
        database = open_connection(folder / DATABASE, read_only=True, memory_limit=_MEMORY_LIMIT)
        return _Open(folder, read_manifest(folder), index, database)

    def _index(self, folder: Path) -> SupplierIndex:
        if is_index_of(folder, folder / FOLDER):
            try:
                return open_index(folder)
            except (OSError, ValueError) as error:  # damaged, or on a disk where no lock can be set
                _LOG.warning("the index of publication %s cannot be opened: %s", folder.name, error)
        _LOG.info("publication %s has no index for this search: one is built in a temporary folder", folder.name)
        scratch = tempfile.TemporaryDirectory(prefix="tierline-search-")
        built = Path(scratch.name) / FOLDER
        build_index(folder, built)
        self._scratch[folder.name] = scratch
        return open_index(folder, built)

    def _leave(self, held: _Open) -> None:
        with self._lock:
            held.readers -= 1
            is_last = held.is_left and held.readers == 0
        if is_last:
            self._shut(held)

    def _retire(self, left: _Open) -> None:
        with self._lock:
            left.is_left = True
            is_unread = left.readers == 0
        if is_unread:
            self._shut(left)

    def _shut(self, left: _Open) -> None:
        left.database.close()
        scratch = self._scratch.pop(left.folder.name, None)
        if scratch is not None:
            shutil.rmtree(scratch.name, ignore_errors=True)
            scratch.cleanup()

    def _retraction(self, run_id: str) -> str | None:
        """Gives why the run was retracted; the ledger is read anew only where it has changed."""
        path = publications_ledger(self._published).path
        try:
            status = path.stat()
            state = status.st_mtime_ns, status.st_size
        except FileNotFoundError:
            return None
        if state != self._standing.state:
            entries = standing(self._published).retracted
            told = {run: retraction_in_words(entry) for run, entry in entries.items()}
            self._standing = _Standing(state, told)
        return self._standing.retracted.get(run_id)
