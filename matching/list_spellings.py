"""Writes `matching.listed_name`: the names in those texts of lists that hold more than one, or a name and a remark."""

import duckdb
import polars as pl

from matching.list_names import MARKED, NAME, ListedName, names_in
from matching.tables import replace_rows, transaction

# A natural person's name is read by nobody, and a good from somewhere names no company.
_TEXTS = """
    WITH entries AS (
        SELECT name, aliases, note FROM canonical.list_entry
        WHERE coalesce(entry_kind, 'unknown') NOT IN ('person', 'good')
    )
    SELECT DISTINCT "text", is_note FROM (
        SELECT name AS "text", false AS is_note FROM entries
        UNION ALL SELECT unnest(aliases), false FROM entries
        UNION ALL SELECT note, true FROM entries
    ) WHERE regexp_matches("text", $marked) ORDER BY "text", is_note
"""
_SCHEMA = {"text": pl.String, "is_note": pl.Boolean, "spelling": pl.String, "name_role": pl.String}


def write_listed_names(connection: duckdb.DuckDBPyConnection) -> int:
    """Replaces `matching.listed_name` whole; gives its number of rows.

    One row a text (a name, an alias or a note of `canonical.list_entry`) and name found in it. Texts that are one name
    and nothing else are not there.
    """
    texts = connection.execute(_TEXTS, {"marked": MARKED}).fetchall()
    rows = [
        (text, is_note, name.spelling, name.role)
        for text, is_note in texts
        if (names := names_in(text, is_note=is_note)) != [ListedName(text, NAME)]
        for name in names
    ]
    connection.register("new_listed_name", pl.DataFrame(rows, schema=_SCHEMA, orient="row").to_arrow())
    with transaction(connection):
        replace_rows(connection, "listed_name", "new_listed_name")
    connection.unregister("new_listed_name")
    return len(rows)
