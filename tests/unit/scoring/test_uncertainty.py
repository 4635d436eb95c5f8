"""The interval against draws of the same model on a dozen kinds of site, to be read one by one."""

from datetime import timedelta

import numpy as np
import pytest

from scoring.shifted_lognormal import capped_moments, shape_of

DRAWS = 20_000
POINTS, PROBABILITY = 1.0, 0.03
WEAK = ("announced_audit", "self_assessment")
SIGMA = {"S": 0.3, "M": 0.4, "W": 0.5}


def cases(portfolio):
    a, c = portfolio.adverse, portfolio.clean
    old = portfolio.as_of - timedelta(days=700)
    return {
        "inherent only": [],
        "one strong": [a("F07", source_type="single_media")],
        "several": [a("F02", strength="M"), a("F08", strength="M", event_date=old), a("F11", strength="W")],
        "stacked": [a("F07", strength="M", source_type=name) for name in ("inspector", "network", "field_visit")],
        "clipped": [a(name) for name in ("F03", "F06", "F07", "F09", "X01")],
        "gated": [a("F05")],
        "clean": [c("F07", source_type="offsite_survey"), c("F08", source_type="unannounced_audit")],
        "clean, capped": [c(name, source_type="worker_driven_monitor") for name in ("F01", "F02", "F03")],
        "clean, weak": [c(name, source_type="announced_audit") for name in ("F02", "F07", "F08", "F10", "F11")],
        "clean, near the cap": [c(name, source_type="worker_driven_monitor", event_date=old) for name in ("F07", "F09")]
        + [c(name, source_type="offsite_survey") for name in ("F01", "F02")],
        "covered": [a("F04", strength="S", source_type="grievance")]
        + [c(name, source_type="offsite_survey") for name in ("F01", "F02", "F03", "F05", "F06", "F07", "F08", "F09")],
        "mixed": [a("F08", strength="M"), c("F07", source_type="offsite_survey"), c("F02")],
    }


def draws(evidence, limits, generator):
    """Draws raw scores of one site from its evidence: ranks fixed, caps applied to each draw."""
    total = evidence.filter(kind="base")["contribution"].sum() + 5 * generator.standard_normal(DRAWS)
    for name, rows in (("adverse", evidence.filter(kind="adverse")), ("clean", evidence.filter(kind="clean"))):
        weak, other = np.zeros(DRAWS), np.zeros(DRAWS)
        for row in rows.iter_rows(named=True):
            sigma = np.hypot(SIGMA[row["strength"]], 0.1)
            value = row["contribution"] * generator.lognormal(-(sigma**2) / 2, sigma, DRAWS)
            if row["source_type"] in WEAK:
                weak += value
            else:
                other += value
        total += (
            np.maximum(other + np.maximum(weak, limits["clean_weak_source"]), limits["clean"])
            if (name == "clean")
            else other + weak
        )
    return np.clip(total, 0, 100)


@pytest.fixture(scope="module")
def compared(portfolio):
    named = cases(portfolio)
    sites = [portfolio.site(supplier_id=name, site_id=name) for name in named]
    facts = [{**fact, "supplier_id": name, "site_id": name} for name, rows in named.items() for fact in rows]
    scores = portfolio.score(facts, sites=sites)
    generator = np.random.default_rng(7)
    by_site = scores.evidence.partition_by("site_id", as_dict=True)
    limits = portfolio.catalogue.caps
    return {
        row["site_id"]: (row, draws(by_site[(row["site_id"],)], limits, generator))
        for row in scores.sites.iter_rows(named=True)
    }


def test_the_ends_of_the_interval_match_draws(compared):
    for name, (row, drawn) in compared.items():
        low, high = np.quantile(drawn, [0.1, 0.9])
        assert abs(row["interval_low"] - low) < POINTS, name
        assert abs(row["interval_high"] - high) < POINTS, name


