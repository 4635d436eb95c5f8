"""What may move a score: the tags of a difference, and the columns of its parts."""

from typing import Final

import polars as pl

NEW_EVIDENCE: Final = "new evidence"
LIST_CHANGE: Final = "list change"
VERDICT: Final = "verdict"
CORRECTION: Final = "correction"
METHOD_CHANGE: Final = "method change"
AGEING: Final = "ageing out"
MATCH_CHANGE: Final = "match change"
TAGS: Final = (NEW_EVIDENCE, LIST_CHANGE, VERDICT, CORRECTION, METHOD_CHANGE, AGEING, MATCH_CHANGE)

SITE: Final = ["supplier_id", "site_id"]
PART: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "supplier_id": pl.String,
    "site_id": pl.String,
    "indicator_id": pl.String,
    "kind": pl.String,
    "tag": pl.String,
    "points": pl.Float64,
    "what": pl.String,
    "evidence_id": pl.String,
}
"""One part of a move: what it is about, its tag (empty: it follows from others), its points, and the evidence."""


def parts_of(frame: pl.DataFrame) -> pl.DataFrame:
    """Gives the frame with exactly the columns of a part; one that is missing is empty."""
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in PART.items()
    )
