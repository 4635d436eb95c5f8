"""The key that a name is searched by: Latin letters, upper case, without accents and legal form.

What a run compares names by is made in SQL for all of them at once (dbt_project/macros/names.sql) and published with
each name; the one name that somebody types is brought to the same form here. A test holds both against each other.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

MOST_WORDS: Final = 20
"""So many words of a name are searched for, as matching compares so many."""
MOST_LETTERS: Final = 240
"""And so many letters of its key."""
_FORM_WORDS: Final = 8
_ROUNDS_AT_END: Final = 3
_ROUNDS_AT_START: Final = 2
_CLOSED_UP: Final = re.compile("[.''’`]")
_NO_LETTER_OR_DIGIT: Final = re.compile(r"[\W_]+")
_BLANKS: Final = re.compile(r"\s+")


@dataclass(frozen=True)
class LegalForm:
    """A legal form as names bear it: its words written together are its key."""

    may_lead: bool
    has_words: bool


@dataclass(frozen=True)
class Spelling:
    """What names are spelled by: legal forms, abbreviations, forms in scripts without blanks, common words."""

    forms: Mapping[str, LegalForm] = field(default_factory=dict)
    words_by_abbreviation: Mapping[str, str] = field(default_factory=dict)
    unspaced_forms: Sequence[str] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    """How much a common word tells names apart, from 0 to 1; any other is rare and tells fully."""

    def key(self, name: str) -> str:
        """Gives the words that a name is searched by, with blanks between; empty where it has no letter or digit."""
        words = _with_initials_joined(self.words(name))
        for _ in range(_ROUNDS_AT_END):
            words = self._without_form_at_end(words)
        for _ in range(_ROUNDS_AT_START):
            words = self._without_form_at_start(words)
        return " ".join(self.words_by_abbreviation.get(word, word) for word in words)

    def words(self, name: str) -> list[str]:
        """Gives the words of a name in upper case Latin letters, its legal form among them."""
        return _words_of(_latin(name, self.unspaced_forms))

    def values(self) -> dict[str, Any]:
        """Gives it as plain values; `spelling_of` is the way back."""
        return {
            "forms": {key: [form.may_lead, form.has_words] for key, form in sorted(self.forms.items())},
            "words_by_abbreviation": dict(sorted(self.words_by_abbreviation.items())),
            "unspaced_forms": sorted(self.unspaced_forms),
            "weights": dict(sorted(self.weights.items())),
        }

    def _without_form_at_end(self, words: list[str]) -> list[str]:
        for count in range(min(len(words) - 1, _FORM_WORDS), 0, -1):
            if self._form(words[-count:]) is not None:
                return words[:-count]
        return words

    def _without_form_at_start(self, words: list[str]) -> list[str]:
        for count in range(min(len(words) - 1, _FORM_WORDS), 0, -1):
            form = self._form(words[:count])
            if form is not None and form.may_lead:
                return words[count:]
        return words

    def _form(self, words: list[str]) -> LegalForm | None:
        form = self.forms.get("".join(words))
        return form if form is not None and (len(words) == 1 or form.has_words) else None


def spelling_of(values: dict[str, Any]) -> Spelling:
    """Gives the spelling that plain values stand for."""
    return Spelling(
        {key: LegalForm(may_lead, has_words) for key, (may_lead, has_words) in values["forms"].items()},
        values["words_by_abbreviation"],
        values["unspaced_forms"],
        values["weights"],
    )


def searched(key: str) -> str:
    """Gives as much of a key as is searched for; hostile sources write names of ten thousand letters."""
    return " ".join(key.split()[:MOST_WORDS])[:MOST_LETTERS].rstrip()


def identifier_key(value: str) -> str:
    """Gives an identifier as it is compared: letters and digits alone, in upper case."""
    return re.sub("[^A-Z0-9]", "", unicodedata.normalize("NFKC", value).upper())


def _latin(name: str, unspaced_forms: Sequence[str]) -> str:
    from anyascii import anyascii

    stripped = "".join(
        letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.category(letter).startswith("M")
    )
    if not any(letter.isalnum() and not letter.isascii() for letter in stripped):
        return stripped
    composed = unicodedata.normalize("NFC", name)
    if unspaced_forms:
        pattern = "|".join(map(re.escape, sorted(unspaced_forms, key=lambda form: (-len(form), form))))
        composed = re.sub(pattern, lambda form: f" {form[0]} ", composed)
    return str(anyascii(composed))


def _words_of(text: str) -> list[str]:
    closed_up = _CLOSED_UP.sub("", text.upper().replace("&", " AND "))
    return _BLANKS.sub(" ", _NO_LETTER_OR_DIGIT.sub(" ", closed_up)).split()


def _with_initials_joined(words: list[str]) -> list[str]:
    joined: list[str] = []
    was_initial = False
    for word in words:
        is_initial = len(word) == 1 and word.isalpha()
        if is_initial and was_initial:
            joined[-1] += word
        else:
            joined.append(word)
        was_initial = is_initial
    return joined
