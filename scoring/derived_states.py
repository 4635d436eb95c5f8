"""States of what no source reports as such: contradictions (Q01) and rehearsed answers (Q02)."""

import polars as pl

from scoring.catalogue import Catalogue
from scoring.contradictions import compared
from scoring.keys import ABSENT, PRESENT, SITE_NUMBER

_CONTRADICTION, _COACHING = "Q01", "Q02"


def derived_states(ranked: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Gives site_number, indicator_id, derived_state and derived_reason where rows of other indicators tell of them.

    Of Q01: present where an audit and workers contradict each other, absent where they spoke on the same and do not.
    Of Q02: present where the answers of a wave look rehearsed, absent where waves could be judged and none does.
    """
    return pl.concat([_contradiction(ranked, catalogue), _coaching(ranked)])


def _contradiction(ranked: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    opposed = pl.col("contradicted") > 0
    return compared(ranked, catalogue).select(
        *_state_of(_CONTRADICTION, pl.when(opposed).then(pl.lit(PRESENT)).otherwise(pl.lit(ABSENT))),
        pl.when(opposed)
        .then(pl.format("an audit found clean what workers report in the same time: {}", "contradicted_ids"))
        .otherwise(pl.format("audits and workers spoke on the same in {} indicators and do not conflict", "compared"))
        .alias("derived_reason"),
    )


def _coaching(ranked: pl.DataFrame) -> pl.DataFrame:
    heard = ranked.select(SITE_NUMBER, "event_date", "is_coached", "bears_on_state")
    judged = heard.filter(pl.col("bears_on_state") & pl.col("is_coached").is_not_null())
    rehearsed = pl.col("event_date").filter("is_coached").max()
    told = judged.group_by(SITE_NUMBER).agg(
        rehearsed.alias("rehearsed_on"), pl.col("event_date").max().alias("judged_on")
    )
    found = pl.col("rehearsed_on").is_not_null()
    return told.select(
        *_state_of(_COACHING, pl.when(found).then(pl.lit(PRESENT)).otherwise(pl.lit(ABSENT))),
        pl.when(found)
        .then(
            pl.format(
                "answers of the wave closed on {} look rehearsed: what it found clean is believed less",
                pl.col("rehearsed_on").cast(pl.String),
            )
        )
        .otherwise(
            pl.format("answers of the wave closed on {} do not look rehearsed", pl.col("judged_on").cast(pl.String))
        )
        .alias("derived_reason"),
    )


def _state_of(indicator: str, state: pl.Expr) -> list[pl.Expr]:
    return [
        pl.col(SITE_NUMBER),
        pl.lit(indicator).alias("indicator_id"),
        state.alias("derived_state"),
    ]
