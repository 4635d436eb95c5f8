"""Tiers of the supply chain: how many suppliers each has, and who stands upstream of one."""

from dataclasses import dataclass

from serving.network.published import SUPPLYING, Network, Row
from serving.network.walk import distances

MOST_TIERS = 20
"""Tiers upstream of one supplier that are followed; a longer chain is said to go on."""

_COUNTS = """
SELECT tier, basis, count(*) AS suppliers, count(*) FILTER (WHERE is_declared IS FALSE) AS undeclared
FROM read_parquet($tiers) GROUP BY ALL ORDER BY tier NULLS LAST, basis
"""
_STEPS = """
CREATE OR REPLACE TEMP VIEW upstream_step AS
SELECT DISTINCT subject_no AS near, party_no AS far FROM tie
WHERE edge_kind IN ('subcontract', 'supply') AND subject_no <> party_no
"""
_UPSTREAM = """
SELECT upstream.party_no, upstream.distance, customers.party_no AS customer_no, tie.tie_no
FROM upstream
JOIN tie ON tie.party_no = upstream.party_no AND list_contains($kinds, tie.edge_kind)
JOIN upstream AS customers ON customers.party_no = tie.subject_no AND customers.distance = upstream.distance - 1
ORDER BY upstream.distance, upstream.party_no, customers.party_no, tie.tie_no
LIMIT $shown
"""


@dataclass(frozen=True)
class Upstream:
    """One company upstream, a tie that leads to it and the customer at the near end."""

    party: Row
    tiers_up: int
    customer: Row
    tie: Row


def tier_counts(network: Network) -> list[Row]:
    """Gives the number of suppliers by tier and basis, and how many of them no customer told of."""
    return network.rows(_COUNTS, {"tiers": str(network.publication / "parquet" / "fct_supplier_tier.parquet")})


def upstream(network: Network, party: Row, *, shown: int = 500) -> tuple[tuple[Upstream, ...], bool]:
    """Gives who works or delivers for a party, and for them, by depth; and whether chains go on beyond the last tier.

    A company stands at its shortest distance, with every tie that leads there; a circle ends where it began.
    """
    network.connection.execute(_STEPS)
    depth = distances(network, "upstream", "upstream_step", int(party["party_no"]), MOST_TIERS, through_hubs=True)
    found = network.rows(_UPSTREAM, {"kinds": list(SUPPLYING), "shown": shown})
    ties = {tie["tie_no"]: tie for tie in network.ties([row["tie_no"] for row in found])}
    parties = network.parties(sorted({row[name] for row in found for name in ("party_no", "customer_no")}))
    return tuple(
        Upstream(parties[row["party_no"]], int(row["distance"]), parties[row["customer_no"]], ties[row["tie_no"]])
        for row in found
    ), depth == MOST_TIERS
