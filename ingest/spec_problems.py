"""What is wrong with a declaration, in words: where, and what would be right; nothing that only follows from it."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from tierline.nearest import nearest

REMEDY = "Correct the keys named above: docs/source-reference.md lists all keys, docs/data-contracts.md all fields."
TEXT_OR_ORIGIN = ("text", "origin")
"""Tags of the two things that a part of a join may be; they are no keys, and no place in the declaration."""
_SCALARS = {"str", "int", "float", "bool"}
_VALUE_ERROR = "Value error, "
_SINGULAR = {"fields": "field", "questions": "question"}
_WORDS = {
    "missing": "it is required",
    "model_type": "give keys with values, such as {column: name}",
    "dict_type": "give keys with values",
    "tuple_type": "give a list",
    "string_type": "give text",
}


def problem_lines(
    details: Sequence[ErrorDetails], declared: Any, sections: Mapping[str, type[BaseModel]]
) -> Iterator[str]:
    """Yields a line for each fault that pydantic found; `sections` are the models by the key that they stand under.

    A required key that is missing because it is misspelt is told once, as unknown; so is a value that is none of the
    kinds of a scalar.
    """
    told: set[str] = set()
    misspelt = {(place, key) for detail in details for place, key in _meant(detail, sections)}
    for detail in details:
        if _follows(detail, details, misspelt):
            continue
        for line in _lines(detail, declared, sections):
            if line not in told:
                told.add(line)
                yield line


def place_of(number: int, table: object) -> str:
    """Gives the words for a mapping: its number, counted from 1, and its table."""
    return f"mapping {number} ({table})"


def _follows(
    detail: ErrorDetails, details: Sequence[ErrorDetails], misspelt: set[tuple[tuple[int | str, ...], str]]
) -> bool:
    """Tells whether a fault is there only because of another: a key misspelt, or a list without its faulty entries."""
    loc = detail["loc"]
    if detail["type"] == "missing":
        return (loc[:-1], str(loc[-1])) in misspelt
    return detail["type"] == "too_short" and any(
        len(other["loc"]) > len(loc) and other["loc"][: len(loc)] == loc for other in details
    )


def _lines(detail: ErrorDetails, declared: Any, sections: Mapping[str, type[BaseModel]]) -> Iterator[str]:
    if detail["type"] == "extra_forbidden":
        where, key = _where(detail["loc"][:-1], declared), str(detail["loc"][-1])
        yield f"{_prefix(where)}unknown key '{key}'; {nearest(key, _known_keys(detail['loc'], sections))}"
        return
    if detail["loc"] and detail["loc"][-1] in _SCALARS:
        yield f"{_where(detail['loc'][:-1], declared)}: give text, a number, true or false"
        return
    message = _WORDS.get(detail["type"], detail["msg"].removeprefix(_VALUE_ERROR))
    for line in message.replace("Input should be", "it must be").split("\n"):
        yield f"{_prefix(_where(detail['loc'], declared))}{line}"


def _prefix(where: str) -> str:
    return f"{where}: " if where else ""


def _where(loc: tuple[int | str, ...], declared: Any) -> str:
    """Gives the words for a place: `mapping 2 (audit_finding), field grade, join 1`."""
    words: list[str] = []
    inside: Any = declared
    for part in _places(loc):
        if isinstance(part, str):
            inside = _step(inside, part)
            words = (
                [*words[:-1], f"{_SINGULAR[words[-1]]} {part}"] if words and words[-1] in _SINGULAR else [*words, part]
            )
        elif isinstance(inside, list):
            inside = _step(inside, part)
            words[-1] = _numbered(words[-1], part + 1, inside)
    return ", ".join(words)


def _places(loc: tuple[int | str, ...]) -> list[int | str]:
    """Gives the parts that stand in the declaration, without the names by which pydantic tells kinds apart."""
    if loc[:1] == ("connection",):
        return [loc[0], *loc[2:]]
    return [part for part in loc if part not in TEXT_OR_ORIGIN or "join" not in loc]


def _numbered(word: str, number: int, inside: Any) -> str:
    has_table = word == "mapping" and isinstance(inside, dict) and "table" in inside
    return place_of(number, inside["table"]) if has_table else f"{word} {number}"


def _step(inside: Any, part: int | str) -> Any:
    if isinstance(inside, dict):
        return inside.get(part)
    return inside[part] if isinstance(inside, list) and isinstance(part, int) and part < len(inside) else None


def _meant(
    detail: ErrorDetails, sections: Mapping[str, type[BaseModel]]
) -> Iterator[tuple[tuple[int | str, ...], str]]:
    if detail["type"] == "extra_forbidden":
        known = _known_keys(detail["loc"], sections)
        for key in difflib.get_close_matches(str(detail["loc"][-1]), known, n=1, cutoff=0.5):
            yield detail["loc"][:-1], key


def _known_keys(loc: tuple[int | str, ...], sections: Mapping[str, type[BaseModel]]) -> list[str]:
    parents = [str(part) for part in loc[:-1]]
    if parents[:1] == ["connection"]:
        name = f"connection.{parents[1]}"
    else:
        name = next((part for part in reversed(parents) if part in sections), "")
    return [field.alias or name for name, field in sections[name].model_fields.items()]
