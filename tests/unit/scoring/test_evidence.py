"""Which facts count, where, and what is said of those that do not."""

from datetime import date, timedelta

import polars as pl
import pytest

from tierline.errors import ConfigError, ContractError


def aside(scores):
    rows = scores.evidence.filter(pl.col("set_aside").is_not_null())
    return dict(zip(rows["evidence_id"], rows["set_aside"], strict=True))


def test_every_point_has_a_row_and_the_rows_add_up(portfolio):
    facts = [
        portfolio.adverse("F07"),
        portfolio.adverse("F07", source_type="grievance"),
        portfolio.clean("F08", source_type="offsite_survey"),
        *(portfolio.clean(name, source_type="worker_driven_monitor") for name in ("F01", "F02", "F03")),
    ]
    scores = portfolio.score(facts)
    assert abs(scores.evidence["contribution"].sum() - scores.suppliers["raw_score"][0]) < 1e-9
    assert scores.evidence["evidence_id"].is_unique().all()
    assert scores.evidence["rule_version"].unique().to_list() == [portfolio.catalogue.version]


def test_an_event_reported_twice_counts_once_by_its_largest_row(portfolio):
    facts = [
        portfolio.adverse("F07", source_type="single_media", origin_event_id="raid"),
        portfolio.adverse("F07", source_type="inspector", origin_event_id="raid"),
    ]
    scores = portfolio.score(facts)
    assert scores.suppliers["raw_score"][0] == portfolio.raw(facts[1:])
    assert aside(scores) == {"S1/F1/fact0": "the same event counts once, by its largest row"}


def test_one_event_may_speak_to_two_indicators(portfolio):
    facts = [portfolio.adverse(name, origin_event_id="raid") for name in ("F07", "F09")]
    assert portfolio.raw(facts) - portfolio.base() == pytest.approx(2 * 30 * 0.85)


def test_a_clean_audit_is_void_where_workers_of_the_site_report_the_opposite(portfolio):
    audit = portfolio.clean("F07", source_type="unannounced_audit")
    survey = portfolio.adverse("F07", source_type="offsite_survey")
    assert portfolio.raw([audit, survey]) == portfolio.raw([survey])
    assert list(aside(portfolio.score([audit, survey])).values()) == ["workers of this site report the opposite"]


def test_an_adverse_audit_does_not_void_a_clean_survey(portfolio):
    survey = portfolio.clean("F07", source_type="offsite_survey")
    audit = portfolio.adverse("F07", source_type="unannounced_audit")
    assert portfolio.raw([audit, survey]) < portfolio.raw([audit])


def test_workers_void_only_their_own_site_and_indicator(portfolio):
    sites = [portfolio.site(site_id="F1"), portfolio.site(site_id="F2")]
    facts = [
        portfolio.clean("F07", site_id="F1"),
        portfolio.clean("F08", site_id="F2"),
        portfolio.adverse("F07", site_id="F2", source_type="offsite_survey"),
    ]
    assert aside(portfolio.score(facts, sites=sites)) == {}


def test_a_closed_finding_stops_counting_only_when_workers_verified_it(portfolio):
    closed = portfolio.adverse("F07", ended_on=date(2026, 1, 1))
    verified = portfolio.adverse("F07", ended_on=date(2026, 1, 1), closure_verified_by_workers=True)
    assert portfolio.raw([closed]) == portfolio.raw([portfolio.adverse("F07")])
    assert portfolio.raw([verified]) == portfolio.base()
    assert list(aside(portfolio.score([verified])).values()) == ["workers verified that it was put right"]


@pytest.mark.parametrize("indicator", ["A01", "A02"])
def test_a_list_match_that_nobody_confirmed_has_no_points(portfolio, indicator):
    facts = [portfolio.adverse(indicator, source_type="official_order", in_force=True, confirmed_by="reported")]
    scores = portfolio.score(facts)
    assert scores.suppliers["raw_score"][0] == portfolio.base()
    assert scores.suppliers["band"][0] == portfolio.score([]).suppliers["band"][0]


@pytest.mark.parametrize("indicator", ["F12", "A01", "A02"])
@pytest.mark.parametrize("source_type", ["worker_driven_monitor", "unannounced_audit", "inspector"])
def test_nothing_clears_state_imposed_labour_or_an_official_act(portfolio, indicator, source_type):
    assert portfolio.raw([portfolio.clean(indicator, source_type=source_type)]) == portfolio.base()


def test_a_source_clears_only_what_it_could_have_seen(portfolio):
    assert portfolio.raw([portfolio.clean("F05", source_type="announced_audit")]) == portfolio.base()
    assert portfolio.raw([portfolio.clean("F07", source_type="self_assessment")]) == portfolio.base()


def test_company_facts_bear_on_each_site_but_clean_credit_does_not_cross_sites(portfolio):
    sites = [portfolio.site(site_id="F1"), portfolio.site(site_id="F2")]
    adverse = portfolio.adverse("F07", site_id=None)
    clean = portfolio.clean("F08", site_id=None, source_type="offsite_survey")
    scores = portfolio.score([adverse, clean], sites=sites)
    for row in scores.sites.iter_rows(named=True):
        assert row["raw_score"] == portfolio.raw([portfolio.adverse("F07")])
    only_site = portfolio.score([clean]).suppliers["raw_score"][0]
    assert only_site == portfolio.raw([portfolio.clean("F08", source_type="offsite_survey")])


def test_clean_credit_of_one_site_leaves_the_other_as_it_was(portfolio):
    sites = [portfolio.site(site_id="F1"), portfolio.site(site_id="F2")]
    scores = portfolio.score([portfolio.clean("F08", site_id="F1", source_type="offsite_survey")], sites=sites)
    by_site = dict(zip(scores.sites["site_id"], scores.sites["raw_score"], strict=True))
    assert by_site["F1"] < by_site["F2"] == portfolio.base()


def test_a_fact_keeps_its_way_back_to_the_source(portfolio):
    lineage = {
        "source_table": "fct_audit_finding",
        "source_key": "audits:ab:7",
        "source_id": "audits",
        "snapshot_sha256": "ab",
        "source_record_no": 7,
    }
    row = portfolio.score([portfolio.adverse("F07", **lineage)]).evidence.filter(kind="adverse").to_dicts()[0]
    assert {name: row[name] for name in lineage} == lineage


def test_a_source_type_without_reliability_is_a_configuration_error(portfolio):
    with pytest.raises(ConfigError, match="reliability has no row for source_type rumour"):
        portfolio.score([portfolio.adverse("F07", source_type="rumour")])


def test_an_indicator_that_the_catalogue_lacks_is_a_configuration_error(portfolio):
    with pytest.raises(ConfigError, match="F99"):
        portfolio.score([portfolio.adverse("F99")])


def test_a_fact_of_an_unknown_site_is_refused(portfolio):
    with pytest.raises(ContractError, match="ftr_site"):
        portfolio.score([portfolio.adverse("F07", site_id="nowhere")])


def test_a_fact_of_a_later_day_or_of_none_is_refused(portfolio):
    tomorrow = portfolio.as_of + timedelta(days=1)
    for day in (tomorrow, None):
        with pytest.raises(ContractError, match="no day"):
            portfolio.score([portfolio.adverse("F07", event_date=day)])
