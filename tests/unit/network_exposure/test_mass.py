"""How much of other companies' cases reaches a party: by hand, against linear algebra, and for any network."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import network_exposure
from scoring.network_exposure import exposures, points_of
from scoring.network_graph import build_graph
from tests.unit.network_exposure.conftest import TIE, tie

A = 0.15
NEAR = 1e-9
quick = settings(max_examples=60, deadline=None)


def reached(ties, cases):
    """Mass by party; cases are weights by supplier."""
    graph = build_graph(pl.DataFrame(ties, schema=TIE))
    weighed = pl.DataFrame(
        {"party_id": list(cases), "weight": list(cases.values())}, schema={"party_id": pl.String, "weight": pl.Float64}
    )
    mass = exposures(graph, weighed, A)
    return dict(zip(graph.parties["party_id"].to_list(), mass.tolist(), strict=True))


def test_two_companies_under_one_owner_alone_by_hand():
    # The walk from S1 goes S1 → C → S1 or S2 → C → …; what ends at S2 is (1 − a)² / 2 of what ends at S1's start:
    # m = a · Σ over even steps 2, 4, … of (1 − a)^k / 2 = a / 2 · q / (1 − q), with q = (1 − a)².
    q = (1 - A) ** 2
    found = reached([tie("S1", "ownership", "C"), tie("S2", "ownership", "C")], {"S1": 1.0})
    assert found["S2"] == pytest.approx(A / 2 * q / (1 - q), abs=NEAR)
    assert found["C"] == pytest.approx(A * (1 - A) / (1 - q), abs=NEAR)
    assert found["S1"] == 0.0


def test_a_customer_is_exposed_to_its_subcontractor_by_hand():
    # One way, and nothing leads on from S2: one step, with the chance 1 − a, and there the walk ends with the chance a.
    found = reached([tie("S2", "subcontract", "S1")], {"S1": 1.0})
    assert found["S2"] == pytest.approx(A * (1 - A), abs=NEAR)


def test_points_by_hand():
    masses = pl.DataFrame({"m": [0.0, 0.25, 0.75, 0.01, 40.0]})
    points = masses.select(m=points_of(pl.col("m"), 0.25, 16.0))["m"].to_list()
    assert points == pytest.approx([0, 10, 16, 10 * np.log2(1.04), 16], abs=NEAR)


def test_two_subcontractors_that_share_a_customer_are_not_linked():
    ties = [tie("S9", "subcontract", "S1"), tie("S9", "subcontract", "S2")]
    assert reached(ties, {"S1": 1.0})["S2"] == 0.0
    assert reached(ties, {"S9": 1.0})["S2"] == 0.0


def test_its_own_case_gives_a_supplier_nothing():
    ties = [tie("S1", "labour_agent", "G1"), tie("S2", "labour_agent", "G1"), tie("S3", "address", "A1")]
    assert reached(ties, {"S1": 1.0})["S1"] == 0.0
    assert reached(ties, {"S3": 1.0})["S3"] == 0.0
    both = reached(ties, {"S1": 1.0, "S2": 0.5})
    assert both["S1"] == pytest.approx(reached(ties, {"S2": 0.5})["S1"], abs=NEAR)
    assert both["S2"] == pytest.approx(reached(ties, {"S1": 1.0})["S2"], abs=NEAR)


def test_a_case_elsewhere_does_not_lessen_what_this_one_weighs():
    near = [tie("S1", "ownership", "C1"), tie("S2", "ownership", "C1")]
    far = [tie("S3", "ownership", "C2"), tie("S4", "ownership", "C2")]
    alone, beside = reached(near, {"S1": 1.0}), reached(near + far, {"S1": 1.0, "S3": 1.0})
    assert alone["S2"] == pytest.approx(beside["S2"], abs=NEAR)


def test_ten_rows_of_one_tie_weigh_no_more_than_one():
    ties = [tie("S1", "ownership", "C"), tie("S2", "ownership", "C"), tie("S3", "ownership", "C")]
    often = ties + [tie("S1", "parent", "C", edge_id=f"again {n}") for n in range(9)]
    assert reached(ties, {"S1": 1.0}) == reached(often, {"S1": 1.0})


def test_cases_without_a_tie_reach_nobody():
    assert set(reached([tie("S1", "ownership", "C")], {"S8": 1.0}).values()) == {0.0}


def test_many_cases_in_blocks_give_the_same(monkeypatch):
    ties = [tie(f"S{n}", "labour_agent", f"G{n % 5}") for n in range(40)]
    ties += [tie(f"S{n}", "address", f"A{n % 7}") for n in range(40)]
    cases = {f"S{n}": 1.0 for n in range(0, 40, 3)}
    whole = reached(ties, cases)
    monkeypatch.setattr(network_exposure, "_ENTRIES_AT_ONCE", 1)
    assert reached(ties, cases) == pytest.approx(whole, abs=1e-12)


kinds = st.sampled_from(["ownership", "labour_agent", "address", "subcontract"])
suppliers = st.integers(1, 7).map(lambda n: f"S{n}")
others = st.one_of(suppliers, st.integers(1, 4).map(lambda n: f"G{n}"))
networks = st.lists(st.tuples(suppliers, kinds, others), min_size=1, max_size=14).map(
    lambda rows: [
        tie(*row, edge_id=f"e{place}") for place, row in enumerate(dict.fromkeys(rows)) if row[0] != row[2]
    ]
)  # fmt: skip
weights = st.dictionaries(suppliers, st.floats(0.05, 1.0), min_size=1, max_size=4)


@quick
@given(ties=networks, cases=weights)
def test_the_mass_is_that_of_linear_algebra(ties, cases):
    if not ties:
        return
    graph = build_graph(pl.DataFrame(ties, schema=TIE))
    names = graph.parties["party_id"].to_list()
    rank = A * np.linalg.inv(np.eye(len(names)) - (1 - A) * graph.transition.toarray())
    found = reached(ties, cases)
    for place, name in enumerate(names):
        exact = sum(weight * rank[names.index(of), place] for of, weight in cases.items() if of in names and of != name)
        assert found[name] == pytest.approx(exact, abs=NEAR)


@quick
@given(ties=networks, cases=weights, random=st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_bit(ties, cases, random):
    if not ties:
        return
    shuffled = random.sample(ties, len(ties))
    turned = dict(random.sample(list(cases.items()), len(cases)))
    assert reached(ties, cases) == reached(shuffled, turned)


@quick
@given(ties=networks, cases=weights, more=suppliers)
def test_another_case_never_lowers_an_exposure(ties, cases, more):
    if not ties:
        return
    before, after = reached(ties, cases), reached(ties, {**cases, more: 1.0})
    assert all(after[name] >= before[name] - NEAR for name in before)


@quick
@given(ties=networks, cases=weights, customer=suppliers, worker=suppliers)
def test_giving_work_to_whoever_a_case_reaches_never_lowers_an_exposure(ties, cases, customer, worker):
    # Only the customer's: what a party passes on is shared among more.
    if not ties or customer == worker:
        return
    before = reached(ties, cases)
    after = reached([*ties, tie(customer, "subcontract", worker, edge_id="new")], cases)
    assert after[customer] >= before.get(customer, 0.0) - NEAR