def bands_of(drawn, row):
    """Gives the share of draws a band by METHOD §4 for a site without a gate; Lower and Unknown left out if covered."""
    severe = (row["severity"] or 0) >= 4
    high = (drawn >= 70) | ((drawn >= 50) & severe)
    if row["coverage"] < 0.3:
        return {"high": high.mean(), "unknown": (~high).mean()}
    elevated, moderate = (drawn >= 50) & ~high, (drawn >= 30) & (drawn < 50)
    return {"high": high.mean(), "elevated": elevated.mean(), "moderate": moderate.mean()}


def test_the_probability_of_bands_matches_draws(compared):
    compared_bands = 0
    for name, (row, drawn) in compared.items():
        if row["band_rule"] in ("involuntary_and_menace", "forced_labour_observed", "credible_violence"):
            assert row["probability_critical"] == 1, name
        elif row["band_rule"] != "strong_severe_indicator":
            for band, share in bands_of(drawn, row).items():
                assert abs(row[f"probability_{band}"] - share) < PROBABILITY, (name, band)
                compared_bands += 1
    assert compared_bands > 10


def test_a_gate_is_certain_and_other_bands_share_what_is_left(compared):
    assert compared["gated"][0]["probability_critical"] == 1
    row = compared["mixed"][0]
    assert sum(row[f"probability_{band}"] for band in ("high", "elevated", "moderate", "unknown", "lower")) == (
        pytest.approx(1)
    )


def test_an_interval_holds_its_score_and_stays_on_the_scale(compared):
    for row, _ in compared.values():
        assert 0 <= row["interval_low"] <= row["score"] <= row["interval_high"] <= 100


def test_missing_knowledge_widens_the_interval_and_leaves_the_score(portfolio):
    sites = [portfolio.site(supplier_id="S1", site_id="F1", sector_level=None), portfolio.site(supplier_id="S2")]
    rows = portfolio.score([], sites=sites).sites.sort("supplier_id")
    assert rows["score"].n_unique() == 1
    width = (rows["interval_high"] - rows["interval_low"]).to_list()
    assert width[0] > width[1]


def test_the_shifted_lognormal_has_the_moments_asked_for():
    deviation, skew = np.array([4.0, 9.0]), np.array([0.4, 1.7])
    growth, shape, scale = shape_of(deviation, skew)
    assert np.allclose(np.exp(shape**2), growth)
    assert np.allclose(scale**2 * growth * (growth - 1), deviation**2)
    assert np.allclose((growth + 2) * np.sqrt(growth - 1), skew)


def test_the_interval_has_the_level_of_the_seed(portfolio):
    row = portfolio.score([]).sites.to_dicts()[0]
    assert row["interval_high"] - row["interval_low"] == pytest.approx(2 * 1.2815515655446004 * 5)


def test_a_capped_lognormal_has_the_moments_of_draws():
    mean, variance, limit = np.array([5.0, 6.0]), np.array([4.0, 9.0]), np.array([6.0, 6.0])
    shape = np.sqrt(np.log1p(variance / mean**2))
    drawn = np.minimum(mean * np.random.default_rng(3).lognormal(-(shape**2) / 2, shape, (400_000, 2)), limit)
    told = capped_moments(mean, variance, limit)
    assert np.allclose(told[0], drawn.mean(axis=0), atol=0.01)
    assert np.allclose(told[1], drawn.var(axis=0), atol=0.02)
    assert np.allclose(told[2], ((drawn - drawn.mean(axis=0)) ** 3).mean(axis=0), atol=0.1)


def test_inherent_risk_never_passes_its_limit_in_any_draw(portfolio):
    highest = portfolio.site(country_level=6.0, sector_level=4.0)
    row = portfolio.score([], sites=[highest]).sites.to_dicts()[0]
    assert row["interval_high"] <= portfolio.catalogue.caps["inherent_raw"] + 0.05
    assert row["probability_elevated"] == row["probability_high"] == 0
