"""What the report says of how far the order of suppliers hangs on the priors."""

import math
from typing import Any

import polars as pl

from serving.reports.published import Published

PRIOR_LIMIT = 10


def about_sensitivity(published: Published) -> dict[str, Any]:
    """Gives the measures by name, how many of the first stay in nearly all draws, and the priors that move most."""
    measures = {row["measure"]: row for row in published.table("sensitivity_summary").collect().to_dicts()}
    kept = measures.get("first_kept_share")
    return {
        "sensitivity": measures,
        "first_that_stay": None if kept is None else math.floor(kept["low"] * kept["first_count"] + 0.5),
        "moving_priors": _moving(published),
    }


def _moving(published: Published) -> list[dict[str, Any]]:
    meanings = published.table("prior_spread").select("prior_kind", "meaning")
    moved = published.table("prior_sensitivity").filter(pl.col("band_changed_share") > 0)
    most = moved.join(meanings, on="prior_kind", how="left").sort(
        "band_changed_share", "prior_id", "direction", descending=[True, False, False]
    )
    return [{**row, "digits": _digits(row["value"])} for row in most.head(PRIOR_LIMIT).collect().to_dicts()]


def _digits(value: float) -> int:
    """Gives how many digits after the point tell a value to three places."""
    return max(0, 2 - math.floor(math.log10(abs(value)))) if value else 1
