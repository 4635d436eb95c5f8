"""Chances of the words that protected classes can take: exact, in whole numbers, without any draw."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import polars as pl

from ingest.survey_classes import decide_classes, read_rule, read_thresholds
from tierline.run import PROJECT

WORDS = ("clean", "undetermined", "fires", "fires_strongly")
COMMON, GRAVE = "F11", "F07"
"""An indicator with the threshold of most, and one with that of the four grave ones."""


def words_of_counts(
    sizes: Sequence[int], indicator: str, design_effect: float, *, counted_in: int | None
) -> dict[int, list[str]]:
    """Gives, for each number of respondents, the word of each count of adverse ones from none to all.

    Protected words for counts in which one answer is counted in so many cells, exact ones where that is None.
    """
    rule = read_rule(PROJECT)
    if counted_in is not None:
        rule = replace(rule, minimum_adverse_respondents=rule.minimum_adverse_protected * counted_in)
    counts = [(size, adverse) for size in sizes for adverse in range(size + 1)]
    cells = pl.DataFrame(
        {
            "indicator_id": [indicator] * len(counts),
            "respondents": [size for size, _ in counts],
            "adverse_respondents": [adverse for _, adverse in counts],
            "design_effect": [design_effect] * len(counts),
        }
    )
    decided = iter(decide_classes(cells, rule, read_thresholds(PROJECT))["class"].to_list())
    return {size: [next(decided) for _ in range(size + 1)] for size in sizes}


def word_weights(words: Sequence[str], adverse: int, decay: Fraction) -> dict[str, int]:
    """Gives how likely each word is where so many are adverse, as whole numbers that `whole_weight` makes chances.

    The noisy count is cut to none and all: there it takes what the noise has beyond.
    """
    size, part, whole = len(words) - 1, decay.numerator, decay.denominator
    weights = dict.fromkeys(WORDS, 0)
    for count, word in enumerate(words):
        far = abs(count - adverse)
        at_an_end = whole if count in {0, size} else whole - part
        weights[word] += at_an_end * part**far * whole ** (size - far)
    return weights


def whole_weight(size: int, decay: Fraction) -> int:
    """Gives what the weights of all words add up to."""
    return int((decay.numerator + decay.denominator) * decay.denominator**size)


def word_chances(words: Sequence[str], adverse: int, decay: Fraction | None) -> dict[str, Fraction]:
    """Gives the chance of each word where so many are adverse; of an exact class, whose decay is None, 1 for one."""
    if decay is None:
        return {word: Fraction(word == words[adverse]) for word in WORDS}
    whole = whole_weight(len(words) - 1, decay)
    return {word: Fraction(weight, whole) for word, weight in word_weights(words, adverse, decay).items()}
