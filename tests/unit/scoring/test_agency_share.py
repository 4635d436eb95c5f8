"""N03: a share of migrant or agency workers is inherent risk, a row of the base; what is not told adds nothing."""

import pytest

TINY = 1e-9


def shares(portfolio, migrant=None, agency=None, **site):
    return portfolio.score([], sites=[portfolio.site(migrant_share=migrant, agency_share=agency, **site)])


def rows_of(scores):
    return scores.evidence.filter(indicator_id="N03").select("kind", "contribution", "description").rows()


@pytest.mark.parametrize(
    ("migrant", "agency", "points"),
    [
        (0.1, None, 0.0),
        (0.25, None, 3.0),
        (0.5, 0.0, 6.0),
        (None, 0.3, 3.0),
        (0.3, 0.9, 6.0),  # the larger of both: one worker may be migrant and hired through an agency
        (0.9, 0.9, 6.0),
        (0.0, 0.0, 0.0),
    ],
)
def test_the_highest_level_reached_adds_its_points(portfolio, migrant, agency, points):
    scores = shares(portfolio, migrant, agency)
    assert scores.suppliers["raw_score"][0] == pytest.approx(portfolio.base() + points, abs=TINY)
    ((kind, contribution, _),) = rows_of(scores)
    assert (kind, contribution) == ("base", points)


def test_the_row_says_what_is_told(portfolio):
    assert (
        rows_of(shares(portfolio, 0.4, 0.25))[0][2] == "Inherent risk of 40 % migrant workers and 25 % agency workers"
    )
    assert rows_of(shares(portfolio, None, 0.25))[0][2] == "Inherent risk of 25 % agency workers"


def test_a_share_that_nobody_tells_moves_nothing_and_is_named(portfolio, state_of):
    scores = shares(portfolio)
    assert rows_of(scores) == []
    state = state_of(scores, "N03")
    assert (state["state"], state["reason"]) == ("not assessable", "missing: share of migrant or agency workers")
    told, untold = shares(portfolio, 0.0).suppliers, scores.suppliers
    for name in ("score", "coverage", "confidence", "interval_low", "interval_high"):
        assert told[name][0] == pytest.approx(untold[name][0], abs=TINY)


def test_a_told_share_is_part_of_the_base_and_no_observation(portfolio, state_of):
    scores = shares(portfolio, 0.9)
    assert state_of(scores, "N03")["state"] == "not applicable"
    assert "base of the score" in state_of(scores, "N03")["reason"]
    assert state_of(scores, "F01")["state"] == "not assessable"


def test_inherent_risk_together_never_passes_its_cap(portfolio):
    scores = shares(portfolio, 0.9, country_level=6.0, sector_level=4.0)
    assert scores.suppliers["raw_score"][0] == pytest.approx(45.0, abs=TINY)
    (cap,) = scores.evidence.filter(kind="cap")["contribution"].to_list()
    levels = shares(portfolio, country_level=6.0, sector_level=4.0).suppliers["raw_score"][0]
    assert cap == pytest.approx(45 - levels - 6, abs=TINY)


def test_more_migrants_never_lower_a_score(portfolio):
    scores = [shares(portfolio, step / 20, 0.3).suppliers["raw_score"][0] for step in range(21)]
    assert scores == sorted(scores)
