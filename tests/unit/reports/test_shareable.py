"""What a supplier alone may be given: its rows, and nothing of scores, of workers or of anybody else."""

import re
from html import unescape
from pathlib import Path

import polars as pl
import pytest

from serving.contests.rows import contestable_rows
from serving.language import language
from serving.reports.published import Published
from serving.reports.supplier_page import supplier_document
from tests.unit.contests.conftest import published, supplier, without_workers

__all__ = ["published", "supplier"]

SCORES = re.compile(
    r"(?i:score|interval|band\b|rank|coverage|confidence)|Critical|High|Elevated|Moderate|Unknown|Lower"
)
LIFTED = "It holds no score, and nothing from workers."


def document(of: Published, supplier_id: str, code: str = "en") -> str:
    return supplier_document(of, supplier_id, language(code), audience="supplier")


def body(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", html[html.index("<body>") :]))


@pytest.mark.parametrize("code", ["en", "es"])
def test_it_is_the_same_bytes_whether_workers_spoke_or_not(
    published: Published, supplier: str, tmp_path: Path, code: str
) -> None:
    silent = without_workers(published, tmp_path / "silent")

    assert document(published, supplier, code) == document(silent, supplier, code)


def test_rows_of_every_kind_that_may_tell_of_workers_change_no_byte(
    published: Published, supplier: str, tmp_path: Path
) -> None:
    closed = published.table("contestable_source").filter(~pl.col("is_contestable")).collect()["source_type"]
    loud = without_workers(published, tmp_path / "loud")
    path = loud.folder / "parquet" / "score_evidence.parquet"
    evidence = pl.read_parquet(path)
    row = evidence.filter(pl.col("supplier_id") == supplier, pl.col("kind") == "adverse").head(1)
    added = [
        row.with_columns(
            pl.lit(f"{kind}-{number}").alias("evidence_id"),
            pl.lit(kind).alias("source_type"),
            pl.lit(f"told by {kind}").alias("description"),
        )
        for number, kind in enumerate(closed)
    ]
    pl.concat([evidence, *added]).write_parquet(path)

    assert {"offsite_survey", "grievance"} <= set(closed)
    assert document(loud, supplier) == document(published, supplier)


def test_nothing_of_a_row_from_workers_is_in_it(published: Published, supplier: str) -> None:
    evidence = published.of_suppliers("score_evidence", pl.Series([supplier]))
    from_workers = evidence.filter(pl.col("release_id").is_not_null()).to_dicts()
    html = document(published, supplier)

    assert from_workers
    for row in from_workers:
        for name in ("release_id", "description", "evidence_id"):
            assert str(row[name]) not in html
    assert "urvey" not in html
    assert not re.search(r"Timeline.*30 Jul 2026", html, re.DOTALL)


def test_no_score_band_rank_or_total_is_in_it(published: Published, supplier: str) -> None:
    (score,) = published.rows_of(supplier, "supplier_score")
    text = body(document(published, supplier)).replace(LIFTED, "")

    assert not SCORES.search(text)
    for name in ("score", "raw_score", "interval_low", "interval_high"):
        assert f"{score[name]:.1f}" not in text
    assert score["band_reason"] not in text
    assert score["action"] not in text


def test_its_rows_are_those_of_the_contest_form(published: Published, supplier: str) -> None:
    rows = contestable_rows(published, [supplier])
    html = document(published, supplier).replace("<wbr>", "")

    assert rows.height > 0
    assert all(str(key) in html for key in rows["source_key"])
    assert html.count('<tr role="row"><th role="rowheader"') == rows.height


def test_nobody_else_is_in_it(published: Published, supplier: str) -> None:
    others = published.table("dim_supplier").filter(pl.col("supplier_id") != supplier).collect()
    html = document(published, supplier)

    assert not [row for row in others.to_dicts() if row["supplier_id"] in html or row["name"] in html]


def test_it_says_for_whom_it_is_and_that_silence_is_not_told(published: Published, supplier: str) -> None:
    text = re.sub(r"\s+", " ", body(document(published, supplier)))
    (about,) = published.rows_of(supplier, "dim_supplier")

    assert f"For {about['name']} alone" in text
    assert "What workers said is not shown, and there may be such rows." in text


def test_a_retraction_is_told_without_its_reason(published: Published, supplier: str) -> None:
    html = supplier_document(published, supplier, language("en"), audience="supplier", notice="an error at Blue Ltd")

    assert "Retracted" in html
    assert "Blue Ltd" not in html
