"""Texts as a PDF can show them: nothing invisible or unprintable, and Latin letters where no font has the script."""

import re
import unicodedata
from collections.abc import Callable, Collection
from typing import Any

from anyascii import anyascii

# Format characters that scripts need to be written rightly; every other one only hides or turns text.
_JOINERS = "\u200c\u200d"
_SPACES = re.compile(r"[ \t\r\n\f\v\u2028\u2029\u0085]+")
_UNSEEN = {"Cc", "Cf", "Co", "Cs", "Cn"}
_VARIANT_MARKS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_LONGEST = 20_000
_PLAIN_LIMIT = 0x100
_CUT = "…"


def readable(text: str, has_glyph: Collection[str]) -> str:
    """Gives the text with white space as single spaces, without characters that are not seen or turn the reading order.

    A run of letters that no font has is written in Latin letters between ‹ and ›. What is longer than 20,000 characters
    ends there with an ellipsis.
    """
    text = _SPACES.sub(" ", text)
    if len(text) > _LONGEST:
        text = text[:_LONGEST] + _CUT
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", _VARIANT_MARKS.sub("", text))
    seen = "".join(letter for letter in composed if _is_seen(letter))
    if all(letter in has_glyph or letter in _JOINERS for letter in seen):
        return seen
    return _with_latin(seen, has_glyph)


def in_latin(text: str) -> str:
    """Gives the text with every letter beyond Latin-1 written in Latin letters: what any font can show."""
    return "".join(letter if ord(letter) < _PLAIN_LIMIT else _latin(letter) for letter in text)


def every_text(value: Any, change: Callable[[str], str]) -> Any:
    """Gives the JSON value with each text in it changed; keys, numbers and nothing stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: every_text(part, change) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [every_text(part, change) for part in value]
    return value


def _is_seen(letter: str) -> bool:
    return letter in _JOINERS or unicodedata.category(letter) not in _UNSEEN


def _with_latin(text: str, has_glyph: Collection[str]) -> str:
    parts: list[str] = []
    run: list[str] = []
    for letter in text:
        if letter in has_glyph or letter in _JOINERS:
            parts.extend(_told(run))
            run = []
            parts.append(letter)
        else:
            run.append(letter)
    return "".join([*parts, *_told(run)])


def _told(run: list[str]) -> list[str]:
    return [f"‹{''.join(map(_latin, run))}›"] if run else []


def _latin(letter: str) -> str:
    return anyascii(letter) or f"U+{ord(letter):04X}"
