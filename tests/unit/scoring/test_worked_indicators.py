"""One example by hand for every indicator, to 1e-9, from the numbers of METHOD and not from the code."""

import math
from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

S, M, W = 30.0, 16.0, 6.0
DAYS_PER_MONTH = 365.25 / 12
HALF_A_YEAR = timedelta(days=183)


def near(value):
    return pytest.approx(value, abs=1e-9)


def faded(days, half_life):
    return 0.5 ** (days / DAYS_PER_MONTH / half_life)


def clean_points(reliability):
    return 10 * math.log2(1 - 0.5 * reliability)


LATE_SURVEY = faded(183, 18)
LATE_AUDIT = faded(183, 24)
LATE_MEDIA = faded(183, 12)

# indicator, strength, source, days old, what is added to the base
ADVERSE = [
    ("F01", "M", "offsite_survey", 0, M * 0.85),
    ("F02", "S", "inspector", 183, S * 0.95 * LATE_AUDIT),  # contract substituted: strong
    ("F03", "S", "field_visit", 0, S * 0.85),
    ("F04", "M", "unannounced_audit", 183, M * 0.85 * LATE_AUDIT),
    ("F05", "S", "worker_driven_monitor", 0, S * 0.95),
    ("F06", "S", "grievance", 183, S * 0.8 * LATE_SURVEY),
    ("F07", "S", "announced_audit", 0, S * 0.75),
    ("F08", "M", "onsite_survey", 0, M * 0.7),
    ("F09", "S", "offsite_survey", 183, S * 0.85 * LATE_SURVEY),
    ("F10", "M", "unannounced_audit", 0, M * 0.85),
    ("F11", "W", "self_assessment", 0, W * 0.9),
    ("F12", "S", "ngo_multiple_origins", 183, S * 0.7 * LATE_MEDIA),
    ("X01", "S", "inspector", 0, S * 0.95),
    ("X02", None, "field_visit", 0, 0.0),
    ("P01", "M", "procurement_data", 0, M * 0.8),
    ("P02", "W", "procurement_data", 183, W * 0.8 * LATE_MEDIA),
    ("P03", "W", "procurement_data", 0, W * 0.8),
    ("P04", "W", "procurement_data", 0, W * 0.8),
    ("P05", "M", "procurement_data", 0, M * 0.8),
    ("P06", "M", "procurement_data", 183, M * 0.8 * LATE_MEDIA),
    ("W02", "M", "network", 0, M * 0.6),
    ("A03", "M", "ngo_multiple_origins", 0, M * 0.7),
]


@pytest.mark.parametrize(("indicator", "strength", "source", "days", "points"), ADVERSE)
def test_an_adverse_row_of_each_indicator(portfolio, indicator, strength, source, days, points):
    day = portfolio.as_of - timedelta(days=days)
    fact = portfolio.adverse(indicator, strength=strength, source_type=source, event_date=day)
    assert portfolio.raw([fact]) - portfolio.base() == near(points)


@pytest.mark.parametrize("indicator", ["A01", "A02"])
def test_an_official_act_in_force_and_one_that_ended(portfolio, indicator):
    long_ago = date(2015, 1, 1)
    act = portfolio.adverse(
        indicator, source_type="official_order", confirmed_by="identifier", event_date=long_ago, in_force=True
    )
    ended = {**act, "in_force": False, "ended_on": portfolio.as_of - HALF_A_YEAR}
    assert portfolio.raw([act]) - portfolio.base() == near(S)
    assert portfolio.raw([ended]) - portfolio.base() == near(S * faded(183, 36))


@pytest.mark.parametrize(("mass_points", "points"), [(4.5, 4.5), (16.0, 16.0), (40.0, 16.0)])
def test_network_exposure_gives_its_own_points_up_to_those_of_a_medium_indicator(portfolio, mass_points, points):
    fact = portfolio.adverse("W01", strength="M", source_type="network", row_points=mass_points)
    assert portfolio.raw([fact]) - portfolio.base() == near(points * 0.6)


def test_one_report_alone_is_weak_and_believed_little(portfolio):
    fact = portfolio.adverse("A03", strength="W", source_type="single_media")
    assert portfolio.raw([fact]) - portfolio.base() == near(W * 0.35)


