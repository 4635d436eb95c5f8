"""Rewriting the restricted store after something was deleted, also where the deletion was killed halfway."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.restricted_store import FILE_MODE, make_private_folder, rewrite_store
from tierline.home import Home
from tierline.run import Run


@contextmanager
def rewriting_due(run: Run) -> Iterator[None]:
    """Rewrites the store after the block; a mark stays until then, by which `finish_rewriting` knows."""
    make_private_folder(run.home.restricted)
    _mark(run.home).touch(mode=FILE_MODE)
    yield
    finish_rewriting(run)


def finish_rewriting(run: Run) -> None:
    """Rewrites the store where a deletion asks for it; nothing else is done."""
    mark = _mark(run.home)
    if not mark.exists():
        return
    if run.home.restricted_warehouse.exists():
        rewrite_store(run.home, run.settings)
    mark.unlink()


def _mark(home: Home) -> Path:
    return home.restricted / ".rewriting-due"
