"""CSV and XLSX hold the published tables, and no cell acts as a formula or a link."""

import csv
import json
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from serving.exports.csv_files import write_csv_files
from serving.exports.terms import SHEET
from serving.exports.workbook import write_workbook
from serving.language import LANGUAGES, language
from serving.reports.words import BANDS
from serving.steps import report
from serving.tables import COPIED
from tests.unit.serving.conftest import HOSTILE, LARGE
from tierline.files import sha256_of_file
from tierline.run import Run

_ACTIVE = tuple("=+-@\t\r\n＝＋－＠")
csv.field_size_limit(sys.maxsize)


def parquet(run: Run) -> Path:
    return run.home.published / "current" / "parquet"


def test_every_table_is_a_csv_with_all_its_rows(reported: Run) -> None:
    folder = reported.home.reports / "latest" / "csv"

    assert {path.stem for path in folder.glob("*.csv")} == {table.name for table in COPIED} | {"sources", "ranking"}
    for name in ("dim_supplier", "score_evidence"):
        assert pl.read_csv(folder / f"{name}.csv", infer_schema=False).height == (
            pl.scan_parquet(parquet(reported) / f"{name}.parquet").select(pl.len()).collect().item()
        )


def test_no_text_in_a_csv_starts_as_a_formula(hostile: Run) -> None:
    with (hostile.home.reports / "latest" / "csv" / "dim_supplier.csv").open(encoding="utf-8", newline="") as stream:
        names = [row["name"] for row in csv.DictReader(stream)]

    assert not [name for name in names if name.startswith(_ACTIVE)]
    assert '\'=HYPERLINK("http://example.org","x")' in names
    assert HOSTILE[0] in names


def test_a_negative_number_stays_a_number(hostile: Run) -> None:
    columns = pl.read_csv(hostile.home.reports / "latest" / "csv" / "site_score.csv")

    assert columns.schema["clip_adjustment"] == pl.Float64


def test_no_cell_of_the_workbook_is_a_formula_or_a_link(hostile: Run) -> None:
    path = hostile.home.reports / "latest" / "tierline.xlsx"
    book = openpyxl.load_workbook(path)
    names = list(next(book["dim_supplier"].iter_cols(min_col=2, max_col=2, min_row=2)))

    assert {cell.data_type for cell in names} == {"s"}
    assert HOSTILE[2] in {cell.value for cell in names}
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            content = archive.read(part)
            assert b"<f>" not in content
            assert b"<hyperlink" not in content


def test_a_text_too_long_for_a_cell_is_cut_and_told(hostile: Run) -> None:
    book = openpyxl.load_workbook(hostile.home.reports / "latest" / "tierline.xlsx", read_only=True)
    told = list(book["left out"].iter_rows(values_only=True))

    assert any(row[0] == "dim_supplier" and "cut" in str(row[2]) for row in told)


def test_a_table_too_large_for_a_sheet_is_named_with_where_it_is(reported: Run, tmp_path: Path) -> None:
    left_out = write_workbook(
        parquet(reported), tmp_path / "small.xlsx", title="T", as_of=date(2026, 1, 1), cell_budget=3000
    )
    book = openpyxl.load_workbook(tmp_path / "small.xlsx", read_only=True)

    assert "dim_supplier" in {gap.table for gap in left_out}
    assert "dim_supplier" not in book.sheetnames
    told = {row[0]: row for row in book["left out"].iter_rows(values_only=True)}
    assert told["dim_supplier"][1] == LARGE
    assert "csv/dim_supplier.csv" in str(told["dim_supplier"][3])


def test_the_ranking_is_whole_and_in_its_order_however_small_the_rest_must_be(reported: Run, tmp_path: Path) -> None:
    write_workbook(parquet(reported), tmp_path / "small.xlsx", title="T", as_of=date(2026, 1, 1), cell_budget=0)
    book = openpyxl.load_workbook(tmp_path / "small.xlsx", read_only=True)
    heads, *rows = book["ranking"].iter_rows(values_only=True)
    told = pl.read_csv(reported.home.reports / "latest" / "csv" / "ranking.csv", infer_schema=False)
    scores = pl.read_parquet(parquet(reported) / "supplier_score.parquet").sort("review_rank", "supplier_id")
    names = pl.read_parquet(parquet(reported) / "dim_supplier.parquet").select("supplier_id", "name")

    assert "supplier_score" not in book.sheetnames
    assert [row[heads.index("supplier_id")] for row in rows] == scores["supplier_id"].to_list()
    assert told["supplier_id"].to_list() == scores["supplier_id"].to_list()
    assert [row[heads.index("band")] for row in rows] == scores["band"].to_list()
    assert {row[heads.index("supplier_id")]: row[heads.index("name")] for row in rows} == dict(names.iter_rows())


