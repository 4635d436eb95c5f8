"""What must hold for whole tables of facts of every kind; one example is a portfolio of sixty suppliers."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from scoring.catalogue import WORKER_FAMILY
from tests.unit.scoring.fact_tables import drawn_features, more_facts, with_facts

TINY = 1e-9
SITE = ["supplier_id", "site_id"]
# A smaller seed is no smaller table, so nothing is shrunk.
tables = settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
seeds_of_tables = st.integers(0, 2**32 - 1)


def by_site(scores, column="score"):
    return scores.sites.select(*SITE, pl.col(column).fill_null(0.0).alias("value"))


def none_lower(after, before, column="score"):
    both = by_site(after, column).join(by_site(before, column), on=SITE, suffix="_before")
    return (both["value"] >= both["value_before"] - TINY).all()


def one_of_each(facts, kind, seed):
    """Gives the facts without one of that kind of each supplier, drawn at random."""
    order = np.random.default_rng(seed).permutation(len(facts))
    shuffled = facts.with_columns(pl.Series("place", order))
    gone = shuffled.filter(pl.col("kind") == kind).sort("place").unique("supplier_id", keep="first")["fact_id"]
    return facts.filter(~pl.col("fact_id").is_in(gone.to_list()))


@tables
@given(seed=seeds_of_tables)
def test_more_adverse_evidence_lowers_neither_score_nor_severity(portfolio, seed):
    features = drawn_features(portfolio, seed)
    more = pl.concat([features.facts, more_facts(portfolio, seed, "adverse")])
    before, after = (portfolio.score_features(each) for each in (features, with_facts(features, more)))
    assert none_lower(after, before)
    assert none_lower(after, before, "severity")


@tables
@given(seed=seeds_of_tables, kind=st.sampled_from(["clean", "mitigation"]))
def test_what_takes_points_off_never_lowers_a_score_by_going_missing(portfolio, seed, kind):
    features = drawn_features(portfolio, seed)
    fewer = with_facts(features, one_of_each(features.facts, kind, seed))
    assert none_lower(portfolio.score_features(fewer), portfolio.score_features(features))


@tables
@given(seed=seeds_of_tables)
def test_suppressing_how_many_spoke_changes_no_score(portfolio, seed):
    features = drawn_features(portfolio, seed)
    silent = features.facts.with_columns(pl.lit(None, pl.Int64).alias("respondents_at_least"))
    before, after = (portfolio.score_features(each) for each in (features, with_facts(features, silent)))
    for table in ("evidence", "sites", "suppliers", "indicators"):
        assert getattr(before, table).equals(getattr(after, table))


@tables
@given(seed=seeds_of_tables)
def test_clean_credit_is_nothing_where_a_live_word_of_workers_is_adverse(portfolio, seed):
    rows = portfolio.score_features(drawn_features(portfolio, seed)).evidence
    of_workers = portfolio.catalogue.source_types_of(WORKER_FAMILY)
    place = [*SITE, "indicator_id"]
    live = rows.filter(
        (pl.col("kind") == "adverse") & pl.col("bears_on_state") & pl.col("source_type").is_in(of_workers)
    )
    credit = rows.filter((pl.col("kind") == "clean") | pl.col("evidence_id").str.contains("cap:clean_[FX]"))
    opposed = credit.join(live.select(place).unique(), on=place)
    assert len(opposed), "the table has such places"
    assert (opposed["contribution"] == 0).all()


@tables
@given(seed=seeds_of_tables)
def test_clean_credit_never_crosses_sites(portfolio, seed):
    features = drawn_features(portfolio, seed)
    elsewhere = pl.col("site_id").str.ends_with("b") & pl.col("kind").is_in(["clean", "mitigation"])
    alone = with_facts(features, features.facts.filter(~elsewhere.fill_null(False)))
    company = features.facts.filter(pl.col("site_id").is_null() & pl.col("kind").is_in(["clean", "mitigation"]))
    apart = with_facts(features, features.facts.filter(~pl.col("fact_id").is_in(company["fact_id"].to_list())))
    before, after, without = (portfolio.score_features(each) for each in (features, alone, apart))
    first = pl.col("site_id").str.ends_with("a")
    assert before.sites.filter(first)["raw_score"].equals(after.sites.filter(first)["raw_score"])
    assert (before.sites["raw_score"] - without.sites["raw_score"]).abs().max() < TINY


@tables
@given(seed=seeds_of_tables)
def test_neither_coaching_nor_contradiction_shrinks_adverse_evidence(portfolio, seed):
    features = drawn_features(portfolio, seed)
    adverse = features.facts.filter(pl.col("kind") == "adverse")
    audits = adverse.with_columns(
        ("audit of " + pl.col("fact_id")).alias("fact_id"),
        pl.lit("clean").alias("kind"),
        pl.lit(None, pl.String).alias("strength"),
        pl.lit("unannounced_audit").alias("source_type"),
        pl.lit(None, pl.Float64).alias("row_points"),
    )
    rehearsed = features.facts.with_columns(pl.lit(True).alias("is_coached"))
    before, after = (
        portfolio.score_features(each) for each in (features, with_facts(features, pl.concat([rehearsed, audits])))
    )
    told = ["evidence_id", "points", "reliability", "freshness", "contribution"]
    before_rows, after_rows = (
        each.evidence.filter(pl.col("kind") == "adverse").select(told) for each in (before, after)
    )
    assert before_rows.equals(after_rows)


@tables
@given(seed=seeds_of_tables)
def test_the_order_of_facts_and_sites_changes_nothing(portfolio, seed):
    features = drawn_features(portfolio, seed)
    order = np.random.default_rng(seed).permutation(len(features.facts)).tolist()
    other = with_facts(features, features.facts[order])
    one, two = (portfolio.score_features(each) for each in (features, other))
    for table in ("evidence", "sites", "suppliers", "indicators", "contradictions"):
        assert getattr(one, table).equals(getattr(two, table))


@tables
@given(seed=seeds_of_tables)
def test_a_duplicate_of_every_event_adds_nothing(portfolio, seed):
    features = drawn_features(portfolio, seed)
    once = features.facts.with_columns(pl.coalesce("origin_event_id", "fact_id").alias("origin_event_id"))
    again = once.with_columns(("copy of " + pl.col("fact_id")).alias("fact_id"))
    before, after = (portfolio.score_features(with_facts(features, each)) for each in (once, pl.concat([once, again])))
    assert (before.sites["raw_score"] - after.sites["raw_score"]).abs().max() < TINY
    for column in ("band", "band_rule", "severity", "action", "buyer_action"):
        assert before.sites[column].equals(after.sites[column])
    assert before.indicators["state"].equals(after.indicators["state"])


@tables
@given(seed=seeds_of_tables)
def test_limits_hold_and_rows_add_up(portfolio, seed):
    scores = portfolio.score_features(drawn_features(portfolio, seed))
    limits, kinds = portfolio.catalogue.caps, portfolio.catalogue.indicators.select("indicator_id", indicator="kind")
    rows = scores.evidence.join(kinds, on="indicator_id", how="left")
    adverse, cap = pl.col("kind") == "adverse", pl.col("evidence_id").str
    of_clean = (pl.col("kind") == "clean") | cap.contains("cap:clean")
    of_mitigation = (pl.col("kind") == "mitigation") | cap.contains("cap:mitigation")
    inherent = (pl.col("kind") == "base") | cap.contains("cap:inherent")

    def totals(condition):
        summed = rows.filter(condition).group_by(SITE).agg(pl.col("contribution").sum())
        return summed["contribution"]

    assert totals(of_clean).min() >= limits["clean"] - TINY
    assert totals(of_mitigation).min() >= limits["mitigation"] - TINY
    assert totals(inherent).max() <= limits["inherent_raw"] + TINY
    for kind in ("procurement", "network"):
        assert (
            totals((adverse & (pl.col("indicator") == kind)) | cap.contains(f"cap:{kind}")).max() <= limits[kind] + TINY
        )
    sums = rows.group_by(SITE).agg(pl.col("contribution").sum()).join(scores.sites, on=SITE)
    assert (sums["contribution"] - sums["raw_score"]).abs().max() < TINY
    assert (sums["raw_score"] + sums["clip_adjustment"] - sums["score"]).abs().max() < TINY
    assert sums["score"].is_between(0, 100).all()
    assert sums["severity"].drop_nulls().is_between(1, 5).all()
    assert (rows.filter(pl.col("set_aside").is_not_null())["contribution"] == 0).all()


@tables
@given(seed=seeds_of_tables, days=st.integers(1, 3000))
def test_no_row_grows_with_age_and_acts_in_force_stay(portfolio, seed, days):
    features = drawn_features(portfolio, seed)
    now, then = (
        portfolio.score_features(features, day).evidence
        for day in (portfolio.as_of, portfolio.as_of + timedelta(days=days))
    )
    weight = pl.when(pl.col("kind") == "adverse").then("reliability").otherwise(1.0)
    size = (pl.col("points") * weight * pl.col("freshness")).abs().alias("size")
    facts = pl.col("freshness").is_not_null()
    both = now.filter(facts).with_columns(size).join(then.with_columns(size), on="evidence_id", suffix="_then")
    assert (both["size_then"] <= both["size"] + TINY).all()
    in_force = both.filter("in_force")
    assert (in_force["freshness_then"] == 1).all()
    assert in_force["size_then"].equals(in_force["size"])


@tables
@given(seed=seeds_of_tables)
def test_gates_open_where_plain_loops_over_the_facts_say_so(portfolio, seed):
    features = drawn_features(portfolio, seed)
    scores = portfolio.score_features(features)
    expected = {site: plain_critical(portfolio, features.facts, site) for site in scores.sites["site_id"]}
    found = {row["site_id"]: row["band"] == "Critical" for row in scores.sites.iter_rows(named=True)}
    assert found == expected


def test_drawn_tables_have_gates_that_open_and_gates_that_stay_shut(portfolio):
    features = drawn_features(portfolio, 0)
    critical = [plain_critical(portfolio, features.facts, site) for site in features.sites["site_id"]]
    assert any(critical)
    assert not all(critical)


def plain_critical(portfolio, facts, site):
    """Says, in plain loops over the method's table of gates, whether a site is Critical."""
    rows = [row for row in facts.iter_rows(named=True) if may_gate(row, site)]
    if any(row["indicator_id"] in ("A01", "F12") and acts(row) for row in rows):
        return True
    observed = [
        row for row in rows if row["indicator_id"] == "X01" and row["source_type"] in ("field_visit", "inspector")
    ]
    violence = [row for row in rows if row["indicator_id"] == "F05" and row["source_type"] in CREDIBLE]
    if present(portfolio, observed) or present(portfolio, violence):
        return True
    usable = [row for row in rows if supports(portfolio, row)]
    return any(
        {"S"} & {one["strength"], other["strength"]}
        and role(portfolio, one) & {"I"}
        and role(portfolio, other) & {"P"}
        and one["indicator_id"] != other["indicator_id"]
        and apart(portfolio, one, other) <= 24 * 365.25 / 12
        for one in usable
        for other in usable
    )


