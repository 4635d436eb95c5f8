from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import duckdb
import pytest

from tierline.warehouse import connect

Supplier = Mapping[str, Any]
_PLAIN = ("country_code", "region", "locality", "address", "lei", "tax_number", "company_number")


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(memory_limit="500MB") as opened:
        yield opened


def write_suppliers(connection: duckdb.DuckDBPyConnection, suppliers: Sequence[Supplier]) -> None:
    """Writes what the prepare step writes, for suppliers told as dictionaries: ref, names, place and numbers."""
    connection.execute(
        """
        CREATE SCHEMA IF NOT EXISTS intermediate; CREATE SCHEMA IF NOT EXISTS staging;
        CREATE OR REPLACE TABLE intermediate.int_supplier_records (supplier_ref VARCHAR, country_code VARCHAR,
            region VARCHAR, locality VARCHAR, address VARCHAR, lei VARCHAR, tax_number VARCHAR, company_number VARCHAR,
            is_natural_person BOOLEAN);
        CREATE OR REPLACE TABLE intermediate.int_supplier_names_normalised
            (supplier_ref VARCHAR, name_key VARCHAR, is_alias BOOLEAN);
        CREATE OR REPLACE TABLE intermediate.int_supplier_identifiers
            (supplier_ref VARCHAR, method VARCHAR, link_key VARCHAR);
        CREATE OR REPLACE TABLE staging.stg_facility (supplier_ref VARCHAR, latitude DOUBLE, longitude DOUBLE);
        """
    )
    for supplier in suppliers:
        _write_supplier(connection, supplier)
    connection.execute(
        """
        CREATE OR REPLACE TABLE intermediate.int_name_keys AS
        WITH worded AS (
            SELECT DISTINCT name_key, string_split(name_key, ' ') AS words
            FROM intermediate.int_supplier_names_normalised
        )
        SELECT name_key, {'words': words, 'weights': list_transform(words, lambda word: 1.0), 'kind': 'any'}
            AS name_feature
        FROM worded
        """
    )


def pairs(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], bool]:
    """Gives whether each kept pair is automatic."""
    rows = connection.execute("SELECT left_ref, right_ref, is_automatic FROM matching.supplier_pair").fetchall()
    return {(left, right): is_automatic for left, right, is_automatic in rows}


def pair_table(connection: duckdb.DuckDBPyConnection) -> list[Any]:
    """Gives all rows of the table by their key; the order in which they are stored tells nothing."""
    return connection.execute("FROM matching.supplier_pair ORDER BY left_ref, right_ref").fetchall()


def _write_supplier(connection: duckdb.DuckDBPyConnection, supplier: Supplier) -> None:
    ref = supplier["ref"]
    connection.execute(
        "INSERT INTO intermediate.int_supplier_records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [ref, *(supplier.get(name) for name in _PLAIN), supplier.get("is_natural_person", False)],
    )
    for place, name in enumerate(supplier["names"]):
        connection.execute(
            "INSERT INTO intermediate.int_supplier_names_normalised VALUES (?, ?, ?)", [ref, name, place > 0]
        )
    for method in ("lei", "tax_number"):
        if supplier.get(method) and not supplier.get("numbers_fail"):
            country = "" if method == "lei" else f"{supplier['country_code']} "
            connection.execute(
                "INSERT INTO intermediate.int_supplier_identifiers VALUES (?, ?, ?)",
                [ref, method, f"{method} {country}{supplier[method]}"],
            )
    if "latitude" in supplier:
        connection.execute(
            "INSERT INTO staging.stg_facility VALUES (?, ?, ?)", [ref, supplier["latitude"], supplier["longitude"]]
        )
