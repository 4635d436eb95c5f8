"""Rows of a publication in the order and under the names in which they are told."""

import polars as pl

from serving.reports.published import Published

_KIND_ORDER = {"base": 0, "adverse": 1, "clean": 2, "mitigation": 3, "learned": 4, "cap": 5}


def in_reading_order(evidence: pl.DataFrame) -> pl.DataFrame:
    """Gives rows of evidence by kind, the largest first."""
    order = pl.col("kind").replace_strict(_KIND_ORDER, default=9, return_dtype=pl.Int8)
    return evidence.sort(order, pl.col("contribution").abs(), "evidence_id", descending=[False, True, False])


def next_facts_of(published: Published, suppliers: pl.Series) -> pl.DataFrame:
    """Gives the facts that would move these suppliers most, by rank; none in a publication that reckoned none."""
    if "next_fact" not in published.manifest["tables"]:
        return pl.DataFrame(schema={"supplier_id": pl.String})
    return published.of_suppliers("next_fact", suppliers).sort("supplier_id", "fact_rank", "next_fact_id")


def leverage_of(published: Published, suppliers: pl.Series) -> pl.DataFrame:
    """Gives the rows of review_candidate about these suppliers; none in a publication that tells no share of sales."""
    if "sales_share_reason" not in published.manifest["tables"].get("review_candidate", {}).get("columns", ()):
        return pl.DataFrame(schema={"supplier_id": pl.String})
    return published.of_suppliers("review_candidate", suppliers)


def names_of(published: Published, table: str, key: str) -> dict[str, str]:
    """Gives id → name of a table of the catalogue."""
    return dict(published.table(table).select(key, "name").sort(key).collect().iter_rows())
