"""Awards by states of their process: what counts on a day, and for how much."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.integration.dbt.test_dbt_project import SUPPLIER, Rows, ask, built

pytestmark = pytest.mark.integration
FIRST, SECOND = date(2025, 1, 10), date(2025, 3, 10)


def process(number: int, known_on: date, **fields: Any) -> dict[str, Any]:
    return {"process_ref": "ocds:p", "state_no": number, "known_on": known_on, "record_no": number, **fields}


def award(number: int, known_on: date, award_ref: str, supplier: str = "erp:V1", **fields: Any) -> dict[str, Any]:
    told = {"award_ref": award_ref, "supplier_ref": supplier, "amount": 100, "currency": "GBP", "status": "active"}
    told |= {"release_id": f"r{number}", "package_url": f"https://x.example/{number}"}
    return {**process(number, known_on), "awarded_on": FIRST, **told, **fields}


def rate(currency: str, day: date, value: float) -> dict[str, Any]:
    return {"base_currency": "EUR", "currency": currency, "rate_on": day, "rate": value, "known_on": day}


TABLES: Rows = {
    "supplier": [SUPPLIER, {**SUPPLIER, "supplier_ref": "erp:V2", "name": "Beta Works"}],
    "contracting_process": [process(1, FIRST, status="active"), process(2, SECOND, status="complete")],
    "award": [
        award(1, FIRST, "a"),
        award(1, FIRST, "a", "erp:V2"),
        award(1, FIRST, "withdrawn"),
        award(2, SECOND, "a", amount=150),
        award(2, SECOND, "a", "erp:V2", amount=150),
        award(2, SECOND, "failed", status="unsuccessful"),
    ],
    "exchange_rate": [rate("GBP", date(2025, 1, 8), 0.8), rate("GBP", date(2025, 2, 20), 0.5)],
}
AWARDS = """
    SELECT award_ref, CAST(amount AS INTEGER), supplier_count, amount_share::DOUBLE, is_effective,
        amount_converted::DOUBLE, conversion_currency, rate_on
    FROM marts.fct_award ORDER BY award_ref, supplier_id
"""
LINKS = "SELECT DISTINCT release_id, package_url FROM marts.fct_award"
SPEND = "SELECT spend_total, award_count FROM features.ftr_supplier ORDER BY ALL"


def test_the_newest_state_known_on_the_day_counts(tmp_path: Path) -> None:
    models = ("fct_award", "fct_contracting_process", "ftr_supplier")
    early = built(tmp_path / "early", date(2025, 2, 1), TABLES, *models)
    late = built(tmp_path / "late", date(2025, 4, 1), TABLES, *models)

    shared = (100, 2, 50.0, True, 62.5, "EUR", date(2025, 1, 8))
    alone = (100, 1, 100.0, True, 125.0, "EUR", date(2025, 1, 8))
    assert ask(early, AWARDS) == [("a", *shared), ("a", *shared), ("withdrawn", *alone)]
    assert ask(early, LINKS) == [("r1", "https://x.example/1")]
    assert ask(early, SPEND) == [(62.5, 1), (187.5, 2)]
    assert ask(early, "SELECT status FROM marts.fct_contracting_process") == [("active",)]

    amended = (150, 2, 75.0, True, 93.75, "EUR", date(2025, 1, 8))
    failed = (100, 1, 100.0, False, 125.0, "EUR", date(2025, 1, 8))
    assert ask(late, AWARDS) == [("a", *amended), ("a", *amended), ("failed", *failed)]
    assert ask(late, LINKS) == [("r2", "https://x.example/2")]
    assert ask(late, SPEND) == [(93.75, 1), (93.75, 1)]
    assert ask(late, "SELECT status FROM marts.fct_contracting_process") == [("complete",)]