OFFICIAL = ("court_order", "official_order")
CREDIBLE = (*OFFICIAL, "inspector", "worker_driven_monitor", "unannounced_audit", "announced_audit")


def may_gate(row, site):
    here = row["site_id"] == site or (row["site_id"] is None and site.startswith(row["supplier_id"]))
    closed = row["closure_verified_by_workers"]
    unconfirmed = row["indicator_id"] in ("A01", "A02") and row["confirmed_by"] == "reported"
    appealed = row["contested"] and row["source_type"] in OFFICIAL
    return row["kind"] == "adverse" and here and not (closed or unconfirmed or appealed or row["second_hand"])


def acts(row):
    return row["in_force"] and row["confirmed_by"] in ("identifier", "verdict") and not row["contested"]


def weight(portfolio, row):
    source = portfolio.catalogue.sources.row(by_predicate=pl.col("source_type") == row["source_type"], named=True)
    from_day = row["ended_on"] if row["source_type"] in OFFICIAL and row["ended_on"] else row["event_date"]
    months = 0 if row["in_force"] else (portfolio.as_of - from_day).days / (365.25 / 12)
    return source["reliability_adverse"] * 0.5 ** (months / source["half_life_months"])


def present(portfolio, rows):
    by_event = {}
    for row in rows:
        event = row["origin_event_id"] or row["fact_id"]
        by_event[event] = max(by_event.get(event, 0), weight(portfolio, row))
    return sum(by_event.values()) >= 0.3


