"""How alike a name that was typed and names that are known are, from 0 to 1.

All names are keys: words in Latin letters without legal form. The score is the greater of two (measures: RapidFuzz):

- how alike the names are as wholes, letter by letter: words sorted, or all written together, since blanks go astray;
- how well the words of each are covered by those of the other: the mean likeness of each word to the word it is most
  like, weighed by how rare the word is in names of companies; GREATER_SHARE of the greater cover and the rest of the
  lesser. A part of a name is found so, and yet is not the whole name.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final

import numpy as np

Scores = np.ndarray[Any, np.dtype[np.float64]]

GREATER_SHARE: Final = 0.55
LEAST_WORD_LIKENESS: Final = 0.6
"""Words less alike than this (optimal string alignment, as a share of the longer) have nothing in common."""


def likeness_to_all(typed: str, known: Sequence[str], weights: Mapping[str, float] | None = None) -> Scores:
    """Gives how alike one typed name and each of the known ones are; no name may be empty.

    `weights` gives how much a common word tells names apart, from 0 to 1; a word without one is rare and tells fully.
    """
    from rapidfuzz import fuzz, process

    def alike(left: str, right: Sequence[str], scorer: Any) -> Any:
        return process.cdist([left], right, scorer=scorer, dtype=np.float64)[0]

    if not known:
        return np.zeros(0)
    closed_up = [name.replace(" ", "") for name in known]
    whole = np.maximum(alike(typed, known, fuzz.token_sort_ratio), alike(typed.replace(" ", ""), closed_up, fuzz.ratio))
    scores: Scores = np.maximum(whole / 100, _covers(typed.split(), [name.split() for name in known], weights or {}))
    return scores


def likenesses(typed: Sequence[str], known: Sequence[str], weights: Mapping[str, float] | None = None) -> Scores:
    """Gives how alike the names of two columns are, pair by pair; the same as `likeness_to_all` says of each."""
    places: dict[str, list[int]] = {}
    for place, name in enumerate(typed):
        places.setdefault(name, []).append(place)
    scores = np.zeros(len(typed))
    for name, of_name in places.items():
        scores[of_name] = likeness_to_all(name, [known[place] for place in of_name], weights)
    return scores


def _covers(typed: list[str], known: list[list[str]], weights: Mapping[str, float]) -> Scores:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    every_word = list(chain.from_iterable(known))
    numbers = {word: number for number, word in enumerate(dict.fromkeys(every_word))}
    words = np.fromiter(map(numbers.__getitem__, every_word), np.int64, len(every_word))
    begins = np.cumsum([0, *map(len, known[:-1])])
    alike = process.cdist(
        typed, list(numbers), scorer=OSA.normalized_similarity, score_cutoff=LEAST_WORD_LIKENESS, dtype=np.float64
    )
    typed_weights = np.array([weights.get(word, 1.0) for word in typed])
    known_weights = np.array([weights.get(word, 1.0) for word in numbers])[words]
    of_typed = typed_weights @ np.maximum.reduceat(alike[:, words], begins, axis=1) / typed_weights.sum()
    of_known = np.add.reduceat(alike.max(axis=0)[words] * known_weights, begins) / np.add.reduceat(
        known_weights, begins
    )
    greater, lesser = np.maximum(of_typed, of_known), np.minimum(of_typed, of_known)
    covers: Scores = GREATER_SHARE * greater + (1 - GREATER_SHARE) * lesser
    return covers
