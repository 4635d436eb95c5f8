"""What the workbook calls its sheets and columns, and which of its texts are said in the language of the reader."""

import re
from collections.abc import Sequence
from typing import Final

import polars as pl

from serving.language import Language

_SAID: Final = {
    "ranking": ("band", "sector_label", "band_reason", "action"),
    "supplier_score": ("band", "inherent_level", "band_reason", "action", "buyer_action", "next_best_fact"),
    "dim_supplier": ("sector_label",),
    "fct_list_match": ("explanation", "list_status"),
    "score_evidence": ("set_aside", "description"),
    "supplier_indicator": ("state", "reason"),
    "supplier_action": ("action", "addressee"),
    "contest_problem": ("explanation",),
    "indicator": ("name", "fires_on", "label_group", "source"),
    "reliability": ("name", "source"),
    "band_rule": ("band", "condition", "action", "source"),
}
"""Columns with texts of the method; all others hold codes, or what sources say."""

_OTHER_WORDS: Final = {"adverse": "When it says there is a problem", "clean": "When it says there is none"}
"""Columns whose name alone says too little."""
_SHEET_NAME_LIMIT = 31
_CODE: Final = re.compile(r"[a-z]+(_[a-z]+)+")


def in_words(name: str) -> str:
    """Gives the name of a table or column in words, as catalogues have it: `interval_low` as `interval low`."""
    return _OTHER_WORDS.get(name) or name.removeprefix("dim_").removeprefix("fct_").replace("_", " ")


def sheet_name(table: str, speech: Language) -> str:
    """Gives what the sheet of a table is called: its own name in English, so that it is found again in the CSV."""
    return (table if speech.code == "en" else speech.term(in_words(table)))[:_SHEET_NAME_LIMIT]


def headings(columns: Sequence[str], speech: Language) -> list[str]:
    """Gives the headings of columns: their own names in English."""
    return [name if speech.code == "en" else speech.term(in_words(name)) for name in columns]


def said(table: str, rows: pl.DataFrame, speech: Language) -> pl.DataFrame:
    """Gives the rows with the texts of the method in the language; what it does not have stays English."""
    if speech.code == "en":
        return rows
    return rows.with_columns(_said(rows[name], speech) for name in _SAID.get(table, ()))


def _said(texts: pl.Series, speech: Language) -> pl.Series:
    distinct = texts.unique().drop_nulls().sort()
    words = {text: speech.term(in_words(text) if _CODE.fullmatch(text) else text) for text in distinct}
    return texts.replace(list(words), list(words.values()))
