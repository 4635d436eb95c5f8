"""Walks over the network breadth first: one join a round over all parties reached, whatever their number."""

from serving.network.published import Network
from tierline.warehouse import quote_identifier


def distances(network: Network, reached: str, steps: str, origin: int, most: int, *, through_hubs: bool) -> int:
    """Fills the table `reached (party_no, distance)` from the origin over the table or view `steps (near, far)`.

    Goes at most `most` rounds and gives how many it took. A hub is reached and, unless `through_hubs`, left only where
    it is the origin.
    """
    connection, name = network.connection, quote_identifier(reached)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} (party_no BIGINT, distance INTEGER)")
    connection.execute(f"INSERT INTO {name} VALUES ($origin, 0)", {"origin": origin})
    grow = f"""
        INSERT INTO {name}
        SELECT DISTINCT steps.far, $distance
        FROM {name} AS latest
        JOIN party ON party.party_no = latest.party_no
        JOIN {quote_identifier(steps)} AS steps ON steps.near = latest.party_no
        ANTI JOIN {name} AS known ON known.party_no = steps.far
        WHERE latest.distance = $distance - 1 AND (latest.distance = 0 OR $through_hubs OR NOT party.is_hub)
    """
    for distance in range(1, most + 1):
        added = connection.execute(grow, {"distance": distance, "through_hubs": through_hubs}).fetchone()
        if added is None or not added[0]:
            return distance - 1
    return most
