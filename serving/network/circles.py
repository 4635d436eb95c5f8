"""Circles: companies that own each other round, or suppliers that supply each other round."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from serving.network.published import Network, Row

_DIRECTED = """
SELECT DISTINCT subject_no, party_no FROM tie WHERE list_contains($kinds, edge_kind) ORDER BY subject_no, party_no
"""
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Circle:
    """Parties each of which leads to every other one, and one way round."""

    parties: tuple[Row, ...]
    """All parties of the circle, by id."""
    way_round: tuple[Row, ...]
    """The shortest way from the first of them back to it; the first stands at both ends."""


def find_circles(network: Network, kinds: Sequence[str]) -> tuple[Circle, ...]:
    """Gives every group of parties that lead to each other over directed ties of these kinds, by its first id.

    These are the strongly connected components of more than one party, and each party that is tied to itself.
    """
    edges = network.connection.execute(_DIRECTED, {"kinds": list(kinds)}).fetchnumpy()
    subjects, parties = _numbers(edges["subject_no"]), _numbers(edges["party_no"])
    if not len(subjects):
        return ()
    members, group_of = _components(subjects, parties)
    sizes = np.bincount(group_of)
    to_itself = set(members[np.searchsorted(members, subjects[subjects == parties])].tolist())
    inside = (group_of[np.searchsorted(members, subjects)] == group_of[np.searchsorted(members, parties)]).nonzero()[0]
    groups: dict[int, list[int]] = {}
    for place in ((sizes[group_of] > 1) | np.isin(members, list(to_itself))).nonzero()[0]:
        groups.setdefault(int(group_of[place]), []).append(int(members[place]))
    told = network.parties([party for group in groups.values() for party in group])
    return tuple(
        Circle(
            tuple(told[party] for party in group),
            tuple(told[party] for party in _way_round(group, subjects[inside], parties[inside])),
        )
        for group in sorted(groups.values())
    )


def _components(subjects: Numbers, parties: Numbers) -> tuple[Numbers, Numbers]:
    """Gives the parties that have a tie and, for each, the number of its strongly connected component."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    members = np.unique(np.concatenate([subjects, parties]))
    near, far = np.searchsorted(members, subjects), np.searchsorted(members, parties)
    matrix: Any = csr_array((np.ones(len(near), dtype=np.int8), (near, far)), shape=(len(members), len(members)))
    _, group_of = connected_components(matrix, directed=True, connection="strong")
    return members, np.asarray(group_of, dtype=np.int64)


def _way_round(group: Sequence[int], subjects: Numbers, parties: Numbers) -> list[int]:
    """Gives the shortest closed walk from the group's first party over the ties among the group."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order

    members = np.asarray(group, dtype=np.int64)
    own = np.isin(subjects, members) & np.isin(parties, members)
    near, far = np.searchsorted(members, subjects[own]), np.searchsorted(members, parties[own])
    if len(group) == 1:
        return [group[0], group[0]]
    matrix: Any = csr_array((np.ones(len(near), dtype=np.int8), (near, far)), shape=(len(members), len(members)))
    order, before = breadth_first_order(matrix, 0, directed=True, return_predecessors=True)
    leads_back = set(near[far == 0].tolist())
    place = next(int(place) for place in order if int(place) in leads_back)
    way = [0]
    while place != 0:
        way.insert(1, place)
        place = int(before[place])
    return [group[at] for at in [*way, 0]]


def _numbers(column: Any) -> Numbers:
    return np.asarray(column, dtype=np.int64)
