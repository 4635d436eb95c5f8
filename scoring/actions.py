"""What the buyer itself must mend at a site, told apart from what is asked of the supplier (METHOD §4)."""

import polars as pl

from scoring.catalogue import Catalogue
from scoring.keys import CONTRADICTED, PRESENT, SITE


def buyer_actions(states: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Gives buyer_action a site: the sentences of the seed for the indicators of the buyer that are there, by id.

    Whatever the band, what the buyer answers for is told to the buyer. Sites without such an indicator have no row.
    """
    there = states.filter(pl.col("state").is_in([PRESENT, CONTRADICTED]))
    return (
        there.join(catalogue.buyer_actions, on="indicator_id")
        .sort(*SITE, "indicator_id")
        .group_by(SITE, maintain_order=True)
        .agg(pl.col("buyer_action").str.join("; "))
    )
