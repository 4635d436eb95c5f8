"""Records with the key of another: one of them is loaded, the others go to quarantine."""

from collections.abc import Sequence

import duckdb

from ingest.landing import LandedFile
from ingest.mapping_statement import Statement
from ingest.quarantine import DUPLICATE_KEY, IDENTICAL_REPEAT, SUPERSEDED, Fault
from ingest.readers.incoming import KEPT_TEXT_CHARACTERS
from ingest.spec import SourceSpec
from ingest.stores import raw_columns_of, whole_text_of_row
from ingest.text_sql import key_texts


def find_repeated_keys(connection: duckdb.DuckDBPyConnection, *, spec: SourceSpec, table: str, is_tidy: bool) -> bool:
    """Makes the temporary table `repeated_key` of the hashes that several keys of the raw table have.

    Gives whether there are any. A tidy table has no cell that begins or ends with a blank.
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE repeated_key (key_hash UBIGINT)")
    if not spec.key:
        return False
    statement = Statement()
    parts = ", ".join(key_texts(spec, raw_columns_of(connection, table), statement, is_tidy=is_tidy))
    connection.execute(
        f"INSERT INTO repeated_key SELECT hash({parts}) AS key_hash FROM {table} AS loaded "
        "GROUP BY key_hash HAVING count(*) > 1",
        statement.parameters,
    )
    return connection.execute("SELECT 1 FROM repeated_key LIMIT 1").fetchone() is not None


def quarantine_duplicates(
    connection: duckdb.DuckDBPyConnection, *, spec: SourceSpec, table: str, files: Sequence[LandedFile]
) -> None:
    """Adds to `faulty` all records of the raw table that share a key with the one that is kept.

    Reads the table `repeated_key`: most keys are there once, and only the others are compared.

    A record that says the same in every cell is an identical repeat. One that differs is superseded where the
    declaration keeps the last, and a conflict where it keeps the first. Of a restricted source all count as the latter:
    that somebody answered twice alike tells an answer to who knows the other. Records that are faulty already neither
    count nor are kept; a record whose whole key is blank has none. The reason names the record that is kept.
    """
    if not spec.key:
        return
    statement, columns = Statement(), raw_columns_of(connection, table)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE duplicate AS {_duplicates(spec, table, columns, files, statement)}",
        statement.parameters,
    )
    differing = SUPERSEDED if spec.key_keeps == "last" else DUPLICATE_KEY
    connection.execute(
        f"""
        INSERT INTO faulty
        WITH wanted AS (
            SELECT sha256, record_no FROM duplicate UNION SELECT kept_sha256, kept_record_no FROM duplicate
        ), worded AS (
            SELECT wanted.sha256, wanted.record_no, {whole_text_of_row(spec, columns)} AS content
            FROM {table} AS loaded
            JOIN wanted ON wanted.sha256 = loaded._snapshot_sha256 AND wanted.record_no = loaded._record_no
        ), compared AS (
            SELECT duplicate.*, worded.content, worded.content = kept.content AS is_identical
            FROM duplicate
            JOIN worded ON worded.sha256 = duplicate.sha256 AND worded.record_no = duplicate.record_no
            JOIN worded AS kept ON kept.sha256 = duplicate.kept_sha256 AND kept.record_no = duplicate.kept_record_no
        )
        SELECT sha256, record_no, CASE WHEN is_identical THEN $same_code ELSE $other_code END,
            CASE WHEN is_identical THEN $same_reason ELSE $other_reason END
                || $key || ' as record ' || kept_record_no || ' of ' || kept_file
                || CASE WHEN $is_restricted THEN '' WHEN is_identical THEN ' and is identical'
                    ELSE ' and differs elsewhere' END,
            CASE WHEN is_identical THEN $same_remedy ELSE $other_remedy END, left(content, $longest)
        FROM compared
        """,
        {
            **_worded("same", differing if spec.is_restricted else IDENTICAL_REPEAT),
            **_worded("other", differing),
            "is_restricted": spec.is_restricted,
            "key": ", ".join(spec.key),
            "longest": KEPT_TEXT_CHARACTERS,
        },
    )


def _worded(prefix: str, fault: Fault) -> dict[str, str]:
    return {f"{prefix}_code": fault.code, f"{prefix}_reason": fault.reason, f"{prefix}_remedy": fault.remedy}


def _duplicates(
    spec: SourceSpec, table: str, columns: Sequence[str], files: Sequence[LandedFile], statement: Statement
) -> str:
    texts = key_texts(spec, columns, statement)
    parts = ", ".join(texts)
    listed = ", ".join(f"{text} AS key_{number}" for number, text in enumerate(texts))
    names = ", ".join(f"key_{number}" for number in range(len(texts)))
    hashes = statement.bind([file.sha256 for file in files])
    file_names = statement.bind([file.name for file in files])
    direction = "DESC" if spec.key_keeps == "last" else "ASC"
    return f"""
        WITH keyed AS (
            SELECT _snapshot_sha256, _record_no, list_position({hashes}, _snapshot_sha256) AS file_no, {listed}
            FROM {table} AS loaded
            ANTI JOIN faulty
                ON faulty.snapshot_sha256 = loaded._snapshot_sha256 AND faulty.record_no = loaded._record_no
            WHERE hash({parts}) IN (SELECT key_hash FROM repeated_key)
        )
        SELECT _snapshot_sha256 AS sha256, _record_no AS record_no,
            first_value(_snapshot_sha256) OVER same_key AS kept_sha256,
            first_value(_record_no) OVER same_key AS kept_record_no,
            list_extract({file_names}, first_value(file_no) OVER same_key) AS kept_file
        FROM keyed
        WHERE coalesce({names}, NULL) IS NOT NULL
        WINDOW same_key AS (PARTITION BY {names} ORDER BY file_no {direction}, _record_no {direction})
        QUALIFY row_number() OVER same_key > 1
    """
