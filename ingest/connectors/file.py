"""Local files: one file, a folder or a glob pattern."""

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from ingest.connection_spec import FileConnection
from ingest.connectors.fetching import Batch, FetchedFile, FetchRequest
from tierline.errors import ConfigError, FetchError
from tierline.files import private_stream

_CHUNK_BYTES = 1 << 20


def fetch(request: FetchRequest) -> Iterator[Batch]:
    """Yields one batch with all files that the path means: they are the present state.

    Raises ConfigError where no path is given, FetchError where no file is there or one may not be read.
    """
    files = configured_files(request.connection_as(FileConnection), request.base)
    yield Batch(
        tuple(_copied(path, request.folder / f"{number:06d}") for number, path in enumerate(files, start=1)), "replace"
    )


def configured_files(connection: FileConnection, base: Path) -> list[Path]:
    """Gives the files of a connection; raises ConfigError where no path is given, FetchError where no file is there."""
    if connection.path is None:
        raise ConfigError("the configuration names no path", remedy="Add 'path': a file, a folder or a pattern.")
    return matching_files(connection.path, base)


def matching_files(pattern: str, base: Path) -> list[Path]:
    """Gives the files that the configured path means, sorted by name; hidden files are left out.

    A relative path counts from `base`. Raises FetchError where there is none.
    """
    whole = (base / pattern).absolute()
    if whole.is_dir():
        found = [path for path in whole.iterdir() if path.is_file()]
    elif whole.is_file():
        found = [whole]
    else:
        found = [path for path in Path(whole.anchor).glob(str(whole.relative_to(whole.anchor))) if path.is_file()]
    visible = sorted(path for path in found if not path.name.startswith("."))
    if not visible:
        raise FetchError(f"no file matches '{pattern}'", remedy="Put the file there, or correct the source's path.")
    return visible


def _copied(path: Path, target: Path) -> FetchedFile:
    try:
        with path.open("rb") as stream, private_stream(target, must_be_new=True) as copy:
            sha256 = _copy(stream, copy)
            changed = datetime.fromtimestamp(os.fstat(stream.fileno()).st_mtime, UTC)
    except PermissionError as error:
        raise FetchError(f"{path.name} may not be read", remedy="Give the account of the run the right.") from error
    return FetchedFile(target, path.name, "", {"modified_at": changed.isoformat()}, sha256=sha256)


def _copy(stream: IO[bytes], copy: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := stream.read(_CHUNK_BYTES):
        digest.update(chunk)
        copy.write(chunk)
    return digest.hexdigest()
