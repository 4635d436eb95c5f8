"""The names in the free text of a list: what an entry is called, also known as, was called before, and what it owns."""

import re
from collections.abc import Iterator
from typing import NamedTuple

NAME, FORMER_NAME, SUBSIDIARY, ALIAS = "name", "former_name", "subsidiary", "alias"


class ListedName(NamedTuple):
    """One name found in a text: as written there, and as what it stands there (one of the four roles)."""

    spelling: str
    role: str


class _Section(NamedTuple):
    text: str
    role: str
    form: str = "single"
    """Of a series or listing commas and "and" separate the names; elsewhere one name may hold both."""


_GAP = r"(?:^|[\s,;(\[]+)"
_LEAD = r"(?:(?:and|including|with)\s+)?"
_OWN = r"(?:(?:and|including|with)\s+(?:(?:its|their)\s+)?|(?:its|their)\s+)(?:(?!and\b)[\w-]+\s+){0,3}?"
_MARKERS = re.compile(
    rf"""{_GAP}(?:
      (?P<nobody>(?:and|with)\s+(?:(?:its|their)\s+)?(?:subordinate|affiliated?)\b[^;)]*)
    | (?P<subsidiary_series>(?:{_OWN}subsidiaries\b|subsidiaries(?=:))(?:\s+companies)?,?
        (?:\s+(?:which\s+)?include\b|\s+including\b|\s+namely\b)?:?)
    | (?P<subsidiary_single>(?:{_OWN}subsidiary\b|subsidiary(?=:))(?:\s+company)?,?:?)
    | (?P<alias_single>{_LEAD}(?:one|an|1)\s+alias\b:?)
    | (?P<alias_series>{_LEAD}(?:[\w-]+\s+)?alias(?:es)?:|{_LEAD}[\w-]+\s+aliases\b
        |(?<=\()also:?(?=\s)(?!\s+(?:known|called)))
    | (?P<former_name_single>(?:formerly|previously)(?:\s+(?:known\s+as|called|named))?\b:?|f/k/a\b:?|f\.k\.a\.
        |(?:anciennement|anteriormente|antigamente|ehemals|vormals)\b:?
        |(?<=[\s(])fka\b:?)
    | (?P<alias_phrase>(?:also|now)\s+known\s+as\b:?|also\s+called\b:?
        |(?:tambi[eé]n\s+conocid[ao]|tamb[eé]m\s+conhecid[ao])\s+como\b:?|auch\s+bekannt\s+als\b:?
        |doing\s+business\s+as\b:?|trading\s+as\b:?|[and]/[kb]/a\b:?|[and]\.[kb]\.a\.:?|(?<=[\s(])(?:aka|dba)\b:?)
    | (?P<subsidiary_listing>(?<=,\s)including:?(?=\s))
    )(?=[\s)]|$)\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_SERIES, _LISTING = "series", "listing"
_FORM = r"(?:Ltd|Limited|Inc|Incorporated|LLC|LLP|LP|Corp|Corporation|Co|Company|GmbH|S\.?A|Bhd|Pvt|Pte|Plc|JSC)"
# The comma before a legal form belongs to the name; a Chinese name may end "Co., Ltd.".
_COMMA_IN_NAME = re.compile(rf",\s*(?={_FORM}\b)", re.IGNORECASE)
_TWO_COMPANIES = re.compile(rf"(?<=\s)({_FORM}\.?)\s+and\s+(?=\S.*\b{_FORM}\b\.?$)", re.IGNORECASE)
_OR_SPELT = re.compile(r"\S+\s+\(or\s+([^()]+)\)")
_BRACKETS = re.compile(r"\s*\(([^()]*)\)")
_LAST_BRACKETS = re.compile(r"^(.*\S)\s*\(([^()]*)\)\W*$")
_VESSEL = re.compile(r"^(?:fishing\s+)?vessels?:\s*", re.IGNORECASE)
_JOINING = re.compile(r"^(?:and|or)\s+", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_LITTLE_WORDS = {"and", "of", "the", "for", "de", "du", "des", "da", "do", "y", "e", "et", "und"}
MARKED = (
    r"(?i)[;(\[]|:|\b(?:aka|dba|fka|formerly|previously|known as|also called|doing business|trading as|anciennement"
    r"|anteriormente|antigamente|ehemals|vormals|como|bekannt als|including|alias|aliases"
    r"|subsidiary|subsidiaries|subordinate|affiliate|affiliated)\b|\b[adfn][./][kb][./]a\b"
    rf"|\b{_FORM}\b\.?\s+and\s"
)
"""Regular expression (RE2 and Python) of all texts in which `names_in` may find more than the text itself."""


def names_in(text: str, *, is_note: bool = False) -> list[ListedName]:
    """Gives the names that a text of a list holds, the main one first, each with its role; none is given twice.

    The forms are those of the U.S. lists of customs orders, of the UFLPA and of exclusions: "X, a/k/a Y", "X; Y",
    "X (including two aliases: Y and Z)", "X and its eight subsidiaries, which include Y, and Z", "X (formerly Y)",
    "(also Y)". A name with a bracket is given with and without it. A note is no name itself: of it only what a marker
    such as "also known as" opens is given, and nothing that it merely includes.
    """
    found: dict[str, str] = {}
    sections = [
        section
        for section in _sections(" ".join(text.split()))
        if not is_note or (section.role != NAME and section.form != _LISTING)
    ]
    for section in sections:
        for part, role in _parts(section):
            for name in _variants(part, role):
                found.setdefault(name.spelling, name.role)
    return [ListedName(spelling, role) for spelling, role in found.items()]


def _sections(text: str) -> Iterator[_Section]:
    """Gives the head of a text, then what each marker opens; what follows a closed bracket goes on with the head."""
    marks = list(_MARKERS.finditer(text))
    head = text[: marks[0].start()] if marks else text
    sections = []
    for place, mark in enumerate(marks):
        end = marks[place + 1].start() if place + 1 < len(marks) else len(text)
        inside, rest = _up_to_closing_bracket(text[mark.end() : end])
        role, _, form = str(mark.lastgroup).rpartition("_")
        if role:
            sections.append(_Section(inside, role, form))
        if _JOINING.match(rest):
            sections.append(_Section(rest, ALIAS))
        elif _LETTER.search(rest):
            head = f"{head} {rest}"
    yield _Section(head, NAME)
    yield from sections


def _up_to_closing_bracket(text: str) -> tuple[str, str]:
    """Splits where a bracket closes that was opened before the text: what stands inside it, and what follows."""
    depth = 0
    for place, sign in enumerate(text):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(sign, 0)
        if depth < 0:
            return text[:place], text[place + 1 :].strip(" ,;")
    return text, ""


def _parts(section: _Section) -> Iterator[tuple[str, str]]:
    """Gives the names of a section with their role; a semicolon separates always, a comma in a series only."""
    text = _TWO_COMPANIES.sub(r"\1;", section.text)
    if section.form in (_SERIES, _LISTING) and ";" not in text:
        text = _COMMA_IN_NAME.sub(" ", text)
        text = re.sub(r",\s*(?:and\s+)?", ";", text) if "," in text else re.sub(r"\s+and\s+", ";", text)
    for place, part in enumerate(text.split(";")):
        yield _trimmed(part), ALIAS if section.role == NAME and place else section.role


def _trimmed(text: str) -> str:
    text = _JOINING.sub("", text.strip(" ,;:-"))
    return text.rstrip(")]") if text.count("(") < text.count(")") else text


def _variants(text: str, role: str) -> Iterator[ListedName]:
    """Gives a name as it stands, without its brackets, in its other spelling, and what its last bracket names."""
    for spelling in (text, _VESSEL.sub("", text), _OR_SPELT.sub(r"\1", text), _OR_SPELT.sub(_first_spelling, text)):
        for variant in (spelling, _BRACKETS.sub("", spelling).strip()):
            if _LETTER.search(variant) and "(or " not in variant:
                yield ListedName(variant, role)
    last = _LAST_BRACKETS.match(text)
    if last and _names_somebody(last[2], last[1]):
        yield ListedName(last[2].strip(), ALIAS)


def _first_spelling(match: re.Match[str]) -> str:
    return match[0].split(maxsplit=1)[0]


def _names_somebody(bracket: str, before: str) -> bool:
    """Says whether a bracket at the end is a name: two words or more, or the initials of what stands before it."""
    words = bracket.split()
    initials = "".join(word[0] for word in before.split() if word.lower() not in _LITTLE_WORDS).upper()
    return len(words) > 1 or (len(bracket) > 2 and bracket.isupper() and bracket in initials)
