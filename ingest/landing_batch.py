"""Landing a batch: every file verified, moved under its hash and noted; then, in one step, all of them are present."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ingest.connectors.fetching import Batch, FetchedFile
from ingest.landing import Landing
from ingest.landing_records import (
    Arrival,
    BatchRecord,
    LandedFile,
    PresentState,
    after_batch,
    note_batch,
    write_present,
)
from ingest.sidecar import SUFFIX
from ingest.spec import SourceSpec
from ingest.unpacking import ExpansionLimit, verify_packed
from tierline.errors import FetchError
from tierline.files import sha256_of_file, sync_folder
from tierline.log import get_logger

_LOG = get_logger(__name__)
_LONGEST_NAME = 230


def land(
    landing: Landing,
    batch: Batch,
    *,
    number: int,
    present: PresentState | None,
    spec: SourceSpec,
    arrival: Arrival,
    limit: ExpansionLimit,
) -> PresentState:
    """Moves the files of a batch into the landing and makes them present; gives the new present state.

    `number` is higher than that of any batch before. Raises FetchError where a file is empty, damaged, truncated or
    unpacks to more than the limit: the present state is then as before.
    """
    if batch.mode == "replace" and not batch.files:
        raise FetchError("the source gave no file at all", remedy="Check its address, and what its account may read.")
    files = tuple(_verified(file, spec, limit) for file in batch.files)
    for fetched, file in zip(batch.files, files, strict=True):
        if isinstance(fetched, FetchedFile):
            _move(landing, fetched.path, file)
    record = BatchRecord(number, batch.mode, arrival, batch.state, files)
    note_batch(landing.folder, record, _terms(spec), landing.file_mode)
    after = after_batch(present, record)
    write_present(landing.folder, after, landing.file_mode)
    _tell_of_same_bytes(files)
    return after


def is_as_present(batch: Batch, present: PresentState) -> bool:
    """Tells whether landing a batch would change nothing: the same files from the same place, the same state."""
    if dict(batch.state) != dict(present.values):
        return False
    if batch.mode == "append":
        return not batch.files
    return [_described(file) for file in batch.files] == [_described(file) for file in present.files]


def _described(file: FetchedFile | LandedFile) -> tuple[object, ...]:
    sha256 = file.sha256 or sha256_of_file(file.path) if isinstance(file, FetchedFile) else file.sha256
    return file.name, sha256, file.url, dict(file.headers), file.announced_total, dict(file.position)


def _verified(fetched: FetchedFile | LandedFile, spec: SourceSpec, limit: ExpansionLimit) -> LandedFile:
    if isinstance(fetched, LandedFile):
        return fetched
    name, size = fetched.name, fetched.path.stat().st_size
    if not _is_safe(name):
        raise FetchError(f"'{name}' is no name that a landed file can have")
    if size == 0:
        raise FetchError(f"{name} is empty (0 bytes)", remedy="Fetch it again from its publisher.")
    is_spreadsheet = spec.format.kind == "xlsx"
    verify_packed(fetched.path, name, is_spreadsheet=is_spreadsheet, member=spec.format.member, limit=limit)
    sha256 = fetched.sha256 or sha256_of_file(fetched.path)
    return LandedFile(name, sha256, size, fetched.url, fetched.headers, fetched.announced_total, dict(fetched.position))


def _is_safe(name: str) -> bool:
    return (
        not name.startswith(".")
        and not name.endswith(SUFFIX)
        and "/" not in name
        and name.isprintable()
        and 0 < len(os.fsencode(name)) <= _LONGEST_NAME
    )


def _move(landing: Landing, path: Path, file: LandedFile) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fchmod(descriptor, landing.file_mode)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    folder = landing.folder / file.sha256
    landing.make_folder(folder)
    landing.put(path, file)
    sync_folder(folder)


def _terms(spec: SourceSpec) -> Mapping[str, Any]:
    return {
        "declared_id": spec.id,
        "publisher": spec.publisher,
        "licence": spec.licence.model_dump(),
        "citation": spec.citation,
    }


def _tell_of_same_bytes(files: tuple[LandedFile, ...]) -> None:
    names: dict[str, str] = {}
    for file in files:
        first = names.setdefault(file.sha256, file.name)
        if first != file.name:
            _LOG.warning("%s has the same bytes as %s and is read once", file.name, first)
