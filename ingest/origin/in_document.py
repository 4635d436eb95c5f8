"""Records of a JSON document: found by walking its text, so that their bytes are the ones that came."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.json_path import json_path
from ingest.origin.placed_text import TEXT_CODECS, PlacedText
from ingest.origin.places import Place, no_such_record
from ingest.spec import Format
from tierline.errors import ContractError

_BLANK = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_SCALAR = re.compile(r"[^\s,\]}]+")
_NESTING = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL)
_STEP = re.compile(r'\."(?P<name>[^"]+)"|\[(?P<index>\d+|\*)\]')
_EVERY = "*"
Span = tuple[int, int]


def place_in_document(path: Path, name: str, format_: Format, record_no: int) -> Place:
    """Gives the place of a record of a JSON document; raises ContractError where there is none of that number."""
    with path.open(encoding=TEXT_CODECS[format_.encoding], newline="") as stream:
        text = stream.read()
    number = 0
    try:
        for number, (start, end) in enumerate(record_spans(text, format_.records), start=1):
            if number == record_no:
                return _place(path, format_.encoding, text, start, end)
    except (IndexError, AttributeError):
        raise ContractError(f"{name} is not valid JSON", remedy="It was never loaded; fetch it again.") from None
    raise no_such_record(name, record_no, number)


def record_spans(document: str, records: str | None) -> Iterator[Span]:
    """Yields where each record of a valid document begins and ends, in characters, as its reader numbers them.

    `records` is their path; none: the items of the root array, or the root as one record.
    """
    root = _BLANK.match(document).end()  # type: ignore[union-attr]  # of a valid document it matches
    path = "$[*]" if records is None and document[root] == "[" else json_path(records or "$")
    steps = [step["name"] or _index(step["index"]) for step in _STEP.finditer(path, 1)]
    yield from _matches(document, (root, _end(document, root)), steps)


def _index(text: str) -> str | int:
    return text if text == _EVERY else int(text)


def _matches(document: str, span: Span, steps: Sequence[str | int]) -> Iterator[Span]:
    if not steps:
        yield span
        return
    step, *further = steps
    if isinstance(step, int) or step == _EVERY:
        chosen = _items(document, span[0], None if isinstance(step, str) else step)
    else:
        chosen = _members(document, span[0], step)
    for inner in chosen:
        yield from _matches(document, inner, further)


def _items(document: str, start: int, index: int | None) -> Iterator[Span]:
    if document[start] != "[":
        return
    position, number = _after_blanks(document, start + 1), 0
    while document[position] != "]":
        end = _end(document, position)
        if index is None or index == number:
            yield position, end
        position, number = _after_comma(document, end), number + 1


def _members(document: str, start: int, name: str) -> Iterator[Span]:
    """Yields the value of the first member of that name, if the value is an object that has one."""
    if document[start] != "{":
        return
    position = _after_blanks(document, start + 1)
    while document[position] != "}":
        key_end = _end(document, position)
        value = _after_blanks(document, _after_blanks(document, key_end) + 1)
        end = _end(document, value)
        if json.loads(document[position:key_end], strict=False) == name:
            yield value, end
            return
        position = _after_comma(document, end)


def _end(document: str, start: int) -> int:
    """Gives where the value that begins at `start` ends; nesting costs no depth of calls."""
    if document[start] == '"':
        return _STRING.match(document, start).end()  # type: ignore[union-attr]  # of a valid document it matches
    if document[start] not in "[{":
        return _SCALAR.match(document, start).end()  # type: ignore[union-attr]  # of a valid document it matches
    depth = 0
    for token in _NESTING.finditer(document, start):
        sign = document[token.start()]
        if sign in "[{":
            depth += 1
        elif sign in "]}":
            depth -= 1
            if depth == 0:
                return token.end()
    raise IndexError("the value does not end")


def _after_blanks(document: str, position: int) -> int:
    return _BLANK.match(document, position).end()  # type: ignore[union-attr]  # of a valid document it matches


def _after_comma(document: str, position: int) -> int:
    position = _after_blanks(document, position)
    return _after_blanks(document, position + 1) if document[position] == "," else position


def _place(path: Path, encoding: str, text: str, start: int, end: int) -> Place:
    with PlacedText(path, encoding) as placed:
        first = placed.mark_size + placed.size_of(text[:start])
        content = text[start:end].encode(placed.codec, "surrogateescape")
        return Place(content, first, first + len(content), placed.codec)
