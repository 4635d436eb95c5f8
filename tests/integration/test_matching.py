"""From canonical rows to suppliers: what the whole chain of matching joins, and what it must not."""

import random
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingest.contracts import CANONICAL, LEDGERS
from matching.steps import match, prepare
from tierline.run import Run
from tierline.settings import Settings, SourceConfig
from tierline.transform import transform
from tierline.warehouse import connect, quote_identifier

pytestmark = pytest.mark.integration

AS_OF = date(2026, 4, 1)
SPELLINGS = (
    "Padma Garments Limited", "Padma Garments Ltd", "PADMA GARMENTS LTD.", "Padma Garments", "Padma Garment Ltd",
    "Padma Garments (Pvt) Ltd", "Padma Garments Pvt. Limited", "Padma Garment Limited", "The Padma Garments Limited",
    "Padma  Garments  Ltd", "Padma-Garments Ltd", "Padma Garmants Ltd", "Padma Garmnets Ltd", "Padmaa Garments Ltd",
    "Padma Gaments Ltd", "Garments Padma Ltd", "padma garments limited", "Padma Garments Co Ltd", "Padma Garments Co.",
    "Padma Garments Company Limited", "PADMA GARMENTS", "Padma Garments, Ltd", "Pádma Garments Ltd",
    "Padma Garments  LTD",
    "Padma Garments Ltd,", "Padma Garmenst Ltd", "Padma Garments Inc", "Padma 'Garments' Ltd", "PADMA GARMENTS PVT LTD",
    "Padma Garments Limited.",
)  # fmt: skip
PLACE = {"country_code": "BD", "locality": "Gazipur", "address": "Plot 47, Tongi Industrial Area, Gazipur"}
WORDS = ("Meghna", "Jamuna", "Karnaphuli", "Surma", "Titas", "Gomti", "Buriganga", "Turag", "Dhaleswari", "Atrai")
TRADES = ("Textiles", "Knitwear", "Spinning", "Denim", "Fabrics", "Apparels", "Footwear", "Leather")


def others(count: int) -> list[dict[str, Any]]:
    """Companies that are nobody else's, so that common words are common."""
    chance = random.Random(5)
    return [
        {
            "supplier_ref": f"erp:O{number:03d}",
            "name": f"{chance.choice(WORDS)} {chance.choice(WORDS)} {chance.choice(TRADES)} {number} Ltd",
            "country_code": "BD",
            "locality": f"Town {number % 40}",
            "address": f"House {number}, Road {number % 17}, Town {number % 40}",
            "tax_number": f"7{number:011d}",
        }
        for number in range(count)
    ]


def run_on(home: Path, tables: Mapping[str, list[dict[str, Any]]]) -> Run:
    settings = Settings(home=home, sources=(SourceConfig(id="erp", path="unused.csv"),))
    run = Run(run_id="test", as_of=AS_OF, settings=settings)
    home.mkdir(parents=True)
    with connect(run.home.warehouse) as connection:
        connection.execute("CREATE SCHEMA canonical; CREATE SCHEMA ingest")
        for contract in (*CANONICAL, *LEDGERS):
            connection.execute(contract.ddl())
        for table, rows in tables.items():
            for number, row in enumerate(rows, start=1):
                lineage = {"row_id": f"{table}:{number}", "source_id": "erp", "snapshot_sha256": "ab" * 32}
                insert(connection, table, {**lineage, "record_no": number, **row})
    return run


def insert(connection: Any, table: str, row: Mapping[str, Any]) -> None:
    columns = ", ".join(quote_identifier(column) for column in row)
    marks = ", ".join("?" for _ in row)
    connection.execute(f"INSERT INTO canonical.{quote_identifier(table)} ({columns}) VALUES ({marks})", [*row.values()])


def suppliers_of(run: Run, references: list[str]) -> list[str]:
    with connect(run.home.warehouse, read_only=True) as connection:
        rows = connection.execute("SELECT supplier_ref, supplier_id FROM matching.supplier_entity").fetchall()
    ids = dict(rows)
    return [ids[reference] for reference in references]


