"""What earlier publications knew of matches with lists, so that only a hit that is new raises an alarm."""

import json
from datetime import date
from pathlib import Path

import duckdb

from matching.tables import replace_rows, transaction

_MATCHES, _REFERENCES = "fct_list_match", "dim_supplier_record"
_NEEDED = {"supplier_id", "entry_id", "first_known_on", "match_status", "list_status", "is_new"}

# A match is told by the references of its supplier, because suppliers merge and split; that of a natural person, whose
# references stay with their source, by the id of the supplier alone.
_KNOWN = """
    CREATE OR REPLACE TEMP TABLE new_known_list_match AS
    SELECT matches.supplier_id, "references".supplier_ref, matches.entry_id, matches.first_known_on,
        matches.match_status <> 'past' AND matches.list_status <> 'ended' AS was_hit,
        matches.is_new AND $is_same_day AS is_still_new
    FROM read_parquet($matches) AS matches
    LEFT JOIN (SELECT DISTINCT supplier_id, supplier_ref FROM read_parquet($references)) AS "references"
        ON matches.supplier_id = "references".supplier_id
    ORDER BY ALL
"""
_NOTHING_KNOWN = """
    CREATE OR REPLACE TEMP TABLE new_known_list_match AS SELECT * FROM matching.known_list_match WHERE false
"""
_SCREENED_ON = (
    "CREATE OR REPLACE TEMP TABLE new_earlier_screening AS SELECT unnest(CAST($days AS DATE[])) AS screened_on"
)


def write_known_matches(connection: duckdb.DuckDBPyConnection, publication: Path | None, *, as_of: date) -> int:
    """Replaces `matching.known_list_match` and `matching.earlier_screening` by what a publication knew; gives its rows.

    Without a publication, or with one of a version that kept no such history, both are empty: with nothing to compare
    with, no hit is new. A publication of the run's own day hands on what was new on that day, so that running again
    changes nothing.
    """
    screened_on = None if publication is None else _screened_on(connection, publication)
    with transaction(connection):
        if publication is None or screened_on is None:
            connection.execute(_NOTHING_KNOWN)
        else:
            connection.execute(
                _KNOWN,
                {
                    "matches": str(_table(publication, _MATCHES)),
                    "references": str(_table(publication, _REFERENCES)),
                    "is_same_day": screened_on == as_of,
                },
            )
        connection.execute(_SCREENED_ON, {"days": [] if screened_on is None else [screened_on]})
        for name in ("known_list_match", "earlier_screening"):
            replace_rows(connection, name, f"new_{name}")
            connection.execute(f"DROP TABLE new_{name}")
    return int(connection.execute("SELECT count(*) FROM matching.known_list_match").fetchall()[0][0])


def _screened_on(connection: duckdb.DuckDBPyConnection, publication: Path) -> date | None:
    """Gives the day that a publication speaks for, or None where it kept no history of matches."""
    matches = _table(publication, _MATCHES)
    if not matches.is_file() or not _table(publication, _REFERENCES).is_file():
        return None
    columns = connection.execute("SELECT name FROM parquet_schema(?)", [str(matches)]).fetchall()
    if _NEEDED - {name for (name,) in columns}:
        return None
    manifest = json.loads((publication / "manifest.json").read_text(encoding="utf-8"))
    return date.fromisoformat(manifest["as_of"])


def _table(publication: Path, name: str) -> Path:
    return publication / "parquet" / f"{name}.parquet"
