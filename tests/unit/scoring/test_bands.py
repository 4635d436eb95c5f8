"""Each rule of METHOD §4, what opens it and what does not."""

import re
from datetime import date, timedelta

import polars as pl
import pytest

from scoring.bands import _cut, with_gates
from scoring.evidence import ranked_rows, weighed_rows
from scoring.keys import numbered_sites

OFFICIAL = {"source_type": "official_order", "confirmed_by": "identifier", "in_force": True}
RISKY = {"country_level": 6.0, "sector_level": 4.0, "good_level": 0.0}
SAFE = {"country_level": 1.0, "sector_level": 1.0, "good_level": 0.0}
SURVEYED = ("F01", "F02", "F03", "F04", "F05", "F06", "F07", "F08", "F09", "F10", "F11")


@pytest.fixture
def decide(portfolio):
    def decided(facts, **site):
        return portfolio.score(facts, sites=[portfolio.site(**site)]).suppliers.to_dicts()[0]

    return decided


@pytest.fixture
def surveyed(portfolio):
    """Clean worker-driven monitoring of all that it can see: little credit (capped), much coverage."""
    return [portfolio.clean(name, source_type="worker_driven_monitor") for name in SURVEYED]


@pytest.mark.parametrize("indicator", ["A01", "F12"])
@pytest.mark.parametrize("confirmed_by", ["identifier", "verdict"])
def test_an_official_order_in_force_is_critical(portfolio, decide, indicator, confirmed_by):
    row = decide([portfolio.adverse(indicator, **{**OFFICIAL, "confirmed_by": confirmed_by})])
    assert (row["band"], row["band_rule"]) == ("Critical", "official_order_in_force")
    assert "remedy first" in row["action"]
    assert indicator in row["band_reason"]


@pytest.mark.parametrize(
    "changed",
    [{"in_force": False, "ended_on": date(2026, 1, 1)}, {"confirmed_by": "reported"}, {"second_hand": True}],
)
def test_an_order_that_ended_is_unconfirmed_or_second_hand_opens_no_such_gate(portfolio, decide, changed):
    row = decide([portfolio.adverse("A01", **{**OFFICIAL, "event_date": date(2020, 1, 1), **changed})])
    assert row["band"] != "Critical"


def test_forced_labour_seen_at_the_site_is_critical(portfolio, decide):
    row = decide([portfolio.adverse("X01", source_type="field_visit")])
    assert (row["band"], row["band_rule"]) == ("Critical", "forced_labour_observed")
    assert "14 days" in row["action"]


def test_old_or_second_hand_observation_does_not_gate(portfolio, decide):
    long_ago = portfolio.as_of - timedelta(days=3650)
    assert decide([portfolio.adverse("X01", source_type="field_visit", event_date=long_ago)])["band"] != "Critical"
    assert decide([portfolio.adverse("X01", source_type="field_visit", second_hand=True)])["band"] != "Critical"


def test_involuntariness_and_menace_together_are_critical(portfolio, decide):
    row = decide([portfolio.adverse("F02", strength="M"), portfolio.adverse("F07", strength="S")])
    assert (row["band"], row["band_rule"]) == ("Critical", "involuntary_and_menace")
    assert "F02 Deception; F07 Retention of identity documents" in row["band_reason"]


def test_overtime_is_involuntary_only_where_it_is_strong(portfolio, decide):
    menace = portfolio.adverse("F06", strength="S")
    weak = decide([portfolio.adverse("F11", strength="W"), menace])
    strong = decide([portfolio.adverse("F11", strength="S"), menace])
    assert weak["band"] != "Critical"
    assert strong["band_rule"] == "involuntary_and_menace"


@pytest.mark.parametrize(
    "other",
    [
        {"strength": "M"},  # neither is strong
        {"source_type": "self_assessment"},
        {"source_type": "single_media"},  # r below 0.4
        {"second_hand": True},
        {"site_id": "F2"},
        {"event_date": date(2024, 9, 1)},  # r·f below 0.4
        {"closure_verified_by_workers": True},
    ],
)
def test_one_half_of_the_definition_that_does_not_hold_shuts_the_gate(portfolio, other):
    facts = [portfolio.adverse("F02", strength="M"), portfolio.adverse("F07", **other)]
    sites = [portfolio.site(site_id="F1"), portfolio.site(site_id="F2")]
    assert "Critical" not in portfolio.score(facts, sites=sites).sites["band"].to_list()


