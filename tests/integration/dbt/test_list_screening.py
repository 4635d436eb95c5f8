"""Screening from the canonical rows to the marts, over two days: what is found, what is history, and what is news."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.integration.dbt.test_dbt_project import SUPPLIER, Rows, a_run, ask, built, fill, transform
from tierline.run import Run
from tierline.warehouse import connect

pytestmark = pytest.mark.integration

FIRST, SECOND = date(2026, 3, 1), date(2026, 4, 1)
OLD_FILE, NEW_FILE = "ab" * 32, "cd" * 32
ENTRY = {
    "list_name": "register",
    "entry_kind": "company",
    "country_code": "BD",
    "listed_on": date(2024, 1, 1),
    "feeds_indicator": "A01",
    "second_hand": False,
    "known_on": FIRST,
}
SUPPLIERS = [
    {**SUPPLIER, "supplier_ref": "erp:1", "name": "Kaltor Weavers Ltd", "tax_number": "778899"},
    {**SUPPLIER, "supplier_ref": "erp:2", "name": "ООО Белморская Фабрика", "country_code": None},
    {**SUPPLIER, "supplier_ref": "erp:3", "name": "Dorvane Smelting"},
    {**SUPPLIER, "supplier_ref": "erp:4", "name": "Elmarin Rail Co., Ltd."},
    {**SUPPLIER, "supplier_ref": "erp:5", "name": "Fenwick Cotton"},
    {**SUPPLIER, "supplier_ref": "erp:6", "name": "Gorlan Spinning Mills"},
]
LISTED = [
    {**ENTRY, "entry_ref": "r:1", "name": "Somebody Else", "tax_number": "778-899"},
    {**ENTRY, "entry_ref": "r:2", "name": "Belmorskaya Fabrika LLC", "country_code": None},
    {
        **ENTRY,
        "entry_ref": "r:3",
        "name": "Alder Metals and its two subsidiaries, which include Dorvane Smelting, and Elmarin Rail Co., Ltd.",
    },
    {**ENTRY, "entry_ref": "r:4", "name": "Fenwick Cotton", "ended_on": date(2025, 6, 1)},
    {**ENTRY, "entry_ref": "r:5", "name": "All cotton from Fenwick Cotton", "entry_kind": "good"},
]
NEW_ENTRY = {**ENTRY, "entry_ref": "r:9", "name": "Gorlan Spining Mills", "listed_on": date(2026, 3, 20)}
HITS = """
    SELECT entry_ref, supplier.name, matched_on, match_status, match.list_status, first_known_on, is_new
    FROM marts.fct_list_match AS match JOIN marts.dim_supplier AS supplier USING (supplier_id)
    ORDER BY entry_ref, supplier.name
"""


def listed(entries: list[dict[str, Any]], sha256: str) -> Rows:
    rows = [
        {**entry, "row_id": f"register:{sha256[:12]}:{number}", "snapshot_sha256": sha256}
        for number, entry in enumerate(entries, start=1)
    ]
    return {"supplier": SUPPLIERS, "list_entry": rows}


def publish(run: Run, folder: Path) -> None:
    """Puts what a later run reads of a publication where it looks for it."""
    (folder / "parquet").mkdir(parents=True)
    manifest: Mapping[str, Any] = {"run_id": folder.name, "as_of": run.as_of.isoformat(), "previous_manifest": None}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    tables = {
        **{name: f"marts.{name}" for name in ("fct_list_match", "dim_supplier", "dim_supplier_record")},
        **{name: f"matching.{name}" for name in ("entity_ledger", "entity_change")},
    }
    with connect(run.home.warehouse, read_only=True) as connection:
        for name, origin in tables.items():
            connection.table(origin).write_parquet(str(folder / "parquet" / f"{name}.parquet"))


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return built(
        tmp_path_factory.mktemp("first"), FIRST, listed(LISTED, OLD_FILE), "ftr_indicator_fact", "dim_supplier_record"
    )


@pytest.fixture(scope="module")
def second(first: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A month later: the list came in a new file, in another order, with one entry more."""
    run = a_run(tmp_path_factory.mktemp("second"), SECOND)
    publish(first, run.home.published / "march")
    fill(run, listed([NEW_ENTRY, *reversed(LISTED)], NEW_FILE))
    transform(run, "fct_list_match", "dim_supplier")
    return run


def test_identifiers_aliases_subsidiaries_and_other_scripts_are_found(first: Run) -> None:
    assert [row[:5] for row in ask(first, HITS)] == [
        ("r:1", "Kaltor Weavers Ltd", "tax_number", "confirmed", "in_force"),
        ("r:2", "ООО Белморская Фабрика", "name", "possible", "in_force"),
        ("r:3", "Dorvane Smelting", "subsidiary", "possible", "in_force"),
        ("r:3", "Elmarin Rail Co., Ltd.", "subsidiary", "possible", "in_force"),
        ("r:4", "Fenwick Cotton", "name", "past", "ended"),
    ]


def test_a_first_screening_raises_no_alarm(first: Run) -> None:
    assert {row[5:] for row in ask(first, HITS)} == {(FIRST, False)}


def test_every_hit_explains_itself(first: Run) -> None:
    explained = dict(ask(first, "SELECT entry_ref, explanation FROM marts.fct_list_match WHERE matched_on <> 'name'"))
    assert "identifier agrees: tax number (+20.0)" in explained["r:1"]
    assert "subsidiary “" in explained["r:3"]
    assert not ask(first, "SELECT * FROM marts.fct_list_match WHERE explanation = ''")


def test_only_what_is_confirmed_becomes_a_fact(first: Run) -> None:
    facts = "SELECT source_key FROM features.ftr_indicator_fact WHERE source_table = 'fct_list_match'"
    assert ask(first, facts) == [(f"register:{OLD_FILE[:12]}:1",)]


def test_a_list_built_anew_raises_no_alarm_and_a_new_entry_on_an_old_supplier_does(first: Run, second: Run) -> None:
    assert [(row[0], row[1], *row[5:]) for row in ask(second, HITS)] == [
        ("r:1", "Kaltor Weavers Ltd", FIRST, False),
        ("r:2", "ООО Белморская Фабрика", FIRST, False),
        ("r:3", "Dorvane Smelting", FIRST, False),
        ("r:3", "Elmarin Rail Co., Ltd.", FIRST, False),
        ("r:4", "Fenwick Cotton", FIRST, False),
        ("r:9", "Gorlan Spinning Mills", SECOND, True),
    ]
    ids = "SELECT entry_ref, supplier_id, match_id FROM marts.fct_list_match WHERE entry_ref <> 'r:9' ORDER BY ALL"
    assert ask(first, ids) == ask(second, ids)
