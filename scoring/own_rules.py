"""Facts whose own rule says what they are worth or why they are worth nothing: network exposure and mitigation."""

import polars as pl

MITIGATION = pl.col("kind") == "mitigation"
_OWN: dict[str, type[pl.DataType]] = {"row_points": pl.Float64, "set_aside_reason": pl.String}


def with_own_rules(facts: pl.DataFrame) -> pl.DataFrame:
    """Gives the facts with row_points and set_aside_reason, also where no rule of theirs gives any."""
    return facts.with_columns(
        (pl.col(name) if name in facts.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in _OWN.items()
    )


def adverse_points() -> pl.Expr:
    """Gives the points of an adverse row: those of its strength, or fewer where its own rule gives fewer."""
    return pl.min_horizontal("points", "row_points")


def mitigation_points() -> pl.Expr:
    """Gives what a mitigation takes off before it fades, never more than 0."""
    return pl.col("row_points").clip(upper_bound=0.0)
