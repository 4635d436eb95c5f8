"""Landing: the bytes of a source as they came, each file under its own hash, beside a note of where it came from."""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from ingest.restricted_store import FILE_MODE, make_private_folder
from ingest.spec import SourceSpec
from ingest.unpacking import ExpansionLimit, verify_packed
from tierline.errors import FetchError
from tierline.files import sha256_of_file, sync_folder, write_json_atomically
from tierline.home import Home
from tierline.log import get_logger

_LOG = get_logger(__name__)
_CHUNK_BYTES = 1 << 20
_PRESENT = "current.json"
_SIDECAR_SUFFIX = ".origin.json"
_OPEN_FILE_MODE = 0o644


@dataclass(frozen=True)
class LandedFile:
    """One file in the landing: its name as it came, the SHA-256 of its bytes and its size in bytes.

    What came over HTTP has its address without any secret, the headers etag, last_modified and content_type, the number
    of records that the source announced, and its position in the source: window_from, window_to, page, cursor.
    """

    name: str
    sha256: str
    size: int
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, hash=False)
    announced_total: int | None = None
    position: Mapping[str, str | int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Arrival:
    """What a sidecar says about how files came: the configured path, and the run that fetched them."""

    origin: str
    run_id: str
    as_of: str


@dataclass(frozen=True)
class Landing:
    """The landing of one source: a folder, private for a restricted source."""

    folder: Path
    is_restricted: bool

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

    def present_files(self) -> list[LandedFile]:
        """Gives the files that are the source's present state; raises FetchError where nothing was ever landed."""
        try:
            listed = json.loads((self.folder / _PRESENT).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise FetchError("nothing has landed yet", remedy="Fetch it first: tierline fetch") from None
        return [LandedFile(**entry) for entry in listed["files"]]

    def verified(self, file: LandedFile) -> Path:
        """Gives the path of the file after comparing its bytes with its hash; raises FetchError where they changed."""
        path = self.folder / file.sha256 / file.name
        if not path.is_file() or sha256_of_file(path) != file.sha256:
            raise FetchError(
                f"the landed file {file.name} is missing or its bytes changed",
                remedy="Remove its folder from the landing and fetch the source again; landed files are never edited.",
            )
        return path


def landing_of(home: Home, source_name: str, spec: SourceSpec) -> Landing:
    """Gives the landing of a source, which is inside the restricted store for a restricted one."""
    root = home.restricted / "landing" if spec.is_restricted else home.landing
    return Landing(root / source_name, spec.is_restricted)


def land(
    landing: Landing, files: Iterable[Path], *, spec: SourceSpec, arrival: Arrival, limit: ExpansionLimit
) -> list[LandedFile]:
    """Copies files into the landing and makes them the source's present state; gives them in order.

    Each is copied to a temporary file, verified and moved into place in one step. A file with the bytes of another is
    landed once. Raises FetchError where a file is empty, damaged, truncated or unpacks to more than the limit: the
    present state is then as before.
    """
    landing.make_folder(landing.folder)
    landed: dict[str, LandedFile] = {}
    for path in files:
        file = _land_one(landing, path, spec, limit)
        if file.sha256 in landed:
            _LOG.warning("%s has the same bytes as %s and is read once", file.name, landed[file.sha256].name)
            continue
        landed[file.sha256] = file
        sidecar = landing.folder / file.sha256 / (file.name + _SIDECAR_SUFFIX)
        write_json_atomically(sidecar, _sidecar(file, path, spec, arrival), landing.file_mode)
    present = {**asdict(arrival), "files": [asdict(file) for file in landed.values()]}
    write_json_atomically(landing.folder / _PRESENT, present, landing.file_mode)
    return list(landed.values())


def _land_one(landing: Landing, path: Path, spec: SourceSpec, limit: ExpansionLimit) -> LandedFile:
    descriptor, name = tempfile.mkstemp(dir=landing.folder, prefix=".landing-")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as target:
            os.fchmod(target.fileno(), landing.file_mode)
            sha256, size = _copied(path, target)
            target.flush()
            os.fsync(target.fileno())
        file = LandedFile(path.name, sha256, size)
        _verify(temporary, file, spec, limit)
        folder = landing.folder / sha256
        landing.make_folder(folder)
        os.replace(temporary, folder / file.name)
        sync_folder(folder)
    finally:
        temporary.unlink(missing_ok=True)
    return file


def _copied(path: Path, target: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
    except PermissionError as error:
        raise FetchError(f"{path.name} may not be read", remedy="Give the account of the run the right.") from error
    return digest.hexdigest(), size


def _verify(temporary: Path, file: LandedFile, spec: SourceSpec, limit: ExpansionLimit) -> None:
    if file.size == 0:
        raise FetchError(f"{file.name} is empty (0 bytes)", remedy="Fetch it again from its publisher.")
    is_spreadsheet = spec.format.kind == "xlsx"
    verify_packed(temporary, file.name, is_spreadsheet=is_spreadsheet, member=spec.format.member, limit=limit)


def _sidecar(file: LandedFile, path: Path, spec: SourceSpec, arrival: Arrival) -> dict[str, Any]:
    return {
        **asdict(arrival),
        **asdict(file),
        "modified_at": datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(),
        "announced_total": None,
        "declared_id": spec.id,
        "publisher": spec.publisher,
        "licence": spec.licence.model_dump(),
        "citation": spec.citation,
    }
