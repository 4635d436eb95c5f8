"""The graph over which network exposure reaches: parties, and the arcs between them along which a walk may go."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Graph:
    """Parties in the order of their ids, and arcs between them, each with the tie that tells of it.

    `parties`: party_id, place (from 0). `arcs`: source, target (places), edge_id; one row a pair, however many ties
    join it. `transition[source, target]` is the chance of a step: a party's arcs are equally likely, and rows add up
    to 1, or 0 where no arc leaves.
    """

    parties: pl.DataFrame
    arcs: pl.DataFrame
    transition: "csr_array"

    def places_of(self, party_ids: pl.Series) -> Places:
        """Gives the places of parties, -1 for one without any tie."""
        found = party_ids.to_frame("party_id").join(self.parties, on="party_id", how="left", maintain_order="left")
        return found["place"].fill_null(-1).to_numpy()


def build_graph(ties: pl.DataFrame) -> Graph:
    """Gives the graph of ties with edge_id, subject_id, party_id and carries_to_party; their order changes nothing.

    Every tie is an arc from the party to the subject, and back where it carries both ways. Ten ties between the same
    two parties are one arc, that of the smallest edge_id.
    """
    named = pl.concat([ties["subject_id"], ties["party_id"]]).unique().sort()
    parties = pl.DataFrame({"party_id": named}).with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("place"))
    ends = (
        ties.select("edge_id", "subject_id", "party_id", "carries_to_party")
        .join(parties.rename({"party_id": "subject_id", "place": "subject"}), on="subject_id")
        .join(parties.rename({"place": "party"}), on="party_id")
    )
    inward = ends.select(pl.col("party").alias("source"), pl.col("subject").alias("target"), "edge_id")
    outward = ends.filter("carries_to_party").select(
        pl.col("subject").alias("source"), pl.col("party").alias("target"), "edge_id"
    )
    arcs = pl.concat([inward, outward]).group_by("source", "target").agg(pl.col("edge_id").min())
    ordered = arcs.sort("source", "target")
    return Graph(parties, ordered, _transition(ordered, len(parties)))


def _transition(arcs: pl.DataFrame, size: int) -> "csr_array":
    from scipy.sparse import csr_array

    chance = arcs.select((1.0 / pl.len().over("source")).alias("chance"))["chance"].to_numpy()
    places = (arcs["source"].to_numpy(), arcs["target"].to_numpy())
    return csr_array((chance, places), shape=(size, size))
