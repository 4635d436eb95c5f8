"""Whether a supplier is made of the same records in both runs, and if not, where the others went or came from."""

import polars as pl

from serving.difference.reading import TwoRuns
from serving.difference.tags import CORRECTION, MATCH_CHANGE, NEW_EVIDENCE
from serving.reports.published import Published


def record_tags(runs: TwoRuns, suppliers: pl.Series) -> pl.DataFrame:
    """Gives supplier_id and record_tag: match change, new evidence (records that are new) or correction (none is).

    A record is the same one where its reference is.
    """
    asked = pl.LazyFrame({"supplier_id": suppliers})
    wanted = pl.concat(
        [_references(run).join(asked, on="supplier_id", how="semi") for run in (runs.before, runs.after)]
    )
    wanted = wanted.select("supplier_ref").unique().collect().lazy()
    before, after = (_references(run).join(wanted, on="supplier_ref", how="semi") for run in (runs.before, runs.after))
    joined = before.join(after, on="supplier_ref", how="full", suffix="_after", coalesce=True)
    went, came = pl.col("supplier_id"), pl.col("supplier_id_after")
    changed = pl.concat(
        [
            joined.filter(went.is_not_null() & came.is_not_null() & (went != came))
            .select(pl.concat_list(went, came).alias("supplier_id"), pl.lit(MATCH_CHANGE).alias("record_tag"))
            .explode("supplier_id"),
            joined.filter(went.is_null()).select(came.alias("supplier_id"), pl.lit(NEW_EVIDENCE).alias("record_tag")),
        ]
    ).collect()
    found = changed.filter(pl.col("supplier_id").is_in(suppliers.implode())).unique(
        "supplier_id", keep="first", maintain_order=True
    )
    return (
        pl.DataFrame({"supplier_id": suppliers})
        .join(found, on="supplier_id", how="left", maintain_order="left")
        .with_columns(pl.col("record_tag").fill_null(CORRECTION))
    )


def _references(run: Published) -> pl.LazyFrame:
    return run.table("dim_supplier_record").select("supplier_ref", "supplier_id").unique("supplier_ref", keep="any")
