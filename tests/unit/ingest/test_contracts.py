"""Contracts, tables and document say the same."""

from ingest.contracts import CANONICAL, CONTRACTS, LEDGERS, WORKER_TABLES
from ingest.contracts_document import DOCUMENT, contracts_document
from ingest.stores import OPEN_TABLES, make_tables
from tierline.run import PROJECT
from tierline.warehouse import connect


def test_the_document_is_what_the_contracts_give() -> None:
    written = (PROJECT / DOCUMENT).read_text(encoding="utf-8")

    assert written == contracts_document(), "run `make docs`"


def test_the_tables_have_the_fields_of_their_contracts() -> None:
    with connect() as connection:
        make_tables(connection, OPEN_TABLES)
        for contract in OPEN_TABLES:
            described = connection.execute(f"DESCRIBE {contract.qualified_name}").fetchall()

            assert [(name, kind, null == "NO") for name, kind, null, *_ in described] == [
                (field.name, field.sql_type, field.required) for field in contract.all_fields
            ]


def test_answers_of_workers_have_no_table_in_the_open_store() -> None:
    assert not set(WORKER_TABLES) & set(OPEN_TABLES)


def test_a_table_of_an_older_layout_is_made_anew_and_everything_loaded_again() -> None:
    with connect() as connection:
        make_tables(connection, OPEN_TABLES)
        connection.execute("ALTER TABLE canonical.award DROP COLUMN currency")
        connection.execute(
            "INSERT INTO ingest.source_load (source_name, declared_id, snapshot_sha256, read_count, loaded_count, "
            "quarantined_count, status) VALUES ('a', 'a', '', 0, 0, 0, 'loaded')"
        )

        make_tables(connection, OPEN_TABLES)

        assert "currency" in [row[0] for row in connection.execute("DESCRIBE canonical.award").fetchall()]
        assert connection.execute("SELECT count(*) FROM ingest.source_load").fetchone() == (0,)


def test_every_field_says_what_it_means() -> None:
    for contract in (*CANONICAL, *LEDGERS, *WORKER_TABLES):
        assert contract.grain
        assert all(field.description.endswith(".") for field in contract.fields), contract.table
        assert len(set(contract.field_names)) == len(contract.field_names)
    assert set(CONTRACTS) >= {"supplier", "facility", "award", "audit_finding", "list_entry", "survey_answer"}
