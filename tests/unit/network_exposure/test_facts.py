"""What becomes of the mass: facts with their points, the path in words, and who was looked at."""

import math
from datetime import date, timedelta

import pytest

from scoring.keys import DAYS_PER_MONTH
from scoring.network_facts import case_weights, network_facts
from tests.unit.network_exposure.conftest import AS_OF, case, tie

GROUP = [tie("S1", "ownership", "C"), tie("S2", "ownership", "C")]


def facts_of(network, catalogue):
    return {row["supplier_id"]: row for row in network_facts(network, catalogue, AS_OF).facts.to_dicts()}


def test_an_exposed_supplier_has_an_adverse_fact_with_the_path_in_words(network, catalogue):
    found = network_facts(network(GROUP, [case("S1")]), catalogue, AS_OF)
    (fact,) = [row for row in found.facts.to_dicts() if row["supplier_id"] == "S2"]
    assert (fact["kind"], fact["strength"], fact["source_type"], fact["event_date"]) == (
        "adverse",
        "M",
        "network",
        AS_OF,
    )
    assert fact["description"].endswith(
        "the strongest path: S1 Ltd (A01, a list) is owned or controlled by C Ltd, which owns or controls S2 Ltd"
    )
    assert fact["source_key"] == "row of S2 ownership C"
    steps = found.steps.filter(supplier_id="S2").select("step_no", "from_party_id", "to_party_id", "edge_id").rows()
    assert steps == [(1, "S1", "C", "S1 ownership C"), (2, "C", "S2", "S2 ownership C")]


def test_the_points_of_a_fact_are_those_of_its_mass(network, catalogue):
    found = network_facts(network(GROUP, [case("S1")]), catalogue, AS_OF)
    (exposure,) = found.exposures.to_dicts()
    q = 0.85**2
    mass = 0.15 / 2 * q / (1 - q)
    assert exposure["mass"] == pytest.approx(mass, abs=1e-9)
    assert exposure["points"] == pytest.approx(10 * math.log2(1 + mass / 0.25), abs=1e-9)
    assert found.facts.filter(supplier_id="S2")["row_points"][0] == exposure["points"]


def test_labour_agents_are_shown_by_number_and_never_by_name(network, catalogue):
    ties = [tie("S1", "labour_agent", "G7"), tie("S2", "labour_agent", "G7")]
    text = facts_of(network(ties, [case("S1")]), catalogue)["S2"]["description"]
    assert "recruits through labour agent G7, which recruits for S2 Ltd" in text


def test_whoever_was_looked_at_and_not_reached_is_clean(network, catalogue):
    ties = [*GROUP, tie("S3", "address", "A1"), tie("S4", "address", "A1")]
    found = facts_of(network(ties, [case("S1")]), catalogue)
    assert {name: row["kind"] for name, row in found.items()} == {
        "S1": "clean", "S2": "adverse", "S3": "clean", "S4": "clean",
    }  # fmt: skip
    assert found["S3"]["description"] == "No confirmed case of another company is within reach of its ties"
    assert found["S3"]["source_key"] == "row of S3 address A1"


def test_a_case_far_along_many_ties_is_out_of_reach(network, catalogue):
    agent = [tie(f"S{n}", "labour_agent", "G1") for n in range(60)]
    found = facts_of(network(agent, [case("S0")]), catalogue)
    assert found["S5"]["kind"] == "clean"
    assert "too far along" in found["S5"]["description"]


def test_nobody_is_clean_where_no_source_tells_cases(network, catalogue):
    assert network_facts(network(GROUP, [], told=False), catalogue, AS_OF).facts.is_empty()


def test_a_subcontractor_without_other_ties_was_not_looked_at(network, catalogue):
    found = facts_of(network([tie("S2", "subcontract", "S1")], [case("S1")]), catalogue)
    assert list(found) == ["S2"]


def test_a_case_fades_with_the_half_life_of_network_facts_from_its_end(network, catalogue):
    ended = AS_OF - timedelta(days=730)
    rows = network(GROUP, [case("S1", ended), case("S2")]).cases
    weights = dict(case_weights(rows, catalogue, AS_OF).select("supplier_id", "weight").iter_rows())
    assert weights["S1"] == pytest.approx(0.5 ** (730 / DAYS_PER_MONTH / 12), abs=1e-12)
    assert weights["S2"] == 1.0


def test_of_several_cases_of_one_company_the_weightiest_counts(network, catalogue):
    rows = network(GROUP, [case("S1", date(2020, 1, 1)), {**case("S1"), "case_id": "newer"}]).cases
    assert case_weights(rows, catalogue, AS_OF).select("case_id", "weight").rows() == [("newer", 1.0)]


def test_two_cases_are_exposed_to_each_other_and_not_to_themselves(network, catalogue):
    found = network_facts(network(GROUP, [case("S1"), case("S2")]), catalogue, AS_OF)
    assert found.exposures.select("supplier_id", "case_supplier_id").rows() == [("S1", "S2"), ("S2", "S1")]
