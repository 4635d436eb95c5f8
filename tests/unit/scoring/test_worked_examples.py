"""Scores worked out by hand, to 1e-9, from the numbers of METHOD and not from the code."""

import math
from datetime import date

import pytest

S, M, W = 30.0, 16.0, 6.0
TOLERANCE = 1e-9
TWO_YEARS_AGO = date(2024, 11, 20)  # 731 days before the day of the portfolio
MONTHS = 731 / (365.25 / 12)


def near(value):
    return pytest.approx(value, abs=TOLERANCE)


def clean_points(reliability):
    return 10 * math.log2(1 - 0.5 * reliability)


@pytest.mark.parametrize(
    ("country", "sector", "good", "probability"),
    [
        (1.0, 1.0, 0.0, 0.005),
        (6.0, 4.0, 0.0, 0.07),
        (6.0, 4.0, 2.0, 0.07),  # clipped at level 10
        (3.0, 2.0, 1.0, math.sqrt(0.005 * 0.07)),  # half way: the geometric mean
    ],
)
def test_the_base_follows_the_odds_of_country_sector_and_good(portfolio, country, sector, good, probability):
    site = portfolio.site(country_level=country, sector_level=sector, good_level=good)
    scores = portfolio.score([], sites=[site])
    assert scores.suppliers["raw_score"][0] == near(50 + 10 * math.log2(9 * probability / (1 - probability)))


def test_the_ends_of_the_base_are_those_the_method_names(portfolio):
    low = portfolio.score([], sites=[portfolio.site(country_level=1.0, sector_level=1.0)])
    high = portfolio.score([], sites=[portfolio.site(country_level=6.0, sector_level=4.0)])
    assert round(low.suppliers["raw_score"][0], 1) == 5.3
    assert round(high.suppliers["raw_score"][0], 1) == 44.4


@pytest.mark.parametrize(
    ("indicator", "strength", "source_type", "points"),
    [
        ("F07", "S", "unannounced_audit", S * 0.85),
        ("F02", "M", "announced_audit", M * 0.75),
        ("F11", "W", "self_assessment", W * 0.9),
        ("F09", "S", "offsite_survey", S * 0.85),
        ("F08", "M", "onsite_survey", M * 0.7),
        ("X01", "S", "field_visit", S * 0.85),
        ("F12", "S", "ngo_multiple_origins", S * 0.7),
        ("X02", "S", "field_visit", 0.0),  # child labour: context, no points here
    ],
)
def test_a_fresh_row_gives_points_times_reliability(portfolio, indicator, strength, source_type, points):
    fact = portfolio.adverse(indicator, strength=strength, source_type=source_type)
    assert portfolio.raw([fact]) - portfolio.base() == near(points)


@pytest.mark.parametrize(
    ("source_type", "reliability", "half_life"),
    [("unannounced_audit", 0.85, 24), ("offsite_survey", 0.85, 18), ("single_media", 0.35, 12)],
)
def test_a_row_halves_with_every_half_life_of_its_source(portfolio, source_type, reliability, half_life):
    fact = portfolio.adverse("F07", source_type=source_type, event_date=TWO_YEARS_AGO)
    expected = S * reliability * 0.5 ** (MONTHS / half_life)
    assert portfolio.raw([fact]) - portfolio.base() == near(expected)


def test_an_ended_official_act_decays_from_its_end(portfolio):
    ended = portfolio.adverse(
        "A01",
        source_type="official_order",
        confirmed_by="identifier",
        event_date=date(2015, 1, 1),
        ended_on=TWO_YEARS_AGO,
    )
    assert portfolio.raw([ended]) - portfolio.base() == near(S * 0.5 ** (MONTHS / 36))


def test_an_act_in_force_does_not_decay_even_without_a_day(portfolio):
    act = portfolio.adverse("A01", source_type="official_order", confirmed_by="verdict", event_date=None, in_force=True)
    assert portfolio.raw([act]) - portfolio.base() == near(S)


def test_further_rows_of_an_indicator_count_half_each_by_size(portfolio):
    facts = [
        portfolio.adverse("F07", source_type="announced_audit"),
        portfolio.adverse("F07", source_type="offsite_survey"),
        portfolio.adverse("F07", source_type="single_media"),
    ]
    expected = S * 0.85 + S * 0.75 / 2 + S * 0.35 / 4
    assert portfolio.raw(facts) - portfolio.base() == near(expected)


def test_a_clean_row_lowers_the_odds_by_half_its_reliability(portfolio):
    survey = portfolio.clean("F07", source_type="offsite_survey")
    assert portfolio.raw([survey]) - portfolio.base() == near(clean_points(0.6))


def test_clean_rows_rank_apart_from_adverse_ones(portfolio):
    facts = [
        portfolio.adverse("F08", strength="M", source_type="announced_audit"),
        portfolio.clean("F08", source_type="unannounced_audit"),
        portfolio.clean("F08", source_type="announced_audit"),
    ]
    expected = M * 0.75 + clean_points(0.35) + clean_points(0.1) / 2
    assert portfolio.raw(facts) - portfolio.base() == near(expected)


