"""What suppliers objected to: which facts wait for a decision, and what decisions do to them (METHOD §4)."""

import polars as pl

from scoring.tables import Schema

CONTESTED_FACT: Schema = {
    "fact_id": pl.String,
    "contest_id": pl.String,
    "objection_pending": pl.Boolean,
    "decision_due_on": pl.Date,
    "objection_upheld_on": pl.Date,
    "partly_upheld": pl.Boolean,
}
"""One row a fact that a supplier objected to, as `features.ftr_contested_fact` has it."""


def with_contests(facts: pl.DataFrame, contested: pl.DataFrame) -> pl.DataFrame:
    """Adds contest_id, objection_pending, decision_due_on, objection_upheld_on and partly_upheld to facts.

    An objection alone changes no weight: the fact counts and gates until it is decided.
    """
    known = contested.select(pl.col(name).cast(dtype) for name, dtype in CONTESTED_FACT.items())
    return facts.join(known, on="fact_id", how="left", maintain_order="left")


def told_of_contests(facts: pl.DataFrame) -> pl.DataFrame:
    """Gives the facts with the columns that `with_contests` adds, also where nobody objected to any of them."""
    return facts.with_columns(
        (pl.col(name) if name in facts.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in CONTESTED_FACT.items()
        if name != "fact_id"
    ).with_columns(pl.col("objection_pending", "partly_upheld").fill_null(False))


def upheld() -> pl.Expr:
    """Says whether the last decision upheld an objection to the fact, which then counts no more."""
    return pl.col("objection_upheld_on").is_not_null()


def reason_of_upheld() -> pl.Expr:
    """Gives the words with which a row is set aside on the day of the decision."""
    return pl.format("objection upheld on {}", pl.col("objection_upheld_on").cast(pl.String))


def marked_contested() -> pl.Expr:
    """Gives `contested` as readers see it: an appeal against an act, or an objection that waits for its decision."""
    return (pl.col("contested").fill_null(False) | pl.col("objection_pending")).alias("contested")
