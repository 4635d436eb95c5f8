"""SQL of the texts of raw records: the cell of a declared column, cleaned, and as names of countries are compared."""

import re
from collections.abc import Sequence
from typing import Any

from ingest.json_path import json_path
from ingest.mapping_statement import Statement
from ingest.readers.headings import names_of, same_heading
from ingest.spec import SourceSpec
from tierline.warehouse import quote_identifier

BLANKS = " \t\r\n\v\f\u00a0\ufeff"
"""The characters that may stand around a text without being part of it."""


def key_texts(spec: SourceSpec, columns: Sequence[str], statement: Statement, *, is_tidy: bool = False) -> list[str]:
    """Gives the SQL of each part of a record's key over the raw table; tidy cells have no outer blanks."""
    return [
        cleaned(column_sql(spec, part, columns), spec, statement, is_tidy=is_tidy)
        if spec.is_tabular
        else cleaned(f"json_extract_string(record, {statement.bind(json_path(part))})", spec, statement)
        for part in spec.key
    ]


def column_sql(spec: SourceSpec, column: str, columns: Sequence[str]) -> str:
    """Gives the SQL of a declared column over the raw table: the first of its names that has a value, or NULL."""
    present = {same_heading(name): name for name in columns}
    found = [present[same_heading(name)] for name in names_of(spec, column) if same_heading(name) in present]
    names = ", ".join(quote_identifier(name) for name in dict.fromkeys(found))
    return f"coalesce({names})" if names else "CAST(NULL AS VARCHAR)"


def cleaned(text: str, spec: SourceSpec, statement: Statement, *, is_tidy: bool = False) -> str:
    """Gives the SQL of a text without outer blanks, NULL where it means that nothing is known.

    A text that is tidy has no outer blanks.
    """
    nulls = null_texts(spec)
    if is_tidy:
        known = " AND ".join(f"{text} <> {statement.bind(value)}" for value in ("", *nulls))
        return f"CASE WHEN {known} THEN {text} END"
    # trimming characters beyond ASCII costs more than all the rest, and few texts need it
    ends_in_blank = " OR ".join(f"suffix({text}, {statement.bind(blank)})" for blank in BLANKS)
    is_known = "".join(f" AND {text} <> {statement.bind(value)}" for value in nulls)
    is_clean = f"{text} >= '!' AND {text} < chr(127) AND NOT ({ends_in_blank}){is_known}"
    trimmed = f"nullif(trim({text}, {statement.bind(BLANKS)}), '')"
    if nulls:
        trimmed = f"CASE WHEN list_contains({statement.bind(nulls)}, {trimmed}) THEN NULL ELSE {trimmed} END"
    return f"CASE WHEN {is_clean} THEN {text} WHEN {text} IS NOT NULL THEN {trimmed} END"


def null_texts(spec: SourceSpec) -> list[str]:
    """Gives the texts other than the blank that mean in a source that nothing is known."""
    return [value.strip(BLANKS) for value in spec.null_values if value.strip(BLANKS)]


def country_key(text: str) -> str:
    """Gives the SQL of the form in which names of countries are compared."""
    return f"trim(regexp_replace(lower(strip_accents(replace({text}, '&', ' and '))), '[^a-z0-9]+', ' ', 'g'))"


def constant_text(value: Any) -> str:
    """Gives a constant of a declaration as the text that stands there."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def any_of(separators: Sequence[str]) -> str:
    """Gives the regular expression of any of the separators."""
    return "|".join(re.escape(separator) for separator in separators)
