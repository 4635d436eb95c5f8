"""Text made inert: no cell may act as a formula in a spreadsheet."""

import polars as pl

_ACTIVE = r"^[=+\-@\t\r\n＝＋－＠]"


def inert(column: str) -> pl.Expr:
    """Gives the text column with an apostrophe before each value that a spreadsheet might take for a formula.

    Source: OWASP, "CSV Injection" (the characters = + - @ tab, carriage return and line feed, full-width forms too).
    """
    text = pl.col(column)
    return pl.when(text.str.contains(_ACTIVE)).then(pl.lit("'") + text).otherwise(text).alias(column)
