"""The rows of a publication that a supplier may contest: what open sources say of it, and nothing from workers."""

import polars as pl

from serving.reports.published import Published
from tierline.errors import ConfigError

ROW = ["source_table", "source_key", "indicator_id"]


def require_supplier(published: Published, supplier_id: str) -> None:
    """Raises ConfigError unless the publication has the supplier."""
    known = published.table("supplier_score").filter(pl.col("supplier_id") == supplier_id)
    if known.select(pl.len()).collect().item() == 0:
        raise ConfigError(
            "the publication has no supplier with that id",
            remedy="Take the id from the report or from supplier_score; `tierline match why` tells of ids that merged.",
        )


def contestable_rows(published: Published, suppliers: list[str]) -> pl.DataFrame:
    """Gives one row a source row × indicator that the suppliers may contest, sorted.

    Columns: supplier_id, source_table, source_key, indicator_id, indicator, kind_of_source, source_id, source, site
    (empty where the row is about the whole company), observed_on, says, origin_event_id, contest_id, decision_due_on.
    Which rows these are hangs on the kind of source alone, never on what workers said: a row that workers confirm or
    deny is here as any other. No weight, rank or reason why a row does not count is among the columns.
    """
    facts = (
        published.table("score_evidence")
        .filter(pl.col("supplier_id").is_in(suppliers) & (pl.col("kind") == "adverse"))
        .join(_open_kinds(published), on="source_type")
        .join(_open_sources(published), on="source_id")
        .filter(pl.col("source_key").is_not_null() & pl.col("release_id").is_null())
        .join(_labour_indicators(published), on="indicator_id")
        .join(_sites(published), on=["supplier_id", "site_id"], how="left")
    )
    told = facts.select(
        *("supplier_id", *ROW, "indicator", "kind_of_source", "source_id", "source"),
        pl.when(pl.len().over("supplier_id", *ROW) == 1).then("site").alias("site"),
        pl.col("event_date").alias("observed_on"),
        pl.col("description").alias("says"),
        *("origin_event_id", "contest_id", "decision_due_on"),
    ).collect()
    return told.sort("supplier_id", *ROW).unique(["supplier_id", *ROW], keep="first", maintain_order=True)


def rows_by_name(published: Published, suppliers: list[str]) -> pl.DataFrame:
    """Gives the contestable rows under every name that a form may call them by: id of the source row, or of evidence.

    Columns as `contestable_rows`, and `row_name`.
    """
    rows = contestable_rows(published, suppliers)
    evidence = (
        published.table("score_evidence")
        .filter(pl.col("supplier_id").is_in(suppliers))
        .select("supplier_id", *ROW, pl.col("evidence_id").alias("row_name"))
        .collect()
    )
    by_evidence = rows.join(evidence, on=["supplier_id", *ROW])
    by_source = rows.with_columns(pl.col("source_key").alias("row_name"))
    return pl.concat([by_source, by_evidence.select(by_source.columns)]).unique(
        ["supplier_id", *ROW, "row_name"], keep="first", maintain_order=True
    )


def references_of(published: Published, suppliers: list[str]) -> dict[str, str]:
    """Gives supplier_id → one reference of it, the first by name, by which a later run finds it; none for persons."""
    records = published.table("dim_supplier_record").filter(pl.col("supplier_id").is_in(suppliers))
    found = records.group_by("supplier_id").agg(pl.col("supplier_ref").drop_nulls().min()).collect()
    return {row["supplier_id"]: row["supplier_ref"] for row in found.to_dicts() if row["supplier_ref"]}


def _open_kinds(published: Published) -> pl.LazyFrame:
    kinds = published.table("contestable_source").filter(pl.col("is_contestable")).select("source_type")
    names = published.table("reliability").select("source_type", pl.col("name").alias("kind_of_source"))
    return kinds.join(names, on="source_type")


def _open_sources(published: Published) -> pl.LazyFrame:
    sources = published.table("source_snapshot").group_by(pl.col("source_name").alias("source_id"))
    told = sources.agg(pl.col("title").drop_nulls().min().alias("source"), pl.col("sensitivity"))
    return told.filter(~pl.col("sensitivity").list.contains("restricted")).drop("sensitivity")


def _labour_indicators(published: Published) -> pl.LazyFrame:
    """Gives the indicators that a row of a source can name; those that compare audits with workers are not among them.

    A contradiction with workers, a sign of coached answers or a mitigation that workers verified would tell of them.
    """
    return (
        published.table("indicator")
        .filter(~pl.col("indicator_id").str.contains("^[QM]"))
        .select("indicator_id", pl.col("name").alias("indicator"))
    )


def _sites(published: Published) -> pl.LazyFrame:
    return published.table("site_score").select("supplier_id", "site_id", pl.col("site_name").alias("site"))
