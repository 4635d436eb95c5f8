"""Text of strangers on a terminal: shown as it is, but nothing in it can move the cursor, ring or turn the line."""

import json
import unicodedata
from collections.abc import Iterator

MOST_VALUE_CHARACTERS = 300
MOST_TEXT_CHARACTERS = 4_000
_INDENT = "    "
_JOINERS = "\u200c\u200d"
_ACTIVE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def inert(text: str) -> str:
    r"""Gives the text with every control and format character written out, such as \x1b; joiners of letters stay."""
    return "".join(_written_out(character) if _is_active(character) else character for character in text)


def cut(text: str, most: int) -> str:
    """Gives the text inert, and no longer than so many characters; says how many more there are."""
    if len(text) <= most:
        return inert(text)
    return f"{inert(text[:most])} … [{len(text) - most:,} more characters]"


def record_lines(text: str) -> list[str]:
    """Gives the lines that show a record: a line a cell or name of a JSON object, otherwise the text as it is, cut."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        return [_INDENT + line for line in _text_lines(text)]
    return [f"{_INDENT}{cut(name, MOST_VALUE_CHARACTERS)}: {_shown(item)}" for name, item in value.items()]


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return cut(text, MOST_VALUE_CHARACTERS)


def _text_lines(text: str) -> Iterator[str]:
    for line in text[:MOST_TEXT_CHARACTERS].split("\n"):
        yield inert(line)
    if len(text) > MOST_TEXT_CHARACTERS:
        yield f"… [{len(text) - MOST_TEXT_CHARACTERS:,} more characters]"


def _is_active(character: str) -> bool:
    return unicodedata.category(character) in _ACTIVE and character not in _JOINERS


def _written_out(character: str) -> str:
    number = ord(character)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
