"""Which references are one supplier: those that links join over any number of steps, unless something keeps them apart.

A link is a group of references that share a key, or a pair. Links have a rank: verdicts come first, then identifiers,
then the model's pairs by weight, then names at a place. Two things keep references apart: a rejected verdict, always,
and different identifiers of one kind, unless a verdict or another identifier joins them. Where something does, the
strongest links are followed first and those that would bring the two together are refused, so that the weakest link on
the way gives in. Verdicts never give in.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

VERDICT_RANK = 0
LAST_IDENTIFIER_RANK = 5
PAIR_RANK = 6
NAME_RANK = 7
MARGIN = 1.0
"""Bits by which the better of two rivals must lead before a reference without identifiers goes with it."""


@dataclass(frozen=True)
class Link:
    """References that something joins: all that share a key, or the two of a pair or verdict."""

    rank: int
    weight: float
    key: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Refusal:
    """A link that did not bring two of its members together, and what stood between them."""

    link: Link
    left: str
    right: str
    reason: str


@dataclass(frozen=True)
class Split:
    """What became of references that something keeps apart: their components and the links that were refused."""

    component: Mapping[str, str]
    refused: Sequence[Refusal]


def components(nodes: pl.Series, links: pl.DataFrame) -> pl.DataFrame:
    """Gives one row a node: `node` and `component`, the smallest of the nodes that links join it with.

    `links` has `left` and `right`; an end that is no node is none. Memory and time grow with nodes and links.
    """
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ordered = nodes.unique().sort()
    if ordered.is_empty():
        return pl.DataFrame(schema={"node": pl.String, "component": pl.String})
    numbers = pl.DataFrame({"node": ordered}).with_row_index("number")
    ends = (
        links.select("left", "right")
        .join(numbers.rename({"node": "left", "number": "first"}), on="left")
        .join(numbers.rename({"node": "right", "number": "second"}), on="right")
    )
    shape = (len(ordered), len(ordered))
    graph = coo_array((np.ones(len(ends), dtype=np.int8), (ends["first"].to_numpy(), ends["second"].to_numpy())), shape)
    labels = connected_components(graph, directed=False)[1]
    smallest = pl.col("node").min().over("label")
    return pl.DataFrame({"node": ordered, "label": labels}).select("node", smallest.alias("component"))


def split_component(
    nodes: Iterable[str],
    links: Sequence[Link],
    apart: Iterable[tuple[str, str]],
    identities: Mapping[str, Mapping[str, frozenset[str]]],
) -> Split:
    """Joins the nodes of one component again, the strongest links first, and keeps apart what must be.

    `apart` are pairs of nodes that verdicts keep apart; `identities` gives a node's identifiers by kind. The outcome
    depends on the content alone, not on the order of the arguments.
    """
    forest = _Forest(nodes, apart, identities)
    refused: list[Refusal] = []
    contested = _contested(links, forest)
    for link in sorted(links, key=lambda one: (one.rank, -one.weight, one.key, one.members)):
        refused += _join(link, forest, contested)
    return Split(forest.components(), refused)


class _Forest:
    """Groups of nodes that grow together, with what keeps each group from others."""

    def __init__(
        self,
        nodes: Iterable[str],
        apart: Iterable[tuple[str, str]],
        identities: Mapping[str, Mapping[str, frozenset[str]]],
    ) -> None:
        self._parent = {node: node for node in nodes}
        self._foes: dict[str, set[str]] = defaultdict(set)
        for left, right in apart:
            self._foes[left].add(right)
            self._foes[right].add(left)
        self._identity = {node: {kind: set(found) for kind, found in identities.get(node, {}).items()}
                          for node in self._parent}  # fmt: skip

    def root(self, node: str) -> str:
        while self._parent[node] != node:
            self._parent[node] = self._parent[self._parent[node]]
            node = self._parent[node]
        return node

    def identity(self, node: str) -> Mapping[str, set[str]]:
        return self._identity[self.root(node)]

    def are_told_apart(self, left: str, right: str) -> bool:
        """Whether a rejected verdict stands between the groups of the two."""
        first, second = self.root(left), self.root(right)
        return any(self.root(foe) == second for foe in self._foes[first] if foe in self._parent)

    def are_identified_apart(self, left: str, right: str) -> bool:
        """Whether both groups bear identifiers of one kind and share none of it."""
        first, second = self.identity(left), self.identity(right)
        return any(first[kind].isdisjoint(second[kind]) for kind in first.keys() & second.keys())

    def join(self, left: str, right: str) -> None:
        first, second = sorted((self.root(left), self.root(right)))
        if first == second:
            return
        self._parent[second] = first
        self._foes[first] |= self._foes.pop(second, set())
        for kind, found in self._identity.pop(second).items():
            self._identity[first].setdefault(kind, set()).update(found)

    def components(self) -> dict[str, str]:
        smallest: dict[str, str] = {}
        for node in sorted(self._parent):
            smallest.setdefault(self.root(node), node)
        return {node: smallest[self.root(node)] for node in sorted(self._parent)}


def _join(link: Link, forest: _Forest, contested: frozenset[tuple[str, str]]) -> list[Refusal]:
    """Joins each member of a link with the first one that nothing keeps it from; gives what was refused."""
    heads: list[str] = []
    refused: list[Refusal] = []
    for member in link.members:
        objections = {head: _objection(link, head, member, forest, contested) for head in heads}
        home = next((head for head, objection in objections.items() if objection is None), None)
        if home is not None:
            forest.join(home, member)
            continue
        refused += [Refusal(link, head, member, objection) for head, objection in objections.items() if objection]
        heads.append(member)
    return refused


def _objection(link: Link, left: str, right: str, forest: _Forest, contested: frozenset[tuple[str, str]]) -> str | None:
    if link.rank == VERDICT_RANK or forest.root(left) == forest.root(right):
        return None
    if forest.are_told_apart(left, right):
        return "a verdict keeps them apart"
    if link.rank <= LAST_IDENTIFIER_RANK:
        return None
    if (left, right) in contested or (right, left) in contested:
        return "it resembles two companies about as much"
    return "they bear different identifiers of one kind" if forest.are_identified_apart(left, right) else None


def _contested(links: Sequence[Link], forest: _Forest) -> frozenset[tuple[str, str]]:
    """Gives the pairs of a node without identifiers and a rival: two companies that it resembles about as much."""
    near: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for link in links:
        if link.rank == PAIR_RANK:
            left, right = link.members
            near[left].append((link.weight, right))
            near[right].append((link.weight, left))
    contested = set()
    for node, rivals in near.items():
        if forest.identity(node):
            continue
        best = max(weight for weight, _ in rivals)
        close = [rival for weight, rival in rivals if weight > best - MARGIN]
        if any(forest.are_identified_apart(one, other) for one in close for other in close):
            contested |= {(node, rival) for _, rival in rivals}
    return frozenset(contested)
