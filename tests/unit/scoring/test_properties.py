"""What must hold whatever the evidence is; each example scores several suppliers at once."""

from dataclasses import replace
from datetime import timedelta

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.tables import BANDS

INDICATORS = ("F02", "F05", "F07", "F08", "F11", "F12", "X01", "X02", "A01", "P01", "P05", "W02")
SOURCES = (
    *("court_order", "official_order", "inspector", "worker_driven_monitor", "offsite_survey", "onsite_survey"),
    *("unannounced_audit", "announced_audit", "self_assessment", "field_visit", "single_media", "grievance"),
)
TINY = 1e-9

facts = st.fixed_dictionaries(
    {
        "indicator_id": st.sampled_from(INDICATORS),
        "kind": st.sampled_from(["adverse", "clean"]),
        "strength": st.sampled_from(["S", "M", "W"]),
        "source_type": st.sampled_from(SOURCES),
        "age_days": st.integers(0, 4000),
        "site": st.sampled_from(["F1", "F2", None]),
        "in_force": st.booleans(),
        "origin_event_id": st.sampled_from(["e1", "e2", None]),
        "confirmed_by": st.sampled_from(["reported", "identifier", "verdict"]),
        "second_hand": st.booleans(),
        "closure_verified_by_workers": st.booleans(),
    }
)
evidence = st.lists(facts, max_size=8)
portfolios = st.lists(evidence, min_size=1, max_size=8)
changed = st.lists(st.tuples(evidence, facts), min_size=1, max_size=8)
quick = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def features(portfolio, drawn):
    rows = [_row(portfolio, f"S{n}", fact) for n, evidence_of_one in enumerate(drawn) for fact in evidence_of_one]
    sites = [
        portfolio.site(supplier_id=f"S{n}", site_id=f"S{n}{site}") for n in range(len(drawn)) for site in ("F1", "F2")
    ]
    return portfolio.features(rows, sites=sites)


def _row(portfolio, supplier, fact):
    plain = {name: value for name, value in fact.items() if name not in ("age_days", "site", "indicator_id")}
    return portfolio.adverse(
        fact["indicator_id"],
        **plain,
        supplier_id=supplier,
        site_id=fact["site"] and supplier + fact["site"],
        event_date=portfolio.as_of - timedelta(days=fact["age_days"]),
    )


def score(portfolio, drawn):
    return portfolio.score_features(features(portfolio, drawn))


def site_scores(scores):
    return dict(zip(scores.sites["site_id"], scores.sites["score"], strict=True))


def none_lower(after, before):
    return all(after[site] >= before[site] - TINY for site in before)


@quick
@given(drawn=portfolios)
def test_rows_add_up_at_every_site(portfolio, drawn):
    scores = score(portfolio, drawn)
    sums = dict(scores.evidence.group_by("site_id").agg(pl.col("contribution").sum()).iter_rows())
    for row in scores.sites.iter_rows(named=True):
        assert abs(sums[row["site_id"]] - row["raw_score"]) < TINY
        assert abs(row["raw_score"] + row["clip_adjustment"] - row["score"]) < TINY
        assert 0 <= row["score"] <= 100
        assert row["interval_low"] <= row["interval_high"]
        assert abs(sum(value for name, value in row.items() if name.startswith("probability_")) - 1) < TINY
        assert 0 <= row["coverage"] <= 1
        assert 0 <= row["confidence"] <= 1


@quick
@given(drawn=changed)
def test_more_adverse_evidence_never_lowers_the_score_of_a_site(portfolio, drawn):
    before = site_scores(score(portfolio, [rows for rows, _ in drawn]))
    after = site_scores(score(portfolio, [[*rows, {**more, "kind": "adverse"}] for rows, more in drawn]))
    assert none_lower(after, before)


@quick
@given(drawn=changed)
def test_a_clean_row_gone_missing_never_lowers_a_score(portfolio, drawn):
    before = site_scores(score(portfolio, [[*rows, {**clean, "kind": "clean"}] for rows, clean in drawn]))
    after = site_scores(score(portfolio, [rows for rows, _ in drawn]))
    assert none_lower(after, before)


