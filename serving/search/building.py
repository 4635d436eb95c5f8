"""Builds the index of a publication from its Parquet files; it is made once, beside them, and never changed."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from serving.manifest import FILE_NAME
from serving.search import files
from serving.search.spelling import MOST_WORDS, LegalForm, Spelling
from tierline.files import json_bytes, sha256_of_file
from tierline.log import get_logger
from tierline.warehouse import connect

_LOG = get_logger(__name__)
MOST_LETTERS: Final = 240
"""So many letters of a key are searched for; hostile sources write names of ten thousand."""
RARE_SHARE: Final = 0.00001
"""A word that at most this share of names have tells them apart fully, as in matching (rare_name_word_share)."""
_HEAP_BYTES: Final = 500_000_000

# A person's name is not published, and what stands in its place is no name to be found by.
_NAMES = """
SELECT names.supplier_id, suppliers.name AS current_name, names.name, names.kind, names.name_key AS key,
    suppliers.country_code, suppliers.sector_label AS sector
FROM ({names}) AS names JOIN dim_supplier AS suppliers USING (supplier_id)
WHERE names.name_key <> ''
ORDER BY names.supplier_id, names.kind, names.name
"""
_FORMER_NAMES = """
SELECT changes.supplier_id, former.name, 'former name' AS kind
FROM entity_change AS changes JOIN dim_supplier AS suppliers USING (supplier_id),
    LATERAL (SELECT changes.reason[5:len(changes.reason) - len(', is ' || suppliers.name)] AS name) AS former
WHERE changes.kind = 'rename' AND changes.reason = 'was ' || former.name || ', is ' || suppliers.name
"""
_NAMES_OF_OLD = """
SELECT DISTINCT ON (supplier_id, name) supplier_id, name, kind FROM (
    SELECT supplier_id, name, 'name' AS kind FROM dim_supplier WHERE NOT is_natural_person
    UNION ALL SELECT supplier_id, records.name, 'other name'
    FROM dim_supplier_record AS records JOIN dim_supplier AS suppliers USING (supplier_id) WHERE NOT is_natural_person
) ORDER BY supplier_id, name, kind
"""
_IDENTIFIERS = """
SELECT supplier_id, 'supplier id' AS scheme, supplier_id AS identifier FROM dim_supplier
UNION SELECT supplier_id, 'reference', supplier_ref FROM dim_supplier_record WHERE supplier_ref <> row_id
UNION SELECT supplier_id, 'reference', substr(supplier_ref, strpos(supplier_ref, ':') + 1) FROM dim_supplier_record
    WHERE supplier_ref <> row_id
"""
_PUBLISHED_IDENTIFIERS = """
UNION SELECT supplier_id, scheme, unnest([number, concat_ws('-', before, number)]) FROM (
    SELECT supplier_id,
        CASE method WHEN 'other_identifier' THEN split_part(told, ':', 1) ELSE method END AS scheme,
        CASE method WHEN 'other_identifier' THEN split_part(told, ':', 1)
            WHEN 'tax_number' THEN left(told, 2) WHEN 'company_number' THEN left(told, 2) END AS before,
        CASE method WHEN 'other_identifier' THEN substr(told, strpos(told, ':') + 1)
            WHEN 'tax_number' THEN substr(told, 4) WHEN 'company_number' THEN substr(told, 4) ELSE told END AS number
    FROM (SELECT *, substr(link_key, length(method) + 2) AS told FROM dim_supplier_identifier)
)
"""

_KEYED = """
SELECT regexp_replace(upper(identifier), '[^A-Z0-9]', '', 'g') AS key, scheme, supplier_id,
    min(identifier) AS identifier, any_value(suppliers.name) AS name, any_value(suppliers.country_code) AS country_code,
    any_value(suppliers.sector_label) AS sector