def test_a_ranking_longer_than_a_sheet_says_where_the_rest_is(
    reported: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serving.exports.workbook._ROW_LIMIT", 3)
    write_workbook(parquet(reported), tmp_path / "short.xlsx", title="T", as_of=date(2026, 1, 1))
    book = openpyxl.load_workbook(tmp_path / "short.xlsx", read_only=True)
    told = {row[0]: row for row in book["left out"].iter_rows(values_only=True)}

    assert len(list(book["ranking"].iter_rows())) == 1 + 3
    assert told["ranking"][1] == LARGE - 3
    assert told["ranking"][3] == "csv/ranking.csv"


def test_the_workbook_holds_what_people_read_and_names_the_rest(reported: Run) -> None:
    book = openpyxl.load_workbook(reported.home.reports / "latest" / "tierline.xlsx", read_only=True)
    scores = pl.read_parquet(parquet(reported) / "supplier_score.parquet")
    known = set(scores.filter(pl.col("band") != "Unknown")["supplier_id"])
    told = {row[0]: row for row in book["left out"].iter_rows(values_only=True)}

    for name, position in (("supplier_indicator", 0), ("score_evidence", 1)):
        shown = {row[position] for row in book[name].iter_rows(min_row=2, values_only=True)}
        assert shown == known
        assert "Unknown" in str(told[name][2])
    assert "supplier_score" in book.sheetnames
    assert "fct_purchase_order_line" not in book.sheetnames
    others = {*("about", "ranking", "left out", "table"), SHEET}
    assert {table.name for table in COPIED} == {*book.sheetnames, *told} - others


def test_a_day_is_a_day_and_a_number_a_number(reported: Run) -> None:
    book = openpyxl.load_workbook(reported.home.reports / "latest" / "tierline.xlsx", read_only=True)
    rows = book["score_evidence"].iter_rows(values_only=True)
    names = next(rows)
    dated = next(row for row in rows if row[names.index("event_date")] is not None)

    assert isinstance(dated[names.index("event_date")], datetime)
    assert isinstance(dated[names.index("contribution")], int | float)


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_the_workbook_speaks_the_language_and_leads_back_to_the_csv(reported: Run, tmp_path: Path, code: str) -> None:
    speech, path = language(code), tmp_path / "book.xlsx"
    write_workbook(parquet(reported), path, title="T", as_of=date(2026, 1, 1), speech=speech)
    book = openpyxl.load_workbook(path, read_only=True)
    told = {tuple(row[2:]): row[:2] for row in book[speech.text("columns")].iter_rows(values_only=True)}
    sheet, heading = told["supplier_score", "band"]

    assert "supplier_score" not in book.sheetnames
    assert all(len(name) <= 31 for name in book.sheetnames)
    rows = list(book[sheet].iter_rows(values_only=True))
    bands = {row[rows[0].index(heading)] for row in rows[1:]}
    assert bands <= {speech.term(band) for band in BANDS}
    assert not bands & set(BANDS)


def test_the_same_publication_gives_the_same_exports(hostile: Run) -> None:
    folder = hostile.home.reports / "latest"
    before = {path: sha256_of_file(path) for path in folder.rglob("*") if path.is_file()}

    report(hostile)

    assert {path: sha256_of_file(path) for path in folder.rglob("*") if path.is_file()} == before


def test_what_is_nested_becomes_json(tmp_path: Path) -> None:
    (tmp_path / "parquet").mkdir()
    weighed = [[{"feature": 'na"me', "weight": 1.5}], [], None]
    pl.DataFrame({"explanation": weighed, "path": [["a", "b"], None, []]}).write_parquet(
        tmp_path / "parquet" / "t.parquet"
    )

    (written,) = write_csv_files(tmp_path / "parquet", tmp_path / "csv")

    rows = pl.read_csv(written)
    assert [json.loads(cell) if cell else None for cell in rows["explanation"]] == weighed
    assert rows["path"].to_list() == ['["a","b"]', None, "[]"]