clean_rows = st.lists(
    st.fixed_dictionaries(
        {
            "indicator_id": st.sampled_from(["F02", "F07", "F08", "F10", "F11"]),
            "source_type": st.sampled_from(["announced_audit", "unannounced_audit", "offsite_survey"]),
            "age_days": st.integers(0, 4000),
        }
    ),
    min_size=1,
    max_size=14,
)


@settings(quick, max_examples=40)
@given(rows=clean_rows)
def test_no_single_clean_row_of_many_lowers_a_score_by_going_missing(portfolio, rows):
    drawn = [portfolio_row(row) for row in rows]
    without_one = [[*drawn[:place], *drawn[place + 1 :]] for place in range(len(drawn))]
    scores = dict(score(portfolio, [drawn, *without_one]).sites.select("site_id", "score").iter_rows())
    assert all(scores[f"S{n}F1"] >= scores["S0F1"] - TINY for n in range(len(without_one) + 1))


def portfolio_row(row):
    return {**row, "kind": "clean", "strength": None, "site": "F1", "in_force": False, "origin_event_id": None}


@quick
@given(drawn=portfolios, random=st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(portfolio, drawn, random):
    ordered = features(portfolio, drawn)
    places = list(range(len(ordered.facts)))
    random.shuffle(places)
    shuffled = replace(ordered, sites=ordered.sites.reverse(), facts=ordered.facts[places])
    one, other = portfolio.score_features(ordered), portfolio.score_features(shuffled)
    for table in ("evidence", "suppliers", "sites", "indicators"):
        assert getattr(one, table).equals(getattr(other, table))


@quick
@given(drawn=changed)
def test_a_second_report_of_an_event_adds_nothing(portfolio, drawn):
    once, twice = (
        site_scores(score(portfolio, [[*rows, *[{**fact, "origin_event_id": "same"}] * times] for rows, fact in drawn]))
        for times in (1, 2)
    )
    assert none_lower(once, twice)
    assert none_lower(twice, once)


@quick
@given(drawn=portfolios)
def test_caps_hold_and_what_is_set_aside_bears_nothing(portfolio, drawn):
    rows = score(portfolio, drawn).evidence
    limits = portfolio.catalogue.caps
    procurement = pl.col("indicator_id").is_in(["P01", "P05"]) & (pl.col("kind") == "adverse")
    for (_,), site in rows.group_by("site_id"):
        assert _sum(site, (pl.col("kind") == "clean") | _cap("clean")) >= limits["clean"] - TINY
        assert _sum(site, procurement | _cap("procurement")) <= limits["procurement"] + TINY
    assert _sum(rows, pl.col("set_aside").is_not_null()) == 0


def _cap(name):
    return pl.col("evidence_id").str.contains(f"cap:{name}")


def _sum(rows, condition):
    return rows.filter(condition)["contribution"].sum()


@quick
@given(drawn=portfolios, years=st.integers(1, 9))
def test_acts_in_force_do_not_decay_and_other_evidence_fades(portfolio, drawn, years):
    same = features(portfolio, drawn)
    later = portfolio.as_of.replace(year=portfolio.as_of.year + years)
    now, then = (portfolio.score_features(same, day).evidence for day in (portfolio.as_of, later))
    aged = now.join(then, on="evidence_id", suffix="_then").filter(pl.col("freshness").is_not_null())
    assert (aged.filter("in_force")["freshness_then"] == 1).all()
    fading = aged.filter(~pl.col("in_force"))
    assert (fading["freshness_then"] < fading["freshness"]).all()


@quick
@given(drawn=portfolios)
def test_hearsay_opens_no_gate(portfolio, drawn):
    hearsay = [[{**fact, "second_hand": True} for fact in rows] for rows in drawn]
    bands = score(portfolio, hearsay).sites["band"].to_list()
    assert "Critical" not in bands


@quick
@given(drawn=portfolios)
def test_a_supplier_stands_where_its_worst_site_stands(portfolio, drawn):
    scores = score(portfolio, drawn)
    level = pl.when(pl.col("band") == "Unknown").then("inherent_level").otherwise("band")
    places = dict(scores.sites.group_by("supplier_id").agg(_place(level).min()).iter_rows())
    found = dict(scores.suppliers.select("supplier_id", _place(level)).iter_rows())
    assert found == places


def _place(band):
    return band.replace_strict({name: place for place, name in enumerate(BANDS)}, return_dtype=pl.Int64)