FROM ({identifiers}) JOIN dim_supplier AS suppliers USING (supplier_id)
GROUP BY key, scheme, supplier_id HAVING length(key) >= 2 ORDER BY key, scheme, supplier_id
"""
_UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}()（）]+"
_WEIGHTS = "SELECT word, least(log2(share) / log2($rare), 1.0) FROM name_word_share WHERE share < 1"
_READ = (
    "dim_supplier", "dim_supplier_record", "dim_supplier_name", "dim_supplier_identifier", "entity_change",
    "legal_form", "legal_form_key", "name_abbreviation", "name_word_share",
)  # fmt: skip


def build_index(publication: Path, folder: Path) -> None:
    """Builds the index of a publication in a folder that must not exist; the publication is only read.

    Raises TierlineError where the Parquet files cannot be read.
    """
    folder.mkdir(parents=True)
    with connect() as connection:
        known = _open_tables(connection, publication)
        spelling = _spelling(connection, known)
        names = _names(connection, known, spelling)
        identifiers = _identifiers(connection, known)
        row = connection.execute("SELECT count(*), list_sort(list(DISTINCT country_code)) FROM dim_supplier").fetchone()
    _write_names(folder, names)
    _write_identifiers(folder, identifiers)
    (folder / files.SPELLING).write_bytes(json_bytes(spelling_values(spelling)))
    (folder / files.CONTENTS).write_bytes(
        json_bytes(
            {
                "layout": files.LAYOUT,
                "manifest_sha256": sha256_of_file(publication / FILE_NAME),
                "suppliers": row[0] if row else 0,
                "countries": (row[1] if row else None) or [],
                "names": names.num_rows,
                "identifiers": identifiers.num_rows,
            }
        )
    )
    _LOG.info("indexed %d names and %d identifiers for the search", names.num_rows, identifiers.num_rows)


def spelling_values(spelling: Spelling) -> dict[str, Any]:
    """Gives a spelling as plain values; `spelling_of` is the way back."""
    return {
        "forms": {key: [form.may_lead, form.has_words] for key, form in sorted(spelling.forms.items())},
        "words_by_abbreviation": dict(sorted(spelling.words_by_abbreviation.items())),
        "unspaced_forms": sorted(spelling.unspaced_forms),
        "weights": dict(sorted(spelling.weights.items())),
    }


def spelling_of(values: dict[str, Any]) -> Spelling:
    """Gives the spelling that plain values stand for."""
    return Spelling(
        {key: LegalForm(may_lead, has_words) for key, (may_lead, has_words) in values["forms"].items()},
        values["words_by_abbreviation"],
        values["unspaced_forms"],
        values["weights"],
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
    if "legal_form_key" not in known:
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
    return connection.execute(_NAMES.format(names=" UNION ALL ".join(parts))).to_arrow_table()


def _with_keys(connection: duckdb.DuckDBPyConnection, query: str, spelling: Spelling, name: str) -> str:
    """Gives a query for the names of another one with keys made here: for the few names that come without."""
    table = connection.execute(query).to_arrow_table()
    keys = pa.array([spelling.key(spelled) for spelled in table["name"].to_pylist()], pa.string())
    connection.register(name, table.append_column("name_key", keys))
    return f"SELECT supplier_id, name, kind, name_key FROM {name}"


def _identifiers(connection: duckdb.DuckDBPyConnection, known: set[str]) -> pa.Table:
    query = _IDENTIFIERS + (_PUBLISHED_IDENTIFIERS if "dim_supplier_identifier" in known else "")
    return connection.execute(_KEYED.format(identifiers=query)).to_arrow_table()


def _write_names(folder: Path, names: pa.Table) -> None:
    import tantivy

    texts = [files.pieces_text(_searched(key)) for key in names["key"].to_pylist()]
    countries = [country or files.ANY_COUNTRY for country in names["country_code"].to_pylist()]
    documents = (
        tantivy.Document(row=row, pieces=text, country=country)
        for row, (text, country) in enumerate(zip(texts, countries, strict=True))
    )
    index = _empty_index(folder / files.NAMES, files.names_schema())
    files.register_pieces(index)
    _fill(index, documents)
    _write_table(folder / f"{files.NAMES}.arrow", names)


def _write_identifiers(folder: Path, identifiers: pa.Table) -> None:
    import tantivy

    documents = (tantivy.Document(row=row, identifier=key) for row, key in enumerate(identifiers["key"].to_pylist()))
    _fill(_empty_index(folder / files.IDENTIFIERS, files.identifiers_schema()), documents)
    _write_table(folder / f"{files.IDENTIFIERS}.arrow", identifiers)


def _searched(key: str) -> str:
    return " ".join(key.split()[:MOST_WORDS])[:MOST_LETTERS]


def _empty_index(folder: Path, schema: Any) -> Any:
    import tantivy

    folder.mkdir()
    return tantivy.Index(schema, path=str(folder))


def _fill(index: Any, documents: Iterable[Any]) -> None:
    # one thread, so that the same rows stand in the same order
    writer = index.writer(_HEAP_BYTES, 1)
    for document in documents:
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def _write_table(path: Path, table: pa.Table) -> None:
    whole = table.combine_chunks()
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, whole.schema) as writer:
        writer.write_table(whole, max_chunksize=max(1, whole.num_rows))
