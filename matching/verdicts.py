"""What people decided about two suppliers: which decisions hold, and where they contradict each other."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import duckdb

_VERDICTS = """
    SELECT supplier_ref, other_supplier_ref, verdict, decided_on, decided_at, decided_by_role, source_id, record_no
    FROM staging.stg_match_verdict
    WHERE subject = 'supplier' AND supplier_ref <> other_supplier_ref
    ORDER BY ALL
"""


@dataclass(frozen=True)
class Verdict:
    """One decision on two suppliers; `left` is the smaller reference. The moment is empty where only a day is told."""

    left: str
    right: str
    verdict: str
    decided_on: date | None
    decided_at: str | None
    role: str | None

    def told(self) -> str:
        """Gives the decision in words: who with whom, by which role, on which day."""
        sign = {"confirmed": "is", "rejected": "is not"}.get(self.verdict, "may be")
        return f"{self.left} {sign} {self.right} ({self.role or 'role not told'}, {self.decided_on or 'day not told'})"


@dataclass(frozen=True)
class Contradiction:
    """Two references that verdicts keep apart and, along the path, join."""

    left: str
    right: str
    path: tuple[str, ...]
    explanation: str


@dataclass(frozen=True)
class Rulings:
    """The verdicts that hold: pairs that are one, pairs that are not, and pairs of which nobody was sure."""

    joined: Mapping[tuple[str, str], Verdict]
    apart: Mapping[tuple[str, str], Verdict]
    unsure: Mapping[tuple[str, str], Verdict]


def read_verdicts(connection: duckdb.DuckDBPyConnection) -> list[Verdict]:
    """Gives all verdicts on two suppliers that were known on the run's day, in no order that means anything."""
    rows = connection.execute(_VERDICTS).fetchall()
    return [
        Verdict(min(one, other), max(one, other), verdict, decided_on, decided_at, role)
        for one, other, verdict, decided_on, decided_at, role, _, _ in rows
    ]


def rulings(verdicts: Iterable[Verdict]) -> Rulings:
    """Gives what holds: of each pair its latest verdicts.

    A later decision replaces an earlier one. Opposite decisions of one moment, or of one day where a moment is not
    told, both hold: that is a contradiction, which `contradictions` tells.
    """
    latest: dict[str, dict[tuple[str, str], Verdict]] = {"confirmed": {}, "rejected": {}, "unsure": {}}
    by_pair: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        by_pair[verdict.left, verdict.right].append(verdict)
    for pair, decisions in by_pair.items():
        for verdict in _undisputed_last(decisions):
            latest[verdict.verdict][pair] = verdict
    return Rulings(latest["confirmed"], latest["rejected"], latest["unsure"])


def contradictions(held: Rulings) -> list[Contradiction]:
    """Gives each pair that is kept apart though verdicts join it, with the shortest path of verdicts, sorted."""
    neighbours: dict[str, list[str]] = defaultdict(list)
    for left, right in sorted(held.joined):
        neighbours[left].append(right)
        neighbours[right].append(left)
    found = []
    for left, right in sorted(held.apart):
        path = _shortest_path(neighbours, left, right)
        if path:
            found.append(Contradiction(left, right, path, _explained(held, left, right, path)))
    return found


def _undisputed_last(decisions: list[Verdict]) -> Iterator[Verdict]:
    last_day = max((one.decided_on for one in decisions if one.decided_on), default=None)
    of_day = [one for one in decisions if one.decided_on == last_day]
    moments = [one.decided_at for one in of_day]
    if all(moments):
        last_moment = max(moment for moment in moments if moment)
        of_day = [one for one in of_day if one.decided_at == last_moment]
    # one who is sure goes before one who is not
    sure = [one for one in of_day if one.verdict != "unsure"]
    yield from sure or of_day[-1:]


def _shortest_path(neighbours: Mapping[str, list[str]], start: str, end: str) -> tuple[str, ...]:
    came_from: dict[str, str] = {start: start}
    waiting = deque([start])
    while waiting and end not in came_from:
        node = waiting.popleft()
        for neighbour in neighbours.get(node, ()):
            if neighbour not in came_from:
                came_from[neighbour] = node
                waiting.append(neighbour)
    if end not in came_from:
        return ()
    path = [end]
    while path[-1] != start:
        path.append(came_from[path[-1]])
    return tuple(reversed(path))


def _explained(held: Rulings, left: str, right: str, path: tuple[str, ...]) -> str:
    steps = [held.joined[min(a, b), max(a, b)].told() for a, b in pairwise(path)]
    return (
        f"{held.apart[left, right].told()}, but {', and '.join(steps)}; they stay one supplier until one of these"
        " verdicts is changed"
    )
