"""Every site has a state for every indicator, with a reason that names what is missing."""

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from scoring.catalogue import build_catalogue


def test_every_site_has_every_indicator_of_the_catalogue_once(portfolio):
    sites = [portfolio.site(site_id="F1"), portfolio.site(site_id="F2"), portfolio.site(supplier_id="S2", site_id="F3")]
    states = portfolio.score([portfolio.adverse("F07")], sites=sites).indicators
    expected = {(site, name) for site in ("F1", "F2", "F3") for name in portfolio.catalogue.indicators["indicator_id"]}
    assert len(states) == len(expected)
    assert set(states.select("site_id", "indicator_id").iter_rows()) == expected
    assert states["reason"].null_count() == 0
    assert states["reason"].str.len_chars().min() > 0


def test_adverse_evidence_makes_an_indicator_present(portfolio, state_of):
    row = state_of(portfolio.score([portfolio.adverse("F07")]), "F07")
    assert (row["state"], row["adverse_weight"], row["clean_weight"]) == ("present", 0.85, 0.0)
    assert "unannounced audit" in row["reason"]


def test_events_and_not_rows_add_up_to_the_weight(portfolio, state_of):
    facts = [
        portfolio.adverse("F07", source_type="single_media", origin_event_id="a"),
        portfolio.adverse("F07", source_type="single_media", origin_event_id="a"),
        portfolio.adverse("F07", source_type="network", origin_event_id="b"),
    ]
    assert round(state_of(portfolio.score(facts), "F07")["adverse_weight"], 9) == 0.95


def test_faded_evidence_is_neither_present_nor_clean(portfolio, state_of):
    row = state_of(portfolio.score([portfolio.adverse("F07", event_date=date(2015, 1, 1))]), "F07")
    assert row["state"] == "not assessable"
    assert "too weak or too old" in row["reason"]


def test_adverse_and_clean_together_are_a_contradiction(portfolio, state_of):
    facts = [portfolio.adverse("F07", source_type="offsite_survey"), portfolio.clean("F07")]
    row = state_of(portfolio.score(facts), "F07")
    assert row["state"] == "contradicted"
    assert row["clean_weight"] == 0, "workers void the audit, and the contradiction stays visible"
    assert "worker survey off site" in row["reason"]


def test_clean_by_an_eligible_source_is_absent_and_by_another_is_not(portfolio, state_of):
    facts = [portfolio.clean(name, source_type="announced_audit") for name in ("F07", "F05")]
    scores = portfolio.score(facts)
    assert state_of(scores, "F07")["state"] == "absent"
    assert state_of(scores, "F05")["state"] == "not assessable"


def test_what_does_not_apply_says_why_unless_it_was_seen(portfolio, state_of):
    site = {"supplier_id": "S1", "site_id": "F1"}
    reasons = [{**site, "indicator_id": name, "reason": "no dormitory"} for name in ("F10", "F03")]
    scores = portfolio.score([portfolio.adverse("F03")], not_applicable=reasons)
    assert state_of(scores, "F10")["state"] == "not applicable"
    assert state_of(scores, "F10")["reason"] == "no dormitory"
    assert state_of(scores, "F03")["state"] == "present"


def test_not_assessable_names_what_is_missing(portfolio, state_of):
    scores = portfolio.score([])
    assert state_of(scores, "F05")["reason"].startswith("missing: worker-driven monitor, worker survey off site")
    assert "silence clears nothing" in state_of(scores, "A01")["reason"]
    assert state_of(scores, "P01")["reason"] == "missing: procurement data"
    assert state_of(scores, "W01")["reason"] == "missing: ownership, agents, addresses or subcontractors"
    assert state_of(scores, "Q02")["reason"] == (
        "missing: a worker survey that tells enough to judge its answers by (protected classes do not)"
    )


def test_what_a_rule_lacked_is_named_at_the_site_or_at_every_site_of_the_company(portfolio, state_of):
    sites = [portfolio.site(site_id=name) for name in ("F1", "F2")]
    lacked = [
        {"site_id": "F1", "indicator_id": "F05", "missing": "a quiet room"},
        {"site_id": None, "indicator_id": "F05", "missing": "an interpreter"},
        {"site_id": None, "indicator_id": "F05", "missing": "an interpreter"},
    ]
    features = replace(portfolio.features([], sites=sites), not_assessable=portfolio.not_assessable(*lacked))
    scores = portfolio.score_features(features)
    assert state_of(scores, "F05")["reason"] == "missing: a quiet room; an interpreter"
    assert state_of(scores, "F05", site="F2")["reason"] == "missing: an interpreter"
    assert state_of(scores, "F05", site="F2")["state"] == "not assessable"


