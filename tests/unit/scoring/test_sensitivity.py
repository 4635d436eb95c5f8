"""What moves when priors move: each alone, and all at once."""

from dataclasses import replace

import polars as pl
import pytest

from scoring.inherent import portfolio_medians
from scoring.priors import INDICATOR_WEIGHT, priors, with_moved
from scoring.rescoring import Rescoring
from scoring.score import banded
from scoring.sensitivity import MEASURES, sensitivity
from tests.benchmarks.scoring_population import feature_tables

DRAWS, SEED = 12, 3


def found(catalogue, portfolio, features, draws=DRAWS, seed=SEED):
    medians = portfolio_medians(features.sites, catalogue.inherent)
    rescoring = Rescoring(banded(features, medians, catalogue, portfolio.as_of), features, medians, catalogue)
    return sensitivity(rescoring, catalogue, draws, seed, 900, lambda done, total: None)


@pytest.fixture(scope="module")
def features(catalogue, portfolio):
    return feature_tables(catalogue, 150, 1_200, as_of=portfolio.as_of, seed=2).features


@pytest.fixture(scope="module")
def outcome(catalogue, portfolio, features):
    return found(catalogue, portfolio, features)


def test_every_prior_is_moved_both_ways_and_no_other_with_it(catalogue, outcome):
    known = {prior.prior_id: prior for prior in priors(catalogue)}
    rows = outcome.by_prior
    assert set(rows["prior_id"]) == set(known)
    for row in rows.iter_rows(named=True):
        prior = known[row["prior_id"]]
        assert row["value"] == prior.value
        deviations = 1.0 if row["direction"] == "higher" else -1.0
        assert row["moved_value"] == pytest.approx(prior.moved(deviations))


def test_every_number_of_the_method_that_is_named_is_among_the_priors(catalogue):
    kinds = {prior.prior_kind for prior in priors(catalogue)}
    assert kinds == set(catalogue.prior_spreads["prior_kind"])


def test_shares_are_shares_and_what_is_more_and_less_urgent_adds_up(outcome):
    rows = outcome.by_prior
    shares = rows.select(pl.col("^.*_share$"))
    assert shares.select(pl.all().is_between(0, 1).all()).row(0) == (True,) * shares.width
    assert (rows["more_urgent_share"] + rows["less_urgent_share"] - rows["band_changed_share"]).abs().max() < 1e-12
    assert rows["rank_correlation"].is_between(-1, 1).all()


def test_a_lower_limit_makes_nobody_less_urgent_and_a_higher_one_nobody_more(outcome):
    limits = outcome.by_prior.filter(prior_kind="score_limit")
    lower, higher = limits.filter(direction="lower"), limits.filter(direction="higher")
    assert lower["less_urgent_share"].sum() == higher["more_urgent_share"].sum() == 0
    assert lower["more_urgent_share"].sum() + higher["less_urgent_share"].sum() > 0


def test_the_summary_tells_of_all_draws_and_of_what_they_were_made_of(outcome):
    summary = outcome.summary
    assert set(summary["measure"]) == set(MEASURES)
    assert summary["draw_count"].unique().to_list() == [DRAWS]
    assert summary["supplier_count"].unique().to_list() == [150]
    assert summary["portfolio_count"].unique().to_list() == [900]
    assert summary["first_count"].unique().to_list() == [8]
    assert (summary["low"] <= summary["median"]).all()
    assert (summary["median"] <= summary["high"]).all()
    assert summary.filter(measure="band_changed_share")["high"].item() > 0


def test_the_same_seed_gives_the_same_tables_and_another_gives_others(catalogue, portfolio, features, outcome):
    again = found(catalogue, portfolio, features)
    assert again.summary.equals(outcome.summary)
    assert again.by_prior.equals(outcome.by_prior)
    assert not found(catalogue, portfolio, features, seed=4).summary.equals(outcome.summary)


def test_priors_without_a_spread_move_nothing(catalogue, portfolio, features):
    still = replace(catalogue, prior_spreads=catalogue.prior_spreads.with_columns(spread=pl.lit(0.0)))
    outcome = found(still, portfolio, features)
    assert outcome.by_prior.is_empty()
    kept = dict(outcome.summary.select("measure", "low").iter_rows())
    assert kept["band_changed_share"] == 0
    assert kept["first_kept_share"] == kept["rank_correlation"] == kept["acute_kept_share"] == 1


def test_no_draws_leave_the_summary_empty_and_the_priors_told(catalogue, portfolio, features):
    outcome = found(catalogue, portfolio, features, draws=0)
    assert outcome.summary["median"].null_count() == len(MEASURES)
    assert len(outcome.by_prior) > 0


def test_a_moved_prior_keeps_its_bounds_and_its_sign(catalogue):
    by_id = {prior.prior_id: prior for prior in priors(catalogue)}
    assert by_id["reliability_adverse:court_order"].moved(3.0) == 1.0
    assert by_id["point_cap:clean"].moved(1.0) < catalogue.caps["clean"]
    assert by_id["score_limit:70"].moved(-1.0) == pytest.approx(66.0)
    assert by_id[f"{INDICATOR_WEIGHT}:F07"].value == 1.0


def test_a_moved_score_limit_moves_every_rule_that_names_it(catalogue):
    moved = {rule.rule_id: rule for rule in with_moved(catalogue, {"score_limit:50": 55.0}).band_rules}
    assert moved["raised_score"].score_minimum == moved["raised_score_and_severe"].score_minimum == 55
    assert moved["middle_score"].score_below == 55
    assert moved["high_score"].score_minimum == 70
