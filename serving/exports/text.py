"""Text made inert: no cell may act as a formula in a spreadsheet."""

import polars as pl

_ACTIVE = r"^[=+\-@\t\r\n＝＋－＠]"


def inert(column: str) -> pl.Expr:
    """Gives the text column with an apostrophe before each value that a spreadsheet might take for a formula.

    Source: OWASP, "CSV Injection" (the characters = + - @ tab, carriage return and line feed, full-width forms too).
    """
    text = pl.col(column)
    return pl.when(text.str.contains(_ACTIVE)).then(pl.lit("'") + text).otherwise(text).alias(column)


def flat(table: pl.LazyFrame) -> pl.LazyFrame:
    """Gives the table with lists and structs as JSON, since neither CSV nor a cell can nest."""
    return table.with_columns(_json(name) for name, kind in table.collect_schema().items() if kind.is_nested())


def _json(column: str) -> pl.Expr:
    wrapped = pl.struct(column).struct.json_encode()
    bare = wrapped.str.slice(len(f'{{"{column}":'), wrapped.str.len_chars() - len(f'{{"{column}":}}'))
    return pl.when(pl.col(column).is_not_null()).then(bare).alias(column)
