"""What only some facts tell: their own worth or why they are worth nothing, how many spoke, whether they rehearsed."""

import polars as pl

MITIGATION = pl.col("kind") == "mitigation"
_OWN: dict[str, type[pl.DataType]] = {
    "row_points": pl.Float64,
    "set_aside_reason": pl.String,
    "is_coached": pl.Boolean,
    "respondents_at_least": pl.Int64,
    "interviewed_workers": pl.Int64,
}


def with_own_rules(facts: pl.DataFrame) -> pl.DataFrame:
    """Gives the facts with all columns that only some of them fill, also where none does."""
    return facts.with_columns(
        (pl.col(name) if name in facts.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in _OWN.items()
    )


def adverse_points() -> pl.Expr:
    """Gives the points of an adverse row: those of its strength, or fewer where its own rule gives fewer."""
    return pl.min_horizontal("points", "row_points")


def believed_clean(coached_share: float) -> pl.Expr:
    """Gives how far a clean word is believed: that of a wave whose answers look rehearsed (Q02) only in part."""
    rehearsed = pl.col("is_coached").fill_null(False)
    return pl.col("reliability_clean") * pl.when(rehearsed).then(coached_share).otherwise(1.0)


def mitigation_points() -> pl.Expr:
    """Gives what a mitigation takes off before it fades, never more than 0."""
    return pl.col("row_points").clip(upper_bound=0.0)
