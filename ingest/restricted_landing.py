"""Landed files of restricted sources: sealed where they lie, opened in the restricted store while they are read."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.restricted_store import FILE_MODE, make_private_folder, store_key
from ingest.sealed_files import is_sealed, open_sealed, seal_file
from ingest.sidecar import SUFFIX
from tierline.files import sync_folder
from tierline.home import Home

_OPENED = ".opened-"


def put_in_landing(home: Home, plain: Path, landed: Path, *, seals: bool) -> None:
    """Moves a file to its place in the landing of a restricted source, in one step; sealed where asked for."""
    if not seals:
        os.replace(plain, landed)
        return
    draft = landed.with_name(f".{landed.name}.sealing")
    seal_file(plain, draft, store_key(home), FILE_MODE)
    os.replace(draft, landed)
    plain.unlink()


def opened_file(home: Home, landed: Path) -> Path:
    """Gives a path with the bytes of a landed file, beside its note; inside `opened_files`, which removes both."""
    if not is_sealed(landed):
        return landed
    folder = home.restricted / f"{_OPENED}{os.getpid()}" / landed.parent.name
    make_private_folder(folder)
    plain = folder / landed.name
    open_sealed(landed, plain, store_key(home), FILE_MODE)
    note = landed.with_name(landed.name + SUFFIX)
    if note.exists():
        shutil.copy2(note, plain.with_name(note.name))
    return plain


@contextmanager
def opened_files(home: Home) -> Iterator[None]:
    """Removes afterwards what was opened meanwhile, and at once what a killed process left open."""
    for left in home.restricted.glob(f"{_OPENED}*"):
        if not _is_alive(left.name.removeprefix(_OPENED)):
            shutil.rmtree(left, ignore_errors=True)
    try:
        yield
    finally:
        shutil.rmtree(home.restricted / f"{_OPENED}{os.getpid()}", ignore_errors=True)


def landed_objects(folder: Path) -> list[Path]:
    """Gives every file that ever landed in the folder of a source and is still there, present or not."""
    return [path for path in sorted(folder.glob("[!.]*/[!.]*")) if path.is_file() and not path.name.endswith(SUFFIX)]


def seal_what_is_plain(home: Home, folder: Path) -> None:
    """Seals in place what an earlier version landed as it came."""
    for landed in landed_objects(folder):
        if is_sealed(landed):
            continue
        draft = landed.with_name(f".{landed.name}.sealing")
        seal_file(landed, draft, store_key(home), FILE_MODE)
        os.replace(draft, landed)
        sync_folder(landed.parent)


@contextmanager
def work_folder(home: Home) -> Iterator[Path]:
    """Gives an empty private folder inside the restricted store, which is gone afterwards."""
    make_private_folder(home.restricted)
    with tempfile.TemporaryDirectory(prefix=f"{_OPENED}{os.getpid()}-", dir=home.restricted) as folder:
        yield Path(folder)


def _is_alive(process: str) -> bool:
    try:
        os.kill(int(process.split("-", maxsplit=1)[0]), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
