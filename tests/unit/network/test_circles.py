"""Circles of owners: each found, none made up, and a way round each."""

import random
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from serving.network.circles import find_circles
from serving.network.published import OWNING, SUPPLYING
from tests.unit.network.conftest import LONG_AGO, Publication

Ids = Callable[[Any], list[str]]


def test_two_companies_that_own_each_other_are_a_circle(publication: Publication, ids: Ids) -> None:
    publication.tie("C1", "C2", share_minimum=100.0).tie("C2", "C1", share_minimum=100.0).tie("S1", "C1")

    with publication.open() as network:
        [circle] = find_circles(network, OWNING)

    assert ids(circle.parties) == ["C1", "C2"]
    assert ids(circle.way_round) == ["C1", "C2", "C1"]


def test_a_chain_two_owners_of_one_and_another_kind_of_tie_are_none(publication: Publication) -> None:
    publication.tie("S1", "C1").tie("S1", "C2").tie("C1", "C3").tie("C2", "C3")
    publication.tie("C3", "S1", "supply").tie("C3", "C1", valid_to=LONG_AGO)

    with publication.open() as network:
        assert find_circles(network, OWNING) == ()
        assert find_circles(network, SUPPLYING) == ()


def test_a_company_that_owns_itself_and_two_circles_apart(publication: Publication, ids: Ids) -> None:
    publication.tie("C9", "C9").tie("C3", "C4", "parent").tie("C4", "C5").tie("C5", "C3").tie("S1", "S2", "supply")
    publication.tie("S2", "S1", "subcontract")

    with publication.open() as network:
        owners, suppliers = find_circles(network, OWNING), find_circles(network, SUPPLYING)

    assert [ids(circle.way_round) for circle in owners] == [["C3", "C4", "C5", "C3"], ["C9", "C9"]]
    assert [ids(circle.way_round) for circle in suppliers] == [["S1", "S2", "S1"]]


def reachable(edges: set[tuple[str, str]], start: str) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        near = waiting.pop()
        for subject, party in edges:
            if subject == near and party not in reached:
                reached.add(party)
                waiting.append(party)
    return reached


@pytest.mark.parametrize("seed", range(8))
def test_who_reaches_itself_is_in_a_circle_and_nobody_else(publication: Publication, ids: Ids, seed: int) -> None:
    chance = random.Random(seed)
    parties = [f"C{number}" for number in range(9)]
    edges = {(chance.choice(parties), chance.choice(parties)) for _ in range(12)}
    for subject, party in sorted(edges):
        publication.tie(subject, party)

    with publication.open() as network:
        circles = find_circles(network, OWNING)

    reach = {party: reachable(edges, party) for party in parties}
    expected = {
        frozenset(other for other in parties if other in reach[party] and party in reach[other])
        for party in parties
        if party in reach[party]
    }
    assert {frozenset(ids(circle.parties)) for circle in circles} == expected
    for circle in circles:
        way = ids(circle.way_round)
        assert way[0] == way[-1]
        assert set(pairwise(way)) <= edges
