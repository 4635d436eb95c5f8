"""What the report says of suppliers' objections: what waits, what was decided, what is odd about them."""

from typing import Any

import polars as pl

from serving.reports.published import Published

CONTEST_LIMIT = 100


def about_contests(published: Published) -> dict[str, Any]:
    """Gives the objections, overdue ones first, then those due first, then decided ones; their number by state."""
    contests = _contests(published)
    problems = published.table("contest_problem").sort("contest_id", "problem").collect()
    return {
        "contest_count": contests.height,
        "contests_waiting": contests.filter(pl.col("state") == "pending").height,
        "contests_overdue": contests.filter("is_overdue").height,
        "contests": contests.head(CONTEST_LIMIT).to_dicts(),
        "contest_problems": problems.head(CONTEST_LIMIT).to_dicts(),
        "contest_problem_count": problems.height,
    }


def _contests(published: Published) -> pl.DataFrame:
    names = published.table("dim_supplier").select("supplier_id", "name")
    listed = published.table("contest").join(names, on="supplier_id", how="left").collect()
    return listed.sort(~pl.col("is_overdue"), pl.col("state") != "pending", "due_on", "contest_id", maintain_order=True)
