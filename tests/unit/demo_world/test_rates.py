"""The world is plausible: rates lie where they should, causes cause, and observers see less than there is."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from demo_world import WorldSummary, audits, causes, surveys, world
from demo_world.companies import CONTROLLING, DECENT, Companies, Sites, create
from demo_world.countries import COUNTRIES
from demo_world.draws import caused

AS_OF = date(2026, 6, 30)
CONDITION = {name: place for place, name in enumerate(causes.CONDITIONS)}


@pytest.fixture(scope="module")
def shared() -> world.World:
    return world.create(20_000, 4, AS_OF)


@pytest.fixture(scope="module")
def made(shared: world.World) -> tuple[Companies, Sites]:
    return create(shared, 1, np.arange(1, 20_001))


@pytest.fixture(scope="module")
def truth(shared: world.World, made: tuple[Companies, Sites]) -> causes.Truth:
    return causes.decide(shared, 1, *made)


@pytest.mark.parametrize("seed", range(20, 30))
def test_a_few_percent_of_sites_are_affected_in_any_world(seed: int) -> None:
    shared = world.create(6000, seed, AS_OF)
    companies, sites = create(shared, 1, np.arange(1, 6001))
    assert 0.03 < causes.decide(shared, 1, companies, sites).forced_labour.mean() < 0.09


def test_most_vendors_have_one_site_and_some_have_none_that_is_known(summary: WorldSummary, world_folder: Path) -> None:
    vendors = pl.read_csv(world_folder / "sources/erp/vendor_master.csv", infer_schema_length=0)
    vendors = vendors.filter(pl.col("vendor_id").str.starts_with("V"))
    sites = vendors.group_by("vendor_id").agg(pl.col("site_id").n_unique().alias("n"), pl.col("site_id").null_count())
    assert sites.height == summary.suppliers
    assert 0.03 < (sites["site_id"] > 0).mean() < 0.1  # type: ignore[operator]  # a mean is a number here
    assert 0.65 < (sites["n"] == 1).mean() < 0.85  # type: ignore[operator]  # likewise
    assert sites["n"].max() == 4


def test_sources_are_missing_for_many_suppliers(world_folder: Path) -> None:
    conditions = pl.read_csv(world_folder / "truth/conditions.csv")
    audited = set(pl.read_csv(world_folder / "sources/audits/audit_findings.csv", infer_schema_length=0)["site_id"])
    surveyed = {
        row["site/site_id"]
        for path in world_folder.glob("sources/surveys/*.json")
        for row in json.loads(path.read_text(encoding="utf-8"))["results"]
    }
    sites = conditions["site_id"].to_list()
    assert 0.12 < sum(site in surveyed for site in sites) / len(sites) < 0.27
    assert 0.25 < sum(site in audited for site in sites) / len(sites) < 0.6
    assert sum(site not in surveyed and site not in audited for site in sites) / len(sites) > 0.3


def test_every_issue_code_is_met_in_a_large_world(
    shared: world.World, made: tuple[Companies, Sites], truth: causes.Truth
) -> None:
    findings = audits.observe(shared, 1, *made, truth)
    assert set(findings.code) == {"", *audits.ISSUES}


def test_the_flag_needs_lost_consent_and_punishment_and_ends_with_the_remedy(truth: causes.Truth) -> None:
    punished_only = truth.present[:, CONDITION["threats"]] & (truth.present.sum(axis=1) == 1)
    assert punished_only.any()
    assert not truth.was_forced_labour[punished_only].any()
    unfree_only = truth.present[:, CONDITION["debt_bondage"]] & (truth.present.sum(axis=1) == 1)
    assert unfree_only.any()
    assert not truth.was_forced_labour[unfree_only].any()
    remedied = ~np.isnat(truth.remedied_on)
    assert (remedied & truth.was_forced_labour).any()
    assert not truth.forced_labour[remedied].any()
    assert (truth.severity[truth.was_forced_labour] >= 3).all()
    assert (truth.severity[~truth.was_forced_labour] <= 2).all()


def test_conditions_have_the_causes_they_should_have(
    shared: world.World, made: tuple[Companies, Sites], truth: causes.Truth
) -> None:
    companies, sites = made
    debt = truth.present[:, CONDITION["debt_bondage"]]
    agent = companies.agent[sites.company]
    bad = (agent >= 0) & shared.agents.abusive[agent]
    assert debt[bad].mean() > 8 * debt[~bad].mean()
    documents = truth.present[:, CONDITION["documents_held"]]
    assert documents[debt].mean() > 5 * documents[~debt].mean()
    overtime = truth.present[:, CONDITION["excessive_overtime"]]
    squeeze = companies.squeeze[sites.company]
    rates = [overtime[squeeze == level].mean() for level in range(3)]
    assert rates == sorted(rates)
    by_country = [
        truth.was_forced_labour[companies.country[sites.company] == place].mean() for place in range(len(COUNTRIES))
    ]
    assert np.corrcoef(by_country, shared.weak_state)[0, 1] > 0.2


def test_no_country_is_weak_in_every_world() -> None:
    states = np.array([world.create(100, seed, AS_OF).weak_state for seed in range(40)])
    assert states.min(axis=0).max() < 0.3
    assert states.max(axis=0).min() > 0.7


def test_announced_audits_and_bought_ones_see_less(
    shared: world.World, made: tuple[Companies, Sites], truth: causes.Truth
) -> None:
    findings = audits.observe(shared, 1, *made, truth)
    kind = np.array(findings.kind)
    hidden = [CONDITION[name] for name in ("documents_held", "debt_bondage", "threats", "deception")]
    there = truth.present[findings.site][:, hidden].any(axis=1) & np.isnat(truth.remedied_on[findings.site])
    told = np.isin(findings.code, ["A1.1", "A1.2", "A5.1", "A1.5", "FL-01", "FL-02", "FL-05", "FL-04"])

    def share_told(kinds: list[str]) -> float:
        chosen = there & np.isin(kind, kinds)
        visits = {row for row, taken in zip(findings.audit_id, chosen, strict=True) if taken}
        telling = {row for row, taken in zip(findings.audit_id, chosen & told, strict=True) if taken}
        return len(telling) / len(visits)

    assert share_told(["self-assessment"]) < share_told(["announced"]) < share_told(["unannounced", "worker-driven"])
    assert share_told(["announced"]) < 0.35


def test_coached_workers_give_the_same_answers_and_hide_what_is_there(
    shared: world.World, made: tuple[Companies, Sites], truth: causes.Truth
) -> None:
    companies, sites = made
    answers = surveys.observe(shared, 1, *made, truth)
    owner = companies.culture[sites.company[answers.site]]
    threats = next(place for place, question in enumerate(surveys.QUESTIONS) if question.condition == "threats")
    present = truth.present[answers.site, CONDITION["threats"]] & np.isnat(truth.remedied_on[answers.site])
    yes = answers.answer[:, threats] == "yes"
    onsite, offsite = present & ~answers.offsite, present & answers.offsite
    assert yes[onsite & (owner == CONTROLLING)].mean() < 0.5 * yes[offsite & (owner == CONTROLLING)].mean()
    assert yes[~truth.present[answers.site, CONDITION["threats"]]].mean() < 0.02
    hurried = answers.minutes <= 3
    assert hurried[~answers.offsite & (owner == CONTROLLING)].mean() > 0.5
    assert hurried[answers.offsite & (owner == DECENT)].mean() < 0.05
    assert same_answers(answers, hurried) > same_answers(answers, ~hurried) + 0.1


def same_answers(answers: surveys.Answers, chosen: np.ndarray) -> float:
    """Gives how large a part of a site's chosen answers is the most common one, as a mean over sites."""
    rows = pl.DataFrame({"site": answers.site[chosen], "answer": ["|".join(row) for row in answers.answer[chosen]]})
    common = rows.group_by("site", "answer").len().group_by("site").agg(pl.col("len").max() / pl.col("len").sum())
    return float(common["len"].to_numpy().mean())


