"""Puts whole folders where readers look, in one step: before it they see the old one, after it the new one."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tierline.errors import PublishError
from tierline.files import sync_folder

LEFTOVER = ".building-"
"""How names begin of what is being built or taken away; what a kill left behind is removed by who comes next."""


@contextmanager
def building_site(folder: Path, run_id: str) -> Iterator[Path]:
    """Gives an empty folder inside `folder` to build in, alone: nobody else builds there meanwhile.

    What an earlier, killed build left behind is removed first, and what is left at the end too. Raises PublishError
    where another process is building.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder):
        remove_leftovers(folder)
        building = folder / f"{LEFTOVER}{run_id}"
        building.mkdir()
        try:
            yield building
        finally:
            remove_leftovers(folder)


def promote(building: Path, target: Path) -> None:
    """Gives the built folder its final name, after all of it has reached the disk; `target` must not exist."""
    sync_tree(building)
    os.replace(building, target)
    sync_folder(target.parent)


def point(link: Path, target: Path) -> None:
    """Makes `link` point to `target`, a folder beside it, in one step."""
    temporary = link.parent / f"{LEFTOVER}{link.name}"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target.name)
    os.replace(temporary, link)
    sync_folder(link.parent)


def sync_tree(folder: Path) -> None:
    """Makes every file and folder below `folder` reach the disk."""
    for root, _, files in os.walk(folder):
        for name in files:
            _sync_file(Path(root) / name)
        sync_folder(Path(root))


def _sync_file(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Lets one process at a time write to the folder; raises PublishError where another does."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise PublishError(
            f"another process is writing to {folder.name}", remedy="Wait until it has ended, then run this step again."
        ) from None
    finally:
        os.close(descriptor)


def remove_leftovers(folder: Path) -> None:
    """Removes what a killed build, or one that ended, left in the folder."""
    for path in folder.glob(f"{LEFTOVER}*"):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
