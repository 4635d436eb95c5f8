"""`tierline match`: the queue in its order, and a verdict by id or by references that lands in the ledger."""

import csv
from pathlib import Path

import pytest

from tests.unit.command_line import CommandLine, command_line
from tierline.errors import ConfigError
from tierline.warehouse import connect

__all__ = ["command_line"]

ROLE = ("--role", "reviewer", "--reason", "seen")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    database = tmp_path / "home" / "published" / "current" / "warehouse.duckdb"
    with connect(database) as connection:
        connection.execute("""
            CREATE TABLE match_queue AS SELECT * FROM (VALUES
                ('Q1', 2, 'supplier', 'S1', 'erp:V1', 'Alfa', 'S2', 'erp:V2', NULL, NULL, 'Alpha', 6.5, 'name alike',
                    NULL, false, false, 10.0),
                ('M1', 1, 'list_entry', 'S1', 'erp:V1', 'Alfa\x1b[2J', NULL, NULL, 'wro', 'cbp:1', 'Alfa', 7.0, NULL,
                    'A01', true, false, NULL),
                ('M2', 3, 'list_entry', 'S3', NULL, 'natural person, source erp, record 1', NULL, NULL, 'wro', 'cbp:2',
                    'Alfa', 7.0, NULL, 'A01', true, true, NULL)
            ) AS rows (queue_id, queue_rank, kind, supplier_id, supplier_ref, supplier_name, other_supplier_id,
                other_supplier_ref, list_name, entry_ref, other_name, match_weight, explanation, feeds_indicator,
                could_gate, is_unsure, spend);
            CREATE TABLE fct_list_match (match_id VARCHAR, supplier_id VARCHAR, list_name VARCHAR, entry_ref VARCHAR);
            CREATE TABLE dim_supplier AS SELECT * FROM (VALUES ('S1', false, 'BD'), ('S2', false, 'IN'))
                AS rows (supplier_id, is_natural_person, country_code);
            CREATE TABLE dim_list_entry AS SELECT 'wro' AS list_name, 'cbp:1' AS entry_ref, 'CN' AS country_code;
            CREATE TABLE dim_supplier_record AS SELECT * FROM (VALUES ('S1', 'erp:V1'), ('S1', 'erp:V2'))
                AS rows (supplier_id, supplier_ref);
            CREATE TABLE supplier_pair AS SELECT 'erp:V1' AS left_ref, 'erp:V2' AS right_ref;
        """)
    path = tmp_path / "tierline.yml"
    path.write_text("home: home\nsources: [{id: erp_vendor_master, path: vendors.csv}]\n", encoding="utf-8")
    return path


def told(call: CommandLine, config: Path, *words: str) -> str:
    code, output = call("match", *words, "--config", str(config))
    assert code == 0, output
    return output


def ledger(config: Path) -> list[dict[str, str]]:
    text = (config.parent / "home" / "verdicts" / "match_ledger.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_the_queue_comes_in_its_order_and_cannot_command_the_terminal(command_line: CommandLine, config: Path) -> None:
    shown = told(command_line, config, "queue")

    assert shown.index("M1") < shown.index("Q1") < shown.index("M2")
    assert "could decide a band, feeds A01" in shown
    assert "BD, erp:V1  =?  CN, cbp:1" in shown
    assert "BD, erp:V1  =?  IN, erp:V2" in shown
    assert "\x1b" not in shown
    assert "1 of 1 wait" in told(command_line, config, "queue", "--kind", "supplier")


def test_a_verdict_names_what_the_id_stands_for(command_line: CommandLine, config: Path) -> None:
    told(command_line, config, "confirm", "M1", *ROLE)
    told(command_line, config, "reject", "Q1", *ROLE)
    told(command_line, config, "unsure", "erp:V2", "erp:V1", *ROLE)

    rows = [
        (
            row["supplier_ref"],
            row["other_supplier_ref"],
            row["list_name"],
            row["entry_ref"],
            row["verdict"],
            row["role"],
        )
        for row in ledger(config)
    ]
    assert rows == [
        ("erp:V1", "", "wro", "cbp:1", "confirmed", "reviewer"),
        ("erp:V1", "erp:V2", "", "", "rejected", "reviewer"),
        ("erp:V1", "erp:V2", "", "", "unsure", "reviewer"),
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("confirm", "Q9"), "nothing in the publication"),
        (("confirm", "M2"), "natural person"),
        (("confirm", "erp:V1", "erp:V9"), "erp:V9"),
        (("confirm", "erp:V1", "erp:V1"), "compared with itself"),
    ],
)
def test_a_verdict_on_nothing_nobody_or_a_person_is_refused(
    command_line: CommandLine, config: Path, words: tuple[str, ...], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        told(command_line, config, *words, *ROLE)

    assert not (config.parent / "home" / "verdicts").exists()


def test_a_verdict_that_later_runs_would_not_know_yet_says_so(command_line: CommandLine, config: Path) -> None:
    assert "--as-of" not in told(command_line, config, "confirm", "M1", *ROLE)

    config.write_text(config.read_text(encoding="utf-8") + "as_of: 2020-01-01\n", encoding="utf-8")

    assert "The configuration speaks for 2020-01-01" in told(command_line, config, "reject", "M1", *ROLE)


def test_a_verdict_needs_role_and_reason(command_line: CommandLine, config: Path) -> None:
    code, _ = command_line("match", "confirm", "M1", "--config", str(config))

    assert code == 2
