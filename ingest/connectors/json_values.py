"""Values inside a parsed JSON document, at the paths that declarations write."""

import re
from typing import Any

from ingest.json_path import json_path

_STEP = re.compile(r'\."(?P<name>[^"]+)"|\[(?P<index>\d+|\*)\]')


def value_at(document: Any, path: str) -> Any:
    """Gives the value at a path such as `$.links.next`; None where there is nothing. A last `[*]` means the array."""
    value = document
    for step in _STEP.finditer(json_path(path).removesuffix("[*]")):
        if step["name"] is not None:
            value = value.get(step["name"]) if isinstance(value, dict) else None
        else:
            value = _item(value, step["index"])
    return value


def records_at(document: Any, path: str | None) -> list[Any] | None:
    """Gives the records of a page: the array at the path, or the document itself; None where it is no array."""
    found = document if path is None else value_at(document, path)
    return found if isinstance(found, list) else None


def text_at(document: Any, path: str) -> str | None:
    """Gives the value at a path as text; None where there is none, or where it is blank, an object or an array."""
    value = value_at(document, path)
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) and value != "" else None


def count_at(document: Any, path: str) -> int | None:
    """Gives the number of records that a page announces at a path; None where it is no whole number."""
    value = value_at(document, path)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _item(value: Any, index: str) -> Any:
    if not isinstance(value, list) or index == "*" or int(index) >= len(value):
        return None
    return value[int(index)]
