"""How alike two names are: 1 for the same words, less with each slip, and a common word tells little."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.search.likeness import likeness_to_all, likenesses

KEYS = st.lists(st.text("ABCDEFG", min_size=1, max_size=8), min_size=1, max_size=4).map(" ".join)


def alike(typed: str, known: str, **weights: float) -> float:
    return float(likeness_to_all(typed, [known], weights)[0])


@pytest.mark.parametrize("known", ["AMBER TEXTILE", "TEXTILE AMBER", "AMBERTEXTILE"])
def test_order_and_blanks_do_not_matter(known: str) -> None:
    assert alike("AMBER TEXTILE", known) == 1


def test_each_slip_makes_it_less() -> None:
    scores = [alike(typed, "AMBER TEXTILE") for typed in ("AMBER TEXTILE", "AMBR TEXTILE", "AMBR TEXTLE", "AMR TEXTLE")]

    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_a_part_is_found_and_is_not_the_whole() -> None:
    assert 0.6 < alike("KHANHHAI", "KHANHHAI SONVINH RUBBER PRODUCTS") < 0.8


def test_a_rare_word_in_common_tells_more_than_a_common_one() -> None:
    common = {"TRADING": 0.3}

    assert alike("ZUBARU TRADING", "ZUBARU EXPORT", **common) > alike("ZUBARU TRADING", "MIKOLO TRADING", **common)


def test_names_that_share_nothing_are_not_alike() -> None:
    assert alike("ZEBRA QUUX", "AMBER TEXTILE") < 0.4


@given(KEYS, KEYS)
def test_it_is_a_share_the_same_from_both_sides_and_one_for_itself(one: str, other: str) -> None:
    assert 0 <= alike(one, other) <= 1
    assert alike(one, other) == pytest.approx(alike(other, one))
    assert alike(one, one) == 1


@given(KEYS, st.lists(KEYS, max_size=6))
def test_all_at_once_and_pair_by_pair_say_the_same(typed: str, known: list[str]) -> None:
    one_by_one = [float(likeness_to_all(typed, [name])[0]) for name in known]

    assert np.allclose(likeness_to_all(typed, known), one_by_one)
    assert np.allclose(likenesses([typed] * len(known), known), one_by_one)
