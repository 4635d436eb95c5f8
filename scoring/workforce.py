"""What the make-up of the workforce adds to inherent risk (N03): a share of migrant or agency workers is no finding."""

import polars as pl

from scoring.keys import SITE_NUMBER

INDICATOR = "N03"
SHARES = ("migrant_share", "agency_share")


def with_shares(sites: pl.DataFrame) -> pl.DataFrame:
    """Gives the sites with migrant_share and agency_share (0–1), empty where no source tells."""
    told = (pl.col(name) if name in sites.columns else pl.lit(None).alias(name) for name in SHARES)
    return sites.with_columns(share.cast(pl.Float64) for share in told)


def share_points(levels: pl.DataFrame) -> pl.Expr:
    """Gives the points of a site's shares: those of the highest level reached, the larger of both shares, else 0.

    `levels`: share_kind, minimum_share, points. One worker may be migrant and hired through an agency, so the two do
    not add up. What is not told adds nothing.
    """
    reached = [
        pl.when(pl.col(f"{kind}_share") >= minimum).then(pl.lit(points)).otherwise(0.0)
        for kind, minimum, points in levels.select("share_kind", "minimum_share", "points").iter_rows()
    ]
    return pl.max_horizontal(pl.lit(0.0), *reached).alias("share_points")


def share_rows(sites: pl.DataFrame) -> pl.DataFrame:
    """Gives one evidence row for each site of which a share is told, with 0 points where it is low."""
    told = [
        pl.format(f"{{}} % {words}", (pl.col(name) * 100).round(0).cast(pl.Int64))
        for name, words in zip(SHARES, ("migrant workers", "agency workers"), strict=True)
    ]
    return sites.filter(is_share_told()).select(
        SITE_NUMBER,
        pl.lit(INDICATOR).alias("indicator_id"),
        pl.lit("base").alias("kind"),
        pl.lit("base:shares").alias("row_name"),
        pl.col("share_points").alias("points"),
        pl.col("share_points").alias("contribution"),
        pl.concat_str(pl.lit("Inherent risk of "), pl.concat_str(told, separator=" and ", ignore_nulls=True)).alias(
            "description"
        ),
    )


def is_share_told() -> pl.Expr:
    """Says whether any source tells a share of the site's workers."""
    return pl.any_horizontal(pl.col(name).is_not_null() for name in SHARES)
