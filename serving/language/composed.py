"""Texts that other steps composed in English, put into a language by the sentences they are made of."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from serving.language.composed_messages import COMPOSED
from serving.language.tie_paths import path_in

if TYPE_CHECKING:
    from serving.language.speaking import Language

_NUMBER: Final = r"[-−+]?\d+(?:,\d{3})*(?:\.\d+)?"
_SHAPES: Final = {
    "number": _NUMBER,
    "day": r"\d{4}-\d{2}-\d{2}",
    "year": r"\d{4}",
    "code": r"[A-Z]\d{2}",
}
_ANYTHING: Final = ".+?"
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
_WITH_CODE: Final = re.compile(r"(?P<code>[A-Z]\d{2}) (?P<name>.+)")
_WITH_BRACKETS: Final = (
    re.compile(r"(?P<said>.+) \((?P<inside>.+)\)"),
    re.compile(r"(?P<said>.+?) \((?P<inside>.+)\)"),
)
_LONGEST: Final = 1200
_SEPARATORS: Final = ("; ", ". ", "), ", ", ")


@lru_cache(maxsize=8192)
def translated(speech: "Language", text: str) -> str | None:
    """Gives a text of a published table in the language: one that its catalogue has, or one composed of such.

    A composed text is known only as a whole: None where any part of it, other than what sources say, is not. Longer
    texts than any step composes are what sources say, and are not looked through.
    """
    if text in speech.known:
        return speech.message(text)
    if len(text) > _LONGEST:
        return None
    if re.fullmatch(_NUMBER, text):
        return _number(speech, text)
    for attempt in (_by_pattern, _by_capital, _with_code, _in_parts, _with_brackets):
        said = attempt(speech, text)
        if said is not None:
            return said
    return None


def _by_pattern(speech: "Language", text: str) -> str | None:
    for message, pattern in _patterns():
        found = pattern.fullmatch(text)
        if found and message in speech.known:
            values = {name: _value(speech, name, value) for name, value in found.groupdict().items()}
            if None not in values.values():
                return speech.message(message).format(**values)
    return None


def _by_capital(speech: "Language", text: str) -> str | None:
    """Knows a text in the middle of a sentence by the one that begins with a capital letter."""
    raised = text[:1].upper() + text[1:]
    said = translated(speech, raised) if raised != text else None
    return None if said is None else said[:1].lower() + said[1:]


def _with_code(speech: "Language", text: str) -> str | None:
    found = _WITH_CODE.fullmatch(text)
    name = translated(speech, found["name"]) if found else None
    return f"{found['code']} {name}" if found and name is not None else None


def _in_parts(speech: "Language", text: str) -> str | None:
    for separator in _SEPARATORS:
        head = separator.rstrip(", ") if separator.startswith(")") else ""
        parts = text.split(separator)
        whole = [part + head for part in parts[:-1]] + parts[-1:]
        if len(parts) > 1 and (said := _all(speech, whole)):
            return separator.removeprefix(head).join(said)
    return None


def _all(speech: "Language", parts: list[str]) -> list[str]:
    """Gives the parts in the language, none of them where one is not known."""
    said = []
    for part in parts:
        one = translated(speech, part) if part else None
        if one is None:
            return []
        said.append(one)
    return said


def _with_brackets(speech: "Language", text: str) -> str | None:
    """Knows a text before brackets; in them stands what sources say, a code or a text that is known."""
    for pattern in _WITH_BRACKETS:
        found = pattern.fullmatch(text)
        said = translated(speech, found["said"]) if found else None
        if found and said is not None:
            return f"{said} ({translated(speech, found['inside']) or found['inside']})"
    return None


def _value(speech: "Language", name: str, value: str) -> str | None:
    kind = name.partition("_")[0]
    values: dict[str, Callable[[], str | None]] = {
        "number": lambda: _number(speech, value),
        "day": lambda: speech.day(date.fromisoformat(value)),
        "year": lambda: value,
        "code": lambda: value,
        "text": lambda: value,
        "path": lambda: path_in(speech, value),
    }
    return values[kind]() if kind in values else translated(speech, value)


def _number(speech: "Language", text: str) -> str:
    plain = text.replace(",", "").replace("−", "-")
    exponent = Decimal(plain).as_tuple().exponent
    said = speech.number(float(plain), max(0, -int(exponent)))
    return f"+{said}" if text.startswith("+") else said


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((message, _pattern(message)) for message in COMPOSED)


def _pattern(message: str) -> re.Pattern[str]:
    parts = _PLACEHOLDER.split(message)
    shapes = (
        re.escape(part) if place % 2 == 0 else f"(?P<{part}>{_SHAPES.get(part.partition('_')[0], _ANYTHING)})"
        for place, part in enumerate(parts)
    )
    return re.compile("".join(shapes), re.DOTALL)
