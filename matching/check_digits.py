"""Check digits of identifiers (python-stdnum): a number that fails them joins nothing by itself."""

import csv
from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from pathlib import Path

import duckdb
import polars as pl

from tierline.log import get_logger

_LOG = get_logger(__name__)
_SCHEMES = Path(__file__).parent / "check_digits.csv"
_METHODS = ("lei", "tax_number", "company_number")

# The same keys as those of intermediate.int_supplier_identifiers, so that these join.
_UNCHECKED = """
WITH told AS (
    {told}
),
keyed AS (
    SELECT DISTINCT
        method,
        CASE WHEN method = 'lei' THEN '' ELSE country_code END AS country_code,
        regexp_replace(upper(identifier), '[^A-Z0-9]', '', 'g') AS identifier
    FROM told
    WHERE identifier IS NOT NULL
)
SELECT
    method,
    country_code,
    identifier,
    method || ' ' || CASE WHEN method = 'lei' THEN '' ELSE country_code || ' ' END || identifier AS link_key
FROM keyed
WHERE country_code IS NOT NULL AND length(identifier) >= 4
"""


def write_identifier_checks(connection: duckdb.DuckDBPyConnection) -> int:
    """Writes matching.identifier_check(link_key, is_sound) from the canonical tables; gives the numbers that fail.

    One row a number of a kind whose check digits are known (check_digits.csv); of others nothing is said. Each number
    is checked once, however many records have it and however often it comes.
    """
    connection.execute("CREATE SCHEMA IF NOT EXISTS matching")
    connection.execute("CREATE TABLE IF NOT EXISTS matching.identifier_check (link_key VARCHAR, is_sound BOOLEAN)")
    told = " UNION ALL ".join(
        f"SELECT '{method}' AS method, country_code, {method} AS identifier FROM canonical.{table}"
        for table in ("supplier", "list_entry")
        for method in _METHODS
    )
    numbers = connection.execute(
        f"SELECT * FROM ({_UNCHECKED.format(told=told)}) ANTI JOIN matching.identifier_check USING (link_key)"
        " ORDER BY link_key"
    ).pl()
    checked = checked_numbers(numbers)
    connection.register("checked_number", checked.to_arrow())
    try:
        connection.execute("INSERT INTO matching.identifier_check SELECT link_key, is_sound FROM checked_number")
    finally:
        connection.unregister("checked_number")
    row = connection.execute("SELECT count(*) FROM matching.identifier_check WHERE NOT is_sound").fetchone()
    failing = int(row[0]) if row else 0
    if failing:
        _LOG.warning("%d identifiers fail their check digits and join nothing by themselves", failing)
    return failing


def checked_numbers(numbers: pl.DataFrame) -> pl.DataFrame:
    """Gives link_key and is_sound of the rows of (method, country_code, identifier, link_key) that can be checked."""
    verdicts = [
        is_sound(method, country, identifier)
        for method, country, identifier in numbers.select("method", "country_code", "identifier").iter_rows()
    ]
    judged = numbers.select("link_key").with_columns(pl.Series("is_sound", verdicts, dtype=pl.Boolean))
    return judged.filter(pl.col("is_sound").is_not_null())


def is_sound(method: str, country_code: str, identifier: str) -> bool | None:
    """Gives whether a number passes the check digits of its kind, None where its kind or its form is not known.

    Only check digits count against a number: one of another length or with other letters may be a number of another
    kind, of which nothing is known.
    """
    from stdnum.exceptions import InvalidChecksum, ValidationError

    failed = False
    for validate in _validators(method, country_code):
        try:
            validate(identifier)
        except InvalidChecksum:
            failed = True
        except ValidationError:
            continue
        else:
            return True
    return False if failed else None


@cache
def _validators(method: str, country_code: str) -> tuple[Callable[[str], str], ...]:
    return tuple(import_module(f"stdnum.{module}").validate for module in _modules().get((method, country_code), ()))


@cache
def _modules() -> dict[tuple[str, str], tuple[str, ...]]:
    with _SCHEMES.open(encoding="utf-8", newline="") as file:
        return {(row["method"], row["country_code"]): tuple(row["modules"].split()) for row in _rows(file)}


def _rows(file: Iterable[str]) -> Iterable[dict[str, str]]:
    return csv.DictReader(file)
