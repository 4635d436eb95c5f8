"""M01: what workers verified takes points off, side by side, as long as it is fresh; never more than the cap."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.keys import DAYS_PER_MONTH

TINY = 1e-9
FEES, AGREEMENT, UNION = -8.0, -10.0, -4.0


def mitigation(portfolio, points, kind="fees", **values):
    return portfolio.adverse(
        "M01",
        kind="mitigation",
        strength=None,
        row_points=points,
        origin_event_id=kind,
        **{"source_type": "worker_driven_monitor", **values},
    )


def taken_off(portfolio, rows):
    return portfolio.raw(rows) - portfolio.base()


@pytest.mark.parametrize("points", [FEES, AGREEMENT, UNION])
def test_a_fresh_mitigation_takes_off_its_points(portfolio, points):
    assert taken_off(portfolio, [mitigation(portfolio, points)]) == pytest.approx(points, abs=TINY)


def test_kinds_stand_side_by_side(portfolio):
    rows = [mitigation(portfolio, FEES, "fees"), mitigation(portfolio, UNION, "union")]
    assert taken_off(portfolio, rows) == pytest.approx(FEES + UNION, abs=TINY)


def test_one_kind_at_a_site_counts_once(portfolio):
    rows = [mitigation(portfolio, FEES), mitigation(portfolio, FEES)]
    assert taken_off(portfolio, rows) == pytest.approx(FEES, abs=TINY)


def test_it_fades_with_the_half_life_of_those_who_verified_it(portfolio):
    verified = portfolio.as_of - timedelta(days=365)
    row = mitigation(portfolio, FEES, event_date=verified)
    assert taken_off(portfolio, [row]) == pytest.approx(FEES * 0.5 ** (365 / DAYS_PER_MONTH / 18), abs=TINY)


def test_together_it_takes_off_at_most_twenty_points_in_a_row_of_its_own(portfolio):
    rows = [mitigation(portfolio, points, f"kind {points}") for points in (FEES, AGREEMENT, UNION)]
    for order in permutations(rows):
        scores = portfolio.score(list(order))
        assert scores.suppliers["raw_score"][0] - portfolio.base() == pytest.approx(-20, abs=TINY)
    (cap,) = scores.evidence.filter(kind="cap").to_dicts()
    assert (cap["contribution"], cap["evidence_id"].split("/")[-1]) == (pytest.approx(2.0, abs=TINY), "cap:mitigation")


def test_what_workers_did_not_verify_gives_nothing_and_says_so(portfolio, state_of):
    row = mitigation(portfolio, AGREEMENT, set_aside_reason="workers did not verify it", source_type="self_assessment")
    scores = portfolio.score([row])
    (told,) = scores.evidence.filter(kind="mitigation").to_dicts()
    assert (told["contribution"], told["set_aside"]) == (0.0, "workers did not verify it")
    assert state_of(scores, "M01")["state"] == "not assessable"


def test_what_was_done_at_one_of_several_sites_is_not_taken_for_all(portfolio):
    sites = [portfolio.site(site_id=name) for name in ("F1", "F2")]
    everywhere = portfolio.score([mitigation(portfolio, FEES, site_id=None)], sites=sites)
    assert set(everywhere.evidence.filter(kind="mitigation")["contribution"]) == {0.0}
    assert "not done at another" in everywhere.evidence.filter(kind="mitigation")["set_aside"][0]
    at_one = portfolio.score([mitigation(portfolio, FEES, site_id="F1")], sites=sites)
    raw = dict(at_one.sites.select("site_id", "raw_score").iter_rows())
    assert raw["F2"] - raw["F1"] == pytest.approx(-FEES, abs=TINY)


def test_present_says_who_verified_it(portfolio, state_of):
    state = state_of(portfolio.score([mitigation(portfolio, FEES)]), "M01")
    assert (state["state"], state["reason"]) == ("present", "verified by workers through worker-driven monitor")
    assert state["adverse_weight"] == state["clean_weight"] == 0.0


def test_it_opens_and_shuts_no_gate_and_touches_no_clean_credit(portfolio):
    order = portfolio.adverse("A01", source_type="official_order", confirmed_by="identifier", in_force=True)
    clean = portfolio.clean("F07", source_type="offsite_survey")
    rows = [mitigation(portfolio, points, f"kind {points}") for points in (FEES, AGREEMENT, UNION)]
    with_it, without = portfolio.score([order, clean, *rows]), portfolio.score([order, clean])
    assert with_it.suppliers["band"][0] == without.suppliers["band"][0] == "Critical"
    credit = [scores.evidence.filter(kind="clean")["contribution"].sum() for scores in (with_it, without)]
    assert credit[0] == credit[1]


kinds = st.lists(
    st.tuples(st.floats(-10, -4), st.integers(0, 2000), st.sampled_from(["a", "b", "c", "d"])), min_size=1, max_size=8
)


@settings(max_examples=40, deadline=None)
@given(drawn=kinds, gone=st.integers(0, 7))
def test_losing_a_mitigation_never_lowers_a_score_and_the_cap_holds(portfolio, drawn, gone):
    rows = [
        mitigation(portfolio, points, kind, event_date=portfolio.as_of - timedelta(days=age))
        for points, age, kind in drawn
    ]
    fewer = [row for place, row in enumerate(rows) if place != gone]
    assert -20 - TINY <= taken_off(portfolio, rows) <= TINY
    assert portfolio.raw(fewer) >= portfolio.raw(rows) - TINY
