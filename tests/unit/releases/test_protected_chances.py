"""What a protected class tells of one answer: chances of every word, computed and not drawn, at all counts to sixty.

Recovery is METHOD §6's: who knows all answers but one pins the last with a probability above .9 from a base of .6.
"""

from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.releases.class_rule import class_decay
from ingest.releases.noise import class_noise_of, noise_of
from tests.class_chances import COMMON, GRAVE, WORDS, whole_weight, word_chances, word_weights, words_of_counts

BASE, PINNED, ODDS = Fraction(6, 10), Fraction(9, 10), 6
LARGEST = 60
KEY = bytes(range(32))


def posterior(likely: Fraction, unlikely: Fraction) -> Fraction:
    """The chance of what was held likely by .6, after what was seen."""
    return BASE * likely / (BASE * likely + (1 - BASE) * unlikely)


@pytest.mark.parametrize("counted_in", [1, 2, 3])
@pytest.mark.parametrize("design_effect", [1.0, 1.5, 2.0, 4.0])
@pytest.mark.parametrize("indicator", [COMMON, GRAVE])
def test_no_word_of_any_count_moves_the_odds_of_an_answer_by_more_than_six(
    indicator: str, design_effect: float, counted_in: int
) -> None:
    decay = class_decay(counted_in)
    for size, words in words_of_counts(range(1, LARGEST + 1), indicator, design_effect, counted_in=counted_in).items():
        laws = [word_weights(words, adverse, decay) for adverse in range(size + 1)]
        assert {sum(law.values()) for law in laws} == {whole_weight(size, decay)}
        for (fewer, more), word in product(pairwise(laws), WORDS):
            assert fewer[word] * decay.numerator <= more[word] * decay.denominator
            assert more[word] * decay.numerator <= fewer[word] * decay.denominator


@pytest.mark.parametrize("counted_in", [1, 2, 3, 5])
def test_the_cells_of_one_answer_together_move_its_odds_by_six_at_most(counted_in: int) -> None:
    decay = class_decay(counted_in)

    assert (1 / decay) ** counted_in <= ODDS
    assert posterior((1 / decay) ** counted_in, Fraction(1)) <= PINNED
    assert (1 / (decay - Fraction(1, 240))) ** counted_in > ODDS, "no more noise than is needed"


@settings(max_examples=60, deadline=None)
@given(
    size=st.integers(1, 400),
    adverse=st.floats(0, 1),
    design_effect=st.floats(1, 8),
    indicator=st.sampled_from([COMMON, GRAVE]),
    counted_in=st.integers(1, 3),
)
def test_nor_at_larger_sites_and_other_design_effects(
    size: int, adverse: float, design_effect: float, indicator: str, counted_in: int
) -> None:
    words = words_of_counts([size], indicator, design_effect, counted_in=counted_in)[size]
    known = round(adverse * (size - 1))
    fewer, more = (word_weights(words, count, class_decay(counted_in)) for count in (known, known + 1))
    for word in WORDS:
        if fewer[word] or more[word]:
            odds = Fraction(more[word], fewer[word])
            assert 1 / Fraction(ODDS) <= odds**counted_in <= ODDS


def test_without_noise_an_answer_is_recovered() -> None:
    for words in words_of_counts(range(10, LARGEST + 1), GRAVE, 1.0, counted_in=None).values():
        laws = [word_chances(words, adverse, None) for adverse in range(len(words))]
        assert any(fewer[word] == 0 < more[word] for fewer, more in pairwise(laws) for word in WORDS)


def test_noise_drawn_anew_for_a_second_word_would_recover_an_answer() -> None:
    words = words_of_counts([20], GRAVE, 1.0, counted_in=1)[20]
    laws = [word_chances(words, adverse, class_decay(1)) for adverse in range(21)]
    odds = [(more[word], fewer[word]) for fewer, more in pairwise(laws) for word in WORDS if fewer[word]]

    assert max(posterior(likely, unlikely) for likely, unlikely in odds) <= PINNED
    assert max(posterior(likely**2, unlikely**2) for likely, unlikely in odds) > PINNED


def test_a_second_word_with_the_same_noise_would_recover_the_answer_of_who_withdrew() -> None:
    words = words_of_counts([30, 20], GRAVE, 1.0, counted_in=1)

    def pairs(answer: int) -> set[tuple[str, str]]:
        """Words before and after ten withdrew, of whom one gave the answer and all others said nothing adverse."""
        counts = [(np.clip(3 + answer + noise, 0, 30), np.clip(3 + noise, 0, 20)) for noise in range(-40, 41)]
        return {(words[30][before], words[20][after]) for before, after in counts}

    assert pairs(1) - pairs(0), "words that only the adverse answer can give"


def test_with_noise_alone_one_silent_cell_of_ten_thousand_fires() -> None:
    for counted_in in (1, 2, 3):
        for size in (10, 20, 40, 80):
            words = words_of_counts([size], GRAVE, 1.0, counted_in=counted_in)[size]
            chances = word_chances(words, 0, class_decay(counted_in))
            assert chances["fires"] + chances["fires_strongly"] < Fraction(12, 100_000)


@pytest.mark.parametrize("counted_in", [1, 2])
def test_the_noise_that_is_drawn_follows_its_law_and_has_no_end(counted_in: int) -> None:
    decay = class_decay(counted_in)
    drawn = class_noise_of(KEY, [f"cell {number}" for number in range(40_000)], decay)
    for noise in range(-3, 4):
        chance = float((1 - decay) / (1 + decay) * decay ** abs(noise))
        assert abs(float((drawn == noise).mean()) - chance) < 4 * (chance / 40_000) ** 0.5
    beyond = 5 * counted_in
    assert 0 < (np.abs(drawn) >= beyond).sum() < 3 * 40_000 * float(2 * decay**beyond / (1 + decay))


def test_a_cell_has_one_draw_for_ever_of_its_own() -> None:
    cells = [f"R{number}" for number in range(300)]
    drawn = class_noise_of(KEY, cells, class_decay(1))

    assert (drawn == class_noise_of(KEY, cells, class_decay(1))).all()
    assert (drawn[::-1] == class_noise_of(KEY, cells[::-1], class_decay(1))).all()
    assert (drawn != class_noise_of(bytes(32), cells, class_decay(1))).any()
    assert (drawn != noise_of(KEY, cells)).any(), "rates and classes do not share their noise"
