"""How bad it would be: the severity of what is present at a site, kept apart from likelihood (METHOD §3)."""

import polars as pl

from scoring.keys import SITE


def site_severity(states: pl.DataFrame, present_minimum: float) -> pl.DataFrame:
    """Gives severity (1–5) a site: the largest scale of its indicators with adverse weight at or above the minimum.

    METHOD §3 adds shares of scope and irremediability, which no source tells yet; since severity is never below scale,
    scale alone is its least value. A site without such an indicator has no row.
    """
    weighty = states.filter((pl.col("adverse_weight") >= present_minimum) & pl.col("severity").is_not_null())
    return weighty.group_by(SITE).agg(pl.col("severity").max()).sort(SITE)
