"""Spellings in Latin letters: what is written in another script, letter by letter, for the whole warehouse at once."""

import csv
import unicodedata
from pathlib import Path

import duckdb
import polars as pl

from matching.tables import replace_rows, transaction
from tierline.log import get_logger
from tierline.run import PROJECT
from tierline.warehouse import quote_identifier

_LOG = get_logger(__name__)
LEGAL_FORM_SEED = PROJECT / "dbt_project" / "seeds" / "crosswalks" / "legal_form.csv"

# Columns that names and places are compared by; of a natural person nothing is compared.
_SPELLED = {
    "canonical.supplier": (
        ("name", "aliases", "region", "locality", "address", "agent_name"),
        "NOT coalesce(is_natural_person, false)",
    ),
    "canonical.facility": (("name", "region", "locality", "address"), "true"),
    "canonical.list_entry": (
        ("name", "aliases", "region", "locality", "address"),
        "entry_kind IS DISTINCT FROM 'person'",
    ),
    "canonical.award": (("supplier_name",), "true"),
    "matching.listed_name": (("spelling",), "true"),
    "canonical.legal_form": (("name", "name_transliterated", "abbreviations", "abbreviations_transliterated"), "true"),
}
# A letter or digit beyond ASCII that stays so without its accents.
_FOREIGN = r"[^\P{L}A-Za-z]|[^\P{N}0-9]"
# Scripts that write words without blanks between them.
_UNSPACED = r"^[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}()（）]+$"


def write_latin_spellings(connection: duckdb.DuckDBPyConnection, *, legal_form_seed: Path = LEGAL_FORM_SEED) -> int:
    """Writes matching.latin_spelling(spelling, latin) anew in one transaction; gives its number of rows.

    One row a name, alias, place, address or legal form of the canonical tables, and legal form of the seed, that has
    letters or digits outside ASCII after its accents are stripped; all others are spelled in Latin as they stand.
    """
    spellings = _foreign_spellings(connection, _seed_forms(legal_form_seed))
    latin = latin_spellings(spellings, unspaced_words=_unspaced_forms(connection, legal_form_seed))
    table = pl.DataFrame({"spelling": spellings, "latin": latin})
    connection.register("new_latin_spelling", table.to_arrow())
    with transaction(connection):
        replace_rows(connection, "latin_spelling", "new_latin_spelling")
    connection.unregister("new_latin_spelling")
    _LOG.info("%d spellings in other scripts were put into Latin letters", len(table))
    return len(table)


def latin_spellings(spellings: pl.Series, *, unspaced_words: list[str] | None = None) -> pl.Series:
    """Gives each text in ASCII letters, by AnyAscii's table (one Latin spelling a letter, whatever the language).

    In scripts without blanks between words, the `unspaced_words` are set apart first, the longest that fits; they are
    the legal forms, which would otherwise melt into the name.
    """
    from anyascii import anyascii

    composed = spellings.str.normalize("NFC")
    words = sorted(unspaced_words or [], key=lambda word: (-len(word), word))
    if words:
        composed = composed.str.replace_many(words, [f" {word} " for word in words], leftmost=True)
    letters = sorted(set("".join(composed.drop_nulls())) - set(map(chr, range(128))))
    if letters:
        composed = composed.str.replace_many(letters, [anyascii(letter) for letter in letters])
    return composed.str.replace_all(r"\s+", " ").str.strip_chars().rename("latin")


def _foreign_spellings(connection: duckdb.DuckDBPyConnection, forms: list[str]) -> pl.Series:
    parts = [_select(connection, table, *spec) for table, spec in _SPELLED.items()]
    texts = " UNION ALL ".join([*filter(None, parts), "SELECT unnest(CAST($forms AS VARCHAR[])) AS spelling"])
    rows = connection.execute(
        f"SELECT DISTINCT spelling FROM ({texts})"
        " WHERE regexp_matches(strip_accents(spelling), $foreign) ORDER BY spelling",
        {"forms": forms, "foreign": _FOREIGN},
    )
    return pl.Series("spelling", rows.pl()["spelling"], dtype=pl.String)


def _select(connection: duckdb.DuckDBPyConnection, table: str, columns: tuple[str, ...], condition: str) -> str | None:
    """Gives the query for the spellings of a table, or None where it is not there."""
    schema, name = table.split(".")
    known = dict(
        connection.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = $schema AND table_name = $name",
            {"schema": schema, "name": name},
        ).fetchall()
    )
    wanted = [
        f"SELECT {f'unnest({quote_identifier(column)})' if known[column].endswith('[]') else quote_identifier(column)}"
        f" AS spelling FROM {quote_identifier(schema)}.{quote_identifier(name)} WHERE {condition}"
        for column in columns
        if column in known
    ]
    return " UNION ALL ".join(wanted) or None


def _unspaced_forms(connection: duckdb.DuckDBPyConnection, seed: Path) -> list[str]:
    parts = _select(connection, "canonical.legal_form", ("name", "abbreviations"), "true")
    texts = " UNION ALL ".join([*filter(None, [parts]), "SELECT unnest(CAST($forms AS VARCHAR[])) AS spelling"])
    rows = connection.execute(
        f"SELECT DISTINCT spelling FROM ({texts})"
        " WHERE regexp_matches(spelling, $unspaced) AND length(spelling) > 1 ORDER BY spelling",
        {"forms": _seed_forms(seed), "unspaced": _UNSPACED},
    ).fetchall()
    return [unicodedata.normalize("NFC", row[0]) for row in rows]


def _seed_forms(seed: Path) -> list[str]:
    with seed.open(encoding="utf-8", newline="") as file:
        return [row["form"] for row in csv.DictReader(file)]