@pytest.fixture(scope="module")
def matched(forked_builds: None, tmp_path_factory: pytest.TempPathFactory) -> Run:
    spelled = [
        {"supplier_ref": f"erp:P{number:02d}", "name": name, **PLACE} for number, name in enumerate(SPELLINGS, start=1)
    ]
    twins = {"name": "Rupsha Traders", "country_code": "BD", "locality": "Khulna", "address": "12 Clay Road, Khulna"}
    namesakes = [
        {**twins, "supplier_ref": "erp:T1", "tax_number": "300000000011"},
        {**twins, "supplier_ref": "erp:T2", "tax_number": "300000000022"},
    ]
    judged = [
        {"supplier_ref": f"erp:J{letter}", "name": f"Judged {letter} Mills", "country_code": "BD"} for letter in "abc"
    ]
    decided = {"subject": "supplier", "decided_on": date(2026, 3, 1), "role": "reviewer", "reason": "seen"}
    verdicts = [
        {**decided, "supplier_ref": "erp:Ja", "other_supplier_ref": "erp:Jb", "verdict": "confirmed"},
        {**decided, "supplier_ref": "erp:Jb", "other_supplier_ref": "erp:Jc", "verdict": "confirmed"},
        {**decided, "supplier_ref": "erp:Ja", "other_supplier_ref": "erp:Jc", "verdict": "rejected"},
        {**decided, "supplier_ref": "erp:O001", "other_supplier_ref": "erp:O002", "verdict": "confirmed",
         "decided_on": date(2026, 4, 2)},
    ]  # fmt: skip
    run = run_on(
        tmp_path_factory.mktemp("matching") / "home",
        {"supplier": [*spelled, *namesakes, *judged, *others(150)], "match_verdict": verdicts},
    )
    prepare(run)
    match(run)
    return run


def test_one_company_with_thirty_spellings_is_one_supplier(matched: Run) -> None:
    ids = suppliers_of(matched, [f"erp:P{number:02d}" for number in range(1, len(SPELLINGS) + 1)])

    assert len(ids) == 30
    assert len(set(ids)) == 1


def test_two_companies_with_one_name_at_one_address_stay_two_where_identifiers_differ(matched: Run) -> None:
    one, other = suppliers_of(matched, ["erp:T1", "erp:T2"])

    assert one != other


def test_nobody_else_is_joined(matched: Run) -> None:
    ids = suppliers_of(matched, [row["supplier_ref"] for row in others(150)])

    assert len(set(ids)) == 150


def test_a_verdict_contradiction_is_in_the_outcome_of_the_step_and_in_its_table(matched: Run) -> None:
    (told,) = matched.read_outcome("match")["contradictions"]

    assert told.startswith("erp:Ja is not erp:Jc (reviewer, 2026-03-01), but erp:Ja is erp:Jb")
    with connect(matched.home.warehouse, read_only=True) as connection:
        rows = connection.execute("SELECT left_ref, right_ref, path FROM matching.verdict_contradiction").fetchall()
    assert rows == [("erp:Ja", "erp:Jc", ["erp:Ja", "erp:Jb", "erp:Jc"])]


def test_what_is_not_joined_waits_in_the_queue_and_each_joined_reference_says_why(matched: Run) -> None:
    transform(matched)

    with connect(matched.home.warehouse, read_only=True) as connection:
        waiting = connection.execute(
            "SELECT supplier_ref, other_supplier_ref FROM marts.match_queue WHERE supplier_ref = 'erp:T1'"
        ).fetchall()
        unexplained = connection.execute(
            "SELECT count(*) FROM intermediate.int_entities_resolved"
            " WHERE (matched_by = 'reference') <> (len(explanation) = 0)"
        ).fetchone()
    assert waiting == [("erp:T1", "erp:T2")]
    assert unexplained == (0,)
