"""One example by hand for every rule of the bands, on either side of its limits (METHOD §4)."""

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

DAYS_PER_MONTH = 365.25 / 12


def decided(portfolio, facts, **levels):
    return portfolio.score(facts, sites=[portfolio.site(**levels)]).suppliers.to_dicts()[0]


def outcome(row):
    return row["band"], row["band_rule"]


def everything_clean(portfolio):
    labour = [portfolio.clean(f"F{n:02}", source_type="worker_driven_monitor") for n in range(1, 12)]
    return [*labour, portfolio.clean("X01", source_type="field_visit")]


def test_an_order_in_force_is_critical_and_legal_review_comes_first(portfolio):
    for indicator, confirmed in (("A01", "identifier"), ("F12", "verdict")):
        act = portfolio.adverse(indicator, source_type="official_order", confirmed_by=confirmed, in_force=True)
        row = decided(portfolio, [act])
        assert outcome(row) == ("Critical", "official_order_in_force")
        assert "exit only as a last resort" in row["action"]
        assert decided(portfolio, [{**act, "confirmed_by": "reported"}])["band"] != "Critical"
        assert decided(portfolio, [{**act, "second_hand": True}])["band"] != "Critical"


def test_forced_labour_observed_is_critical_while_it_is_present(portfolio):
    # .85 · ½^(m/24) = .3 at m = 24 · log2(.85/.3) = 36.06 months
    fresh = portfolio.adverse("X01", source_type="field_visit")
    last = portfolio.as_of - timedelta(days=int(36.06 * DAYS_PER_MONTH))
    assert outcome(decided(portfolio, [{**fresh, "event_date": last}])) == ("Critical", "forced_labour_observed")
    before = last - timedelta(days=2)
    assert outcome(decided(portfolio, [{**fresh, "event_date": before}]))[0] != "Critical"


@pytest.mark.parametrize(
    ("change", "critical"),
    [
        ({}, True),
        ({"source_type": "self_assessment"}, False),
        ({"source_type": "single_media"}, False),  # .35 < .4
        ({"source_type": "ngo_multiple_origins"}, True),  # .7
        ({"second_hand": True}, False),
        ({"site_id": "F2"}, False),
    ],
)
def test_involuntariness_and_menace_at_one_site_are_critical(portfolio, change, critical):
    sites = [portfolio.site(site_id="F1"), portfolio.site(site_id="F2")]
    deceived = portfolio.adverse("F02", strength="M", source_type="unannounced_audit")
    held = portfolio.adverse("F07", strength="S", source_type="offsite_survey")
    rows = portfolio.score([deceived, {**held, **change}], sites=sites).sites
    bands = dict(rows.select("site_id", "band_rule").iter_rows())
    assert (bands["F1"] == "involuntary_and_menace") is critical


def test_the_two_dimensions_need_one_strong_of_them(portfolio):
    deceived = portfolio.adverse("F02", strength="M")
    for indicator, strength, critical in (("F08", "M", False), ("F08", "S", True), ("F09", "S", True)):
        row = decided(portfolio, [deceived, portfolio.adverse(indicator, strength=strength)])
        assert (row["band_rule"] == "involuntary_and_menace") is critical


@pytest.mark.parametrize(("days", "critical"), [(730, True), (731, False)])
def test_the_two_dimensions_lie_within_twenty_four_months(portfolio, days, critical):
    # An inspector's .95 · ½^(24/24) = .475 still supports; 24 months are 730.5 days.
    deceived = portfolio.adverse("F02", strength="S", source_type="inspector")
    held = portfolio.adverse("F07", source_type="inspector", event_date=portfolio.as_of - timedelta(days=days))
    assert (decided(portfolio, [deceived, held])["band_rule"] == "involuntary_and_menace") is critical


@pytest.mark.parametrize(
    ("source", "critical"),
    [
        *(("court_order", True), ("inspector", True), ("worker_driven_monitor", True), ("announced_audit", True)),
        *(("offsite_survey", False), ("grievance", False), ("single_media", False), ("self_assessment", False)),
    ],
)
def test_violence_by_a_credible_source_is_critical_within_48_hours(portfolio, source, critical):
    row = decided(portfolio, [portfolio.adverse("F05", source_type=source)])
    assert (outcome(row) == ("Critical", "credible_violence")) is critical
    assert ("48 hours" in row["action"]) is critical


