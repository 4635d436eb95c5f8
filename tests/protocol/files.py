"""Plain files as a careful server gives them: validators, conditional requests and ranges."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from tests.protocol.wire import Answer

_RANGE = re.compile(r"bytes=(\d+)-(\d*)$")


@dataclass(frozen=True)
class PlainFile:
    """One file that is served under its name."""

    content: bytes
    content_type: str = "text/csv"
    last_modified: str = "Sun, 01 Mar 2026 12:00:00 GMT"

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.content).hexdigest()[:16]}"'


def answer_file(file: PlainFile, headers: Mapping[str, str], *, ranges: bool) -> Answer:
    """Gives 304 where the file is as the asker knows it, 206 for a range of the same file, else 200 with all of it."""
    validators = {
        "Content-Type": file.content_type,
        "ETag": file.etag,
        "Last-Modified": file.last_modified,
        "Accept-Ranges": "bytes",
    }
    if _is_known(file, headers):
        return Answer(304, validators)
    wanted = _RANGE.match(headers.get("Range", "")) if ranges else None
    if wanted is None or headers.get("If-Range", file.etag) not in {file.etag, file.last_modified}:
        return Answer(200, validators, file.content)
    return _part(file, int(wanted[1]), wanted[2], validators)


def _is_known(file: PlainFile, headers: Mapping[str, str]) -> bool:
    if "If-None-Match" in headers:
        return headers["If-None-Match"] == file.etag
    return headers.get("If-Modified-Since") == file.last_modified


def _part(file: PlainFile, start: int, last: str, validators: Mapping[str, str]) -> Answer:
    size = len(file.content)
    if start >= size:
        return Answer(416, {"Content-Range": f"bytes */{size}"})
    end = min(int(last), size - 1) if last else size - 1
    headers = {**validators, "Content-Range": f"bytes {start}-{end}/{size}"}
    return Answer(206, headers, file.content[start : end + 1])