def role(portfolio, row):
    named = portfolio.catalogue.indicators.row(by_predicate=pl.col("indicator_id") == row["indicator_id"], named=True)
    roles = {"I": {"I"}, "P": {"P"}, "I+P": {"I", "P"}, "I_if_strong": {"I"} if row["strength"] == "S" else set()}
    return roles.get(named["role"] or "", set())


def supports(portfolio, row):
    official = row["source_type"] in OFFICIAL
    trusted = row["source_type"] != "self_assessment" and row["indicator_id"] != "X01"
    return trusted and (row["in_force"] or not official) and weight(portfolio, row) >= 0.4


def apart(portfolio, one, other):
    """Gives the days between two events; an act in force lasts until now and beyond."""
    starts = [row["event_date"] for row in (one, other)]
    ends = [None if row["in_force"] else row["event_date"] for row in (one, other)]
    first_end = min((end for end in ends if end is not None), default=None)
    return 0 if first_end is None else (max(starts) - first_end).days


def test_a_drawn_table_holds_every_indicator_that_facts_can_name(portfolio):
    facts = drawn_features(portfolio, 1).facts
    known = portfolio.catalogue.indicators.filter(~pl.col("kind").is_in(["inherent", "conflict", "quality"]))
    assert set(facts["indicator_id"]) == set(known["indicator_id"])
    assert set(facts["kind"]) == {"adverse", "clean", "mitigation"}
    assert pytest.approx(facts["site_id"].is_null().mean(), abs=0.1) == 0.2
