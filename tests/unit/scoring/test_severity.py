"""Severity by scale, scope and what can be undone, by hand from METHOD §3."""

import pytest

from scoring.catalogue import build_catalogue
from tierline.errors import ConfigError


def worst(scores):
    return scores.suppliers.to_dicts()[0]


def near(value):
    return pytest.approx(value, abs=1e-9)


def deception(portfolio, **values):
    return portfolio.adverse("F02", strength="M", **values)


def test_one_event_at_one_site_tells_no_scope_and_severity_is_its_scale(portfolio):
    row = worst(portfolio.score([deception(portfolio)]))
    assert row["severity"] == 3
    assert row["severity_basis"] == "Deception (F02): scale 3 of 5, scope not told, irremediability 2 of 5"


def test_scope_that_is_not_told_never_brings_severity_below_scale(portfolio):
    assert worst(portfolio.score([portfolio.adverse("F05")]))["severity"] == 5


@pytest.mark.parametrize(("events", "severity"), [(1, 4), (2, 4), (4, 4)])
def test_more_events_at_one_site_reach_a_scope_of_three_at_most(portfolio, events, severity):
    # F10: scale 4, irremediability 4; max(4, 2 + .25 · 3 + 1) = 4
    facts = [portfolio.adverse("F10", strength="M", origin_event_id=f"e{n}") for n in range(events)]
    assert worst(portfolio.score(facts))["severity"] == near(severity)


def test_an_indicator_at_four_sites_is_graver_than_at_one(portfolio):
    sites = [portfolio.site(site_id=f"F{n}") for n in range(1, 5)]
    facts = [portfolio.adverse("F10", strength="M", site_id=f"F{n}") for n in range(1, 5)]
    for known, severity in ((1, 4), (2, 4), (4, 2 + 0.25 * 5 + 0.25 * 4)):
        scores = portfolio.score(facts[:known], sites=sites)
        assert worst(scores)["severity"] == near(severity)
    assert "scope 5 of 5" in worst(scores)["severity_basis"]


def test_what_is_said_of_the_company_alone_tells_no_number_of_sites(portfolio):
    sites = [portfolio.site(site_id=f"F{n}") for n in range(1, 5)]
    scores = portfolio.score([portfolio.adverse("F10", strength="M", site_id=None)], sites=sites)
    assert "scope not told" in worst(scores)["severity_basis"]


def test_a_wave_that_fires_speaks_for_a_group_of_workers(portfolio):
    wave = deception(portfolio, source_type="offsite_survey")
    assert "scope 3 of 5" in worst(portfolio.score([wave]))["severity_basis"]
    two = [{**wave, "origin_event_id": name} for name in ("wave 1", "wave 2")]
    row = worst(portfolio.score(two))
    assert "scope 4 of 5" in row["severity_basis"]
    assert row["severity"] == near(max(3, 0.5 * 3 + 0.25 * 4 + 0.25 * 2))


def test_scope_and_irremediability_lift_severity_above_scale(portfolio):
    sites = [portfolio.site(site_id=f"F{n}") for n in range(1, 5)]
    facts = [portfolio.adverse("F01", strength="M", site_id=f"F{n}") for n in range(1, 5)]
    row = worst(portfolio.score(facts, sites=sites))
    assert row["severity"] == near(0.5 * 3 + 0.25 * 5 + 0.25 * 3)


def test_the_gravest_indicator_gives_severity_and_basis(portfolio):
    row = worst(portfolio.score([deception(portfolio), portfolio.adverse("F09")]))
    assert row["severity"] == 5
    assert row["severity_basis"].startswith("Debt bondage (F09)")


def test_doubtful_rows_are_graded_and_do_not_gate_by_severity(portfolio):
    hearsay = portfolio.adverse("F09", second_hand=True, source_type="single_media")
    row = worst(portfolio.score([hearsay]))
    assert row["severity"] == 5
    assert row["band"] not in ("Critical", "High")


def test_an_indicator_with_a_scale_needs_its_irremediability(seeds):
    fewer = seeds["severity_irremediability"].slice(1)
    with pytest.raises(ConfigError, match="severity_irremediability has no row for F01"):
        build_catalogue({**seeds, "severity_irremediability": fewer})
