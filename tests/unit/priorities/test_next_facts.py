"""What one fact more would do is what the method does once that fact is there."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from scoring.catalogue import Catalogue
from scoring.inherent import portfolio_medians
from scoring.next_facts import next_facts, outcome_chances
from scoring.score import Features, Scores, scored
from scoring.what_ifs import ADVERSE, CLEAN, CLOSED, Rated, rescored, what_ifs
from tests.unit.scoring.conftest import AS_OF, FACT_SCHEMA, NOT_APPLICABLE_SCHEMA, Portfolio

SITE = ["supplier_id", "site_id"]
LONG_AGO = AS_OF - timedelta(days=3 * 365)


def worst_sites(scores: Scores) -> Rated:
    sites = scores.suppliers.select(
        "supplier_id", pl.col("worst_site_id").alias("site_id"), "raw_score", "score", "band"
    )
    states, evidence = (frame.join(sites, on=SITE, how="semi") for frame in (scores.indicators, scores.evidence))
    return Rated(sites, states, evidence)


def reckoned(portfolio: Portfolio, features: Features) -> pl.DataFrame:
    medians = portfolio_medians(features.sites, portfolio.catalogue.inherent)
    rated = worst_sites(portfolio.score_features(features))
    return next_facts(rated, features, medians, portfolio.catalogue, AS_OF)


@pytest.fixture
def features(portfolio: Portfolio) -> Features:
    """Five suppliers: several sites, company-level rows, old looks, contradictions, gaps, nobody known."""
    sites = [
        portfolio.site(),
        portfolio.site(site_id="F2", country_level=5.0),
        portfolio.site(supplier_id="S2", site_id="G1", country_level=6.0, sector_level=4.0, good_level=2.0),
        *(portfolio.site(supplier_id=name, site_id=f"{name}:unknown", is_unknown_site=True) for name in ("S3", "S4")),
        portfolio.site(supplier_id="S5", site_id="H1", country_code=None, country_level=None),
    ]
    facts = [
        portfolio.adverse("F09", strength="M"),
        portfolio.adverse("F08", strength="M", origin_event_id="strike"),
        portfolio.adverse("F08", strength="M", origin_event_id="strike", source_type="ngo_multiple_origins"),
        portfolio.clean("F07", source_type="announced_audit"),
        portfolio.clean("F03", event_date=LONG_AGO - timedelta(days=2500)),
        portfolio.clean("F10", site_id=None),
        portfolio.adverse("F02", site_id=None, strength="M", source_type="grievance"),
        portfolio.adverse("F11", supplier_id="S2", site_id="G1", strength="W", source_type="offsite_survey"),
        portfolio.clean("F11", supplier_id="S2", site_id="G1"),
        portfolio.clean("F02", supplier_id="S2", site_id=None),
        portfolio.adverse("A01", supplier_id="S5", site_id="H1", source_type="official_order", in_force=True,
                          confirmed_by="identifier", event_date=LONG_AGO),
    ]  # fmt: skip
    made = portfolio.features(facts, sites)
    gaps = [{"supplier_id": "S2", "site_id": "G1", "indicator_id": "F10", "reason": "no dormitory"}]
    return replace(made, not_applicable=pl.DataFrame(gaps, schema=NOT_APPLICABLE_SCHEMA),
                   undetermined=portfolio.undetermined("F06"))  # fmt: skip


def with_fact(features: Features, row: dict[str, Any]) -> Features:
    """The features with the fact added, or the event closed, of a what-if: by hand, at the site itself."""
    if row["outcome"] == CLOSED:
        event = pl.coalesce("origin_event_id", "fact_id")
        closed = (pl.col("supplier_id") == row["supplier_id"]) & (event == row["event"])
        verified = pl.col("closure_verified_by_workers") | closed
        return replace(features, facts=features.facts.with_columns(verified.alias("closure_verified_by_workers")))
    fact = {
        "fact_id": "new", "supplier_id": row["supplier_id"], "site_id": row["site_id"], "kind": row["outcome"],
        "indicator_id": row["indicator_id"], "source_type": row["source_type"], "event_date": AS_OF, "in_force": False,
        "second_hand": False, "contested": False, "closure_verified_by_workers": False,
    }  # fmt: skip
    return replace(features, facts=pl.concat([features.facts, pl.DataFrame([fact], schema=FACT_SCHEMA)]))


def test_every_what_if_is_what_scoring_gives_once_the_fact_is_there(portfolio: Portfolio, features: Features) -> None:
    medians = portfolio_medians(features.sites, portfolio.catalogue.inherent)
    changes = what_ifs(worst_sites(portfolio.score_features(features)), features, portfolio.catalogue)
    told = rescored(changes, features, medians, portfolio.catalogue, AS_OF)

    assert told.height == changes.height > 150
    assert set(told["outcome"]) == {ADVERSE, CLEAN, CLOSED}
    for row in told.iter_rows(named=True):
        sites = scored(with_fact(features, row), medians, portfolio.catalogue, AS_OF).sites
        site = sites.filter((pl.col("supplier_id") == row["supplier_id"]) & (pl.col("site_id") == row["site_id"]))
        assert row["raw_score_after"] == pytest.approx(site["raw_score"][0], abs=1e-9), row
        assert row["band_after"] == site["band"][0], row


def test_only_what_nobody_has_seen_is_asked_and_by_sources_that_can_tell(
    portfolio: Portfolio, features: Features
) -> None:
    rated = worst_sites(portfolio.score_features(features))
    asked = what_ifs(rated, features, portfolio.catalogue).filter(pl.col("outcome") != CLOSED)
    unknown = rated.states.filter(pl.col("state") == "not assessable")
    eligible = portfolio.catalogue.eligible

    assert asked.join(unknown, on=[*SITE, "indicator_id"], how="anti").is_empty()
    assert asked.join(eligible, on=["indicator_id", "source_type"], how="anti").is_empty()
    assert set(asked["source_type"]) == {"offsite_survey", "unannounced_audit", "field_visit"}
    survey = (pl.col("supplier_id") == "S1") & (pl.col("source_type") == "offsite_survey")
    assert "F06" not in set(asked.filter(survey)["indicator_id"]), "a survey could not decide it"
    assert "F10" not in set(asked.filter(pl.col("supplier_id") == "S2")["indicator_id"]), "it does not apply"


def test_official_acts_are_not_offered_for_closing(portfolio: Portfolio, features: Features) -> None:
    rated = worst_sites(portfolio.score_features(features))
    closed = what_ifs(rated, features, portfolio.catalogue).filter(pl.col("outcome") == CLOSED)

    assert set(closed["indicator_id"]) == {"F09", "F08", "F02", "F11"}
    assert closed.filter(pl.col("indicator_id") == "F08").height == 1, "two tellings of one event close together"
    assert closed["evidence_id"].null_count() == 0


def test_the_first_fact_moves_the_band_most(portfolio: Portfolio, features: Features) -> None:
    facts = reckoned(portfolio, features)
    everything = rescored(
        what_ifs(rated := worst_sites(portfolio.score_features(features)), features, portfolio.catalogue), features,
        portfolio_medians(features.sites, portfolio.catalogue.inherent), portfolio.catalogue, AS_OF,
    ).join(rated.sites.select("supplier_id", "band"), on="supplier_id")  # fmt: skip
    place = {"Critical": 0, "High": 1, "Elevated": 2, "Moderate": 3, "Unknown": 4, "Lower": 5}

    for supplier, rows in facts.group_by("supplier_id"):
        first = rows.filter(pl.col("fact_rank") == 1)
        moves = [
            abs(place[row["band"]] - place[row["band_after"]])
            for row in everything.filter(pl.col("supplier_id") == supplier[0]).iter_rows(named=True)
        ]
        assert first.height == 1
        assert abs(first["move"][0]) == max(moves)


def test_nothing_is_known_of_a_silent_supplier_so_a_visit_that_sees_it_moves_most(portfolio: Portfolio) -> None:
    facts = reckoned(portfolio, portfolio.features([]))
    first = facts.row(0, named=True)

    assert (first["source_type"], first["indicator_id"], first["outcome"]) == ("field_visit", "X01", ADVERSE)
    assert (first["band_after"], first["move"]) == ("Critical", 4)
    # 30 points of a strong indicator, by a field visit of reliability .85
    assert first["score_change"] == pytest.approx(25.5)


def test_kept_questions_have_both_answers_and_the_table_is_bounded(portfolio: Portfolio, features: Features) -> None:
    facts = reckoned(portfolio, features)
    asked = facts.filter(pl.col("outcome") != CLOSED)
    answers = asked.group_by("supplier_id", "source_type", "indicator_id").agg(pl.col("outcome").sort())

    assert set(answers["outcome"].list.join(" ")) == {"adverse clean"}
    assert facts.group_by("supplier_id").len()["len"].max() <= 21
    assert facts["next_fact_id"].n_unique() == facts.height


def test_the_chances_of_the_two_answers_are_those_of_their_points(catalogue: Catalogue) -> None:
    chances = outcome_chances(catalogue)
    one = chances.filter((pl.col("source_type") == "offsite_survey") & (pl.col("indicator_id") == "F09"))
    so, otherwise = one["chance_where_so"][0], one["chance_otherwise"][0]

    # 30 points · .85 against 10·log2(1 − .5·.6) points
    assert so / otherwise == pytest.approx(2 ** (30 * 0.85 / 10))
    assert (1 - so) / (1 - otherwise) == pytest.approx(0.7)
    assert chances.filter(~pl.col("chance_where_so").is_between(0, 1)).is_empty()


def test_information_is_the_expected_places_that_the_band_moves(portfolio: Portfolio) -> None:
    facts = reckoned(portfolio, portfolio.features([]))

    for question in facts.filter(pl.col("outcome") != CLOSED).partition_by("source_type", "indicator_id"):
        assert question["probability"].sum() == pytest.approx(1)
        expected = (question["probability"] * question["move"].abs()).sum()
        assert question["information"].to_list() == pytest.approx([expected, expected])


def test_suppliers_that_differ_in_their_labels_alone_share_their_copies(portfolio: Portfolio) -> None:
    alike = [
        portfolio.site(supplier_id=f"S{n}", site_id=f"F{n}", country_code=f"X{n}", site_name=str(n)) for n in range(9)
    ]
    other = portfolio.site(supplier_id="T", site_id="T1", country_level=6.0)
    facts = reckoned(portfolio, portfolio.features([], [*alike, other]))
    shown = ["fact_rank", "source_type", "indicator_id", "outcome", "score_after", "band_after", "information"]
    of_each = facts.partition_by("supplier_id", as_dict=True, maintain_order=True)

    assert len({str(of_each[(f"S{n}",)].select(shown).to_dicts()) for n in range(9)}) == 1
    assert not of_each[("T",)].select(shown).equals(of_each[("S1",)].select(shown))


def test_the_order_of_rows_does_not_matter(portfolio: Portfolio, features: Features) -> None:
    turned = replace(features, facts=features.facts.reverse(), sites=features.sites.reverse())

    assert reckoned(portfolio, turned).equals(reckoned(portfolio, features))