def test_what_was_seen_wins_over_what_a_rule_lacked(portfolio, state_of):
    lacked = portfolio.not_assessable(*({"indicator_id": f"F{n:02}", "missing": "more"} for n in range(1, 4)))
    facts = [portfolio.adverse("F01"), portfolio.clean("F02", source_type="inspector")]
    reason = {"supplier_id": "S1", "site_id": "F1", "indicator_id": "F03", "reason": "no dormitory"}
    features = portfolio.features(facts, not_applicable=[reason])
    scores = portfolio.score_features(replace(features, not_assessable=lacked))
    assert [state_of(scores, name)["state"] for name in ("F01", "F02", "F03")] == [
        "present",
        "absent",
        "not applicable",
    ]


def test_what_a_rule_lacked_moves_no_points(portfolio):
    features = portfolio.features([portfolio.adverse("F07")])
    lacked = portfolio.not_assessable({"indicator_id": "P01", "missing": "hours"})
    one, other = (portfolio.score_features(each) for each in (features, replace(features, not_assessable=lacked)))
    assert one.suppliers.equals(other.suppliers)


@pytest.mark.parametrize(("indicator", "source"), [("P04", "procurement_data"), ("W01", "network")])
def test_a_company_found_clean_in_buying_or_ties_is_so_at_each_site_without_credit(
    portfolio, state_of, indicator, source
):
    sites = [portfolio.site(site_id=name) for name in ("F1", "F2")]
    clean = portfolio.clean(indicator, site_id=None, source_type=source)
    scores, without = portfolio.score([clean], sites=sites), portfolio.score([], sites=sites)
    assert [state_of(scores, indicator, site=name)["state"] for name in ("F1", "F2")] == ["absent", "absent"]
    assert scores.sites["raw_score"].equals(without.sites["raw_score"])
    assert scores.sites["interval_low"].equals(without.sites["interval_low"])


def test_a_company_wide_clean_row_that_would_give_credit_stays_out(portfolio, state_of, seeds):
    generous = seeds["reliability"].with_columns(
        pl.when(pl.col("source_type") == "procurement_data").then(pl.lit(0.5)).otherwise("clean").alias("clean")
    )
    giving = type(portfolio)(build_catalogue({**seeds, "reliability": generous}))
    sites = [giving.site(site_id=name) for name in ("F1", "F2")]
    scores = giving.score([giving.clean("P04", site_id=None, source_type="procurement_data")], sites=sites)
    assert state_of(scores, "P04")["state"] == "not assessable"


def test_a_missing_country_is_told_at_the_inherent_indicator(portfolio, state_of):
    scores = portfolio.score([], sites=[portfolio.site(country_level=None)])
    assert state_of(scores, "N01")["state"] == "not assessable"
    assert "country level" in state_of(scores, "N01")["reason"]
    assert state_of(scores, "N02")["state"] == "not applicable"


def test_severity_is_that_of_the_worst_present_indicator(portfolio):
    facts = [
        portfolio.adverse("F07"),
        portfolio.adverse("F09", source_type="single_media", event_date=date(2020, 1, 1)),
    ]
    supplier = portfolio.score(facts).suppliers.to_dicts()[0]
    assert supplier["severity"] == 4
    assert portfolio.score([]).suppliers["severity"][0] is None


def test_coverage_is_the_share_of_points_that_are_observed(portfolio):
    points = portfolio.catalogue.indicators.join(
        portfolio.catalogue.eligible.select("indicator_id").unique(), on="indicator_id"
    )["own_points"].sum()
    facts = [portfolio.adverse("F07"), portfolio.clean("F08", source_type="offsite_survey")]
    supplier = portfolio.score(facts).suppliers.to_dicts()[0]
    assert abs(supplier["coverage"] - (30 + 16) / points) < 1e-12
    assert abs(supplier["confidence"] - ((30 + 16) / points * (0.85 + 0.6) / 2) ** 0.5) < 1e-12


def test_what_does_not_apply_leaves_the_coverage(portfolio):
    reason = {"supplier_id": "S1", "site_id": "F1", "indicator_id": "F10", "reason": "no dormitory"}
    without = portfolio.score([portfolio.adverse("F07")]).suppliers["coverage"][0]
    assert portfolio.score([portfolio.adverse("F07")], not_applicable=[reason]).suppliers["coverage"][0] > without


def test_a_repeated_event_adds_no_confidence(portfolio):
    one = portfolio.adverse("F07", origin_event_id="raid")
    once, twice = (portfolio.score([one] * times).suppliers["confidence"][0] for times in (1, 2))
    assert once == twice


def test_a_survey_that_could_not_decide_is_not_proposed_again(portfolio):
    features = portfolio.features([])
    names = ["F01", "F03", "F05", "F06", "F09"]
    tried = replace(features, undetermined=portfolio.undetermined(*names))
    scores = portfolio.score_features(tried)
    assert scores.suppliers["next_best_fact"][0].startswith(
        "Unannounced audit: would show debt bondage (F09), restriction of movement (F03) and "
    )
    assert portfolio.score_features(features).suppliers["next_best_fact"][0].startswith("Worker survey off site")


