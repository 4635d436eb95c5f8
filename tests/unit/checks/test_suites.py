"""Suites follow from declarations and contracts; every file of ingest/expectations fits the table it is about."""

from datetime import date
from pathlib import Path

import duckdb
import pytest
import yaml

from ingest.checks.suites import EXPECTATIONS, canonical_suite, load_suite, raw_suite, read_declared
from ingest.contracts import CONTRACTS, LEDGERS
from ingest.spec import SOURCES, load_spec
from tierline.errors import ConfigError
from tierline.warehouse import connect

AS_OF = date(2026, 8, 1)
DECLARED = sorted(path.stem for path in EXPECTATIONS.glob("*.yml"))
SOURCE_IDS = sorted(path.parent.name for path in SOURCES.glob("*/source.yml"))


def test_every_canonical_table_from_sources_has_a_file() -> None:
    assert sorted({*CONTRACTS, "source_load"} - {"survey_class", "survey_quality", "survey_rate"}) == DECLARED


@pytest.mark.parametrize("table", DECLARED)
def test_every_file_fits_its_table(table: str) -> None:
    """Its columns exist, and its SQL runs, on an empty table of the contract."""
    suite = load_suite("x", AS_OF) if table == "source_load" else canonical_suite(CONTRACTS[table], "x", AS_OF)
    with connect() as connection:
        connection.execute("CREATE SCHEMA canonical; CREATE SCHEMA ingest; SET VARIABLE checked_source = 'x'")
        for contract in (*CONTRACTS.values(), *LEDGERS):
            connection.execute(contract.ddl())
        connection.execute(f"CREATE VIEW checked AS {suite.query}")
        columns = {row[0] for row in connection.execute("DESCRIBE checked").fetchall()}
        for expectation in suite.expectations:
            named = {expectation.column, *columns_of(dict(expectation.arguments))} - {None}
            assert named <= columns, expectation.text
            if expectation.kind == "UnexpectedRowsExpectation":
                sql = str(expectation.arguments["unexpected_rows_query"]).format(batch="checked")
                assert connection.execute(sql).fetchall() == []
    assert yaml.safe_load((EXPECTATIONS / f"{table}.yml").read_text(encoding="utf-8"))["table"] == table


def columns_of(arguments: dict[str, object]) -> set[object]:
    listed = arguments.get("column_list", [])
    assert isinstance(listed, list)
    return {arguments.get("column"), arguments.get("column_A"), arguments.get("column_B"), *listed}


@pytest.mark.parametrize("source_id", SOURCE_IDS)
def test_every_declared_source_has_a_suite_whose_query_runs(source_id: str) -> None:
    spec = load_spec(source_id)
    columns = [*spec.columns, *spec.optional_columns] if spec.is_tabular else ["record"]
    suite = raw_suite(spec, "the source", columns)
    assert suite.expectations[0].kind == "ExpectTableRowCountToBeBetween"
    with connect() as connection:
        quoted = ", ".join(f'"{column}" VARCHAR' for column in columns)
        connection.execute(f'CREATE SCHEMA raw; CREATE TABLE raw."the source" ({quoted})')
        for name, value in suite.variables.items():
            connection.execute(f"SET VARIABLE {name} = ?", [value])
        assert [row[0] for row in connection.execute(f"DESCRIBE {suite.query}").fetchall()] == columns


@pytest.mark.parametrize(
    ("name", "valid"),
    [
        ("São Tomé Águas Ltda", True),
        ("Ülker Šećerana", True),
        ("FranÃ§aise", False),
        ("Dâ€™Angelo", False),
        ("M\ufffdller", False),
    ],
)
def test_marks_of_a_wrong_encoding(name: str, valid: bool) -> None:
    query = next(
        str(one.arguments["unexpected_rows_query"])
        for one in read_declared("supplier", AS_OF)
        if "wrong encoding" in one.text
    )
    with connect() as connection:
        connection.execute("CREATE TABLE checked AS SELECT ? AS name", [name])
        found = connection.execute(query.format(batch="checked")).fetchall()
    assert found == ([] if valid else [(1,)])


def test_the_day_of_the_run_reaches_the_arguments() -> None:
    limits = {one.arguments.get("max_value") for one in read_declared("award", AS_OF)}
    assert AS_OF in limits


@pytest.mark.parametrize(
    "text",
    [
        "table: award\nexpectations: []\n",
        "table: award\nexpectations: [{expects: x, kind: ExpectNothing, severity: stop}]\n",
        "table: award\nexpectations: [{expects: x, kind: ExpectColumnToExist, severity: bad}]\n",
        "table: [\n",
    ],
)
def test_a_wrong_file_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "award.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"award\.yml"):
        read_declared("award", AS_OF, tmp_path)


def test_the_loading_account_adds_up_files() -> None:
    suite = load_suite("x", AS_OF)
    with connect() as connection:
        make_account(connection, [(10, 8, 2), (10, 10, 0), (1, 0, 0)])
        connection.execute("SET VARIABLE checked_source = 'x'")
        fates = connection.execute(f"SELECT fate, count(*) FROM ({suite.query}) GROUP BY fate ORDER BY fate").fetchall()
    assert fates == [("loaded", 18), ("lost", 1), ("quarantined", 2)]


def test_records_that_were_never_read_are_seen() -> None:
    suite = load_suite("x", AS_OF)
    with connect() as connection:
        make_account(connection, [(3, 3, 1)])
        connection.execute("SET VARIABLE checked_source = 'x'")
        fates = connection.execute(f"SELECT fate, count(*) FROM ({suite.query}) GROUP BY fate ORDER BY fate").fetchall()
    assert fates == [("loaded", 3), ("never read", 1)]


def test_repeats_are_a_fate_of_their_own_and_no_part_of_the_shares() -> None:
    suite = load_suite("x", AS_OF)
    with connect() as connection:
        make_account(connection, [(10, 3, 7)])
        connection.execute("UPDATE ingest.source_load SET repeated_count = 6")
        connection.execute("SET VARIABLE checked_source = 'x'")
        fates = connection.execute(
            f"SELECT fate, fate_unless_repeated, count(*) FROM ({suite.query}) GROUP BY ALL ORDER BY fate"
        ).fetchall()
    assert fates == [("loaded", "loaded", 3), ("quarantined", "quarantined", 1), ("repeated", None, 6)]


def make_account(connection: duckdb.DuckDBPyConnection, counts: list[tuple[int, int, int]]) -> None:
    connection.execute("CREATE SCHEMA ingest")
    for contract in LEDGERS:
        connection.execute(contract.ddl())
    for read, loaded, quarantined in counts:
        connection.execute(
            """
            INSERT INTO ingest.source_load
                (source_name, declared_id, snapshot_sha256, read_count, loaded_count, quarantined_count, status)
            VALUES ('x', 'x', '0', ?, ?, ?, 'loaded')
            """,
            [read, loaded, quarantined],
        )
