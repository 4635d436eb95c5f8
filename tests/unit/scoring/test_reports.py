"""A03 and W01 as rows: one origin is weak, several are medium and count once; own points stay within the strength."""

import pytest

W, M = 6.0, 16.0
TINY = 1e-9


def one_origin(portfolio, **values):
    return portfolio.adverse("A03", strength="W", source_type="single_media", origin_event_id="reports", **values)


def several(portfolio, **values):
    kind = {"strength": "M", "source_type": "ngo_multiple_origins", "origin_event_id": "reports"}
    return portfolio.adverse("A03", **kind, **values)


def added(portfolio, rows):
    return portfolio.raw(rows) - portfolio.base()


def test_one_origin_by_hand(portfolio, state_of):
    assert added(portfolio, [one_origin(portfolio)]) == pytest.approx(W * 0.35, abs=TINY)
    assert state_of(portfolio.score([one_origin(portfolio)]), "A03")["state"] == "present"


def test_several_origins_by_hand_with_the_origins_that_make_them(portfolio, state_of):
    rows = [one_origin(portfolio), one_origin(portfolio), several(portfolio)]
    assert added(portfolio, rows) == pytest.approx(M * 0.7, abs=TINY)
    assert state_of(portfolio.score(rows), "A03")["adverse_weight"] == pytest.approx(0.7, abs=TINY)


def test_silence_clears_nothing(portfolio, state_of):
    state = state_of(portfolio.score([]), "A03")
    assert state["state"] == "not assessable"
    assert "silence clears nothing" in state["reason"]


def test_a_report_on_an_indicator_keeps_that_indicators_strength(portfolio):
    row = portfolio.adverse("F07", source_type="ngo_multiple_origins", origin_event_id="reports")
    assert added(portfolio, [row]) == pytest.approx(30 * 0.7, abs=TINY)


@pytest.mark.parametrize(("own", "counted"), [(2.5, 2.5), (16.0, 16.0), (90.0, 16.0)])
def test_network_exposure_gives_its_own_points_and_at_most_those_of_its_strength(portfolio, own, counted):
    row = portfolio.adverse("W01", strength="M", source_type="network", row_points=own)
    assert added(portfolio, [row]) == pytest.approx(counted * 0.6, abs=TINY)


def test_network_rows_together_stay_within_their_cap(portfolio):
    rows = [
        portfolio.adverse("W01", strength="M", source_type="network", row_points=16.0),
        *(
            portfolio.adverse("W02", strength="M", source_type="network", origin_event_id=f"agent {n}")
            for n in range(9)
        ),
    ]
    scores = portfolio.score(rows)
    assert scores.suppliers["raw_score"][0] - portfolio.base() == pytest.approx(16, abs=TINY)
    assert scores.evidence.filter(kind="cap")["evidence_id"][0].endswith("cap:network")


def test_who_was_looked_at_and_not_reached_is_absent_at_every_site_without_credit(portfolio, state_of):
    sites = [portfolio.site(site_id=name) for name in ("F1", "F2")]
    scores = portfolio.score([portfolio.clean("W01", source_type="network", site_id=None)], sites=sites)
    assert [state_of(scores, "W01", site=site)["state"] for site in ("F1", "F2")] == ["absent", "absent"]
    assert scores.evidence.filter(kind="clean")["contribution"].sum() == 0
