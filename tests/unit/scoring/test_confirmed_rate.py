"""The base where enough cases are confirmed, by hand."""

import math

import polars as pl
import pytest

from scoring.confirmed_rate import PEER_CASE, with_peer_cases


def scored(portfolio, peers, facts=(), sites=None):
    from dataclasses import replace

    features = portfolio.features(list(facts), sites=sites)
    keys = {"supplier_id": "S1", "site_id": "F1"}
    schema = {**dict.fromkeys(keys, pl.String), **PEER_CASE}
    frame = pl.DataFrame([{**keys, **peers}] if peers else [], schema=schema)
    return portfolio.score_features(replace(features, sites=with_peer_cases(features.sites, frame)))


def raw(scores):
    return scores.suppliers["raw_score"][0]


def points(probability):
    return 50 + 10 * math.log2(9 * probability / (1 - probability))


ENOUGH = {"peer_cases": 5, "peers": 80, "other_cases": 30, "other_suppliers": 1000}
RATE = (5 + 20 * 0.03) / (80 + 20)


def test_enough_cases_among_peers_replace_the_prior(portfolio):
    scores = scored(portfolio, ENOUGH)
    assert raw(scores) == pytest.approx(points(RATE), abs=1e-9)
    assert scores.evidence["description"][0].endswith(
        "; 5 of 80 other suppliers of its country and sector have a confirmed case, "
        "which with the rate of all gives 5.6 %"
    )


@pytest.mark.parametrize("fewer", [{"peer_cases": 4}, {"other_cases": 29}])
def test_too_few_cases_leave_the_prior(portfolio, fewer):
    assert raw(scored(portfolio, {**ENOUGH, **fewer})) == portfolio.base()


def test_a_rate_below_the_prior_leaves_it_as_it_is(portfolio):
    scores = scored(portfolio, {**ENOUGH, "peers": 50_000, "other_suppliers": 900_000})
    assert raw(scores) == portfolio.base()
    assert "confirmed case" not in scores.evidence["description"][0]


def test_inherent_risk_by_cases_stays_below_its_limit(portfolio):
    scores = scored(portfolio, {**ENOUGH, "peer_cases": 60})
    assert raw(scores) == pytest.approx(45, abs=1e-9)
    assert scores.evidence["kind"].to_list() == ["base", "cap"]


def test_a_supplier_none_of_whose_peers_has_a_case_keeps_its_prior(portfolio):
    assert raw(scored(portfolio, None)) == portfolio.base()
