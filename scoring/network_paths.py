"""The strongest path from another company's confirmed case to a party: the walk without a detour that weighs most.

A path weighs w(c) times, for each step, (1 − a) times the chance of the arc; the heaviest path is the shortest where a
step costs minus the logarithm of that (Dijkstra).
"""

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from scoring.network_graph import Floats, Graph, Places

if TYPE_CHECKING:
    from scipy.sparse import csr_array

STEP: dict[str, type[pl.DataType]] = {"target": pl.Int64, "back": pl.Int64, "source": pl.Int64, "sink": pl.Int64}
_START_COST = 1.0
"""Cost of any start, so that none is 0: a sparse matrix holds no zeros. It is the same for all and decides nothing."""


def strongest_paths(graph: Graph, cases: pl.DataFrame, targets: Places, restart: float) -> pl.DataFrame:
    """Gives a row a step of the strongest path to each target: target, back, source, sink (places in the graph).

    `back` counts steps from the target, from 1, so that the greatest one leaves the case. A target that is a case
    itself is reached from another. `cases` has party_id and weight. A target that no other case reaches has no row.
    """
    places = graph.places_of(cases["party_id"])
    told = places >= 0
    places, weights = places[told], cases["weight"].to_numpy()[told]
    order = np.argsort(places)
    places, weights = places[order], weights[order]
    costs = _costs(graph.transition, restart)
    is_case = np.isin(targets, places)
    found = [_walked_back(_tree(costs, places, weights)[1], targets[~is_case], len(graph.parties))]
    if is_case.any():
        found.append(_from_others(costs, places, weights, targets[is_case]))
    return pl.concat(found)


def _costs(transition: "csr_array", restart: float) -> "csr_array":
    costs = transition.copy()
    costs.data = -np.log((1 - restart) * transition.data)
    return costs


def _tree(costs: "csr_array", places: Places, weights: Floats) -> tuple[Floats, Places]:
    """Gives, a party, the cost of the cheapest path from any of the cases and the party before it on that path."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    size = costs.shape[0]
    arcs = costs.tocoo()
    start = np.full(len(places), size)
    widened = csr_array(
        (
            np.concatenate([arcs.data, _START_COST - np.log(weights)]),
            (np.concatenate([arcs.row, start]), np.concatenate([arcs.col, places])),
        ),
        shape=(size + 1, size + 1),
    )
    cost, before = dijkstra(widened, indices=size, return_predecessors=True)
    return cost, before.astype(np.int64)


def _from_others(costs: "csr_array", places: Places, weights: Floats, targets: Places) -> pl.DataFrame:
    """Gives the paths to targets that are cases, each from another case.

    Two cases differ in at least one binary digit of their number. So each digit splits the cases in two halves, and the
    cheapest path to a case from the half that it is not in, over all digits, is the cheapest from any other.
    """
    number = np.arange(len(places))
    of_target = np.searchsorted(places, targets)
    best = np.full(len(targets), np.inf)
    steps = pl.DataFrame(schema=STEP)
    for digit in range(max(1, int(len(places) - 1).bit_length())):
        for half in (0, 1):
            sources = (number >> digit) & 1 == half
            others = (of_target >> digit) & 1 != half
            if not sources.any() or not others.any():
                continue
            cost, before = _tree(costs, places[sources], weights[sources])
            cheaper = others & (cost[targets] < best)
            best[cheaper] = cost[targets][cheaper]
            better = _walked_back(before, targets[cheaper], costs.shape[0])
            steps = pl.concat([steps.filter(~pl.col("target").is_in(targets[cheaper].tolist())), better])
    return steps


def _walked_back(before: Places, targets: Places, start: int) -> pl.DataFrame:
    """Follows the predecessors of all targets at once, until each is at its case."""
    parts = [pl.DataFrame(schema=STEP)]
    target, sink = targets, targets
    back = 1
    while len(target):
        source = before[sink]
        on = (source >= 0) & (source != start)
        target, source, sink = target[on], source[on], sink[on]
        parts.append(
            pl.DataFrame({"target": target, "back": np.full(len(target), back), "source": source, "sink": sink}, STEP)
        )
        sink = source
        back += 1
    return pl.concat(parts)