def test_a_debarment_in_force_is_high(portfolio):
    act = portfolio.adverse("A02", source_type="official_order", confirmed_by="identifier", in_force=True)
    assert outcome(decided(portfolio, [act])) == ("High", "debarment_in_force")


@pytest.mark.parametrize(("months", "high"), [(13.7, True), (13.9, False)])
def test_a_strong_severe_indicator_is_high_while_it_is_well_supported(portfolio, months, high):
    # off-site survey: .85 · ½^(m/18) = .5 at m = 18 · log2(1.7) = 13.78 months
    day = portfolio.as_of - timedelta(days=int(months * DAYS_PER_MONTH))
    row = decided(portfolio, [portfolio.adverse("F07", source_type="offsite_survey", event_date=day)])
    assert (outcome(row) == ("High", "strong_severe_indicator")) is high


def score_at(portfolio, wanted):
    """Gives facts whose points bring a site with levels 3 and 2 to the score, without any gate."""
    each = (wanted - portfolio.base()) / (0.85 * 2)
    return [
        portfolio.adverse(name, strength="S", source_type="unannounced_audit", row_points=each)
        for name in ("F01", "F04")
    ]


@pytest.mark.parametrize(("score", "high"), [(70.0, True), (69.9, False)])
def test_a_score_of_seventy_is_high(portfolio, score, high):
    row = decided(portfolio, score_at(portfolio, score))
    assert row["score"] == pytest.approx(score, abs=1e-9)
    assert (outcome(row) == ("High", "high_score")) is high


@pytest.mark.parametrize(("score", "high"), [(50.01, True), (49.9, False)])
def test_a_score_of_fifty_with_severity_four_is_high(portfolio, score, high):
    grave = portfolio.adverse("F08", strength="M", source_type="unannounced_audit")  # severity 4, medium
    facts = [grave, *score_at(portfolio, score - 16 * 0.85)]
    row = decided(portfolio, facts)
    assert row["severity"] == 4
    assert (outcome(row) == ("High", "raised_score_and_severe")) is high


def seen_but_for_labour(portfolio):
    """Gives clean rows without credit that bring coverage above .3: buying and ties of a company."""
    buying = [portfolio.clean(f"P{n:02}", source_type="procurement_data") for n in range(1, 7)]
    ties = [portfolio.clean(name, source_type="network") for name in ("W01", "W02")]
    return [*buying, *ties]


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (69.9, ("Elevated", "raised_score")),
        (50.01, ("Elevated", "raised_score")),
        (49.9, ("Moderate", "middle_score")),
        (30.01, ("Moderate", "middle_score")),
    ],
)
def test_elevated_and_moderate_go_by_score_where_enough_is_known(portfolio, score, expected):
    row = decided(portfolio, [*score_at(portfolio, score), *seen_but_for_labour(portfolio)])
    assert row["score"] == pytest.approx(score, abs=1e-9)
    assert row["coverage"] >= 0.3
    assert outcome(row) == expected


def test_below_high_with_little_coverage_is_unknown(portfolio):
    row = decided(portfolio, score_at(portfolio, 60))
    assert row["coverage"] < 0.3
    assert outcome(row) == ("Unknown", "coverage_too_thin")
    assert row["inherent_level"] == "Elevated"


def test_below_thirty_well_covered_and_sure_is_lower(portfolio):
    row = decided(portfolio, everything_clean(portfolio))
    assert row["coverage"] >= 0.6
    assert row["confidence"] >= 0.5
    assert outcome(row) == ("Lower", "low_score_well_covered")


def test_below_thirty_otherwise_is_unknown(portfolio):
    row = decided(portfolio, [*seen_but_for_labour(portfolio), *everything_clean(portfolio)[:2]])
    assert 0.3 <= row["coverage"] < 0.6
    assert outcome(row) == ("Unknown", "low_score_thinly_covered")
    assert "Collect the one item" in row["action"]


def test_every_rule_has_its_example(catalogue):
    text = Path(__file__).read_text(encoding="utf-8")
    assert [rule.rule_id for rule in catalogue.band_rules if f'"{rule.rule_id}"' not in text] == []


def test_no_action_says_to_drop_a_supplier(seeds):
    actions = seeds["band_rule"].select(pl.col("action").str.to_lowercase())["action"]
    assert not actions.str.contains("drop|delist|terminate|blacklist").any()
