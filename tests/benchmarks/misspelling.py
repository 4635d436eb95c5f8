"""How people misspell names of companies, drawn from a seed: slips of the pen, words left out, other scripts."""

import random
from collections.abc import Callable
from typing import Final

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_FORMS: Final = {
    "ltd", "limited", "inc", "corp", "llc", "llp", "co", "gmbh", "sa", "sac", "srl", "sarl", "sl", "bv", "ag", "plc",
    "pvt", "pte", "bhd", "sdn", "jsc", "lda", "ltda", "eireli", "oy", "ab", "as", "aş", "company", "ooo",
    "spzoo", "spj",
}  # fmt: skip
# Romanisation the wrong way round: what a letter may come from. Several letters of one sound meet in one.
_CYRILLIC: Final = dict(zip("abvgdezijklmnoprstufhcyqwx", "абвгдезийклмнопрстуфхцыквк", strict=True))
_GREEK: Final = dict(zip("abgdezhiklmnoprstufxwvyjqc", "αβγδεζηικλμνοπρστυφξωβυικκ", strict=True))


def deletion(name: str, chance: random.Random) -> str:
    """Leaves out one letter."""
    at = _place(name, chance)
    return name[:at] + name[at + 1 :]


def insertion(name: str, chance: random.Random) -> str:
    """Puts in one letter."""
    at = _place(name, chance)
    return name[:at] + chance.choice(_LETTERS) + name[at:]


def substitution(name: str, chance: random.Random) -> str:
    """Puts one letter in place of another."""
    at = _place(name, chance)
    return name[:at] + chance.choice(_LETTERS) + name[at + 1 :]


def transposition(name: str, chance: random.Random) -> str:
    """Changes two neighbouring letters round."""
    at = min(_place(name, chance), len(name) - 2)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def word_swap(name: str, chance: random.Random) -> str:
    """Changes two neighbouring words round."""
    words = name.split()
    if len(words) > 1:
        at = chance.randrange(len(words) - 1)
        words[at], words[at + 1] = words[at + 1], words[at]
    return " ".join(words)


def missing_blank(name: str, chance: random.Random) -> str:
    """Writes two words together."""
    words = name.split()
    at = chance.randrange(max(1, len(words) - 1))
    return " ".join([*words[:at], "".join(words[at : at + 2]), *words[at + 2 :]])


def without_form(name: str, chance: random.Random) -> str:
    """Leaves out the legal form, with one slip in what stays."""
    words = [word for word in name.split() if word.strip(",().").replace(".", "").lower() not in _FORMS]
    return substitution(" ".join(words) or name, chance)


def two_slips(name: str, chance: random.Random) -> str:
    """Slips twice."""
    return transposition(deletion(name, chance), chance)


def other_script(name: str, chance: random.Random) -> str:
    """Writes it in Cyrillic or Greek letters, by sound."""
    script = chance.choice((_CYRILLIC, _GREEK))
    return "".join(script.get(letter, letter) for letter in name.lower())


def capitals(name: str, chance: random.Random) -> str:
    """Writes it in capitals without accents, with one slip."""
    from anyascii import anyascii

    return insertion(str(anyascii(name)), chance).upper()


KINDS: Final[tuple[Callable[[str, random.Random], str], ...]] = (
    deletion, insertion, substitution, transposition, word_swap, missing_blank, without_form, two_slips, other_script,
    capitals,
)  # fmt: skip


def misspelt(name: str, kind: Callable[[str, random.Random], str], chance: random.Random) -> str:
    """Gives the name misspelt in one way."""
    return kind(name, chance)


def _place(name: str, chance: random.Random) -> int:
    return chance.randrange(max(1, len(name)))
