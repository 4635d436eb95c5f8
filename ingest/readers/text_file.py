"""A landed file as text: unpacked, in UTF-8 where it can be, and measured for the fast readers."""

import codecs
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ingest.spec import Format
from ingest.unpacking import ExpansionLimit, compression_of, unpacked_chunks
from tierline.errors import ContractError

_CHUNK_BYTES = 1 << 22
_PYTHON_CODECS = {"utf-8": "utf-8-sig", "latin-1": "latin-1", "cp1252": "cp1252", "utf-16": "utf-16"}
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class TextFile:
    """Text on disk: `path` holds it in `codec`; `is_utf8` says that it is valid UTF-8, so that DuckDB can read it."""

    path: Path
    name: str
    codec: str
    is_utf8: bool

    def open(self) -> IO[str]:
        """Opens the text with line ends as they are; undecodable bytes become lone surrogates."""
        return self.path.open(encoding=self.codec, errors="surrogateescape", newline="")


def open_text(path: Path, name: str, format_: Format, work: Path, limit: ExpansionLimit) -> TextFile:
    """Gives the file as text, unpacked and turned into UTF-8 in the work folder where needed.

    A byte order mark of UTF-8 wins over the declared encoding. Raises FetchError as unpacking does, ContractError where
    the file is empty or in another encoding than declared.
    """
    unpacked = path
    if compression_of(path) is not None:
        unpacked = work / "unpacked"
        _write(unpacked, unpacked_chunks(path, name, member=format_.member, limit=limit))
    if unpacked.stat().st_size == 0:
        raise ContractError(f"{name} holds an empty file (0 bytes)", remedy="Fetch it again from its publisher.")
    _refuse_utf16_taken_for_other(unpacked, name, format_.encoding)
    if format_.encoding == "utf-8" or _says_it_is_utf8(unpacked):
        return TextFile(_plainly_named(unpacked, work), name, _PYTHON_CODECS["utf-8"], _is_utf8(unpacked))
    return _in_utf8(unpacked, name, format_.encoding, work)


def likely_encoding(path: Path) -> str:
    """Gives the encoding that the bytes look like, for a message to a person."""
    with path.open("rb") as stream:
        start = stream.read(_CHUNK_BYTES)
    if start.startswith(_UTF16_MARKS) or start.count(0) > len(start) // 4:
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return "cp1252 or latin-1"
    return "utf-8"


def _write(path: Path, chunks: Iterator[bytes]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        for chunk in chunks:
            stream.write(chunk)


def _plainly_named(path: Path, work: Path) -> Path:
    # DuckDB reads *, ? and [ in a file name as a pattern
    link = work / "text"
    link.unlink(missing_ok=True)
    link.symlink_to(path.absolute())
    return link


def _refuse_utf16_taken_for_other(path: Path, name: str, declared: str) -> None:
    if declared != "utf-16" and likely_encoding(path) == "utf-16":
        raise ContractError(
            f"{name} is not text in the declared encoding {declared}",
            remedy="The encoding is likely utf-16: set format.encoding in the source's declaration, or save as UTF-8.",
        )


def _says_it_is_utf8(path: Path) -> bool:
    # publishers change from Latin-1 to UTF-8 from one year to the next; the mark leaves no doubt
    with path.open("rb") as stream:
        return stream.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in _chunks(path):
            if not chunk.isascii() or decoder.getstate()[0]:
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _in_utf8(path: Path, name: str, encoding: str, work: Path) -> TextFile:
    converted = work / "converted"
    decoder = codecs.getincrementaldecoder(_PYTHON_CODECS[encoding])()
    try:
        _write(converted, (decoder.decode(chunk).encode("utf-8") for chunk in _chunks(path)))
        decoder.decode(b"", final=True)
    except UnicodeError:
        if encoding == "utf-16":
            raise ContractError(
                f"{name} is not text in the declared encoding utf-16",
                remedy=f"The encoding is likely {likely_encoding(path)}: set format.encoding in the declaration.",
            ) from None
        return TextFile(path, name, _PYTHON_CODECS[encoding], is_utf8=False)
    return TextFile(converted, name, _PYTHON_CODECS["utf-8"], is_utf8=True)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            yield chunk
