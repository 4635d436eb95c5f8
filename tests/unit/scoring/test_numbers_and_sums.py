"""Sites stand for numbers while scores are reckoned: no figure hangs on who is scored beside a supplier."""

import math
from dataclasses import fields, replace
from typing import Any

import numpy as np
import polars as pl
from polars.testing import assert_frame_equal

from scoring.inherent import portfolio_medians
from scoring.keys import cell_numbers, numbered_sites
from scoring.ranked_groups import added_in_order
from scoring.score import Features, Scores, scored
from tests.unit.scoring.fact_tables import drawn_features


def test_each_supplier_scores_the_same_alone_and_among_others(portfolio: Any) -> None:
    features = drawn_features(portfolio, seed=5, suppliers=8)
    medians = portfolio_medians(features.sites, portfolio.catalogue.inherent)
    shuffled = replace(features, sites=features.sites.sample(fraction=1, shuffle=True, seed=2))

    together = scored(shuffled, medians, portfolio.catalogue, portfolio.as_of)
    apart = [
        scored(_of_supplier(features, supplier), medians, portfolio.catalogue, portfolio.as_of)
        for supplier in features.sites["supplier_id"].unique().sort()
    ]

    for field in fields(Scores):
        assert_frame_equal(
            pl.concat([getattr(one, field.name) for one in apart]), getattr(together, field.name), check_exact=True
        )


def test_a_run_is_added_up_by_itself_and_loses_no_small_part() -> None:
    chance = np.random.default_rng(3)
    runs = [chance.normal(size=count) * 10.0 ** chance.integers(-8, 8, count) for count in (1, 40, 3, 300, 2)]
    starts = np.cumsum([0, *(len(run) for run in runs[:-1])])

    found = added_in_order(np.concatenate(runs), starts)

    assert [float(added_in_order(run, np.array([0]))[0]) for run in runs] == found.tolist()
    for total, run in zip(found, runs, strict=True):
        assert math.isclose(total, math.fsum(run), abs_tol=1e-15 * np.abs(run).sum())
    small_parts = np.array([1.0, *[1e-16] * 10])
    assert added_in_order(small_parts, np.array([0])).tolist() == [math.fsum(small_parts)]
    assert added_in_order(np.zeros(0), np.zeros(0, dtype=np.int64)).tolist() == []


def test_cells_count_through_the_indicators_of_each_site_and_skip_what_is_not_one() -> None:
    sites = numbered_sites(pl.DataFrame({"supplier_id": ["S2", "S1"], "site_id": ["F1", "F9"]}))
    assert sites.rows() == [("S1", "F9", 0), ("S2", "F1", 1)]

    asked = pl.DataFrame({"site_number": [0, 1, 1], "indicator_id": ["F02", "F01", "none such"]})
    assert cell_numbers(asked, pl.Series(["F01", "F02"]))["cell"].to_list() == [1, 2, None]


def _of_supplier(features: Features, supplier: str) -> Features:
    wanted = pl.col("supplier_id") == supplier
    return Features(**{field.name: getattr(features, field.name).filter(wanted) for field in fields(Features)})
