"""A row of evidence leads to its fact, its source row and its score; what is not there is said."""

from pathlib import Path

import polars as pl
import pytest

from serving.trace import trace_evidence
from tierline.errors import PublishError
from tierline.warehouse import connect


def evidence(published: Path) -> pl.DataFrame:
    return pl.read_parquet(published / "c" / "parquet" / "score_evidence.parquet").sort("evidence_id")


def test_a_finding_leads_to_its_fact_and_source_row(published: Path) -> None:
    row = evidence(published).filter(pl.col("source_table") == "fct_audit_finding").row(0, named=True)

    trace = trace_evidence(published / "c", row["evidence_id"])

    assert trace.fact_table == "fct_audit_finding"
    assert trace.fact is not None
    assert trace.fact["row_id"] == row["source_key"]
    assert [(source.row_id, source.record_no) for source in trace.sources] == [
        (row["source_key"], row["source_record_no"])
    ]
    assert trace.release is None


def test_the_score_that_the_row_is_part_of_is_told(published: Path) -> None:
    rows = evidence(published)
    row = rows.filter(pl.col("kind") == "adverse").row(0, named=True)
    own = rows.filter((pl.col("supplier_id") == row["supplier_id"]) & (pl.col("site_id") == row["site_id"]))

    trace = trace_evidence(published / "c", row["evidence_id"])

    assert trace.site_rows == own.height
    assert abs(trace.site_sum - own["contribution"].sum()) < 1e-9
    assert abs(trace.site_sum - trace.site["raw_score"]) < 1e-9
    assert trace.is_of_worst_site == (trace.supplier["worst_site_id"] == row["site_id"])


def test_evidence_from_workers_has_no_source_row(published: Path) -> None:
    row = evidence(published).filter(pl.col("release_id").is_not_null()).row(0, named=True)

    trace = trace_evidence(published / "c", row["evidence_id"])

    assert trace.sources == ()
    assert trace.fact is not None
    assert trace.fact["release_id"] == row["release_id"]


def test_what_is_not_there_is_said(published: Path) -> None:
    with pytest.raises(PublishError, match="no evidence 'E404'"):
        trace_evidence(published / "c", "E404")
    with pytest.raises(PublishError, match="no publication z"):
        trace_evidence(published / "z", "E404")


def test_a_publication_of_an_older_version_says_what_it_lacks(published: Path) -> None:
    base = evidence(published).filter(pl.col("kind") == "base")["evidence_id"][0]
    with connect(published / "c" / "warehouse.duckdb") as connection:
        connection.execute("DROP TABLE fct_level_source")

    with pytest.raises(PublishError, match="lacks what tracing needs"):
        trace_evidence(published / "c", base)