def test_country_and_sector_are_the_base_and_a_listed_good_is_a_level_of_it(portfolio):
    def base(**levels):
        return portfolio.score([], sites=[portfolio.site(**levels)]).suppliers["raw_score"][0]

    def by_hand(level):
        probability = math.exp(math.log(0.005) + (level - 2) / 8 * math.log(0.07 / 0.005))
        return 50 + 10 * math.log2(9 * probability / (1 - probability))

    assert base(country_level=4.0, sector_level=3.0, good_level=0.0) == near(by_hand(7))
    assert base(country_level=4.0, sector_level=3.0, good_level=2.0) == near(by_hand(9))


def test_a_share_of_migrant_workers_is_inherent_risk(portfolio, seeds):
    levels = seeds["inherent_share"].filter(pl.col("share_kind") == "migrant").sort("minimum_share")
    reached = levels.row(-1, named=True)
    features = portfolio.features([])
    told = replace(features, sites=features.sites.with_columns(migrant_share=pl.lit(reached["minimum_share"])))
    scores = portfolio.score_features(told)
    assert scores.suppliers["raw_score"][0] - portfolio.base() == near(reached["points"])
    assert scores.evidence.filter(indicator_id="N03")["kind"].to_list() == ["base"]


@pytest.mark.parametrize("source", ["offsite_survey", "worker_driven_monitor"])
def test_mitigation_takes_off_its_points_as_they_fade(portfolio, source):
    fact = portfolio.adverse(
        "M01",
        kind="mitigation",
        strength=None,
        source_type=source,
        row_points=-8.0,
        event_date=portfolio.as_of - HALF_A_YEAR,
    )
    assert portfolio.raw([fact]) - portfolio.base() == near(-8 * LATE_SURVEY)


def test_all_mitigation_together_takes_off_twenty_at_most(portfolio):
    facts = [
        portfolio.adverse(
            "M01", kind="mitigation", strength=None, source_type="worker_driven_monitor", row_points=points
        )
        for points in (-10.0, -8.0, -4.0)
    ]
    assert portfolio.raw(facts[:2]) - portfolio.base() == near(-18)
    assert portfolio.raw(facts) - portfolio.base() == near(-20)


def test_an_audit_that_workers_contradict_takes_nothing_off(portfolio):
    audit = portfolio.clean("F07", source_type="inspector")
    survey = portfolio.adverse("F07", source_type="offsite_survey")
    assert portfolio.raw([audit]) - portfolio.base() == near(clean_points(0.5))
    assert portfolio.raw([audit, survey]) - portfolio.base() == near(S * 0.85)


def test_rehearsed_answers_take_off_by_a_quarter_of_their_reliability(portfolio):
    heard = portfolio.clean("F07", source_type="offsite_survey")
    assert portfolio.raw([heard]) - portfolio.base() == near(clean_points(0.6))
    assert portfolio.raw([{**heard, "is_coached": True}]) - portfolio.base() == near(clean_points(0.15))


# indicator, source that may clear it, what is taken off where its own points are no limit
CLEAN = [
    ("F01", "offsite_survey", 0.6),
    ("F02", "announced_audit", 0.1),
    ("F03", "field_visit", 0.3),
    ("F04", "unannounced_audit", 0.35),
    ("F05", "worker_driven_monitor", 0.8),
    ("F06", "inspector", 0.5),
    ("F07", "onsite_survey", 0.2),
    ("F08", "unannounced_audit", 0.35),
    ("F09", "offsite_survey", 0.6),
    ("F10", "field_visit", 0.3),
    ("F11", "inspector", 0.5),
    ("X01", "field_visit", 0.3),
]


@pytest.mark.parametrize(("indicator", "source", "reliability"), CLEAN)
def test_a_clean_row_of_each_indicator_that_may_be_cleared(portfolio, indicator, source, reliability):
    assert portfolio.raw([portfolio.clean(indicator, source_type=source)]) - portfolio.base() == near(
        clean_points(reliability)
    )


def test_every_indicator_of_the_catalogue_has_its_example(catalogue):
    worked = {row[0] for row in ADVERSE} | {"A01", "A02", "N01", "N02", "N03", "W01", "M01", "Q01", "Q02"}
    assert worked == set(catalogue.indicators["indicator_id"])
