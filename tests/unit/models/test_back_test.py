import numpy as np
import polars as pl
import pytest

from models.back_test import expected_finds, measured_orders

ORDERS = {"perfect": "perfect", "constant": "constant", "inverse": "inverse"}


def cases(places: int = 200, found_every: int = 10) -> pl.DataFrame:
    number = pl.int_range(places, eager=True)
    found = number % found_every == 0
    return pl.DataFrame(
        {
            "origin": number % 2,
            "place": number.cast(pl.String),
            "found": found,
            "perfect": found.cast(pl.Float64),
            "constant": pl.zeros(places, eager=True),
            "inverse": -found.cast(pl.Float64),
        }
    )


def measured(frame: pl.DataFrame, seed: int = 1) -> dict[str, object]:
    return dict(measured_orders(frame, ORDERS, reference="perfect", capacity=0.2, resamples=50, seed=seed))


def test_of_equal_scores_the_expected_number_of_finds_is_counted() -> None:
    scores, found = np.array([2.0, 1.0, 1.0, 1.0, 0.0]), np.array([True, True, False, False, True])

    assert expected_finds(scores, found, 1) == 1
    assert expected_finds(scores, found, 2) == pytest.approx(1 + 1 / 3)
    assert expected_finds(scores, found, 2.5) == pytest.approx(1 + 1.5 / 3)
    assert expected_finds(scores, found, 5) == 3


def test_an_order_that_knows_nothing_has_no_lift_and_one_that_knows_all_has_the_most() -> None:
    told = measured_orders(cases(), ORDERS, reference="perfect", capacity=0.2, resamples=50, seed=1)

    assert told["constant"].lift.value == pytest.approx(1)
    assert told["constant"].area_under_curve.value == pytest.approx(0.5)
    assert told["perfect"].lift.value == pytest.approx(1 / 0.2)
    assert told["perfect"].average_precision_ratio.value == pytest.approx(5)  # found at one origin alone: one in five
    assert told["inverse"].lift.value == 0
    assert told["perfect"].lift_less_than_reference is None
    assert told["constant"].lift_less_than_reference.value == pytest.approx(4)


def test_each_origin_reviews_its_own_share() -> None:
    frame = pl.DataFrame(
        {
            "origin": [1] * 10 + [2] * 10,
            "place": [str(number) for number in range(20)],
            "found": [True] + [False] * 18 + [True],
            "score": [100.0] + [50.0] * 9 + [1.0] * 9 + [2.0],
        }
    )
    told = measured_orders(frame, {"it": "score"}, reference="it", capacity=0.1, resamples=10, seed=1)

    assert told["it"].lift.value == pytest.approx(10)


def test_places_are_drawn_whole_and_the_same_seed_gives_the_same_interval() -> None:
    assert measured(cases()) == measured(cases())
    assert measured(cases()) != measured(cases(), seed=2)


def test_places_are_drawn_whole_so_that_ten_cases_of_one_are_not_ten_witnesses() -> None:
    twenty = cases(20, found_every=5).with_columns(guess=(pl.int_range(pl.len()) * 7 % 20).cast(pl.Float64), origin=0)
    repeated = pl.concat([twenty.with_columns(origin=pl.lit(origin)) for origin in range(10)])
    apart = repeated.with_columns(place=pl.int_range(pl.len()).cast(pl.String))
    widths = [
        told["it"].area_under_curve.high - told["it"].area_under_curve.low
        for told in (
            measured_orders(frame, {"it": "guess"}, reference="it", capacity=0.2, resamples=200, seed=1)
            for frame in (repeated, apart)
        )
    ]

    assert widths[0] > 2 * widths[1]


def test_nothing_found_is_no_measure() -> None:
    with pytest.raises(ValueError, match="something was found"):
        measured(cases().with_columns(found=pl.lit(value=False)))
