"""The review queue as people read it: with names, in lines and as CSV."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from serving.explanation.sentences import ENGLISH, leverage_sentence
from serving.exports.text import inert
from serving.reports.published import Published
from tierline.files import write_bytes_atomically


def named_queue(published: Published, queue: pl.DataFrame) -> pl.DataFrame:
    """Gives the queue in its order, with name, country, sector, band and score of each supplier."""
    about = published.table("dim_supplier").select("supplier_id", "name", "country_code", "sector_label")
    scores = published.table("supplier_score").select("supplier_id", "band", "score")
    known = queue.lazy().join(about, on="supplier_id", how="left").join(scores, on="supplier_id", how="left")
    return known.sort("queue_rank").collect()


def priority_lines(queue: pl.DataFrame) -> Iterator[str]:
    """Tells the queue, three lines a supplier, and what the propensity is for."""
    drawn = queue.filter(pl.col("chosen_by") == "random").height
    yield f"{queue.height} to review, {drawn} of them drawn at random within country, sector and band."
    for row in queue.iter_rows(named=True):
        where = f"{row['country_code'] or 'country not known'}, {row['sector_label'] or 'sector not known'}"
        yield f"{row['queue_rank']:>4}  {row['supplier_id']}  {row['name']} ({where}): {row['band']}"
        yield f"      {row['reason']} [{row['chosen_by']}, chance {ENGLISH.number(row['propensity'], 3)}]"
        if row.get("sales_share") is not None or row.get("sales_share_reason"):
            yield f"      {leverage_sentence(row)}"
    yield "Weigh each result by 1/chance before saying anything about all suppliers."


def write_queue(queue: pl.DataFrame, path: Path) -> None:
    """Writes the queue as CSV; a text that a spreadsheet would take for a formula has an apostrophe before it."""
    texts = [name for name, kind in queue.schema.items() if kind == pl.String]
    write_bytes_atomically(path, queue.with_columns(inert(name) for name in texts).write_csv().encode())
