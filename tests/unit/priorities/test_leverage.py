"""Leverage is spend and share of sales; where the share is not known it is spend alone, and says so."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.catalogue import Catalogue
from scoring.leverage import with_leverage
from scoring.review_candidates import review_candidates
from scoring.tables import NEXT_FACT, conform
from tests.unit.priorities.test_review_queue import suppliers

PARAMETERS = {"leverage_sales_weight": 0.5, "leverage_full_share": 0.3}
SHARES = st.one_of(st.none(), st.floats(0.000001, 1.0))
SPENDS = st.one_of(st.none(), st.floats(1.0, 1e9))


def about(rows: list[tuple[str, float | None, float | None]]) -> pl.DataFrame:
    schema = {"supplier_id": pl.String, "spend": pl.Float64, "sales_share": pl.Float64}
    reason = pl.when(pl.col("sales_share").is_null()).then(pl.lit("no sales of it are stated"))
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        reason.alias("sales_share_reason"), pl.lit("BD").alias("country_code"), pl.lit("garments").alias("sector_key"),
        pl.lit(1).alias("anomaly_rank"),
    )  # fmt: skip


def candidates(catalogue: Catalogue, rows: list[tuple[str, float | None, float | None]]) -> pl.DataFrame:
    scores = suppliers([(name, "High", 4.0) for name, *_ in rows])
    facts = conform(pl.DataFrame({"supplier_id": []}, schema={"supplier_id": pl.String}), NEXT_FACT)
    return review_candidates(scores, facts, about(rows), catalogue)


def leverage(rows: list[tuple[str, float | None, float | None]]) -> dict[str, float | None]:
    return dict(with_leverage(about(rows), PARAMETERS).select("supplier_id", "leverage").iter_rows())


def test_leverage_is_half_the_place_by_spend_and_half_the_share_of_sales() -> None:
    found = leverage([("a", 10.0, 0.15), ("b", 20.0, 0.3), ("c", 30.0, 0.9), ("d", 40.0, None), ("e", None, None)])

    # places 1/4 to 4/4 of the four whose spend is known; a share of 0.15 is half of the full 0.3, more than it is full
    assert found["a"] == pytest.approx(0.5 * 0.25 + 0.5 * 0.5)
    assert found["b"] == pytest.approx(0.5 * 0.5 + 0.5)
    assert found["c"] == pytest.approx(0.5 * 0.75 + 0.5)
    assert found["d"] == 1.0
    assert found["e"] is None


def test_a_larger_share_of_the_sales_never_gives_less_leverage() -> None:
    steps = [leverage([("a", 10.0, share), ("b", 20.0, None)])["a"] or 0.0 for share in (0.001, 0.1, 0.3, 0.5, 1.0)]
    assert steps == sorted(steps)


@given(st.lists(st.tuples(SPENDS, SHARES), min_size=2, max_size=12), st.data())
@settings(max_examples=60, deadline=None)
def test_a_share_that_is_missing_changes_nothing_for_others(
    catalogue: Catalogue, figures: list[tuple[float | None, float | None]], data: st.DataObject
) -> None:
    rows = [(f"S{number:02d}", *row) for number, row in enumerate(figures)]
    gone = data.draw(st.integers(0, len(rows) - 1))
    without = [(name, spend, None if place == gone else share) for place, (name, spend, share) in enumerate(rows)]
    others = pl.col("supplier_id") != rows[gone][0]
    before, after = (candidates(catalogue, told).filter(others) for told in (rows, without))

    assert after.drop("priority_rank").equals(before.drop("priority_rank"))
    assert after.sort("priority_rank")["supplier_id"].equals(before.sort("priority_rank")["supplier_id"])


def test_a_share_that_is_not_known_is_told_with_why_and_is_not_taken_for_low(catalogue: Catalogue) -> None:
    rows = candidates(catalogue, [("a", 10.0, None), ("b", 10.0, 0.001), ("c", None, None)])
    by_id = {row["supplier_id"]: row for row in rows.iter_rows(named=True)}

    assert by_id["a"]["sales_share_reason"] == "no sales of it are stated"
    assert (by_id["a"]["sales_share"], by_id["b"]["sales_share_reason"]) == (None, None)
    assert by_id["a"]["leverage"] == by_id["a"]["spend_place"]
    assert by_id["a"]["priority_rank"] < by_id["b"]["priority_rank"]
    assert by_id["c"]["leverage"] is None


def test_who_nothing_is_known_of_stands_in_the_middle(catalogue: Catalogue) -> None:
    rows = [("small", 1.0, 0.01), ("small too", 2.0, 0.01), ("unknown", None, None), ("large", 900.0, 0.3)]
    found = candidates(catalogue, rows).sort("priority_rank")["supplier_id"].to_list()

    assert found == ["large", "unknown", "small too", "small"]


def test_the_reason_tells_a_large_share(catalogue: Catalogue) -> None:
    rows = candidates(catalogue, [("a", 10.0, 0.42), ("b", 900.0, 0.29)])
    told = dict(rows.select("supplier_id", "reason").iter_rows())

    assert told["a"].endswith("; the buyer takes 42 % of its sales")
    assert "sales" not in told["b"]