def test_the_two_halves_must_lie_within_the_window_of_each_other(portfolio, decide):
    old = portfolio.adverse("F02", strength="M", source_type="inspector", event_date=date(2024, 7, 1))
    for day, band in ((date(2026, 6, 1), "Critical"), (date(2026, 11, 1), "High")):
        assert decide([old, portfolio.adverse("F07", event_date=day)])["band"] == band


def test_one_indicator_of_both_roles_does_not_pair_with_itself(portfolio, decide):
    told = portfolio.adverse("F12", source_type="ngo_multiple_origins")
    assert decide([told])["band"] != "Critical"
    assert decide([told, portfolio.adverse("F04", strength="M")])["band_rule"] == "involuntary_and_menace"


def test_an_official_act_that_ended_takes_no_part_in_a_pair(portfolio, decide):
    ended = {**OFFICIAL, "in_force": False, "event_date": date(2026, 1, 1), "ended_on": date(2026, 6, 1)}
    assert decide([portfolio.adverse("F12", **ended)])["band"] != "Critical"
    assert decide([portfolio.adverse("F12", **ended), portfolio.adverse("F07")])["band"] != "Critical"


def test_what_was_directly_observed_gates_by_its_own_rule_alone(portfolio, decide):
    facts = [portfolio.adverse("X01", source_type="field_visit"), portfolio.adverse("F07")]
    assert decide(facts)["band_rule"] == "forced_labour_observed"
    features = portfolio.features(facts)
    sites = numbered_sites(features.sites)
    ranked = ranked_rows(weighed_rows(features.facts, sites, portfolio.catalogue, portfolio.as_of), 0.5)
    gates = with_gates(sites, ranked, portfolio.catalogue, 0.3)
    assert gates["involuntary_and_menace"].to_list() == [None]


@pytest.mark.parametrize("indicator", ["A01", "F12", "A02"])
@pytest.mark.parametrize("doubt", [{"contested": True}, {"second_hand": True}])
def test_an_act_under_appeal_or_told_second_hand_counts_points_and_gates_nothing(portfolio, decide, indicator, doubt):
    row = decide([portfolio.adverse(indicator, **{**OFFICIAL, **doubt})], **SAFE)
    assert row["band"] == "Unknown"
    assert row["raw_score"] > 30
    assert row["severity"] >= 4, "what is said is still graded"


def test_a_contested_act_opens_no_gate_of_its_own_whoever_tells_of_it(portfolio, decide):
    told = {"source_type": "ngo_multiple_origins", "confirmed_by": "verdict", "in_force": True}
    assert decide([portfolio.adverse("F12", **told)])["band_rule"] == "official_order_in_force"
    assert decide([portfolio.adverse("F12", **told, contested=True)])["band"] != "Critical"


def test_doubtful_rows_lend_no_severity_to_a_rule(portfolio, decide, surveyed):
    told = portfolio.adverse("F08", strength="M", source_type="inspector", second_hand=True)
    row = decide([told, *surveyed], **RISKY)
    assert (row["band"], row["band_rule"], row["severity"]) == ("Moderate", "middle_score", 4)
    risen = [told, portfolio.adverse("F04", strength="M", source_type="grievance"), *surveyed]
    row = decide(risen, **RISKY)
    assert 50 <= row["score"] < 70
    assert (row["band"], row["band_rule"]) == ("Elevated", "raised_score")


def test_a_contested_audit_finding_still_gates(portfolio, decide):
    assert decide([portfolio.adverse("F05", contested=True)])["band"] == "Critical"


@pytest.mark.parametrize(
    ("value", "below", "decimals", "told"),
    [
        *((n / 100, 2.0, 2, n / 100) for n in range(101)),
        (69.96, 70.0, 1, 69.9),
        (69.999999999999, 70.0, 1, 69.9),
        (70.0, None, 1, 70.0),
        (0.2999999999999, 0.3, 2, 0.29),
        (0.3, 0.6, 2, 0.3),
    ],
)
def test_figures_of_a_reason_are_told_as_they_are_and_reach_no_limit_they_do_not(value, below, decimals, told):
    assert pl.select(_cut(pl.lit(value), below, decimals)).item() == told


