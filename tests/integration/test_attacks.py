"""An employer who fires whoever answers reads two reports in a row and learns nothing of who makes the difference."""

from datetime import date
from pathlib import Path
from typing import Literal

import polars as pl
import pytest

from ingest import survey as survey_module
from ingest.contracts import FACILITY, SUPPLIER
from ingest.sealed_store import sealed_store
from ingest.stores import RESTRICTED_TABLES, make_tables
from ingest.survey import SurveyTerms, survey
from tierline.run import Run
from tierline.settings import Settings, SourceConfig
from tierline.warehouse import connect

pytestmark = pytest.mark.integration
TABLES = ("survey_class", "survey_quality", "survey_rate")
INDICATORS = ("F01", "F07", "F11")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """An installation that knows two sites in Bangladesh, and a survey whose waves are quarters."""
    monkeypatch.setattr(survey_module, "survey_terms", lambda run: [SurveyTerms("kobo", 3, 30, 2.0, False, 3650)])
    settings = Settings(home=tmp_path / "home", sources=(SourceConfig(id="kobo", path="kobo.json"),), threads=1)
    with connect(tmp_path / "home" / "warehouse.duckdb") as warehouse:
        make_tables(warehouse, (SUPPLIER, FACILITY))
        sites = pl.DataFrame({"row_id": ["r1", "r2"], "facility_ref": ["site1", "site2"], "record_no": [1, 2]})
        sites = sites.with_columns(
            source_id=pl.lit("erp"), snapshot_sha256=pl.lit("0" * 64), supplier_ref=pl.lit("V1"),
            name=pl.lit("Site"), country_code=pl.lit("BD"),
        )  # fmt: skip
        warehouse.register("sites", sites)
        warehouse.execute("INSERT INTO canonical.facility BY NAME SELECT * FROM sites")
    return Run(run_id="first", as_of=date(2026, 8, 1), settings=settings)


def answer(run: Run, workers: range, adverse: int, site: str = "site1", indicator: str = "F07") -> None:
    """Each of the workers answers once; the first `adverse` of them report the condition."""
    rows = [
        (f"{indicator}{site}{worker}", "kobo", "0" * 64, 1, f"w{worker}", site, "V1", "2026-Q2", date(2026, 5, 4),
         "offsite_survey", "q", indicator, "adverse" if place < adverse else "not_adverse")
        for place, worker in enumerate(workers)
    ]  # fmt: skip
    columns = (
        "row_id", "source_id", "snapshot_sha256", "record_no", "respondent_key", "facility_ref", "supplier_ref",
        "wave_id", "submitted_on", "source_type", "question", "indicator_id", "answer",
    )  # fmt: skip
    with sealed_store(run) as store:
        make_tables(store, RESTRICTED_TABLES)
        store.register("answers", pl.DataFrame(rows, schema=columns, orient="row"))
        store.execute("INSERT INTO canonical.survey_answer BY NAME SELECT * FROM answers")


def report(run: Run) -> dict[str, pl.DataFrame]:
    """All that leaves the store."""
    survey(run)
    with connect(run.home.warehouse, read_only=True) as warehouse:
        return {table: warehouse.execute(f"FROM canonical.{table}").pl() for table in TABLES}


@pytest.mark.parametrize("kind", ["exact", "protected"])
@pytest.mark.parametrize("known_adverse", range(7))
@pytest.mark.parametrize("is_last_adverse", [True, False])
def test_two_reports_are_the_same_whatever_one_more_worker_says(
    run: Run, known_adverse: int, is_last_adverse: bool, kind: Literal["exact", "protected"]
) -> None:
    settings = run.settings.model_copy(update={"survey_classes": kind})
    answer(run, range(30), known_adverse)
    before = report(Run("first", run.as_of, settings))
    answer(run, range(30, 31), int(is_last_adverse))
    after = report(Run("second", date(2026, 9, 1), settings))

    assert before["survey_class"].height == 1
    assert before["survey_class"]["class_kind"].to_list() == [kind]
    for table in TABLES:
        assert after[table].equals(before[table])


def test_rates_stay_as_well_when_one_more_answers(run: Run) -> None:
    for indicator in INDICATORS:
        answer(run, range(200), 80, indicator=indicator)
    answer(run, range(200, 400), 100, site="site2")
    before = report(run)
    answer(run, range(400, 401), 1, site="site2")
    after = report(Run("second", date(2026, 9, 1), run.settings))

    assert (before["survey_rate"]["state"] == "told").sum() > 2
    assert set(before["survey_rate"]["breakdown"]) == {"country", "wave"}
    assert after["survey_rate"].equals(before["survey_rate"])


def test_no_published_rate_names_a_site_a_supplier_or_a_worker(run: Run) -> None:
    answer(run, range(200), 80)
    told = report(run)["survey_rate"]

    assert not {"facility_ref", "supplier_ref", "respondent_key"} & set(told.columns)
    assert "site1" not in str(told.rows())
