"""Every site has a state for every indicator, with a reason that names what is missing."""

from dataclasses import replace
from datetime import date


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
    assert state_of(scores, "P01")["reason"] == "not yet computed by this version"


def test_a_missing_country_is_told_at_the_inherent_indicator(portfolio, state_of):
    scores = portfolio.score([], sites=[portfolio.site(country_level=None)])
    assert state_of(scores, "N01")["state"] == "not assessable"
    assert "country level" in state_of(scores, "N01")["reason"]
    assert state_of(scores, "N02")["state"] == "not applicable"


def test_the_indicators_not_computed_are_told(catalogue):
    from scoring.states import not_computed

    assert not_computed(catalogue) == [
        *("A03", "M01", "N03", "P01", "P02", "P03", "P04", "P05", "P06", "Q01", "Q02", "W01", "W02", "learned"),
    ]


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
    assert scores.suppliers["next_best_fact"][0].startswith("Unannounced audit: would show F02, F03")
    assert portfolio.score_features(features).suppliers["next_best_fact"][0].startswith("Worker survey off site")


def test_the_next_best_fact_is_what_would_show_most(portfolio):
    surveyed = [portfolio.clean(f"F{n:02}", source_type="offsite_survey") for n in range(1, 12)]
    assert portfolio.score(surveyed).suppliers["next_best_fact"][0] == "Field visit: would show X01"
    everything = [*surveyed, portfolio.clean("X01", source_type="field_visit")]
    assert portfolio.score(everything).suppliers["next_best_fact"][0] is None
