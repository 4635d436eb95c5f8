"""Landing: the bytes of a source as they came, each file under its own hash, beside a note of where it came from."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.landing_records import (
    LandedFile,
    PresentState,
    read_current,
    read_values,
    rebuilt,
    whole_batches,
)
from ingest.restricted_landing import opened_file, put_in_landing
from ingest.restricted_store import FILE_MODE, make_private_folder
from ingest.sidecar import KEPT, SUFFIX, read_sidecar
from ingest.spec import SourceSpec
from tierline.errors import FetchError
from tierline.files import sha256_of_file
from tierline.home import Home
from tierline.log import get_logger

__all__ = ["LandedFile", "Landing", "PresentState", "landing_of"]

_LOG = get_logger(__name__)
_OPEN_FILE_MODE = 0o644
_LOCK = ".lock"
_FETCH_PREFIX = ".fetch-"


@dataclass(frozen=True)
class Landing:
    """The landing of one source: a folder, private for a restricted source, whose files it seals if `seals`."""

    folder: Path
    is_restricted: bool
    home: Home | None = None
    seals: bool = False

    @property
    def file_mode(self) -> int:
        """Mode of the files in it."""
        return FILE_MODE if self.is_restricted else _OPEN_FILE_MODE

    def make_folder(self, folder: Path) -> None:
        """Makes a folder of the landing, with the mode that its source needs."""
        if self.is_restricted:
            make_private_folder(folder)
        else:
            folder.mkdir(parents=True, exist_ok=True)

    def present_files(self, landed_by: date | None = None) -> list[LandedFile]:
        """Gives the files that are the source's present state, or its state of a day, those with the same bytes once.

        The state of the day `landed_by` knows nothing that a run for a later day has landed. Where all of it was
        landed for later days, there is no other state than the present one: it is taken, with a warning.
        Raises FetchError where nothing was ever landed.
        """
        present = read_current(self.folder) or self.rebuilt_state()
        if present is None:
            raise FetchError("nothing has landed yet", remedy="Fetch it first: tierline fetch")
        if landed_by is not None and present.arrival.as_of > landed_by.isoformat():
            present = rebuilt(self.folder, landed_by) or self._taken_as_known(present, landed_by)
        unique: dict[str, LandedFile] = {}
        for file in present.files:
            unique.setdefault(file.sha256, file)
        return list(unique.values())

    def _taken_as_known(self, present: PresentState, day: date) -> PresentState:
        _LOG.warning(
            "%s: all that landed is of runs for a later day, first %s; it is taken as known on %s (give known_on)",
            self.folder.name,
            min(batch.arrival.as_of for batch in whole_batches(self.folder)),
            day,
        )
        return present

    def present_state(self) -> PresentState | None:
        """Gives the present state with what the connector keeps; None where nothing was ever landed."""
        present = read_current(self.folder)
        values = read_values(self.folder, present.batch) if present else None
        if present is None or values is None:
            return self.rebuilt_state() or present
        return PresentState(present.batch, present.arrival, values, present.files)

    def rebuilt_state(self) -> PresentState | None:
        """Gives the present state as the sidecars alone tell it; None where they tell of none."""
        return rebuilt(self.folder)

    def is_intact(self, file: LandedFile) -> bool:
        """Tells whether a file is there with its size and its note; its bytes are compared when it is loaded."""
        path = self.folder / file.sha256 / file.name
        is_whole = path.is_file() and (self.is_restricted or path.stat().st_size == file.size)
        return is_whole and path.with_name(path.name + SUFFIX).is_file()

    def put(self, plain: Path, file: LandedFile) -> None:
        """Moves a fetched file to its place, in one step."""
        landed = self.folder / file.sha256 / file.name
        if self.home is not None and self.is_restricted:
            put_in_landing(self.home, plain, landed, seals=self.seals)
        else:
            os.replace(plain, landed)

    def verified(self, file: LandedFile) -> Path:
        """Gives a path with the bytes of the file, after comparing them with its hash.

        A sealed file is opened for it, inside `opened_files`. Of one from which records were withheld, what is left is
        compared. Raises FetchError where the bytes changed.
        """
        path = self.folder / file.sha256 / file.name
        if self.home is not None and path.is_file():
            path = opened_file(self.home, path)
        if not path.is_file() or sha256_of_file(path) not in {file.sha256, self._kept_sha256(file)}:
            raise FetchError(
                f"the landed file {file.name} is missing or its bytes changed",
                remedy="Remove its folder from the landing and fetch the source again; landed files are never edited.",
            )
        return path

    def _kept_sha256(self, file: LandedFile) -> str | None:
        if not self.is_restricted:
            return None
        kept = read_sidecar(self.folder / file.sha256 / file.name).get(KEPT)
        return str(kept) if kept is not None else None

    @contextmanager
    def claimed(self) -> Iterator[Path]:
        """Keeps other fetches out and gives an empty folder to fetch into, which is gone afterwards.

        What a killed fetch left is removed. Raises FetchError where another fetch is at work.
        """
        self.make_folder(self.folder)
        descriptor = os.open(self.folder / _LOCK, os.O_CREAT | os.O_RDWR, FILE_MODE)
        try:
            _take(descriptor)
            _remove_leftovers(self.folder)
            folder = Path(tempfile.mkdtemp(dir=self.folder, prefix=_FETCH_PREFIX))
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(descriptor)


def landing_of(home: Home, source_name: str, spec: SourceSpec, *, seals: bool = True) -> Landing:
    """Gives the landing of a source, which is inside the restricted store for a restricted one, and `seals` there."""
    if not spec.is_restricted:
        return Landing(home.landing / source_name, is_restricted=False)
    return Landing(home.restricted / "landing" / source_name, is_restricted=True, home=home, seals=seals)


def _take(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise FetchError("another fetch of this source is at work", remedy="Wait until it has ended.") from error


def _remove_leftovers(folder: Path) -> None:
    left = [path for path in folder.iterdir() if path.name.startswith(".") and path.name != _LOCK]
    if not left:
        return
    # temporary files beside landed ones are only left by a fetch that also left its own folder
    for path in [*left, *folder.glob("[!.]*/.*")]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    _LOG.info("removed what a fetch of %s left that was killed", folder.name)
