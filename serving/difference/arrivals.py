"""Why a row of evidence is there in one run and not in the other."""

import polars as pl

from serving.difference.reading import TwoRuns
from serving.difference.tags import (
    CORRECTION,
    LIST_CHANGE,
    MATCH_CHANGE,
    METHOD_CHANGE,
    NEW_EVIDENCE,
    VERDICT,
    parts_of,
)
from serving.reports.published import Published

_ENTRY = ["list_name", "entry_ref"]
_FINDING = ["source_id", "audit_ref", "scheme", "issue_code"]


def parts_of_one_run(rows: pl.DataFrame, run: Published, other: Published, runs: TwoRuns) -> pl.DataFrame:
    """Gives a part for each row of evidence that `run` has and `other` has not: + for the later run, − for the earlier.

    What tells: whether the other run has the same entry of a list, finding or release, and with whom.
    """
    is_later = run is runs.after
    known = _with_other_run(rows, run, other)
    tag = (
        pl.when(pl.col("source_table") == "fct_list_match")
        .then(_tag_of_list())
        .when(pl.col("other_supplier").is_not_null())
        .then(_tag_of_known_fact(runs))
        .otherwise(pl.lit(NEW_EVIDENCE if is_later or _goes_back(runs) else CORRECTION))
    )
    sign = 1.0 if is_later else -1.0
    return parts_of(
        known.with_columns(
            tag.alias("tag"), (pl.col("contribution") * sign).alias("points"), pl.col("description").alias("what")
        )
    )


def _goes_back(runs: TwoRuns) -> bool:
    return runs.after.as_of < runs.before.as_of


def _with_other_run(rows: pl.DataFrame, run: Published, other: Published) -> pl.DataFrame:
    with_entry = (
        rows.join(_matches_here(rows, run), on=["supplier_id", "source_key"], how="left")
        .join(_matches_there(rows, other), on=["supplier_id", *_ENTRY], how="left")
        .join(_entries(other), on=_ENTRY, how="left")
    )
    facts = pl.concat([_findings(rows, run, other), _releases(rows, other), _events(rows, other)])
    return with_entry.join(facts.unique(["source_table", "source_key"], keep="first", maintain_order=True),
                           on=["source_table", "source_key"], how="left")  # fmt: skip


def _matches_here(rows: pl.DataFrame, run: Published) -> pl.DataFrame:
    return (
        _among(rows, run.table("fct_list_match"), "supplier_id")
        .select("supplier_id", pl.col("row_id").alias("source_key"), *_ENTRY, "confirmed_by")
        .unique(["supplier_id", "source_key"], keep="any")
        .collect()
    )


def _matches_there(rows: pl.DataFrame, other: Published) -> pl.DataFrame:
    return (
        _among(rows, other.table("fct_list_match"), "supplier_id")
        .select("supplier_id", *_ENTRY, pl.col("match_status").alias("other_status"))
        .sort("other_status")
        .unique(["supplier_id", *_ENTRY], keep="first", maintain_order=True)
        .collect()
    )


def _entries(other: Published) -> pl.DataFrame:
    entries = other.table("dim_list_entry").select(_ENTRY).unique().collect()
    return entries.with_columns(pl.lit(True).alias("entry_is_there"))


def _findings(rows: pl.DataFrame, run: Published, other: Published) -> pl.DataFrame:
    """Gives the findings that both runs have, by the row of this run, with the supplier and site of the other."""
    findings = run.table("fct_audit_finding").select(pl.col("row_id").alias("source_key"), *_FINDING)
    here = _among(rows, findings, "source_key").collect().lazy()
    there = (
        other.table("fct_audit_finding")
        .join(here.select(_FINDING).unique(), on=_FINDING, how="semi", nulls_equal=True)
        .select(*_FINDING, pl.col("supplier_id").alias("other_supplier"), pl.col("facility_id").alias("other_site"))
        .sort("other_supplier", "other_site")
        .unique(_FINDING, keep="first", maintain_order=True)
    )
    found = here.join(there, on=_FINDING, nulls_equal=True).collect()
    return _fact_frame(found.with_columns(pl.lit("fct_audit_finding").alias("source_table")))


def _releases(rows: pl.DataFrame, other: Published) -> pl.DataFrame:
    found = other.table("fct_survey_indicator").select(
        pl.lit("fct_survey_indicator").alias("source_table"),
        pl.col("release_id").alias("source_key"),
        pl.col("supplier_id").alias("other_supplier"),
        pl.col("facility_id").alias("other_site"),
    )
    return _fact_frame(_among(rows, found, "source_key").collect())


def _among(rows: pl.DataFrame, table: pl.LazyFrame, key: str) -> pl.LazyFrame:
    """Gives what of a table the rows can be joined with."""
    return table.join(rows.lazy().select(key).unique(), on=key, how="semi")


def _events(rows: pl.DataFrame, other: Published) -> pl.DataFrame:
    """Gives, for facts of any other table, the supplier for which the other run has evidence of the same event."""
    keys = ["source_table", "indicator_id", "kind", "origin_event_id"]
    there = (
        other.table("score_evidence")
        .select(*keys, pl.col("supplier_id").alias("other_supplier"), pl.col("site_id").alias("other_site"))
        .filter(pl.col("origin_event_id").is_not_null())
        .join(rows.lazy().select(keys).unique(), on=keys, how="semi")
        .sort("other_supplier", "other_site")
        .unique(keys, keep="first", maintain_order=True)
        .collect()
    )
    others = rows.filter(~pl.col("source_table").is_in(["fct_list_match", "fct_audit_finding", "fct_survey_indicator"]))
    return _fact_frame(others.select(*keys, "source_key").join(there, on=keys))


def _fact_frame(found: pl.DataFrame) -> pl.DataFrame:
    return found.select(pl.col("source_table", "source_key", "other_supplier", "other_site").cast(pl.String))


def _tag_of_list() -> pl.Expr:
    there = pl.col("entry_is_there").fill_null(False)
    is_confirmed_there = pl.col("other_status").eq_missing(pl.lit("confirmed"))
    by_person = pl.col("confirmed_by").eq_missing(pl.lit("verdict"))
    return (
        pl.when(~there | is_confirmed_there)
        .then(pl.lit(LIST_CHANGE))
        .when(by_person | pl.col("other_status").eq_missing(pl.lit("rejected")))
        .then(pl.lit(VERDICT))
        .otherwise(pl.lit(MATCH_CHANGE))
    )


def _tag_of_known_fact(runs: TwoRuns) -> pl.Expr:
    another_supplier = pl.col("other_supplier") != pl.col("supplier_id")
    another_site = (pl.col("other_site") != pl.col("site_id")).fill_null(False)
    return (
        pl.when(another_supplier | another_site)
        .then(pl.lit(MATCH_CHANGE))
        .otherwise(pl.lit(CORRECTION if runs.is_same_method else METHOD_CHANGE))
    )