def test_squeezed_suppliers_get_lower_prices_and_wait_longer(world_folder: Path) -> None:
    orders = pl.read_csv(
        world_folder / "sources/erp/purchase_orders-0001.csv", infer_schema_length=0
    ).filter(~pl.col("order_id").str.starts_with("PO-9999"))  # fmt: skip
    squeeze = pl.read_csv(world_folder / "truth/conditions.csv").select("vendor_id", "squeeze").unique()
    days = pl.col("paid_on").str.to_date() - pl.col("invoiced_on").str.to_date()
    wait = (
        orders.drop_nulls(["paid_on", "invoiced_on"])
        .join(squeeze, on="vendor_id")
        .group_by("squeeze")
        .agg(days.dt.total_days().mean())
        .sort("squeeze")
    )
    assert wait["paid_on"].is_sorted()


def test_official_lists_hold_guilty_and_innocent_names(world_folder: Path) -> None:
    identities = pl.read_csv(world_folder / "truth/identities.csv")
    truly = pl.read_csv(world_folder / "truth/conditions.csv").group_by("vendor_id").agg(
        pl.col("was_forced_labour").max()
    )  # fmt: skip
    guilty = dict(truly.iter_rows())
    screening = pl.read_csv(world_folder / "sources/lists/opensanctions_targets.csv", infer_schema_length=0)
    listed = screening.filter(pl.col("program_ids") == "DEMO-FORCED-LABOUR").join(
        identities.filter(pl.col("source") == "opensanctions_simple"), left_on="id", right_on="record"
    )
    named = listed.filter(~pl.col("vendor_id").str.starts_with("!"))
    assert named.height > 2
    assert all(guilty[vendor] for vendor in named["vendor_id"])
    assert named["identifiers"].null_count() == 0
    namesakes = listed.filter(pl.col("vendor_id").str.starts_with("!"))
    assert namesakes.height > 2
    assert not any(guilty[vendor.removeprefix("!")] for vendor in namesakes["vendor_id"])


def test_an_effect_may_come_from_any_of_its_causes() -> None:
    one, other = np.array([False, True, False, True]), np.array([False, False, True, True])
    assert caused([(one, 0.5), (other, 0.2)], 0.1) == pytest.approx([0.1, 0.55, 0.28, 0.64])
