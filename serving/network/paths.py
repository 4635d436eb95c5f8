"""Every simple path between two parties within a length, each step with the source rows that tell of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from serving.network.published import Network, Row
from serving.network.walk import distances
from tierline.errors import ConfigError, TierlineError

MOST_BEGUN = 1_000_000
"""Paths that may be under way at one time; more would not fit into memory or be read by anybody."""

_BETWEEN = """
CREATE OR REPLACE TEMP TABLE between_ends AS
SELECT from_start.party_no, from_goal.distance AS to_goal
FROM from_start
JOIN from_goal ON from_goal.party_no = from_start.party_no
JOIN party ON party.party_no = from_start.party_no
WHERE from_start.distance + from_goal.distance <= $length
    AND (NOT party.is_hub OR $through_hubs OR party.party_no IN ($start, $goal))
"""
_HUBS = """
SELECT party.*
FROM from_start
JOIN from_goal ON from_goal.party_no = from_start.party_no
JOIN party ON party.party_no = from_start.party_no
WHERE party.is_hub AND party.party_no NOT IN ($start, $goal)
    AND from_start.distance + from_goal.distance <= $length
ORDER BY party.party_id
"""
_LONGER = """
CREATE OR REPLACE TEMP TABLE longer AS
SELECT list_append(begun.route, step.far) AS route, step.far AS last
FROM begun
JOIN step ON step.near = begun.last
JOIN between_ends ON between_ends.party_no = step.far
WHERE begun.last <> $goal
    AND $done + between_ends.to_goal <= $length
    AND NOT list_contains(begun.route, step.far)
"""
_TIES_OF_STEPS = """
WITH steps AS (
    SELECT DISTINCT routes.route[place.place] AS near, routes.route[place.place + 1] AS far
    FROM (SELECT unnest($routes) AS route) AS routes, range(1, $longest + 1) AS place(place)
    WHERE place.place < len(routes.route)
)
SELECT steps.near, steps.far, tie.tie_no
FROM steps
JOIN tie ON least(tie.subject_no, tie.party_no) = least(steps.near, steps.far)
    AND greatest(tie.subject_no, tie.party_no) = greatest(steps.near, steps.far)
"""


@dataclass(frozen=True)
class NetworkPath:
    """One path: its parties in order and, between each two, all ties that source rows tell of."""

    parties: tuple[Row, ...]
    steps: tuple[tuple[Row, ...], ...]

    @property
    def length(self) -> int:
        """Number of steps."""
        return len(self.steps)


@dataclass(frozen=True)
class PathsFound:
    """What lies between two parties."""

    paths: tuple[NetworkPath, ...]
    """The shortest first, in the order of their parties' ids; at most as many as were asked for."""
    path_count: int
    """How many there are."""
    hubs: tuple[Row, ...]
    """Hubs that a path of this length could lead through, and none was followed through."""


def find_paths(
    network: Network,
    start: Row,
    goal: Row,
    *,
    longest: int,
    every: bool = False,
    through_hubs: bool = False,
    shown: int = 100,
) -> PathsFound:
    """Finds the shortest paths of at most `longest` steps, or with `every` all simple ones of at most that length.

    A path passes a party once. Raises ConfigError where both ends are one, TierlineError where there are too many.
    """
    ends = {"start": int(start["party_no"]), "goal": int(goal["party_no"])}
    if ends["start"] == ends["goal"]:
        raise ConfigError("both ends are the same party", remedy="Name two parties.")
    for name, end in (("from_start", ends["start"]), ("from_goal", ends["goal"])):
        distances(network, name, "step", end, longest, through_hubs=through_hubs)
    hubs = [] if through_hubs else network.rows(_HUBS, {**ends, "length": longest})
    apart = network.rows("SELECT distance FROM from_goal WHERE party_no = $start", {"start": ends["start"]})
    if not apart:
        return PathsFound((), 0, tuple(hubs))
    length = longest if every else int(apart[0]["distance"])
    network.connection.execute(_BETWEEN, {**ends, "length": length, "through_hubs": through_hubs})
    _walk_all(network, ends["start"], ends["goal"], length)
    [(count,)] = network.connection.execute("SELECT count(*) FROM found").fetchall()
    chosen = network.rows("SELECT route FROM found ORDER BY len(route), route LIMIT $shown", {"shown": shown})
    return PathsFound(_told(network, [row["route"] for row in chosen]), int(count), tuple(hubs))


def _walk_all(network: Network, start: int, goal: int, length: int) -> None:
    """Fills `found (route)`: every path begun grows by every step that can still end in time."""
    connection = network.connection
    connection.execute("CREATE OR REPLACE TEMP TABLE found (route BIGINT[])")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE begun AS SELECT [$start]::BIGINT[] AS route, $start::BIGINT AS last",
        {"start": start},
    )
    for done in range(1, length + 1):
        connection.execute(_LONGER, {"goal": goal, "done": done, "length": length})
        connection.execute("INSERT INTO found SELECT route FROM longer WHERE last = $goal", {"goal": goal})
        connection.execute("CREATE OR REPLACE TEMP TABLE begun AS FROM longer WHERE last <> $goal", {"goal": goal})
        [(begun,)] = connection.execute("SELECT count(*) FROM begun").fetchall()
        if begun > MOST_BEGUN:
            raise TierlineError(
                f"more than {MOST_BEGUN:,} paths of up to {length} steps begin here",
                remedy="Ask for shorter ones with --max-length, or for the shortest without --all.",
            )


def _told(network: Network, routes: Sequence[Sequence[int]]) -> tuple[NetworkPath, ...]:
    if not routes:
        return ()
    longest = max(len(route) for route in routes)
    found = network.rows(_TIES_OF_STEPS, {"routes": [list(route) for route in routes], "longest": longest})
    ties = _ties_by_number(network, [row["tie_no"] for row in found])
    between: defaultdict[tuple[int, int], list[Row]] = defaultdict(list)
    for row in found:
        between[row["near"], row["far"]].append(ties[row["tie_no"]])
    parties = network.parties(sorted({party for route in routes for party in route}))
    return tuple(
        NetworkPath(
            tuple(parties[party] for party in route),
            tuple(
                tuple(sorted(between[pair], key=lambda tie: (tie["edge_kind"], tie["edge_id"])))
                for pair in pairwise(route)
            ),
        )
        for route in routes
    )


def _ties_by_number(network: Network, numbers: Sequence[int]) -> dict[int, Row]:
    return {int(tie["tie_no"]): tie for tie in network.ties(sorted(set(numbers)))}
