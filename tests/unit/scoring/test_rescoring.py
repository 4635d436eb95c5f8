"""Scoring again under other priors gives what scoring from the start under them gives, prior by prior."""

import numpy as np
import pytest

from scoring.inherent import portfolio_medians
from scoring.priors import INDICATOR_WEIGHT, priors, with_moved
from scoring.rescoring import Rescoring
from scoring.score import banded, in_review_order, scored
from tests.benchmarks.scoring_population import feature_tables

SUPPLIERS, FACTS = 250, 3_000


@pytest.fixture(scope="module")
def again(catalogue, portfolio):
    features = feature_tables(catalogue, SUPPLIERS, FACTS, as_of=portfolio.as_of, seed=9).features
    medians = portfolio_medians(features.sites, catalogue.inherent)
    rescoring = Rescoring(banded(features, medians, catalogue, portfolio.as_of), features, medians, catalogue)

    def compare(moved, weights=None):
        fresh = in_review_order(scored(features, medians, moved, portfolio.as_of).suppliers)
        return rescoring.standing(moved, weights or {}), fresh

    return compare


def same(standing, fresh):
    """Ranks follow from band and score; of scores that are equal but for their last bits the order may differ."""
    bands = (standing.bands == fresh["band"].to_numpy()).all()
    return bands and np.abs(standing.scores - fresh["score"].to_numpy()).max() < 1e-8


def test_nothing_moved_gives_the_score_itself(again, catalogue):
    standing, fresh = again(catalogue)
    assert same(standing, fresh)
    assert np.corrcoef(standing.ranks, fresh["review_rank"])[0, 1] > 0.999


def moved_kinds(catalogue):
    return sorted({prior.prior_kind for prior in priors(catalogue)} - {INDICATOR_WEIGHT})


def test_every_kind_of_prior_moved_alone_gives_what_scoring_from_the_start_gives(again, catalogue):
    for kind in moved_kinds(catalogue):
        for deviations in (-1.5, 1.5):
            values = {p.prior_id: p.moved(deviations) for p in priors(catalogue) if p.prior_kind == kind}
            assert same(*again(with_moved(catalogue, values))), (kind, deviations)


@pytest.mark.parametrize("kind", ["irremediability", "scope"])
def test_parts_of_severity_move_the_order_as_scoring_from_the_start_does(again, catalogue, kind):
    """They touch neither score nor band, only who comes first within a band."""
    unmoved, _ = again(catalogue)
    values = {p.prior_id: 5.0 for p in priors(catalogue) if p.prior_kind == kind}
    standing, fresh = again(with_moved(catalogue, values))

    assert (standing.ranks != unmoved.ranks).mean() > 0.05
    assert (standing.ranks == fresh["review_rank"].to_numpy()).mean() > 0.95


def test_all_priors_drawn_at_once_give_what_scoring_from_the_start_gives(again, catalogue):
    generator = np.random.default_rng(5)
    changed = 0
    for _ in range(6):
        values = {p.prior_id: p.moved(float(generator.standard_normal())) for p in priors(catalogue)}
        standing, fresh = again(with_moved(catalogue, values))
        assert same(standing, fresh)
        changed += int((standing.bands != again(catalogue)[1]["band"].to_numpy()).sum())
    assert changed > 0


def test_the_weights_of_all_indicators_together_are_the_points_of_all_strengths(again, catalogue):
    strengths = {p.prior_id: 1.3 * p.value for p in priors(catalogue) if p.prior_kind == "strength_points"}
    weights = {p.name: 1.3 for p in priors(catalogue) if p.prior_kind == INDICATOR_WEIGHT}
    standing, _ = again(catalogue, weights)
    _, fresh = again(with_moved(catalogue, strengths))
    assert (standing.bands == fresh["band"].to_numpy()).all()
