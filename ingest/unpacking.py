"""Compressed files: recognised by their first bytes, read to the end, and never unpacked without a limit."""

import fnmatch
import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, cast

from tierline.errors import FetchError

_CHUNK_BYTES = 1 << 20
_GZIP_MAGIC = b"\x1f\x8b"
_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_HIDDEN_FOLDER = "__MACOSX"
_MOST_MEMBERS = 10_000
_ENCRYPTED = 0x1
_UNPACKING_FAULTS = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError, OSError)


@dataclass(frozen=True)
class ExpansionLimit:
    """How much a compressed file may grow: in bytes, and as a multiple of its size once it is past `free_bytes`."""

    most_bytes: int = 20 * 2**30
    most_ratio: int = 200
    free_bytes: int = 64 * 2**20

    def check(self, unpacked: int, packed: int, name: str) -> None:
        """Raises FetchError where so many unpacked bytes are too many for so many packed ones."""
        if unpacked > self.most_bytes or (unpacked > self.free_bytes and unpacked > self.most_ratio * packed):
            raise FetchError(
                f"{name} unpacks to more than it may ({unpacked:,} bytes so far from {packed:,})",
                remedy="If the file is sound, unpack it yourself, or raise expansion_limit_bytes.",
            )


def compression_of(path: Path) -> str | None:
    """Gives 'gzip', 'zip' or None, by the first bytes of the file."""
    with path.open("rb") as stream:
        start = stream.read(4)
    if start.startswith(_GZIP_MAGIC):
        return "gzip"
    return "zip" if start in _ZIP_MAGIC else None


def verify_packed(path: Path, name: str, *, is_spreadsheet: bool, member: str | None, limit: ExpansionLimit) -> None:
    """Reads a compressed file to its end; a file that is not compressed is left alone. `name` is for messages.

    Raises FetchError for one that is truncated, damaged, encrypted, grows beyond the limit, or does not hold exactly
    the wanted member.
    """
    if is_spreadsheet:
        _verify_spreadsheet(path, name, limit)
    elif compression_of(path) is not None:
        for _ in unpacked_chunks(path, name, member=member, limit=limit):
            pass


def unpacked_chunks(path: Path, name: str, *, member: str | None, limit: ExpansionLimit) -> Iterator[bytes]:
    """Yields the content of a gzip or zip file in chunks; raises FetchError as `verify_packed` does."""
    packed = path.stat().st_size
    with _told_as_fetch_errors(name):
        if compression_of(path) == "gzip":
            with gzip.open(path, "rb") as stream:
                yield from _limited(cast("IO[bytes]", stream), packed, name, limit)
            return
        with zipfile.ZipFile(path) as archive, archive.open(_wanted_member(archive, member, name)) as stream:
            yield from _limited(stream, packed, name, limit)


def _limited(stream: IO[bytes], packed: int, name: str, limit: ExpansionLimit) -> Iterator[bytes]:
    unpacked = 0
    while chunk := stream.read(_CHUNK_BYTES):
        unpacked += len(chunk)
        limit.check(unpacked, packed, name)
        yield chunk


def _verify_spreadsheet(path: Path, name: str, limit: ExpansionLimit) -> None:
    packed, unpacked = path.stat().st_size, 0
    with _told_as_fetch_errors(name), zipfile.ZipFile(path) as archive:
        for entry in _safe_entries(archive, name):
            with archive.open(entry) as stream:
                while chunk := stream.read(_CHUNK_BYTES):
                    unpacked += len(chunk)
                    limit.check(unpacked, packed, name)


def _wanted_member(archive: zipfile.ZipFile, pattern: str | None, name: str) -> zipfile.ZipInfo:
    entries = [
        entry
        for entry in _safe_entries(archive, name)
        if pattern is None or fnmatch.fnmatchcase(entry.filename, pattern)
    ]
    if len(entries) != 1:
        listed = ", ".join(entry.filename for entry in entries[:5]) or "none"
        raise FetchError(
            f"{name} holds {len(entries)} files where one is wanted ({listed})",
            remedy="Name the one to read under format.member of the source's declaration, or pack it alone.",
        )
    return entries[0]


def _safe_entries(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > _MOST_MEMBERS:
        raise FetchError(f"{name} holds {len(entries):,} files", remedy="Unpack it and name the wanted file.")
    for entry in entries:
        parts = PurePosixPath(entry.filename.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts:
            raise FetchError(f"{name} holds a file with a path that leads outside", remedy="Do not trust this file.")
        if entry.flag_bits & _ENCRYPTED:
            raise FetchError(f"{name} is encrypted", remedy="Unpack it with its password and name the file inside.")
    return [
        entry
        for entry in entries
        if not entry.filename.startswith(_HIDDEN_FOLDER) and not PurePosixPath(entry.filename).name.startswith(".")
    ]


@contextmanager
def _told_as_fetch_errors(name: str) -> Iterator[None]:
    try:
        yield
    except _UNPACKING_FAULTS as error:
        cut = isinstance(error, EOFError) or "not a zip file" in str(error) or "truncated" in str(error).lower()
        raise FetchError(
            f"{name} is {'truncated' if cut else 'damaged'}: it cannot be unpacked to its end",
            remedy="Fetch the file again from its publisher; it broke off on the way.",
        ) from error
