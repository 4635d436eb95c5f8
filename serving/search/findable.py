"""What the suppliers of a publication are found by: names, identifiers, and how names are spelled."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from serving.search.spelling import LegalForm, Spelling
from tierline.log import get_logger
from tierline.warehouse import connect

_LOG = get_logger(__name__)
RARE_SHARE: Final = 0.00001
"""A word that at most this share of names have tells them apart fully, as in matching (rare_name_word_share)."""

_SUPPLIERS = """
CREATE TEMP TABLE found_supplier AS
SELECT CAST(row_number() OVER (ORDER BY supplier_id) - 1 AS INTEGER) AS place, supplier_id, name, country_code,
    sector_label AS sector
FROM dim_supplier
"""
# Names of a country stand together, so that a question about one country walks past all others.
_NAMES = """
SELECT place AS supplier, names.name, names.kind, names.name_key AS key, country_code
FROM ({names}) AS names JOIN found_supplier USING (supplier_id)
WHERE names.name_key <> ''
ORDER BY country_code NULLS FIRST, place, names.kind, names.name
"""
_FORMER_NAMES = """
SELECT changes.supplier_id, former.name, 'former name' AS kind
FROM entity_change AS changes JOIN dim_supplier AS suppliers USING (supplier_id),
    LATERAL (SELECT changes.reason[5:len(changes.reason) - len(', is ' || suppliers.name)] AS name) AS former
WHERE changes.kind = 'rename' AND changes.reason = 'was ' || former.name || ', is ' || suppliers.name
"""
# What stands in place of a person's name is no name to be found by.
_NAMES_OF_OLD = """
SELECT DISTINCT ON (supplier_id, name) supplier_id, name, kind FROM (
    SELECT supplier_id, name, 'name' AS kind FROM dim_supplier WHERE NOT is_natural_person
    UNION ALL SELECT supplier_id, records.name, 'other name'
    FROM dim_supplier_record AS records JOIN dim_supplier AS suppliers USING (supplier_id) WHERE NOT is_natural_person
) ORDER BY supplier_id, name, kind
"""
# One row an identifier, with all that may be typed for it: a number alone, or after its country or register.
_IDENTIFIERS = """
SELECT supplier_id, 'supplier id' AS scheme, supplier_id AS identifier, [supplier_id] AS typed FROM dim_supplier
UNION ALL SELECT DISTINCT supplier_id, 'reference', substr(supplier_ref, strpos(supplier_ref, ':') + 1),
    [supplier_ref, substr(supplier_ref, strpos(supplier_ref, ':') + 1)]
FROM dim_supplier_record WHERE supplier_ref <> row_id
"""
_PUBLISHED_IDENTIFIERS = """
UNION ALL SELECT supplier_id, scheme,
    concat_ws(CASE method WHEN 'other_identifier' THEN '-' ELSE ' ' END, before, number),
    [number, concat(before, number)]
