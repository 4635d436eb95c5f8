"""How alike a name that was typed and a name that is known are, from 0 to 1."""

from typing import Final

_WHOLE_SHARE: Final = 0.7
"""Share of how alike the names are as wholes; the rest is how well the words of the shorter are found in the longer."""


def likeness(typed: str, known: str) -> float:
    """Gives how alike two keys are: 1 for the same words in any order, less for each slip, word left out or added.

    As wholes they are compared with their words in order and, since blanks go astray, written together; the rest of the
    score forgives words that only one of them has. Measures: RapidFuzz, indel similarity of characters.
    """
    from rapidfuzz import fuzz

    whole = max(fuzz.token_sort_ratio(typed, known), fuzz.ratio(typed.replace(" ", ""), known.replace(" ", "")))
    if whole == 100:
        return 1.0
    part = fuzz.token_set_ratio(typed, known)
    return (_WHOLE_SHARE * whole + (1 - _WHOLE_SHARE) * max(part, whole)) / 100
