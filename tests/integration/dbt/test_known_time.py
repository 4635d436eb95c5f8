"""Valid time and known time apart: a day sees what was known on it, and each row carries the day it is known from."""

from datetime import date

import pytest

from tests.integration.dbt.test_dbt_project import FINDING, SITE, SUPPLIER, Rows, ask, built
from tierline.run import Run

pytestmark = pytest.mark.integration

BEFORE, AFTER = date(2025, 6, 1), date(2026, 6, 1)
LEARNED_LATE = date(2025, 10, 1)
"""Between the two days; what is learned on it happened before both."""

_ENTRY = {
    "list_name": "L",
    "entry_kind": "company",
    "name": "Alfa Garments Ltd",
    "country_code": "BD",
    "listed_on": date(2024, 1, 1),
    "status": "in_force",
    "feeds_indicator": "A01",
    "second_hand": False,
}
_IN_FORCE = {**_ENTRY, "entry_ref": "l:delisted", "tax_number": "BD-55512345", "known_on": date(2025, 1, 1)}
_DELISTED = {**_IN_FORCE, "status": "ended", "ended_on": date(2025, 2, 1), "known_on": LEARNED_LATE}
_BY_NAME = {**_ENTRY, "entry_ref": "l:by_name"}
TABLES: Rows = {
    "supplier": [{**SUPPLIER, "tax_number": "BD-55512345", "known_on": date(2024, 6, 1)}],
    "facility": [SITE],
    "audit_finding": [{**FINDING, "status": "open", "closed_on": None, "known_on": LEARNED_LATE}],
    "list_entry": [_IN_FORCE, _DELISTED, _BY_NAME],
    "match_verdict": [
        {
            "subject": "list",
            "list_name": "L",
            "entry_ref": "l:by_name",
            "supplier_ref": "erp:V1",
            "verdict": "confirmed",
            "decided_on": LEARNED_LATE,
            "role": "compliance officer",
            "reason": "same register number",
        }
    ],
}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return built(tmp_path_factory.mktemp("before") / "home", BEFORE, TABLES)


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return built(tmp_path_factory.mktemp("after") / "home", AFTER, TABLES, "ftr_indicator_fact", "fct_list_match")


def test_a_fact_that_landed_later_is_not_there_before(before: Run, after: Run) -> None:
    findings = "SELECT found_on, known_on FROM marts.fct_audit_finding"

    assert ask(before, findings) == []
    assert ask(after, findings) == [(date(2025, 3, 1), LEARNED_LATE)]
    facts = "SELECT count(*) FROM features.ftr_indicator_fact WHERE kind = 'adverse' AND indicator_id <> 'A01'"
    assert (ask(before, facts), ask(after, facts)) == ([(0,)], [(1,)])


def test_a_delisting_that_became_known_later_leaves_the_act_in_force_before(before: Run, after: Run) -> None:
    entries = "SELECT status, ended_on, known_on FROM marts.dim_list_entry WHERE entry_ref = 'l:delisted'"
    gates = "SELECT match_status, gates FROM marts.fct_list_match WHERE entry_ref = 'l:delisted'"

    assert ask(before, entries) == [("in_force", None, date(2025, 1, 1))]
    assert ask(before, gates) == [("confirmed", True)]
    assert ask(after, entries) == [("ended", date(2025, 2, 1), LEARNED_LATE)]
    assert ask(after, gates) == [("confirmed", False)]


def test_a_verdict_that_came_later_confirms_nothing_before(before: Run, after: Run) -> None:
    judged = "SELECT match_status, confirmed_by FROM marts.fct_list_match WHERE entry_ref = 'l:by_name'"

    assert ask(before, judged) == [("possible", None)]
    assert ask(after, judged) == [("confirmed", "verdict")]


def test_the_day_a_record_is_known_from_goes_with_it(before: Run) -> None:
    assert ask(before, "SELECT known_on FROM marts.dim_supplier_record") == [(date(2024, 6, 1),)]


def test_nothing_in_a_mart_was_known_later_than_the_day(before: Run) -> None:
    marts = ask(
        before, "SELECT table_name FROM duckdb_columns() WHERE schema_name = 'marts' AND column_name = 'known_on'"
    )

    assert len(marts) >= 6
    for (mart,) in marts:
        assert ask(before, f"SELECT count(*) FROM marts.{mart} WHERE known_on > DATE '{BEFORE}'") == [(0,)], mart
