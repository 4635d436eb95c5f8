"""Files written whole or not at all, and their hashes."""

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

_CHUNK_BYTES = 1 << 20


def sha256_of_bytes(content: bytes) -> str:
    """Gives the SHA-256 of the bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def sha256_of_file(path: Path) -> str:
    """Gives the SHA-256 of the file's bytes, read in chunks; raises OSError where it cannot be read."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def sync_folder(folder: Path) -> None:
    """Makes renames inside the folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def private_stream(path: Path, *, must_be_new: bool = False) -> BinaryIO:
    """Opens a file for writing that its owner alone may open from its first byte on; emptied where it is there.

    Raises FileExistsError where it is there and must be new.
    """
    flags = os.O_CREAT | os.O_WRONLY | (os.O_EXCL if must_be_new else os.O_TRUNC)
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def write_bytes_atomically(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Puts the content at the path in one step: a reader sees the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            os.fchmod(stream.fileno(), mode)
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def json_bytes(value: Any) -> bytes:
    """Gives the value as JSON with sorted keys, indented, ending in a line feed: the same value, the same bytes."""
    return (json.dumps(value, sort_keys=True, indent=2, ensure_ascii=False, default=str) + "\n").encode()


def write_json_atomically(path: Path, value: Any, mode: int = 0o644) -> None:
    """Writes the value as `json_bytes` gives it, whole or not at all."""
    write_bytes_atomically(path, json_bytes(value), mode)