def test_the_next_best_fact_is_what_would_show_most(portfolio):
    surveyed = [portfolio.clean(f"F{n:02}", source_type="offsite_survey") for n in range(1, 12)]
    assert portfolio.score(surveyed).suppliers["next_best_fact"][0] == (
        "Field visit: would show forced labour directly observed (X01)"
    )
    everything = [*surveyed, portfolio.clean("X01", source_type="field_visit")]
    assert portfolio.score(everything).suppliers["next_best_fact"][0] is None


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (4, "physical or sexual violence (F05), debt bondage (F09) and 2 more"),
        (3, "physical or sexual violence (F05), debt bondage (F09) and retention of identity documents (F07)"),
        (2, "physical or sexual violence (F05) and debt bondage (F09)"),
        (1, "debt bondage (F09)"),
    ],
)
def test_the_next_best_fact_names_what_matters_most_and_counts_the_rest(portfolio, missing, said):
    sought = ["F09", "F05", "F07", "F11"][:missing]
    others = [f"F{n:02}" for n in range(1, 12) if f"F{n:02}" not in sought]
    known = [portfolio.clean(name, source_type="worker_driven_monitor") for name in others]
    known.append(portfolio.clean("X01", source_type="field_visit"))
    assert portfolio.score(known).suppliers["next_best_fact"][0] == f"Worker survey off site: would show {said}"


def test_a_look_of_long_ago_is_not_a_look(portfolio, state_of):
    long_ago = date(2013, 5, 1)
    visit = portfolio.clean("F03", source_type="field_visit", event_date=long_ago)
    old, none = portfolio.score([visit]), portfolio.score([])
    row = state_of(old, "F03")
    assert row["state"] == "not assessable"
    assert row["reason"].startswith("last looked at in 2013, too long ago to count; missing: worker-driven monitor")
    assert old.suppliers["coverage"][0] == 0
    assert 0 < none.suppliers["raw_score"][0] - old.suppliers["raw_score"][0] < 0.1, "its points fade, not fall away"


def test_a_look_counts_for_three_half_lives_of_its_source(portfolio, state_of):
    for days, state in ((2180, "absent"), (2200, "not assessable")):
        visit = portfolio.clean("F03", source_type="field_visit", event_date=portfolio.as_of - timedelta(days=days))
        assert state_of(portfolio.score([visit]), "F03")["state"] == state


def test_an_old_look_leaves_what_others_found_as_it_is(portfolio, state_of):
    visit = portfolio.clean("F03", source_type="field_visit", event_date=date(2013, 5, 1))
    fresh = portfolio.clean("F03", source_type="inspector")
    assert state_of(portfolio.score([visit, fresh]), "F03")["reason"] == "found clean by labour inspector"
    assert state_of(portfolio.score([visit, portfolio.adverse("F03")]), "F03")["state"] == "present"


def test_an_old_adverse_report_by_workers_never_turns_clean(portfolio, state_of):
    told = portfolio.adverse("F07", source_type="offsite_survey", event_date=date(2013, 5, 1))
    scores = portfolio.score([told, portfolio.clean("F07")])
    assert state_of(scores, "F07")["state"] == "contradicted"
    assert scores.evidence.filter(indicator_id="F07")["bears_on_state"].to_list() == [True, True]


def test_child_labour_is_told_beside_the_score_and_moves_nothing(portfolio, state_of):
    known = [portfolio.adverse("F04", strength="M"), portfolio.clean("F03", source_type="inspector")]
    without = portfolio.score(known)
    told = portfolio.score([*known, portfolio.adverse("X02", source_type="field_visit")])
    assert state_of(told, "X02")["state"] == "present"
    assert "field visit" in state_of(told, "X02")["reason"]
    assert told.suppliers.equals(without.suppliers)
    assert told.evidence.filter(indicator_id="X02")["contribution"].to_list() == [0.0]


def test_the_layer_of_models_is_no_indicator(portfolio):
    assert "learned" not in portfolio.score([]).indicators["indicator_id"].to_list()


def test_the_base_tells_a_sector_without_a_level_from_one_not_known(portfolio):
    def told(**site):
        return portfolio.score([], sites=[portfolio.site(**site)]).evidence["description"][0]

    assert "sector without a level (median of the portfolio used)" in told(sector_level=None)
    assert "sector not known (median of the portfolio used)" in told(sector_level=None, sector_key=None)
    assert "country not known" in told(country_level=None, country_code=None)
    assert told().endswith("country 3.0, sector 2.0, good 0.0")


def test_coverage_is_whole_only_where_buying_and_ties_were_looked_at_too(portfolio):
    conditions = [portfolio.clean(f"F{n:02}", source_type="worker_driven_monitor") for n in range(1, 12)]
    conditions.append(portfolio.clean("X01", source_type="field_visit"))
    buying = [portfolio.clean(f"P{n:02}", source_type="procurement_data") for n in range(1, 7)]
    ties = [portfolio.clean(f"W{n:02}", source_type="network") for n in range(1, 3)]
    reached = [portfolio.score(rows).suppliers["coverage"][0] for rows in (conditions, conditions + buying + ties)]
    assert reached == pytest.approx([0.73, 1], abs=0.01)
