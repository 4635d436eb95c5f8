"""Finds the record that a row came from: the landed file, its hash compared again, and the place in its bytes."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ingest.landing import LandedFile, Landing, landing_of
from ingest.load import sources_folder
from ingest.origin.address import RecordAddress
from ingest.origin.fates import Fate, fate_of
from ingest.origin.in_document import place_in_document
from ingest.origin.in_page import place_in_page
from ingest.origin.in_parquet import place_in_parquet
from ingest.origin.in_text import place_in_delimited, place_in_json_lines
from ingest.origin.in_workbook import place_in_workbook
from ingest.origin.places import Place
from ingest.pseudonym import file_pseudonym, pseudonym_key
from ingest.restricted_landing import opened_files
from ingest.restricted_store import require_private_store
from ingest.sidecar import SUFFIX, read_sidecar
from ingest.spec import SourceSpec, load_spec
from ingest.unpacking import ExpansionLimit, compression_of, unpacked_chunks
from tierline.errors import ConfigError, ContractError, FetchError, TierlineError
from tierline.run import Run

_TEXT_PLACES = {"csv": place_in_delimited, "jsonl": place_in_json_lines, "json": place_in_document}


@dataclass(frozen=True)
class Origin:
    """A record and everything known of where it came from.

    `sidecar` is None where the note beside the file is lost. `packing` is gzip, zip or None; ranges are of the unpacked
    bytes. `fate` is what the last load made of the record; None where this file is not what is loaded now.
    """

    address: RecordAddress
    spec: SourceSpec
    file: LandedFile
    path: Path
    is_present: bool
    packing: str | None
    sidecar: Mapping[str, Any] | None
    place: Place
    fate: Fate | None


def find_origin(run: Run, address: RecordAddress, *, restricted: bool = False) -> Origin:
    """Gives the origin of a record, after comparing the landed file with its hash.

    A restricted source is only read where `restricted` asks for it and the restricted store belongs to the account of
    the process. Raises ConfigError for a source that is not configured or may not be read and for record 0, FetchError
    where no such file has landed or its bytes changed, ContractError where it has no such record.
    """
    config = run.settings.source(address.source)
    spec = load_spec(config.id, sources_folder(run))
    _require_one_record(spec, address)
    _require_right(run, spec, address.source, restricted=restricted)
    landing = landing_of(run.home, address.source, spec)
    told = partial(file_pseudonym, pseudonym_key(run.home)) if spec.is_restricted else None
    file = _landed_file(landing, address.hash_prefix, told)
    try:
        with opened_files(run.home) if spec.is_restricted else nullcontext(), _work_folder(run, spec) as work:
            path = landing.verified(file)
            limit = ExpansionLimit(most_bytes=run.settings.expansion_limit_bytes)
            place = place_of(path, file.name, spec, address.record_no, work=work, limit=limit)
            packing = None if spec.format.kind == "xlsx" else compression_of(path)
    except TierlineError as error:
        error.source, error.record = address.source, str(address.record_no)
        raise
    landed = landing.folder / file.sha256 / file.name
    return Origin(
        address=address,
        spec=spec,
        file=file,
        path=landed,
        is_present=file.sha256 in _present_hashes(landing),
        packing=packing,
        sidecar=_sidecar(landed),
        place=place,
        fate=fate_of(run, spec, address.source, file.sha256, address.record_no),
    )


def _require_one_record(spec: SourceSpec, address: RecordAddress) -> None:
    if address.record_no:
        return
    if spec.is_survey:
        raise ConfigError(
            "the row stands for many records, and has no single one as its origin",
            source=address.source,
            remedy="A survey class is made of a whole wave of answers, and never leads back to one of them.",
        )
    raise ConfigError(
        "there is no record 0: record numbers begin at 1",
        source=address.source,
        remedy="The first record is number 1; the line of the headings is not counted.",
    )


def _require_right(run: Run, spec: SourceSpec, source: str, *, restricted: bool) -> None:
    if not spec.is_restricted:
        return
    if not restricted:
        raise ConfigError(
            "its records are answers of single workers and are not shown",
            source=source,
            remedy="Whoever owns the restricted store may look at one with --restricted; nothing of it is kept.",
        )
    require_private_store(run.home)


def _landed_file(landing: Landing, prefix: str, told: Callable[[str], str] | None) -> LandedFile:
    """Gives the landed file whose hash begins so, or of a restricted source what is `told` outside for its hash."""
    folders = [path for path in sorted(landing.folder.glob(f"{prefix}*")) if path.is_dir()]
    if told and not folders:
        landed = [path for path in sorted(landing.folder.glob("*")) if path.is_dir()]
        folders = [path for path in landed if told(path.name).startswith(prefix)]
    if len(folders) != 1:
        found = "no file" if not folders else f"{len(folders)} files"
        raise FetchError(
            f"{found} of {landing.folder.name} landed with a hash that begins with {prefix}",
            remedy="Give more digits."
            if folders
            else "Compare with snapshot_sha256; the landing may have been purged.",
        )
    sha256 = folders[0].name
    present = {file.sha256: file for file in _present_files(landing)}
    if sha256 in present:
        return present[sha256]
    files = [path for path in sorted(folders[0].iterdir()) if path.is_file() and _is_landed(path)]
    if not files:
        raise FetchError("the landed file is missing", remedy="Restore the landing from a backup, or fetch it again.")
    return LandedFile(files[0].name, sha256, files[0].stat().st_size)


def _is_landed(path: Path) -> bool:
    return not path.name.startswith(".") and not path.name.endswith(SUFFIX)


def _present_files(landing: Landing) -> list[LandedFile]:
    try:
        return landing.present_files()
    except FetchError:
        return []


def _present_hashes(landing: Landing) -> set[str]:
    return {file.sha256 for file in _present_files(landing)}


def _sidecar(path: Path) -> dict[str, Any] | None:
    try:
        return read_sidecar(path)
    except FetchError:
        return None


def place_of(path: Path, name: str, spec: SourceSpec, record_no: int, *, work: Path, limit: ExpansionLimit) -> Place:
    """Gives the place of a record of a file, numbered as a load numbers it; `work` is a folder for temporary files.

    Raises ContractError where the file has no such record or cannot be read, FetchError as unpacking does.
    """
    kind = spec.format.kind
    if kind == "xlsx":
        return place_in_workbook(path, name, spec, record_no)
    if kind == "parquet":
        return place_in_parquet(path, name, spec, record_no, work=work, limit=limit)
    plain = _unpacked(path, name, spec, work, limit)
    try:
        if kind == "html":
            return place_in_page(plain, name, spec, record_no)
        return _TEXT_PLACES[kind](plain, name, spec.format, record_no)
    except UnicodeError:
        raise ContractError(
            f"{name} is not text in the declared encoding {spec.format.encoding}",
            remedy="It was never loaded with this declaration; correct format.encoding.",
        ) from None


def _unpacked(path: Path, name: str, spec: SourceSpec, work: Path, limit: ExpansionLimit) -> Path:
    if compression_of(path) is None:
        return path
    plain = work / "unpacked"
    with plain.open("wb") as stream:
        for chunk in unpacked_chunks(path, name, member=spec.format.member, limit=limit):
            stream.write(chunk)
    return plain


@contextmanager
def _work_folder(run: Run, spec: SourceSpec) -> Iterator[Path]:
    root = run.home.restricted if spec.is_restricted else None
    with tempfile.TemporaryDirectory(prefix=".origin-", dir=root) as folder:
        yield Path(folder)
