"""Q01 and Q02: where audits and workers contradict each other, and what rehearsed answers are worth."""

import math
from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest


def clean_points(reliability):
    return 10 * math.log2(1 - 0.5 * reliability)


@pytest.fixture
def audit(portfolio):
    return portfolio.clean("F07", source_type="unannounced_audit", interviewed_workers=12)


@pytest.fixture
def survey(portfolio):
    return portfolio.adverse("F07", source_type="offsite_survey", respondents_at_least=40, release_id="R1")


def test_a_clean_audit_against_workers_is_a_finding_with_both_sides(portfolio, audit, survey, state_of):
    scores = portfolio.score([audit, survey])
    row = scores.contradictions.to_dicts()[0]
    assert (row["audit_interviewed_workers"], row["respondents_at_least"], row["workers_release_id"]) == (12, 40, "R1")
    assert row["audited_on"] == row["workers_heard_on"] == portfolio.as_of
    assert row["sentence"] == (
        "Unannounced audit of 2026-11-21 (12 workers interviewed) did not find retention of identity documents (F07), "
        "which workers of the site report: worker survey off site of 2026-11-21 (at least 40 workers asked)"
    )
    state = state_of(scores, "Q01")
    assert state["state"] == "present"
    assert state["reason"] == "an audit found clean what workers report in the same time: F07"
    assert state_of(scores, "F07")["state"] == "contradicted"


def test_a_contradicted_audit_is_believed_nothing_and_keeps_its_row(portfolio, audit, survey):
    rows = portfolio.score([audit, survey]).evidence.filter(kind="clean").to_dicts()
    assert [(row["reliability"], row["points"], row["contribution"]) for row in rows] == [(0.0, 0.0, 0.0)]
    assert rows[0]["set_aside"] == "workers of this site report the opposite"


def test_a_contradiction_leaves_what_workers_say_as_it_is(portfolio, audit, survey):
    alone, opposed = (portfolio.score(facts).evidence.filter(kind="adverse") for facts in ([survey], [audit, survey]))
    columns = ["points", "reliability", "freshness", "contribution"]
    assert alone.select(columns).equals(opposed.select(columns))


@pytest.mark.parametrize(("days_before", "found"), [(0, 1), (365, 1), (366, 0)])
def test_audit_and_workers_contradict_each_other_only_in_overlapping_windows(
    portfolio, audit, survey, days_before, found
):
    earlier = portfolio.as_of - timedelta(days=days_before)
    for facts in ([{**audit, "event_date": earlier}, survey], [audit, {**survey, "event_date": earlier}]):
        scores = portfolio.score(facts)
        assert len(scores.contradictions) == found
        assert scores.evidence.filter(kind="clean")["contribution"].to_list() == [0.0]


def test_an_audit_that_is_not_believed_is_still_void_outside_the_window(portfolio, audit, survey):
    old = {**audit, "event_date": portfolio.as_of - timedelta(days=500)}
    row = portfolio.score([old, survey]).evidence.filter(kind="clean").to_dicts()[0]
    assert row["reliability"] == 0.35
    assert row["set_aside"] == "workers of this site report the opposite"


@pytest.mark.parametrize("change", [{"site_id": "F2"}, {"indicator_id": "F09"}, {"source_type": "self_assessment"}])
def test_another_site_indicator_or_no_audit_contradicts_nothing(portfolio, audit, survey, change, state_of):
    sites = [portfolio.site(site_id="F1"), portfolio.site(site_id="F2")]
    scores = portfolio.score([{**audit, **change}, survey], sites=sites)
    assert scores.contradictions.is_empty()
    assert state_of(scores, "Q01")["state"] == "not assessable"


def test_an_adverse_audit_and_clean_workers_are_no_contradiction_of_this_kind(portfolio, state_of):
    facts = [portfolio.adverse("F07"), portfolio.clean("F07", source_type="offsite_survey")]
    scores = portfolio.score(facts)
    assert scores.contradictions.is_empty()
    assert state_of(scores, "Q01")["state"] == "absent"


def test_what_workers_saw_put_right_contradicts_no_audit(portfolio, audit, survey):
    closed = {**survey, "source_type": "worker_driven_monitor", "closure_verified_by_workers": True}
    assert portfolio.score([audit, closed]).contradictions.is_empty()


def test_without_audit_or_workers_nothing_can_be_compared(portfolio, audit, state_of):
    state = state_of(portfolio.score([audit]), "Q01")
    assert state["state"] == "not assessable"
    assert state["reason"] == "missing: an audit and a word of workers on the same indicator in one window"


def test_numbers_that_are_not_told_are_said_not_to_be(portfolio, audit, survey):
    facts = [{**audit, "interviewed_workers": None}, {**survey, "respondents_at_least": None}]
    sentence = portfolio.score(facts).contradictions["sentence"][0]
    assert "(interviews not told)" in sentence
    assert "(number of workers not told)" in sentence


def test_rehearsed_answers_are_believed_less_where_clean(portfolio, state_of):
    coached = portfolio.clean("F07", source_type="offsite_survey", is_coached=True)
    scores = portfolio.score([coached])
    assert scores.suppliers["raw_score"][0] - portfolio.base() == pytest.approx(clean_points(0.6 * 0.25), abs=1e-9)
    state = state_of(scores, "Q02")
    assert state["state"] == "present"
    assert "2026-11-21" in state["reason"]


def test_rehearsed_answers_take_nothing_from_what_workers_report(portfolio):
    survey = portfolio.adverse("F07", source_type="offsite_survey")
    for kind in (True, False, None):
        assert portfolio.raw([{**survey, "is_coached": kind}]) == portfolio.raw([survey])


def test_waves_that_could_be_judged_and_look_real_are_told(portfolio, state_of):
    heard = portfolio.clean("F07", source_type="offsite_survey", is_coached=False)
    assert state_of(portfolio.score([heard]), "Q02")["state"] == "absent"
    unjudged = portfolio.clean("F07", source_type="offsite_survey")
    assert state_of(portfolio.score([unjudged]), "Q02")["state"] == "not assessable"


def test_facts_need_not_know_of_rehearsal_or_numbers(portfolio, audit, survey):
    features = portfolio.features([audit, survey])
    poorer = replace(features, facts=features.facts.drop("is_coached", "respondents_at_least", "interviewed_workers"))
    assert portfolio.score_features(poorer).suppliers.equals(
        portfolio.score_features(features).suppliers, null_equal=True
    )


def test_the_state_names_every_indicator_in_conflict_once(portfolio, audit, survey, state_of):
    facts = [audit, survey, {**audit, "indicator_id": "F03"}, {**survey, "indicator_id": "F03"}]
    scores = portfolio.score([*facts, {**survey, "origin_event_id": "another", "source_type": "grievance"}])
    assert state_of(scores, "Q01")["reason"].endswith("F03, F07")
    assert len(scores.contradictions) == 3
    assert scores.contradictions["contradiction_id"].is_unique().all()
    assert scores.contradictions.filter(pl.col("indicator_id") == "F07").height == 2