def test_an_act_in_force_reaches_over_any_window(portfolio, decide):
    act = portfolio.adverse("F02", strength="M", **OFFICIAL, event_date=date(2015, 1, 1))
    assert decide([act, portfolio.adverse("F07")])["band_rule"] == "involuntary_and_menace"


@pytest.mark.parametrize("source_type", ["court_order", "inspector", "worker_driven_monitor", "announced_audit"])
def test_credible_violence_is_critical(portfolio, decide, source_type):
    row = decide([portfolio.adverse("F05", source_type=source_type)])
    assert (row["band"], row["band_rule"]) == ("Critical", "credible_violence")
    assert "48 hours" in row["action"]


@pytest.mark.parametrize("source_type", ["offsite_survey", "single_media", "self_assessment"])
def test_violence_by_other_sources_is_not_that_gate(portfolio, decide, source_type):
    assert decide([portfolio.adverse("F05", source_type=source_type)])["band"] != "Critical"


def test_a_score_of_seventy_is_high(portfolio, decide):
    facts = [portfolio.adverse(name, strength="M") for name in ("F01", "F04", "F08")]
    row = decide(facts, **RISKY)
    assert row["score"] >= 70
    assert (row["band"], row["band_rule"]) == ("High", "high_score")
    assert re.fullmatch(r"Score \d\d\.\d \(at least 70\)", row["band_reason"])


def test_fifty_points_with_severity_four_are_high(portfolio, decide):
    row = decide([portfolio.adverse("F08", strength="M")], **RISKY)
    assert 50 <= row["score"] < 70
    assert row["severity"] == 4
    assert (row["band"], row["band_rule"]) == ("High", "raised_score_and_severe")


def test_fifty_points_with_less_severity_are_elevated(portfolio, decide, surveyed):
    facts = [portfolio.adverse("F04", strength="S", source_type="grievance"), *surveyed]
    row = decide(facts, **RISKY)
    assert 50 <= row["score"] < 70
    assert (row["band"], row["band_rule"], row["severity"]) == ("Elevated", "raised_score", 3)


@pytest.mark.parametrize(("source_type", "band"), [("announced_audit", "High"), ("single_media", "Unknown")])
def test_a_strong_severe_indicator_that_is_well_supported_is_high(portfolio, decide, source_type, band):
    row = decide([portfolio.adverse("F07", source_type=source_type)], **SAFE)
    assert row["band"] == band
    if band == "High":
        assert row["band_rule"] == "strong_severe_indicator"


def test_a_debarment_in_force_is_high(portfolio, decide):
    row = decide([portfolio.adverse("A02", strength="M", **OFFICIAL)], **SAFE)
    assert (row["band"], row["band_rule"]) == ("High", "debarment_in_force")


def test_thirty_to_fifty_is_moderate(decide, surveyed):
    row = decide(surveyed, **RISKY)
    assert 30 <= row["score"] < 50
    assert (row["band"], row["band_rule"]) == ("Moderate", "middle_score")


def test_low_and_well_covered_is_lower(decide, surveyed):
    row = decide(surveyed, **SAFE)
    assert (row["band"], row["band_rule"]) == ("Lower", "low_score_well_covered")
    assert row["action"] == "Monitor"


def test_low_without_coverage_is_unknown_and_never_lower(decide, surveyed):
    row = decide(surveyed[:8], **SAFE)
    assert 0.3 <= row["coverage"] < 0.6
    assert (row["band"], row["band_rule"]) == ("Unknown", "low_score_thinly_covered")


@pytest.mark.parametrize(("levels", "inherent"), [(SAFE, "Lower"), (RISKY, "Moderate")])
def test_nothing_known_is_unknown_and_tells_the_inherent_level(decide, levels, inherent):
    row = decide([], **levels)
    assert (row["band"], row["band_rule"], row["inherent_level"]) == ("Unknown", "coverage_too_thin", inherent)
    assert row["coverage"] == row["confidence"] == 0
    assert row["band_reason"] == "Coverage 0.0 (below 0.3)"
    assert row["next_best_fact"].startswith("Worker survey off site")


