"""The figures of the benchmarks of names, and how the comparison does on labelled pairs where they are at hand."""

import math

import numpy as np
import pytest

from matching.name_comparison import similarity_sql
from tests.benchmarks.linkage_pairs import NAME_PAIRS, name_pairs
from tests.benchmarks.linkage_statistics import area_under_curve, best_f1, recall_at_precision, wilson
from tests.unit.matching_names.conftest import KeyNames

SCORES = np.array([0.9, 0.8, 0.8, 0.4, 0.1])
TRUTH = np.array([True, True, False, True, False])


def test_the_area_is_the_chance_that_a_match_scores_above_another_pair_and_ties_count_half() -> None:
    # 0.9 beats both; 0.8 ties with one and beats one; 0.4 beats one
    assert area_under_curve(SCORES, TRUTH) == pytest.approx((2 + 1.5 + 1) / 6)


def test_a_threshold_takes_all_pairs_of_its_score() -> None:
    assert recall_at_precision(SCORES, TRUTH, 0.99) == (pytest.approx(1 / 3), 0.9)
    assert recall_at_precision(SCORES, TRUTH, 0.75) == (pytest.approx(1.0), 0.4)


def test_no_threshold_is_good_enough_where_the_best_score_is_no_match() -> None:
    assert recall_at_precision(np.array([0.9, 0.1]), np.array([False, True]), 0.9) == (0.0, math.inf)


def test_the_best_f1_is_told_with_its_threshold() -> None:
    assert best_f1(SCORES, TRUTH) == (pytest.approx(6 / 7), 0.4)


def test_the_wilson_interval_is_that_of_the_formula() -> None:
    # Newcombe 1998, Statistics in Medicine 17: 81 of 263 and 15 of 148
    assert (round(wilson(81, 263).low, 4), round(wilson(81, 263).high, 4)) == (0.2553, 0.3662)
    assert (round(wilson(15, 148).low, 4), round(wilson(15, 148).high, 4)) == (0.0624, 0.1605)
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0, 1)


@pytest.mark.real_data
@pytest.mark.skipif(not NAME_PAIRS.exists(), reason="the labelled pairs of names are absent")
def test_on_labelled_pairs_the_first_mistake_comes_late(key_names: KeyNames) -> None:
    pairs = name_pairs()
    truth = np.array([pair["is_match"] for pair in pairs])
    connection = key_names(sorted({pair[side] for pair in pairs for side in ("left", "right")}))

    rows = [
        connection.execute(
            f"SELECT {similarity_sql('l.name_feature', 'r.name_feature')} FROM int_name_keys AS l, int_name_keys AS r"
            " WHERE l.spelling = $left AND r.spelling = $right",
            {"left": pair["left"], "right": pair["right"]},
        ).fetchone()
        for pair in pairs
    ]

    scores = np.array([row[0] for row in rows if row is not None])
    assert len(scores) == len(pairs)
    assert area_under_curve(scores, truth) > 0.85
    assert recall_at_precision(scores, truth)[0] > 0.5
