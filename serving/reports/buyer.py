"""What the report says to the buyer of its own practices: squeezed lead times (P03) and late payment (P04)."""

from typing import Any, Final

import polars as pl

from serving.explanation.sentences import buyer_action
from serving.language import Language
from serving.reports.published import Published
from serving.reports.words import STATES

Row = dict[str, Any]

PRACTICES: Final = ("P03", "P04")
"""Indicators that are the buyer's doing (METHOD, section 1)."""
PRACTICE_LIMIT: Final = 40


def about_buyer(published: Published, suppliers: pl.DataFrame, speech: Language) -> Row:
    """Gives how many suppliers the buyer's practices bear on, by practice and state, and where they weigh most.

    `buyer_rows` are facts at worst sites, the heaviest first, with what the buyer is to mend there.
    """
    rows = _adverse_rows(published, suppliers)
    return {
        "practices": _states(published),
        "buyer_count": rows["supplier_id"].n_unique(),
        "buyer_row_count": rows.height,
        "buyer_rows": rows.head(PRACTICE_LIMIT).to_dicts(),
        "buyer_actions": [
            {"action": buyer_action(action, speech), "suppliers": count}
            for action, count in _asked(suppliers).iter_rows()
        ],
    }


def _asked(suppliers: pl.DataFrame) -> pl.DataFrame:
    parts = suppliers["buyer_action"].drop_nulls().str.split("; ").explode(empty_as_null=True)
    return parts.alias("action").value_counts(sort=False, name="suppliers").sort("action")


def _states(published: Published) -> dict[str, dict[str, int]]:
    """Gives practice → state → number of suppliers, each by its worst site."""
    worst = published.table("supplier_score").select("supplier_id", pl.col("worst_site_id").alias("site_id"))
    states = published.table("supplier_indicator").filter(pl.col("indicator_id").is_in(PRACTICES))
    counted = states.join(worst, on=["supplier_id", "site_id"], how="semi").group_by("indicator_id", "state").len()
    counts = {(practice, state): count for practice, state, count in counted.collect().iter_rows()}
    return {practice: {state: counts.get((practice, state), 0) for state in STATES} for practice in PRACTICES}


def _adverse_rows(published: Published, suppliers: pl.DataFrame) -> pl.DataFrame:
    about = suppliers.select(
        "supplier_id", pl.col("worst_site_id").alias("site_id"), "name", "band", "review_rank", "buyer_action"
    )
    facts = (
        published.table("score_evidence")
        .filter(pl.col("indicator_id").is_in(PRACTICES) & (pl.col("kind") == "adverse"))
        .select(
            *("supplier_id", "site_id", "indicator_id", "contribution", "event_date", "description", "contested"),
            *("contest_id", "decision_due_on", "set_aside"),
        )
        .collect()
    )
    found = facts.join(about, on=["supplier_id", "site_id"])
    return found.sort("contribution", "review_rank", "indicator_id", descending=[True, False, False])
