"""dbt's pages open offline and call nobody; freshness counts from the day that the run speaks for."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.integration.dbt.test_dbt_project import a_run, built
from tierline.dbt_documents import Freshness, source_freshness, write_dbt_pages
from tierline.errors import TierlineError
from tierline.run import Run

pytestmark = pytest.mark.integration

ORDER = {"order_ref": "erp:O1", "line_no": "1", "supplier_ref": "erp:V1", "ordered_on": date(2026, 5, 20)}
LATER = {**ORDER, "line_no": "2", "known_on": date(2026, 9, 1)}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    tables = {"purchase_order_line": [ORDER, LATER]}
    return built(tmp_path_factory.mktemp("run") / "home", date(2026, 6, 1), tables, "fct_purchase_order_line")


def test_the_pages_are_one_file_that_holds_all_and_may_call_nobody(run: Run, tmp_path: Path) -> None:
    path = write_dbt_pages(run, tmp_path / "pages")

    page = path.read_text(encoding="utf-8")
    assert [file.name for file in path.parent.iterdir()] == ["index.html"]
    assert "default-src 'none'" in page[:1000]
    assert f"{run.project}/" not in page
    assert "tierline-dbt-" not in page
    assert re.findall(r'<(?:script|img|iframe)[^>]+src="https?:', page) == []
    assert re.findall(r'<link[^>]+href="https?:', page) == []
    for told in ("fct_purchase_order_line", "Day from which the row is known", "risk_report", "supplier_score"):
        assert told in page, told


def test_what_is_known_later_makes_nothing_fresh(run: Run) -> None:
    found = {one.table: one for one in source_freshness(run)}

    orders = found["canonical.purchase_order_line"]
    assert orders == Freshness("canonical.purchase_order_line", date(2026, 5, 20), orders.stale_after_days, False)
    assert orders.age_in_days(run.as_of) == 12
    assert (found["canonical.award"].newest, found["canonical.award"].is_stale) == (None, False)


def test_the_same_rows_are_stale_on_a_later_day(run: Run) -> None:
    later = {one.table: one for one in source_freshness(replace(run, as_of=date(2026, 8, 1)))}

    assert later["canonical.purchase_order_line"].is_stale


def test_without_a_warehouse_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(TierlineError, match="no warehouse") as refused:
        source_freshness(a_run(tmp_path / "home", date(2026, 6, 1)))
    assert "tierline run" in str(refused.value)