def test_a_clean_row_is_never_larger_than_the_points_of_its_indicator(portfolio):
    monitor = portfolio.clean("F11", source_type="worker_driven_monitor")
    assert clean_points(0.8) < -W
    evidence = portfolio.score([monitor]).evidence
    assert evidence.filter(kind="clean")["contribution"].to_list() == [near(-W)]
    assert evidence.filter(kind="cap").is_empty()


def test_several_clean_rows_together_are_not_larger_than_the_points_of_their_indicator_either(portfolio):
    facts = [portfolio.clean("F11", source_type=name) for name in ("worker_driven_monitor", "offsite_survey")]
    scores = portfolio.score(facts)
    caps = scores.evidence.filter(kind="cap")
    assert caps["indicator_id"].to_list() == ["F11"]
    assert scores.suppliers["raw_score"][0] - portfolio.base() == near(-W)


def test_all_clean_credit_together_is_at_most_twelve(portfolio):
    facts = [portfolio.clean(name, source_type="worker_driven_monitor") for name in ("F01", "F02", "F03")]
    scores = portfolio.score(facts)
    cap = scores.evidence.filter(kind="cap")
    assert cap["contribution"].to_list() == [near(-12 - 3 * clean_points(0.8))]
    assert scores.suppliers["raw_score"][0] - portfolio.base() == near(-12)


def test_announced_audits_and_self_assessments_together_take_off_at_most_two(portfolio):
    weak = [portfolio.clean(name, source_type="announced_audit") for name in ("F02", "F07", "F08", "F10", "F11")]
    strong = portfolio.clean("F03", source_type="unannounced_audit")
    assert 5 * clean_points(0.1) < -2
    assert portfolio.raw(weak) - portfolio.base() == near(-2)
    assert portfolio.raw([*weak, strong]) - portfolio.base() == near(-2 + clean_points(0.35))


def test_the_cap_on_all_clean_credit_stands_whatever_the_weak_sources_add(portfolio):
    weak = [portfolio.clean(name, source_type="announced_audit") for name in ("F02", "F07", "F08", "F10", "F11")]
    strong = [portfolio.clean(name, source_type="worker_driven_monitor") for name in ("F01", "F03", "F04")]
    assert portfolio.raw([*weak, *strong]) - portfolio.base() == near(-12)


@pytest.mark.parametrize("kind", ["procurement", "network"])
def test_procurement_and_network_rows_are_capped_at_sixteen(portfolio, kind):
    indicator, source = {"procurement": ("P01", "procurement_data"), "network": ("W02", "network")}[kind]
    other = {"procurement": "P05", "network": "W01"}[kind]
    facts = [portfolio.adverse(name, strength="M", source_type=source) for name in (indicator, other)]
    assert portfolio.raw(facts) - portfolio.base() == near(16)


def test_inherent_risk_alone_is_capped_where_the_seed_says(portfolio, catalogue):
    from dataclasses import replace

    lower = replace(catalogue, caps={**catalogue.caps, "inherent_raw": 10.0})
    scores = type(portfolio)(lower).score([])
    assert scores.suppliers["raw_score"][0] == near(10)
    assert scores.evidence["kind"].to_list() == ["base", "cap"]


def test_a_score_is_clipped_and_the_cut_is_told(portfolio):
    facts = [portfolio.adverse(name) for name in ("F03", "F05", "F06", "F07", "F09", "X01")]
    supplier = portfolio.score(facts).suppliers.to_dicts()[0]
    assert supplier["raw_score"] == near(portfolio.base() + 6 * S * 0.85)
    assert supplier["score"] == 100
    assert supplier["clip_adjustment"] == near(100 - supplier["raw_score"])


def test_missing_levels_take_the_median_of_the_portfolio(portfolio):
    sites = [
        portfolio.site(supplier_id="S1", site_id="F1", country_level=None),
        portfolio.site(supplier_id="S2", site_id="F2", country_level=2.0),
        portfolio.site(supplier_id="S3", site_id="F3", country_level=4.0),
        portfolio.site(supplier_id="S4", site_id="F4", country_level=5.0),
    ]
    scores = portfolio.score([], sites=sites).suppliers.rows_by_key("supplier_id", named=True, unique=True)
    assert scores["S1"]["raw_score"] == scores["S3"]["raw_score"]
    width = {name: row["interval_high"] - row["interval_low"] for name, row in scores.items()}
    assert width["S1"] > width["S3"]


def test_without_any_known_level_the_middle_of_the_scale_stands_in(portfolio):
    blank = portfolio.site(country_level=None, sector_level=None, good_level=None)
    level = 3.5 + 2.5 + 1
    probability = math.exp(math.log(0.005) + (level - 2) / 8 * math.log(0.07 / 0.005))
    raw = portfolio.score([], sites=[blank]).suppliers["raw_score"][0]
    assert raw == near(50 + 10 * math.log2(9 * probability / (1 - probability)))
