"""The ranking whole, with names, in the order in which to look: the report shows its beginning alone."""

from pathlib import Path
from typing import Final

import polars as pl

from serving.exports.text import inert
from serving.language import mark

RANKING: Final = mark("ranking")
COLUMNS: Final = (
    *("review_rank", "name", "country_code", "sector_label", "band", "score", "interval_low", "interval_high"),
    *("severity", "coverage", "band_reason", "action", "unconfirmed_match_count", "supplier_id"),
)
FILE: Final = f"{RANKING}.csv"


def ranking(parquet: Path) -> pl.LazyFrame:
    """Gives one row a supplier of a publication, those to look at first on top; equals by their ids."""
    about = pl.scan_parquet(parquet / "dim_supplier.parquet").select(
        "supplier_id", "name", "country_code", "sector_label"
    )
    scores = pl.scan_parquet(parquet / "supplier_score.parquet")
    return scores.join(about, on="supplier_id", how="left").sort("review_rank", "supplier_id").select(COLUMNS)


def write_ranking(parquet: Path, folder: Path) -> Path:
    """Writes `ranking.csv` (UTF-8, header) into a folder of CSV files; gives its path."""
    rows = ranking(parquet)
    texts = [name for name, kind in rows.collect_schema().items() if kind == pl.String]
    rows.with_columns(inert(name) for name in texts).sink_csv(folder / FILE)
    return folder / FILE
