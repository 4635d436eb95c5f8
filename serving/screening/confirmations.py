"""Which company a bidder is, said by a person: a CSV file with the candidates, given out and read back."""

import csv
from collections import Counter
from collections.abc import Sequence
from typing import Final

from serving.language import Language
from serving.screening.check import NONE_OF_THEM
from serving.screening.delimited import decoded, likeliest_delimiter
from serving.screening.outputs import candidate_rows, table_bytes
from serving.screening.reading import Row
from tierline.errors import ConfigError

HEADINGS: Final = ("row", "bidder", "supplier_id", "supplier", "country", "why", "is_it")
"""Columns of the file; `is_it` is for the person: yes or no."""
_YES: Final = {"yes", "y", "x", "1", "true", "si", "sí", "oui", "sim", "ja"}
_NO: Final = {"no", "n", "0", "false", "non", "não", "nao", "nein"}


def template_bytes(record: Row, speech: Language) -> bytes:
    """Gives the CSV file with a row a candidate, the column `is_it` left empty for a person to fill."""
    return table_bytes(HEADINGS, [[*row, ""] for row in candidate_rows(record, speech)])


def read_confirmations(content: bytes, speech: Language) -> dict[int, str]:
    """Gives row number → supplier that the bidder is, or `none` where every candidate was answered with no.

    Rows without an answer stay open. Raises ConfigError for a file without the columns, an answer that is neither yes
    nor no, or two suppliers confirmed for one row.
    """
    text, _ = decoded(content, speech)
    lines = text.splitlines()
    rows = list(csv.DictReader(lines, delimiter=likeliest_delimiter(lines[:5])))
    if not rows or not {"row", "supplier_id", "is_it"} <= rows[0].keys():
        raise ConfigError(
            "the confirmations have not the columns row, supplier_id and is_it",
            remedy="Take the file as `tierline screen --confirm` wrote it, and fill the column is_it with yes or no.",
        )
    answers: dict[int, list[tuple[str, bool]]] = {}
    for line, row in enumerate(rows, start=2):
        said = str(row["is_it"] or "").strip().casefold()
        if said:
            answers.setdefault(_number(row, line), []).append((str(row["supplier_id"]).strip(), _is_it(said, line)))
    candidates = Counter(_number(row, line) for line, row in enumerate(rows, start=2))
    told = {number: _decided(number, said, candidates[number]) for number, said in answers.items()}
    return {number: supplier for number, supplier in told.items() if supplier is not None}


def _decided(number: int, said: Sequence[tuple[str, bool]], candidates: int) -> str | None:
    chosen = [supplier for supplier, is_it in said if is_it]
    if len(chosen) > 1:
        raise ConfigError(
            f"two suppliers are confirmed for row {number}", remedy="Answer yes for one of them, or for none."
        )
    if chosen:
        return chosen[0]
    return NONE_OF_THEM if len(said) == candidates else None


def _number(row: dict[str, str], line: int) -> int:
    told = str(row["row"] or "").strip()
    if not told.isascii() or not told.isdecimal():
        raise ConfigError(
            f"line {line} of the confirmations has no row number", remedy="Leave the column row as it was."
        )
    return int(told)


def _is_it(said: str, line: int) -> bool:
    if said in _YES | _NO:
        return said in _YES
    raise ConfigError(
        f"line {line} of the confirmations is answered with neither yes nor no", remedy="Write yes or no."
    )