def test_a_clean_row_never_disarms_a_gate(portfolio, decide, surveyed):
    facts = [portfolio.adverse("F02", strength="M"), portfolio.adverse("F07")]
    assert decide([*facts, *surveyed])["band_rule"] == "involuntary_and_menace"


def test_a_supplier_takes_band_score_and_severity_of_its_worst_site(portfolio):
    sites = [portfolio.site(site_id="F1", **RISKY), portfolio.site(site_id="F2", **SAFE)]
    gate = portfolio.adverse("F05", strength="S", site_id="F2", event_date=date(2025, 6, 1))
    supplier = portfolio.score([gate], sites=sites).suppliers.to_dicts()[0]
    assert (supplier["worst_site_id"], supplier["band"], supplier["site_count"]) == ("F2", "Critical", 2)
    inherent_only = portfolio.score([], sites=sites).suppliers.to_dicts()[0]
    assert inherent_only["worst_site_id"] == "F1"


def test_a_site_that_nobody_looked_at_is_not_hidden_by_a_better_known_one(portfolio, surveyed):
    sites = [portfolio.site(site_id="F1", **RISKY), portfolio.site(site_id="F2", **RISKY)]
    scores = portfolio.score(surveyed, sites=sites)
    assert dict(scores.sites.select("site_id", "band").iter_rows()) == {"F1": "Moderate", "F2": "Unknown"}
    supplier = scores.suppliers.to_dicts()[0]
    assert (supplier["worst_site_id"], supplier["band"]) == ("F2", "Unknown")


def test_lists_order_by_band_then_severity_then_score(portfolio):
    from scoring.score import in_review_order

    sites = [portfolio.site(supplier_id=f"S{n}", site_id=f"F{n}", **SAFE) for n in range(1, 5)]
    facts = [
        portfolio.adverse("F07", supplier_id="S2", site_id="F2"),
        portfolio.adverse("F09", supplier_id="S3", site_id="F3", source_type="announced_audit"),
        portfolio.adverse("F05", supplier_id="S4", site_id="F4"),
    ]
    ordered = in_review_order(portfolio.score(facts, sites=sites).suppliers)
    ranks = dict(zip(ordered["supplier_id"], ordered["review_rank"], strict=True))
    assert ranks == {"S4": 1, "S3": 2, "S2": 3, "S1": 4}
    scores = ordered.filter(pl.col("supplier_id").is_in(["S2", "S3"]))["score"].to_list()
    assert scores[0] > scores[1], "severity outranks the score"


@pytest.mark.parametrize("source", ["single_media", "self_assessment", "announced_audit"])
def test_who_did_not_see_forced_labour_at_the_site_opens_no_gate_of_observation(portfolio, source):
    told = portfolio.score([portfolio.adverse("X01", source_type=source)]).suppliers.to_dicts()[0]
    seen = portfolio.score([portfolio.adverse("X01", source_type="field_visit")]).suppliers.to_dicts()[0]
    assert told["band"] != "Critical"
    assert seen["band_rule"] == "forced_labour_observed"


@pytest.mark.parametrize(
    ("indicators", "words"),
    [(["P03"], ["Lead times"]), (["P04"], ["Payment"]), (["P03", "P04"], ["Lead times", "Payment"]), (["P02"], [])],
)
def test_what_the_buyer_answers_for_is_told_to_the_buyer(portfolio, indicators, words):
    facts = [portfolio.adverse(name, strength="W", source_type="procurement_data") for name in indicators]
    supplier = portfolio.score(facts).suppliers.to_dicts()[0]
    said = supplier["buyer_action"] or ""
    assert [word for word in ("Lead times", "Payment") if word in said] == words
    assert "buyer" not in supplier["action"]


def test_what_the_buyer_answers_for_is_told_whatever_the_band(portfolio):
    late = portfolio.adverse("P04", strength="W", source_type="procurement_data")
    act = portfolio.adverse("A01", source_type="official_order", confirmed_by="identifier", in_force=True)
    supplier = portfolio.score([late, act]).suppliers.to_dicts()[0]
    assert supplier["band"] == "Critical"
    assert "Payment" in supplier["buyer_action"]
