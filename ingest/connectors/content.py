"""Whether an answer can be what was asked for, by its content type and its first bytes."""

from dataclasses import dataclass
from typing import Literal

Wanted = Literal["json", "html", "table", "archive", "any"]

_MARKUP_TYPES = ("text/html", "application/xhtml+xml")
_JSON_TYPES = ("application/json", "application/problem+json", "text/json")
_NEVER = ("image/", "audio/", "video/", "font/")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
SNIFFED_BYTES = 512


@dataclass(frozen=True)
class Published:
    """What the publisher says about the bytes of a file beforehand: size, and a checksum by its algorithm."""

    size: int | None = None
    algorithm: Literal["sha256", "sha1", "md5"] | None = None
    checksum: str | None = None


def wanted_content(format_kind: str) -> Wanted:
    """Gives what an answer must look like for records of a kind of format."""
    if format_kind in {"json", "jsonl"}:
        return "json"
    return "html" if format_kind == "html" else "table"


def unwanted_type(content_type: str, wanted: Wanted) -> bool:
    """Tells whether a content type cannot be that of the wanted content; an absent one says nothing."""
    kind = content_type.split(";", maxsplit=1)[0].strip().casefold()
    if kind.startswith(_NEVER) or (kind == "application/pdf" and wanted != "any"):
        return True
    if wanted not in {"html", "any"} and kind in _MARKUP_TYPES:
        return True
    return wanted in {"table", "archive"} and kind in _JSON_TYPES


def is_markup(start: bytes) -> bool:
    """Tells whether the first bytes are those of a page or of an error in XML."""
    return start.removeprefix(_BYTE_ORDER_MARK).lstrip().startswith(b"<")


def unwanted_start(start: bytes, wanted: Wanted) -> bool:
    """Tells whether the first bytes cannot be those of the wanted content."""
    if wanted == "archive":
        return not start.startswith(b"PK")
    return wanted in {"json", "table"} and is_markup(start)
