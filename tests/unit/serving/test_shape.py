"""Published tables say what their columns mean and keep out what these may not hold."""

from pathlib import Path

import pytest

from serving.descriptions import ColumnText, TableText, described_tables
from serving.shape import column_texts, create_statement, key_statement
from serving.steps import publish
from serving.tables import COPIED, PublishedTable
from tierline.errors import PublishError
from tierline.run import PROJECT, Run
from tierline.warehouse import connect

TABLE = PublishedTable("small", "One row a thing.", ("thing_id",), ("thing_id", "kind"), "marts.small")
TEXTS = {
    "thing_id": ColumnText("thing_id", "Id of the thing.", is_required=True),
    "kind": ColumnText("kind", "Kind.", allowed=("a", "it's b"), refers_to="kinds.kind"),
}


def ask(run: Run, query: str) -> list[tuple[str, ...]]:
    with connect(run.home.published / "current" / "warehouse.duckdb", read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_every_published_table_and_column_says_what_it_is(run: Run) -> None:
    publish(run)

    assert ask(run, "SELECT table_name FROM duckdb_tables() WHERE coalesce(comment, '') = ''") == []
    silent = "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND coalesce(comment, '') = ''"
    assert ask(run, silent) == []


def test_tables_that_do_not_grow_with_facts_declare_their_key(run: Run) -> None:
    publish(run)

    keyed = "SELECT table_name FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'"
    found = {name for (name,) in ask(run, keyed)}
    assert {"dim_supplier", "dim_facility", "dim_list_entry", "supplier_score", "site_score", "indicator"} <= found
    assert found.isdisjoint(table.name for table in COPIED if table.grows_with_facts)


def test_a_value_that_must_be_there_and_is_not_stops_the_publication(run: Run) -> None:
    with connect(run.home.warehouse) as connection:
        connection.execute("UPDATE scores.supplier_score SET band = NULL")

    with pytest.raises(PublishError, match=r"scores.supplier_score breaks .* NOT NULL .* supplier_score.band"):
        publish(run)
    assert not (run.home.published / "current").exists()


def test_a_column_that_nobody_describes_is_not_published(tmp_path: Path) -> None:
    said = {"marts.small": TableText("One row a thing.", {"thing_id": TEXTS["thing_id"]})}

    with pytest.raises(PublishError, match="nobody describes what is published as small: kind"):
        column_texts(TABLE, said)
    with pytest.raises(PublishError, match="describes no table"):
        described_tables(tmp_path)


def test_words_of_the_project_become_constraints() -> None:
    statement = create_statement(TABLE, {"thing_id": "VARCHAR", "kind": "VARCHAR"}, TEXTS)

    assert statement == (
        'CREATE TABLE "small" ("thing_id" VARCHAR NOT NULL, "kind" VARCHAR CHECK ("kind" IN (\'a\', \'it\'\'s b\')))'
    )
    assert key_statement(TABLE, TEXTS) == 'ALTER TABLE "small" ADD PRIMARY KEY ("thing_id")'
    assert key_statement(TABLE, {**TEXTS, "thing_id": ColumnText("thing_id", "Id.")}) is None


def test_references_between_published_tables_lead_to_a_key() -> None:
    described = described_tables(PROJECT)
    published = {table.name: table for table in COPIED}
    for table in COPIED:
        for name, text in column_texts(table, described).items():
            if text.refers_to:
                target, column = text.refers_to.split(".")
                assert target not in published or column in published[target].columns, (table.name, name)
