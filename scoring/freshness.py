"""How much of a fact is left at a day: halved every half-life, whole for an act in force."""

from datetime import date

import polars as pl

from scoring.catalogue import OFFICIAL_FAMILY
from scoring.keys import DAYS_PER_MONTH
from tierline.errors import ContractError


def with_freshness(facts: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Adds `freshness` (0–1) to facts that carry `family` and `half_life_months`.

    An act in force stays at 1; an ended official act decays from its end, anything else from the day it happened
    (METHOD §2). Raises ContractError for a fact without a day that is not in force, and for one later than `as_of`.
    """
    ended_act = (pl.col("family") == OFFICIAL_FAMILY) & pl.col("ended_on").is_not_null()
    decays_from = pl.when(ended_act).then("ended_on").otherwise("event_date")
    dated = facts.with_columns(
        pl.when(~pl.col("in_force"))
        .then((pl.lit(as_of) - decays_from).dt.total_days() / DAYS_PER_MONTH)
        .otherwise(0.0)
        .alias("age_months")
    )
    _refuse_undated(dated)
    return dated.with_columns((0.5 ** (pl.col("age_months") / pl.col("half_life_months"))).alias("freshness")).drop(
        "age_months"
    )


def _refuse_undated(dated: pl.DataFrame) -> None:
    wrong = dated.filter(pl.col("age_months").is_null() | (pl.col("age_months") < 0)).sort("fact_id")
    if len(wrong):
        raise ContractError(
            f"{len(wrong)} facts have no day, or one after the day of the run; the first is {wrong['fact_id'][0]}",
            remedy="features.ftr_indicator_fact must date all but acts in force, and leave out facts of later days.",
        )
