"""Changes that only follow from others (rank, limits, clipping, another worst site) take the tags of these others."""

from typing import Final

import polars as pl

from serving.difference.tags import SITE, parts_of

_SCOPES: Final = (
    [*SITE, "indicator_id", "kind"],
    [*SITE, "indicator_id"],
    [*SITE, "kind"],
    [*SITE],
    ["supplier_id"],
)
"""Where the cause of a change is looked for, the nearest rows first."""


def shared_out(following: pl.DataFrame, direct: pl.DataFrame, otherwise: str) -> pl.DataFrame:
    """Gives the parts without a tag as parts with one, split by the sizes of the tagged parts in the nearest scope.

    A part with no tagged part in any scope takes the tag `otherwise`. The sum of the points stays.
    """
    waiting = following.with_row_index("part_no").with_columns(pl.col("part_no").cast(pl.Int64))
    resolved = []
    for scope in _SCOPES:
        split = waiting.drop("tag").join(_weights(direct, scope), on=scope)
        resolved.append(parts_of(split.with_columns((pl.col("points") * pl.col("share")).alias("points"))))
        waiting = waiting.join(split, on="part_no", how="anti")
    resolved.append(parts_of(waiting.with_columns(pl.lit(otherwise).alias("tag"))))
    return pl.concat(resolved)


def _weights(direct: pl.DataFrame, scope: list[str]) -> pl.DataFrame:
    sizes = (
        direct.filter(pl.col("points") != 0.0)
        .sort(*scope, "tag", "evidence_id", "what")
        .group_by([*scope, "tag"], maintain_order=True)
        .agg(pl.col("points").abs().sum().alias("size"))
    )
    return sizes.with_columns((pl.col("size") / pl.col("size").sum().over(scope)).alias("share")).drop("size")
