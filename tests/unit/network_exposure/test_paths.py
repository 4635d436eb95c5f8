"""The strongest path: the heaviest of all, from another company's case."""

from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings

from scoring.network_graph import build_graph
from scoring.network_paths import strongest_paths
from tests.unit.network_exposure.conftest import TIE, tie
from tests.unit.network_exposure.test_mass import A, networks, weights

nx = pytest.importorskip("networkx", reason="networkx, the reference of the paths, is not installed")


def paths_of(graph, cases, targets):
    weighed = pl.DataFrame({"party_id": list(cases), "weight": list(cases.values())})
    steps = strongest_paths(graph, weighed, np.asarray(targets, dtype=np.int64), A)
    names = graph.parties["party_id"].to_list()
    found = {}
    for (target,), rows in steps.sort("back", descending=True).group_by("target"):
        ordered = rows.sort("back", descending=True)
        found[names[target]] = [names[place] for place in [*ordered["source"], target]]
    return found


def test_the_heavier_of_two_paths_is_shown():
    ties = [tie("S1", "labour_agent", "G1"), tie("S2", "labour_agent", "G1"), tie("S2", "subcontract", "S1")]
    graph = build_graph(pl.DataFrame(ties, schema=TIE))
    assert paths_of(graph, {"S1": 1.0}, [graph.places_of(pl.Series(["S2"]))[0]]) == {"S2": ["S1", "S2"]}


def test_a_fresh_case_further_away_may_outweigh_a_faded_one():
    ties = [tie("S3", "subcontract", "S2"), tie("S2", "subcontract", "S1")]
    graph = build_graph(pl.DataFrame(ties, schema=TIE))
    place = [graph.places_of(pl.Series(["S3"]))[0]]
    assert paths_of(graph, {"S1": 1.0, "S2": 0.1}, place) == {"S3": ["S1", "S2", "S3"]}
    assert paths_of(graph, {"S1": 1.0, "S2": 0.9}, place) == {"S3": ["S2", "S3"]}


def weight_of(graph, cases, path):
    places = graph.places_of(pl.Series(path))
    steps = [(1 - A) * graph.transition[a, b] for a, b in pairwise(places)]
    return cases[path[0]] * float(np.prod(steps))


@settings(max_examples=60, deadline=None)
@given(ties=networks, cases=weights)
def test_no_path_from_another_case_is_heavier(ties, cases):
    if not ties:
        return
    graph = build_graph(pl.DataFrame(ties, schema=TIE))
    names = graph.parties["party_id"].to_list()
    tied = {name: weight for name, weight in cases.items() if name in names}
    if not tied:
        return
    directed = nx.DiGraph()
    directed.add_nodes_from(names)
    directed.add_edges_from((names[a], names[b]) for a, b, _ in graph.arcs.iter_rows())
    found = paths_of(graph, tied, range(len(names)))
    for name in names:
        every = [
            weight_of(graph, tied, path)
            for source in tied
            if source != name
            for path in nx.all_simple_paths(directed, source, name)
        ]
        assert (name in found) == bool(every)
        if every:
            assert found[name][0] in set(tied) - {name}
            assert weight_of(graph, tied, found[name]) == pytest.approx(max(every), rel=1e-9)
