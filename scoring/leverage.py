"""How much a buyer can move at a supplier: by what it buys there, and by the share of the supplier's sales that is."""

from collections.abc import Mapping

import polars as pl


def with_leverage(about: pl.DataFrame, parameters: Mapping[str, float]) -> pl.DataFrame:
    """Adds spend_place and leverage, both above 0 and up to 1, NULL where no spend is known.

    `about` has spend and sales_share (0–1), NULL where not known. The place is that of the spend among all that is
    known. Beside it stands the share of sales, full from `leverage_full_share` on, with the weight
    `leverage_sales_weight`. A share that is not known leaves the place alone, and changes nothing for any other
    supplier, because no share is held against another. Leverage is the ability to effect change: UN Guiding Principles,
    commentary to principle 19.
    """
    place = pl.col("spend").rank("average") / pl.col("spend").count()
    weight = parameters["leverage_sales_weight"]
    by_share = (pl.col("sales_share") / parameters["leverage_full_share"]).clip(upper_bound=1.0)
    both = (1 - weight) * pl.col("spend_place") + weight * by_share
    placed = about.with_columns(place.alias("spend_place"))
    return placed.with_columns(pl.coalesce(both, pl.col("spend_place")).alias("leverage"))
