"""What surrounds one party: its ties, who shares them, who owns it upwards, and where that knowledge ends."""

from dataclasses import dataclass

from serving.network.circles import Circle, find_circles
from serving.network.published import OWNING, Network, Row
from serving.network.walk import distances

MOST_LEVELS = 50
"""Levels of owners that are followed; a longer chain is said to go on."""

_TIES = """
SELECT tie_no FROM tie WHERE subject_no = $party OR party_no = $party ORDER BY edge_kind, tie_no LIMIT $shown
"""
_SHARED = """
WITH shared AS (
    SELECT DISTINCT party.party_no, tie.edge_kind
    FROM tie
    JOIN party ON party.party_no = tie.party_no
    WHERE tie.subject_no = $party AND NOT party.is_hub AND tie.party_no <> $party
)
SELECT shared.edge_kind, shared.party_no AS by_no, tie.subject_no AS other_no
FROM shared
JOIN tie ON tie.party_no = shared.party_no AND tie.edge_kind = shared.edge_kind
WHERE tie.subject_no <> $party
GROUP BY ALL
ORDER BY ALL
LIMIT $shown
"""
_OWNER_STEPS = """
CREATE OR REPLACE TEMP VIEW owner_step AS
SELECT DISTINCT subject_no AS near, party_no AS far FROM tie
WHERE edge_kind IN ('ownership', 'parent') AND subject_no <> party_no
"""
_OWNERS = """
SELECT owners.party_no, owners.distance, owners.party_no NOT IN (SELECT near FROM owner_step) AS is_last
FROM owners
JOIN party ON party.party_no = owners.party_no
WHERE owners.distance > 0
ORDER BY owners.distance, party.party_id
"""
_ENDS_WITH = {
    "person": "a natural person",
    "anonymous": "not disclosed, as the source says",
    "unknown": "a record that its source does not have",
}


@dataclass(frozen=True)
class Owner:
    """One owner upwards."""

    party: Row
    level: int
    """Number of ties between, over the shortest chain."""
    ending: str | None
    """Why nothing is known above it; none where something is."""


@dataclass(frozen=True)
class Surroundings:
    """What surrounds one party."""

    party: Row
    ties: tuple[Row, ...]
    tie_count: int
    others: dict[str, Row]
    """Id → party, for all parties that ties and shares name."""
    shares: tuple[tuple[str, str, str], ...]
    """Kind of tie, id of what is shared, id of who shares it; hubs are left out."""
    owners: tuple[Owner, ...]
    has_more_owners: bool
    circles: tuple[Circle, ...]
    """Circles of owners that it or one of its owners is in."""


def surroundings(network: Network, party: Row, *, shown: int = 200) -> Surroundings:
    """Gives the surroundings of a party; at most `shown` ties and as many shares."""
    number = int(party["party_no"])
    named = {"party": number, "shown": shown}
    ties = network.ties([row["tie_no"] for row in network.rows(_TIES, named)])
    [counted] = network.rows(
        "SELECT count(*) AS ties FROM tie WHERE subject_no = $party OR party_no = $party", {"party": number}
    )
    shared = network.rows(_SHARED, named)
    owners, has_more = _owners(network, number)
    around = {number, *(owner.party["party_no"] for owner in owners)}
    told = network.parties(sorted({row[name] for row in shared for name in ("by_no", "other_no")}))
    ends = [network_id for tie in ties for network_id in (tie["subject_id"], tie["party_id"])]
    named_ends = network.rows("SELECT * FROM party WHERE party_id IN (SELECT unnest($ids))", {"ids": ends})
    return Surroundings(
        party=party,
        ties=tuple(ties),
        tie_count=int(counted["ties"]),
        others={row["party_id"]: row for row in (*named_ends, *told.values())},
        shares=tuple(
            (row["edge_kind"], told[row["by_no"]]["party_id"], told[row["other_no"]]["party_id"]) for row in shared
        ),
        owners=owners,
        has_more_owners=has_more,
        circles=tuple(
            circle
            for circle in find_circles(network, OWNING)
            if any(member["party_no"] in around for member in circle.parties)
        ),
    )


def _owners(network: Network, party_no: int) -> tuple[tuple[Owner, ...], bool]:
    network.connection.execute(_OWNER_STEPS)
    levels = distances(network, "owners", "owner_step", party_no, MOST_LEVELS, through_hubs=True)
    found = network.rows(_OWNERS)
    parties = network.parties([row["party_no"] for row in found])
    owners = tuple(
        Owner(
            parties[row["party_no"]],
            int(row["distance"]),
            _ENDS_WITH.get(parties[row["party_no"]]["party_kind"], "no source tells who owns it")
            if row["is_last"]
            else None,
        )
        for row in found
    )
    at_the_top = [owner for owner in owners if owner.level == MOST_LEVELS and owner.ending is None]
    return owners, levels == MOST_LEVELS and bool(at_the_top)
