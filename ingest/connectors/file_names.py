"""Names under which fetched files land, made of their addresses."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

_UNSAFE = re.compile(r"[^A-Za-z0-9._+-]+")
_LONGEST = 120


def name_of(url: str) -> str:
    """Gives the last part of the path of an address as a safe file name; 'file' where it has none."""
    last = PurePosixPath(unquote(urlsplit(url).path)).name
    return safe_name(last) or "file"


def safe_name(text: str) -> str:
    """Gives a text as a file name: letters, digits and . _ + - only, no leading dot, at most 120 signs."""
    return _UNSAFE.sub("-", text).lstrip(".-")[-_LONGEST:].lstrip(".-")


def unique_names(urls: Iterable[str]) -> list[str]:
    """Gives a name for each address; what has the name of one before it gets a number."""
    names: list[str] = []
    for url in urls:
        name = name_of(url)
        if name in names:
            stem, dot, suffix = name.partition(".")
            name = f"{stem}-{len(names) + 1}{dot}{suffix}"
        names.append(name)
    return names
