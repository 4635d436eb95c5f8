"""The queue holds its capacity, draws its share at random, and the chances it tells are those of the draw."""

from collections import Counter

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.catalogue import Catalogue
from scoring.review_candidates import review_candidates
from scoring.review_queue import DrawRule, draw_rule, inclusion_probabilities, review_queue
from scoring.tables import NEXT_FACT, REVIEW_QUEUE, SUPPLIER_SCORE, conform

RULE = DrawRule(random_share=0.125, power=0.5)


def candidates(sizes: list[int]) -> pl.DataFrame:
    """Suppliers in strata of those sizes, by priority as they come."""
    strata = [f"stratum {number}" for number, size in enumerate(sizes) for _ in range(size)]
    mixed = np.random.default_rng(5).permutation(len(strata))
    return pl.DataFrame(
        {
            "supplier_id": [f"S{number:05d}" for number in range(len(strata))],
            "priority_rank": range(1, len(strata) + 1),
            "stratum": [strata[place] for place in mixed],
            "reason": ["because"] * len(strata),
            "severity": [3.0] * len(strata),
            "information": [0.5] * len(strata),
            "leverage": [0.5] * len(strata),
            "spend_place": [0.5] * len(strata),
            "sales_share": [None] * len(strata),
            "sales_share_reason": ["no sales of it are stated"] * len(strata),
        }
    )


def test_a_supplier_is_drawn_as_often_as_its_propensity_says() -> None:
    population = candidates([1, 2, 7, 30, 60])
    capacity, draws = 40, 4_000
    counts: Counter[str] = Counter()
    told: dict[str, float] = {}
    for seed in range(draws):
        drawn = review_queue(population, capacity, RULE, seed).filter(pl.col("chosen_by") == "random")
        counts.update(drawn["supplier_id"])
        told |= dict(drawn.select("supplier_id", "propensity").iter_rows())

    assert len(told) == population.height - 35, "whoever is not chosen by priority may be drawn"
    for supplier, propensity in told.items():
        deviation = (propensity * (1 - propensity) / draws) ** 0.5
        assert counts[supplier] / draws == pytest.approx(propensity, abs=4.5 * deviation + 1e-9), supplier


def test_weights_add_up_to_the_suppliers_on_average() -> None:
    population = candidates([3, 11, 40])
    totals = [(1 / review_queue(population, 24, RULE, seed)["propensity"]).sum() for seed in range(1_000)]

    assert np.mean(totals) == pytest.approx(population.height, rel=0.01)


@given(
    sizes=st.lists(st.integers(1, 40), min_size=1, max_size=12),
    capacity=st.integers(1, 200),
    seed=st.integers(0, 10**6),
    power=st.sampled_from([0.0, 0.5, 1.0]),
)
@settings(max_examples=200, deadline=None)
def test_capacity_shares_and_chances_hold_for_any_portfolio(
    sizes: list[int], capacity: int, seed: int, power: float
) -> None:
    population = candidates(sizes)
    queue = review_queue(population, capacity, DrawRule(0.125, power), seed)
    drawn = queue.filter(pl.col("chosen_by") == "random")
    first = queue.filter(pl.col("chosen_by") == "priority")

    assert queue.height == min(capacity, population.height)
    assert queue["supplier_id"].n_unique() == queue.height
    assert queue["queue_rank"].to_list() == list(range(1, queue.height + 1))
    assert queue.filter(~pl.col("propensity").is_between(0, 1, closed="right")).is_empty()
    assert set(first["propensity"]) <= {1.0}
    assert set(first["supplier_id"]) == set(population.sort("priority_rank")["supplier_id"].head(first.height))
    if population.height > capacity >= 20:
        assert 0.10 <= drawn.height / capacity <= 0.15
    if population.height <= capacity:
        assert drawn.is_empty()
    sizes_left = Counter(population.sort("priority_rank").slice(first.height)["stratum"])
    for stratum, count in Counter(drawn["stratum"]).items():
        assert count <= sizes_left[stratum]


@given(sizes=st.lists(st.integers(1, 500), min_size=1, max_size=30), share=st.floats(0, 1), power=st.floats(0, 1))
@settings(max_examples=200, deadline=None)
def test_chances_of_all_strata_add_up_to_the_places(sizes: list[int], share: float, power: float) -> None:
    places = int(share * sum(sizes))
    chances = inclusion_probabilities(np.array(sizes, dtype=float), places, power)

    assert (chances * sizes).sum() == pytest.approx(places)
    assert ((chances >= 0) & (chances <= 1)).all()


def test_a_stratum_smaller_than_its_share_is_taken_whole_and_the_rest_goes_to_others() -> None:
    chances = inclusion_probabilities(np.array([1.0, 1.0, 100.0]), 30, 0.5)

    assert chances.tolist() == pytest.approx([1.0, 1.0, 0.28])


def test_a_small_stratum_has_a_better_chance_than_a_large_one() -> None:
    small, large = inclusion_probabilities(np.array([4.0, 400.0]), 11, 0.5)

    # shares 2 : 20 of 11 places
    assert (small, large) == pytest.approx((0.25, 0.025))


