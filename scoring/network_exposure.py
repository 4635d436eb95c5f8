"""Network exposure (W01): the mass of other companies' confirmed cases that reaches a party by a walk over ties.

A walk starts at each case c with the weight w(c). At every party it ends with the chance a (the restart), else it takes
one of the party's arcs, each equally likely. With the transition P, the mass that ends at v is

    m(v) = Σ w(c) · π(c, v) over c ≠ v,    π = a · Σ (1 − a)^k · P^k over k = 0, 1, 2, …

the personalised PageRank of v, not divided by the number of cases: a case elsewhere must not lessen what this one
weighs. Being linear in w, it can be summed by case, so v's own case is left out exactly by leaving out its term.

For all that are no case one forward iteration of Pᵀ from w gives m. For a case v the term w(v) · π(v, v) must go: the
column π(·, v) is iterated backwards, y ← (1 − a) · P · y from y = 1 at v, which gives π(c, v) for every c at once.
What is still to come of any entry is below (1 − a) · max(y), and of the forward vector below its own sum: so iterations
end once that is below the tolerance. Only the part of the graph that hangs together with v is iterated.
"""

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from scoring.network_graph import Floats, Graph, Places

if TYPE_CHECKING:
    from scipy.sparse import csr_array

TOLERANCE = 1e-12
_ENTRIES_AT_ONCE = 8_000_000


def exposures(graph: Graph, cases: pl.DataFrame, restart: float, tolerance: float = TOLERANCE) -> Floats:
    """Gives the mass at every party of the graph, in the order of its places; 0 where no other case reaches it.

    `cases` has party_id and weight (0–1); one that has no tie reaches nobody.
    """
    places = graph.places_of(cases["party_id"])
    weights = np.zeros(len(graph.parties))
    weights[places[places >= 0]] = cases["weight"].to_numpy()[places >= 0]
    mass = _forward(graph.transition, weights, restart, tolerance)
    for members, own in _parts_with_cases(graph.transition, weights):
        mass[members[own]] = _without_own(
            graph.transition[members][:, members], weights[members], own, restart, tolerance
        )
    return mass


def points_of(mass: pl.Expr, reference_mass: float, most: float) -> pl.Expr:
    """Gives min(most, 10 · log2(1 + mass / reference mass)): points, METHOD W01."""
    return (10.0 * (1.0 + mass / reference_mass).log(2)).clip(upper_bound=most)


def _forward(transition: "csr_array", weights: Floats, restart: float, tolerance: float) -> Floats:
    backwards = transition.T.tocsr()
    step = weights
    mass = restart * step
    while step.sum() > tolerance:
        step = (1 - restart) * (backwards @ step)
        mass += restart * step
    return np.asarray(mass)


def _parts_with_cases(transition: "csr_array", weights: Floats) -> list[tuple[Places, Places]]:
    """Gives each part that hangs together and holds a case: its places, and where in them the cases stand."""
    from scipy.sparse.csgraph import connected_components

    _, part_of = connected_components(transition, directed=True, connection="weak")
    case_places = np.flatnonzero(weights)
    by_part = np.argsort(part_of, kind="stable")
    starts = np.searchsorted(part_of[by_part], np.unique(part_of[case_places]), side="left")
    ends = np.searchsorted(part_of[by_part], np.unique(part_of[case_places]), side="right")
    parts = [by_part[start:end] for start, end in zip(starts, ends, strict=True)]
    return [(members, np.flatnonzero(weights[members])) for members in parts]


def _without_own(part: "csr_array", weights: Floats, own: Places, restart: float, tolerance: float) -> Floats:
    """Gives the mass at each case of a part without its own; a case that is alone in its part has none."""
    if len(own) == 1:
        return np.zeros(1)
    at_once = max(1, _ENTRIES_AT_ONCE // len(weights))
    blocks = [own[first : first + at_once] for first in range(0, len(own), at_once)]
    return np.concatenate([_backward(part, weights, block, restart, tolerance) for block in blocks])


def _backward(part: "csr_array", weights: Floats, targets: Places, restart: float, tolerance: float) -> Floats:
    columns = np.arange(len(targets))
    step = np.zeros((len(weights), len(targets)))
    step[targets, columns] = 1.0
    reached = restart * step
    while step.max() > tolerance:
        step = (1 - restart) * (part @ step)
        reached += restart * step
    reached[targets, columns] = 0.0
    return np.asarray(weights @ reached)
