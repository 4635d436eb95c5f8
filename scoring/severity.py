"""How bad it would be: the severity of what is present at a site, kept apart from likelihood (METHOD §3)."""

import polars as pl

from scoring.evidence import event_weight, gating_rows
from scoring.keys import SITE, SITE_INDICATOR


def site_severity(ranked: pl.DataFrame, present_minimum: float) -> pl.DataFrame:
    """Gives severity and gating_severity (1–5) a site: the largest scale of its indicators that are present.

    `gating_severity` is reckoned from the rows alone that may gate a band, and NULL where none is present by them.
    METHOD §3 adds shares of scope and irremediability, which no source tells yet; since severity is never below scale,
    scale alone is its least value. A site without such an indicator has no row.
    """
    live = ranked.filter((pl.col("kind") == "adverse") & pl.col("live"))
    told = _largest_scale(live, present_minimum, "severity")
    gating = _largest_scale(gating_rows(ranked), present_minimum, "gating_severity")
    return told.join(gating, on=SITE, how="left").sort(SITE)


def _largest_scale(rows: pl.DataFrame, present_minimum: float, name: str) -> pl.DataFrame:
    scales = rows.filter(pl.col("severity").is_not_null()).select(*SITE_INDICATOR, "severity").unique()
    present = event_weight(rows, "present").filter(pl.col("present") >= present_minimum)
    return present.join(scales, on=SITE_INDICATOR).group_by(SITE).agg(pl.col("severity").max().alias(name))