def test_the_same_seed_gives_the_same_queue_and_another_one_another() -> None:
    population = candidates([10, 200])
    queue = review_queue(population, 50, RULE, 3)

    assert queue.equals(review_queue(population.reverse(), 50, RULE, 3))
    assert not queue.equals(review_queue(population, 50, RULE, 4))


def test_a_queue_cut_in_half_still_has_its_drawn_rows() -> None:
    queue = review_queue(candidates([10, 300]), 80, RULE, 3)

    assert (queue.head(40)["chosen_by"] == "random").sum() == 5
    assert queue.schema == pl.Schema(REVIEW_QUEUE)


def test_an_empty_portfolio_has_an_empty_queue() -> None:
    assert review_queue(candidates([1]).clear(), 50, RULE, 1).is_empty()


def suppliers(rows: list[tuple[str, str, float | None]]) -> pl.DataFrame:
    made = [
        {"supplier_id": name, "band": band, "severity": severity, "inherent_level": "Moderate", "review_rank": place}
        for place, (name, band, severity) in enumerate(rows, start=1)
    ]
    return conform(pl.DataFrame(made, infer_schema_length=None), SUPPLIER_SCORE)


def next_fact(supplier: str, information: float, probability: float = 0.1, indicator: str = "F09") -> dict[str, object]:
    return {
        "supplier_id": supplier, "fact_rank": 1, "source_type": "offsite_survey", "indicator_id": indicator,
        "outcome": "adverse", "probability": probability, "information": information,
    }  # fmt: skip


def about(rows: list[tuple[str, float | None, int]]) -> pl.DataFrame:
    made = [
        {"supplier_id": name, "country_code": "BD", "sector_key": "garments", "spend": spend, "anomaly_rank": anomaly}
        for name, spend, anomaly in rows
    ]
    unknown = {"sales_share": pl.lit(None, pl.Float64), "sales_share_reason": pl.lit("no sales of it are stated")}
    return pl.DataFrame(made, schema_overrides={"spend": pl.Float64}).with_columns(**unknown)


def order(catalogue: Catalogue, scores: pl.DataFrame, facts: list[dict[str, object]], known: pl.DataFrame) -> list[str]:
    made = conform(pl.DataFrame(facts, infer_schema_length=None), NEXT_FACT)
    return review_candidates(scores, made, known, catalogue).sort("priority_rank")["supplier_id"].to_list()


def test_severity_leads_then_information_then_leverage_then_what_is_unusual(catalogue: Catalogue) -> None:
    scores = suppliers(
        [("a", "High", 4.0), ("b", "High", 4.0), ("c", "High", 4.0), ("d", "High", 4.0), ("e", "High", 5.0)]
    )
    facts = [next_fact("a", 0.2), next_fact("b", 0.2), next_fact("c", 0.2), next_fact("d", 0.9), next_fact("e", 0.1)]
    known = about([("a", 10.0, 5), ("b", 10.0, 1), ("c", 900.0, 5), ("d", 1.0, 5), ("e", 1.0, 5)])

    assert order(catalogue, scores, facts, known) == ["e", "d", "c", "b", "a"]


def test_a_supplier_that_nobody_looked_at_comes_before_one_where_little_is_at_stake(catalogue: Catalogue) -> None:
    scores = suppliers([("found", "Elevated", 3.0), ("looked at", "Lower", None), ("unknown", "Unknown", None)])
    facts = [next_fact("unknown", 0.6), next_fact("looked at", 0.0)]
    known = about([("found", 1.0, 1), ("looked at", 1.0, 2), ("unknown", None, 3)])

    assert order(catalogue, scores, facts, known) == ["found", "unknown", "looked at"]


def test_unknown_suppliers_of_high_inherent_level_may_enter_however_many_are_severe(catalogue: Catalogue) -> None:
    severe = [(f"severe{number:03d}", "High", 5.0) for number in range(100)]
    scores = suppliers([*severe, ("unknown", "Unknown", None)])
    known = about([(name, 1.0, 1) for name, *_ in severe] + [("unknown", 1.0, 1)])
    made = conform(pl.DataFrame([next_fact("unknown", 0.6)]), NEXT_FACT)
    population = review_candidates(scores, made, known, catalogue)
    queues = [review_queue(population, 40, draw_rule(catalogue.parameters), seed) for seed in range(60)]

    assert (
        population.filter(pl.col("supplier_id") == "unknown")["stratum"].item()
        == "BD | garments | Unknown, inherent Moderate"
    )
    assert any("unknown" in set(queue["supplier_id"]) for queue in queues)


def test_the_reason_is_a_sentence(catalogue: Catalogue) -> None:
    made = conform(pl.DataFrame([next_fact("a", 0.25)]), NEXT_FACT)
    one = review_candidates(suppliers([("a", "High", 4.0)]), made, about([("a", 5.0, 1)]), catalogue)

    assert one["reason"].item() == (
        "What is present is of severity 4 of 5; a worker survey off site on debt bondage (F09) is expected to move the "
        "band by 0.25 places; what is bought from it is among the largest"
    )


def test_the_seed_draws_between_a_tenth_and_a_seventh(catalogue: Catalogue) -> None:
    assert 0.10 <= draw_rule(catalogue.parameters).random_share <= 0.15
