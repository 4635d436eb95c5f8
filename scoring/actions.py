"""What the buyer itself must mend at a site, told apart from what is asked of the supplier (METHOD §4)."""

import numpy as np
import polars as pl

from scoring.catalogue import Catalogue
from scoring.keys import CONTRADICTED, PRESENT
from scoring.states import States


def buyer_actions(states: States, catalogue: Catalogue) -> pl.Series:
    """Gives buyer_action, a site in the order of their numbers: the sentences of the seed for what is there, by id.

    Whatever the band, what the buyer answers for is told to the buyer. Empty at sites without such an indicator.
    """
    there = states.are(PRESENT, CONTRADICTED)
    said = catalogue.indicators.join(catalogue.buyer_actions, on="indicator_id", how="left", maintain_order="left")
    answers = np.flatnonzero(said["buyer_action"].is_not_null().to_numpy())
    sentences = [
        pl.when(pl.lit(pl.Series(there[:, place]))).then(pl.lit(said["buyer_action"][int(place)])) for place in answers
    ]
    joined = pl.concat_str(sentences, separator="; ", ignore_nulls=True)
    told = pl.when(pl.lit(pl.Series(there[:, answers].any(axis=1)))).then(joined)
    return pl.select(told.alias("buyer_action")).to_series()
