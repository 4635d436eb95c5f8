"""What the report says of actions: overdue ones lead it."""

from typing import Any

import polars as pl

from serving.reports.published import Published

ACTION_LIMIT = 25


def about_actions(published: Published) -> dict[str, Any]:
    """Gives the overdue actions, the longest overdue first, and how many are open, owned by nobody, and done."""
    listed = published.table("supplier_action")
    names = published.table("dim_supplier").select("supplier_id", "name")
    overdue = listed.filter("is_overdue").join(names, on="supplier_id", how="left").collect()
    is_open = pl.col("state") == "open"
    counts = listed.select(
        is_open.sum().alias("open"),
        (is_open & pl.col("owner_role").is_null()).sum().alias("unowned"),
        (~is_open).sum().alias("done"),
    ).collect()
    return {
        "action_counts": counts.to_dicts()[0],
        "overdue_count": overdue.height,
        "overdue": overdue.sort("due_on", "action_id").head(ACTION_LIMIT).to_dicts(),
    }
