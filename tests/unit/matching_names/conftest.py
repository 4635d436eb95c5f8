"""The models that key names, rendered from the dbt project as it stands and run on rows of a test, without dbt."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import jinja2
import pytest
import yaml

from matching.transliteration import write_latin_spellings
from tierline.run import PROJECT
from tierline.warehouse import open_connection

DBT = PROJECT / "dbt_project"
KeyNames = Callable[..., duckdb.DuckDBPyConnection]


@pytest.fixture
def key_names() -> KeyNames:
    """Gives a function from names, and legal forms that a list adds, to a connection with `int_name_keys` filled."""
    return _key_names


def _key_names(names: Sequence[str], listed_forms: Sequence[dict[str, object]] = ()) -> duckdb.DuckDBPyConnection:
    connection = open_connection()
    connection.execute("CREATE SCHEMA canonical")
    connection.execute("CREATE TABLE canonical.supplier (name VARCHAR, aliases VARCHAR[], is_natural_person BOOLEAN)")
    connection.execute(
        "CREATE TABLE canonical.legal_form (name VARCHAR, name_transliterated VARCHAR, abbreviations VARCHAR[],"
        " abbreviations_transliterated VARCHAR[])"
    )
    for name in names:
        connection.execute("INSERT INTO canonical.supplier VALUES ($name, [], false)", {"name": name})
    for form in listed_forms:
        connection.execute(
            "INSERT INTO canonical.legal_form BY NAME SELECT $name AS name, $short AS abbreviations", form
        )
    write_latin_spellings(connection)
    for seed in ("legal_form", "name_abbreviation", "name_word_share"):
        _load_seed(connection, seed)
    connection.execute(_INPUTS)
    for model in ("int_legal_forms", "int_name_keys"):
        connection.execute(f"CREATE TABLE {model} AS {_rendered(model)}")
    return connection


_INPUTS = """
    CREATE TABLE stg_legal_form AS
        SELECT name AS form_name, name_transliterated AS form_name_latin, abbreviations,
            abbreviations_transliterated AS abbreviations_latin
        FROM canonical.legal_form;
    CREATE TABLE int_supplier_records AS SELECT name AS supplier_name, aliases FROM canonical.supplier;
    CREATE TABLE stg_list_entry (entry_name VARCHAR, aliases VARCHAR[], entry_kind VARCHAR);
    CREATE TABLE int_list_entry_names (spelling VARCHAR);
"""


def _load_seed(connection: duckdb.DuckDBPyConnection, seed: str) -> None:
    (path,) = DBT.glob(f"seeds/*/{seed}.csv")
    connection.execute(f"CREATE TABLE {seed} AS SELECT * FROM read_csv($path)", {"path": str(path)})


def _rendered(model: str) -> str:
    (path,) = DBT.glob(f"models/*/{model}.sql")
    macros = "".join((DBT / "macros" / file).read_text(encoding="utf-8") for file in ("engine.sql", "names.sql"))
    variables = yaml.safe_load((DBT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    template = jinja2.Environment(autoescape=False, extensions=["jinja2.ext.do"]).from_string(  # noqa: S701 (SQL, not HTML)
        macros + path.read_text(encoding="utf-8")
    )
    return template.render(
        ref=lambda name: name,
        source=lambda schema, table: f"{schema}.{table}",
        var=variables.__getitem__,
        config=lambda **_: "",
    )


def seed_rows(seed: str) -> list[dict[str, str]]:
    """Gives the rows of a seed."""
    (path,) = DBT.glob(f"seeds/*/{seed}.csv")
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