FROM (
    SELECT supplier_id, method,
        CASE method WHEN 'other_identifier' THEN split_part(told, ':', 1) ELSE method END AS scheme,
        CASE method WHEN 'other_identifier' THEN split_part(told, ':', 1)
            WHEN 'tax_number' THEN left(told, 2) WHEN 'company_number' THEN left(told, 2) END AS before,
        CASE method WHEN 'other_identifier' THEN substr(told, strpos(told, ':') + 1)
            WHEN 'tax_number' THEN substr(told, 4) WHEN 'company_number' THEN substr(told, 4) ELSE told END AS number
    FROM (SELECT *, substr(link_key, length(method) + 2) AS told FROM dim_supplier_identifier)
)
"""
_KEYED = """
SELECT place AS supplier, scheme, identifier, list_sort(list_distinct(list_filter(
    list_transform(typed, lambda one: regexp_replace(upper(one), '[^A-Z0-9]', '', 'g')), lambda one: length(one) >= 2
))) AS keys
FROM ({identifiers}) JOIN found_supplier USING (supplier_id)
ORDER BY place, scheme, identifier
"""
_UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}()（）]+"
_WEIGHTS = "SELECT word, least(log2(share) / log2($rare), 1.0) FROM name_word_share WHERE share < 1"
_READ = (
    "dim_supplier", "dim_supplier_record", "dim_supplier_name", "dim_supplier_identifier", "entity_change",
    "legal_form", "legal_form_key", "name_abbreviation", "name_word_share",
)  # fmt: skip


@dataclass(frozen=True)
class Findable:
    """Suppliers, one a row in the order of their ids; names and identifiers, whose `supplier` is the row of theirs."""

    suppliers: pa.Table
    """supplier_id, name, country_code, sector."""
    names: pa.Table
    """supplier, name, kind, key, country_code; in the order of countries, those of none first."""
    identifiers: pa.Table
    """supplier, scheme, identifier, keys: all that may be typed for it."""
    spelling: Spelling


def findable(publication: Path) -> Findable:
    """Reads what the suppliers of a publication are found by; raises TierlineError where it cannot be read.

    Publications made before there was a search tell fewer names and no identifiers but their references.
    """
    with connect() as connection:
        known = _open_tables(connection, publication)
        spelling = _spelling(connection, known)
        connection.execute(_SUPPLIERS)
        return Findable(
            _table(connection, "SELECT * EXCLUDE (place) FROM found_supplier ORDER BY place"),
            _names(connection, known, spelling),
            _identifiers(connection, known),
            spelling,
        )


def _open_tables(connection: duckdb.DuckDBPyConnection, publication: Path) -> set[str]:
    """Makes the tables that are read known by their names; gives those that the publication has."""
    known = set()
    for table in _READ:
        path = publication / "parquet" / f"{table}.parquet"
        if path.is_file():
            connection.read_parquet(str(path)).create_view(table)
            known.add(table)
    return known


def _spelling(connection: duckdb.DuckDBPyConnection, known: set[str]) -> Spelling:
    if not known >= {"legal_form", "legal_form_key", "name_abbreviation", "name_word_share"}:
        _LOG.info("this publication does not tell its legal forms: names are searched with theirs")
        return Spelling()
    forms = connection.execute("SELECT form_key, may_lead, has_words FROM legal_form_key").fetchall()
    unspaced = connection.execute(
        "SELECT form FROM legal_form WHERE length(form) > 1 AND regexp_full_match(form, $script)",
        {"script": _UNSPACED},
    ).fetchall()
    return Spelling(
        {key: LegalForm(may_lead, has_words) for key, may_lead, has_words in forms},
        dict(connection.execute("SELECT abbreviation, word FROM name_abbreviation").fetchall()),
        [form for (form,) in unspaced],
        dict(connection.execute(_WEIGHTS, {"rare": RARE_SHARE}).fetchall()),
    )


def _names(connection: duckdb.DuckDBPyConnection, known: set[str], spelling: Spelling) -> pa.Table:
    parts = [_with_keys(connection, _FORMER_NAMES, spelling, "former")]
    if "dim_supplier_name" in known:
        parts.append("SELECT supplier_id, name, kind, name_key FROM dim_supplier_name")
    else:
        parts.append(_with_keys(connection, _NAMES_OF_OLD, spelling, "old"))
    return _table(connection, _NAMES.format(names=" UNION ALL ".join(parts)))


def _with_keys(connection: duckdb.DuckDBPyConnection, query: str, spelling: Spelling, name: str) -> str:
    """Gives a query for the names of another one with keys made here: for the few names that come without."""
    table = _table(connection, query)
    keys = pa.array([spelling.key(spelled) for spelled in table["name"].to_pylist()], pa.string())
    connection.register(name, table.append_column("name_key", keys))
    return f"SELECT supplier_id, name, kind, name_key FROM {name}"


def _identifiers(connection: duckdb.DuckDBPyConnection, known: set[str]) -> pa.Table:
    query = _IDENTIFIERS + (_PUBLISHED_IDENTIFIERS if "dim_supplier_identifier" in known else "")
    return _table(connection, _KEYED.format(identifiers=query))


def _table(connection: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    return connection.execute(query).to_arrow_table()
