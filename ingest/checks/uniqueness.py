"""Uniqueness at scale: counting equal keys row by row takes minutes for millions of rows; hashes find the few first."""

from typing import Any

from ingest.checks.suites import Expectation
from tierline.warehouse import quote_identifier


def unique_columns(expectation: Expectation) -> tuple[str, ...]:
    """Gives the columns whose values together an expectation wants to be there once; none if it wants another thing."""
    if expectation.kind == "ExpectColumnValuesToBeUnique":
        return (str(expectation.arguments["column"]),)
    if expectation.kind == "ExpectCompoundColumnsToBeUnique":
        return tuple(expectation.arguments["column_list"])
    return ()


def repeated_rows(expectation: Expectation) -> dict[str, Any]:
    """Gives the arguments of an UnexpectedRowsExpectation that finds what an expectation of uniqueness finds.

    Rows in which all the columns are blank are passed over. What it selects holds no value of the data.
    """
    names = ", ".join(_escaped(name) for name in unique_columns(expectation))
    keyed = f"(SELECT {names}, hash({names}) AS _key_hash FROM {{batch}} WHERE {is_given(expectation, escaped=True)})"
    return {
        "unexpected_rows_query": f"SELECT 1 AS repeated FROM {keyed} WHERE _key_hash IN "
        f"(SELECT _key_hash FROM {keyed} GROUP BY _key_hash HAVING count(*) > 1) "
        f"QUALIFY count(*) OVER (PARTITION BY {names}) > 1",
        "description": expectation.text,
    }


def is_given(expectation: Expectation, *, escaped: bool = False) -> str:
    """Gives the SQL of whether a row has a key at all; `escaped` for a text in which braces mean something."""
    quote = _escaped if escaped else quote_identifier
    return "(" + " OR ".join(f"{quote(name)} IS NOT NULL" for name in unique_columns(expectation)) + ")"


def _escaped(name: str) -> str:
    return quote_identifier(name).replace("{", "{{").replace("}", "}}")
