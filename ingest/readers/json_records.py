"""JSON: one record a line, or records inside a document; each becomes its text in the column `record`."""

import json
import re
from collections.abc import Iterator
from typing import IO

import duckdb

from ingest.document_paths import document_paths
from ingest.json_path import json_path
from ingest.quarantine import (
    BROKEN_JSON,
    NESTED_TOO_DEEP,
    NO_OBJECT,
    NUL_CHARACTER,
    RECORD_TOO_LONG,
    WRONG_ENCODING,
    Fault,
)
from ingest.readers.incoming import (
    KEPT_TEXT_CHARACTERS,
    RECORD_COLUMN,
    IncomingWriter,
    Rejected,
    require_text,
    start_tables,
)
from ingest.readers.text_file import TextFile, likely_encoding
from ingest.spec import SourceSpec
from tierline.errors import ContractError

LONGEST_RECORD = 1 << 24
LARGEST_DOCUMENT = 1 << 29
DEEPEST_NESTING = 200
_BRACKETS_OUTSIDE_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[{]|[\]}]', re.DOTALL)
_BLANKS = " \t\r\n\ufeff"
_MAY_BE_DEEP = (
    f"2 * strlen({RECORD_COLUMN}) - strlen(replace({RECORD_COLUMN}, '[', '')) "
    f"- strlen(replace({RECORD_COLUMN}, '{{', '')) > {DEEPEST_NESTING}"
)


def read_json_lines(connection: duckdb.DuckDBPyConnection, file: TextFile, spec: SourceSpec) -> list[str]:
    """Fills `incoming` and `rejected` from a file with one JSON object a line; gives the columns of `incoming`.

    Blank lines are no records. Raises ContractError where the encoding is wrong.
    """
    start_tables(connection, [RECORD_COLUMN])
    _read_lines(connection, file, spec)
    reject_what_is_no_record(connection, "incoming")
    return [RECORD_COLUMN]


def read_json_document(connection: duckdb.DuckDBPyConnection, file: TextFile, spec: SourceSpec) -> list[str]:
    """Fills `incoming` and `rejected` from the records of a JSON document; gives the columns of `incoming`.

    What the document says once for all of them, at the paths of `document_paths`, goes to `incoming_document`.
    Raises ContractError where the document is broken, too large or has nothing at the declared path of records.
    """
    start_tables(connection, [RECORD_COLUMN])
    document = _document(file)
    row = connection.execute("SELECT json_valid($document)", {"document": document}).fetchone()
    if row is None or not row[0]:
        raise _broken_document(document, file.name)
    path = _path_of_records(connection, document, file.name, spec)
    items = "CAST(json_extract($document, $path) AS VARCHAR[])"
    connection.execute(
        "INSERT INTO incoming SELECT generate_subscripts(items, 1), unnest(items) FROM (SELECT "
        f"{items if path.endswith('[*]') else '[CAST(json_extract($document, $path) AS VARCHAR)]'} AS items)",
        {"document": document, "path": path},
    )
    if paths := document_paths(spec):
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE incoming_document AS "
            "SELECT json_extract_string($document, $paths) AS x_document",
            {"document": document, "paths": list(paths)},
        )
    reject_what_is_no_record(connection, "incoming")
    return [RECORD_COLUMN]


def nesting_depth(text: str) -> int:
    """Gives how deep arrays and objects of the JSON text are nested; brackets inside strings do not count."""
    depth = deepest = 0
    for token in _BRACKETS_OUTSIDE_TEXT.finditer(text):
        sign = token.group()[0]
        if sign in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "]}":
            depth -= 1
    return deepest


def _read_lines(connection: duckdb.DuckDBPyConnection, file: TextFile, spec: SourceSpec) -> None:
    writer = IncomingWriter(connection, [RECORD_COLUMN])
    record_no = undecodable = 0
    with file.open() as stream:
        for record_no, (line, fault) in enumerate(_lines(stream), start=1):
            if fault is None:
                writer.add(record_no, [line])
            else:
                undecodable += fault is WRONG_ENCODING
                writer.reject(Rejected(record_no, fault, line))
    writer.close()
    require_text(undecodable, record_no, file.name, spec.format.encoding, likely_encoding(file.path))


def _lines(stream: IO[str]) -> Iterator[tuple[str, Fault | None]]:
    for line, is_whole in _whole_lines(stream):
        text = line.strip(_BLANKS)
        if text:
            yield text, _fault_of_line(text) if is_whole else RECORD_TOO_LONG


def _whole_lines(stream: IO[str]) -> Iterator[tuple[str, bool]]:
    pieces: list[str] = []
    length = 0
    while piece := stream.readline(LONGEST_RECORD):
        length += len(piece)
        if length <= LONGEST_RECORD:
            pieces.append(piece)
        if piece.endswith("\n"):
            yield "".join(pieces), length <= LONGEST_RECORD
            pieces, length = [], 0
    if pieces:
        yield "".join(pieces), length <= LONGEST_RECORD


def _fault_of_line(line: str) -> Fault | None:
    if "\0" in line:
        return NUL_CHARACTER
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:
        return WRONG_ENCODING
    return None


def _document(file: TextFile) -> str:
    size = file.path.stat().st_size
    if size > LARGEST_DOCUMENT:
        raise ContractError(
            f"{file.name} is one JSON document of {size:,} bytes; the most is {LARGEST_DOCUMENT:,}",
            remedy="Use the publisher's JSON Lines form (one record a line), or split it.",
        )
    try:
        return file.path.read_text(encoding=file.codec)
    except UnicodeDecodeError:
        raise ContractError(
            f"{file.name} is not text in the declared encoding",
            remedy=f"The encoding is likely {likely_encoding(file.path)}: set format.encoding in the declaration.",
        ) from None


def _broken_document(document: str, name: str) -> ContractError:
    try:
        json.loads(document)
        where = ""
    except json.JSONDecodeError as error:
        is_cut = error.pos >= len(document.rstrip())
        where = f": it {'breaks off' if is_cut else 'is wrong'} at line {error.lineno}, column {error.colno}"
    except RecursionError:
        where = ": it is nested too deep"
    return ContractError(
        f"{name} is not valid JSON{where}", remedy="Fetch it again; it may have broken off on the way."
    )


def _path_of_records(connection: duckdb.DuckDBPyConnection, document: str, name: str, spec: SourceSpec) -> str:
    records = spec.format.records
    if records is None:
        row = connection.execute("SELECT json_type($document)", {"document": document}).fetchone()
        return "$[*]" if row is not None and row[0] == "ARRAY" else "$"
    path = json_path(records)
    array = path.removesuffix("[*]")
    row = connection.execute("SELECT json_exists($document, $path)", {"document": document, "path": array}).fetchone()
    if row is None or not row[0]:
        raise ContractError(
            f"{name} has nothing at {records}, where its records should be",
            remedy="Check that it is the whole file, and format.records of the declaration.",
        )
    return path


def reject_what_is_no_record(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    *,
    snapshot: str | None = None,
    most_brackets: int | None = None,
) -> None:
    """Moves records that are no usable JSON objects from the table to `rejected`; `snapshot` names one file's rows.

    `most_brackets` is the most that any of them opens, where that is known.
    """
    is_deep = "false" if most_brackets is not None and most_brackets <= DEEPEST_NESTING else _MAY_BE_DEEP
    rows = table if snapshot is None else f"(FROM {table} WHERE _snapshot_sha256 = $snapshot)"
    bound = {} if snapshot is None else {"snapshot": snapshot}
    faults = (BROKEN_JSON, NO_OBJECT, NUL_CHARACTER, NESTED_TOO_DEEP)
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE suspect AS
        SELECT _record_no, CASE
            WHEN NOT json_valid({RECORD_COLUMN}) THEN 1
            WHEN NOT starts_with({RECORD_COLUMN}, '{{')
                AND NOT starts_with(ltrim({RECORD_COLUMN}, $blanks), '{{') THEN 2
            WHEN contains({RECORD_COLUMN}, '\\u0000') THEN 3
            WHEN {is_deep} THEN 4
            ELSE 0
        END AS fault_no
        FROM {rows}
        WHERE fault_no > 0
        """,
        {"blanks": _BLANKS, **bound},
    )
    _forgive_what_is_wide_and_not_deep(connection, rows, bound)
    connection.execute(
        f"INSERT INTO rejected SELECT _record_no, $codes[fault_no], $reasons[fault_no], $remedies[fault_no], "
        f"left({RECORD_COLUMN}, $longest) FROM {rows} JOIN suspect USING (_record_no)",
        {
            "codes": [fault.code for fault in faults],
            "reasons": [fault.reason for fault in faults],
            "remedies": [fault.remedy for fault in faults],
            "longest": KEPT_TEXT_CHARACTERS,
            **bound,
        },
    )
    is_of_file = "" if snapshot is None else " AND _snapshot_sha256 = $snapshot"
    connection.execute(f"DELETE FROM {table} WHERE _record_no IN (SELECT _record_no FROM suspect){is_of_file}", bound)


def _forgive_what_is_wide_and_not_deep(connection: duckdb.DuckDBPyConnection, rows: str, bound: dict[str, str]) -> None:
    """Takes records off the suspects whose many brackets are side by side rather than inside each other."""
    if connection.execute("SELECT 1 FROM suspect WHERE fault_no = 4 LIMIT 1").fetchone() is None:
        return
    connection.create_function("nesting_depth", nesting_depth, ["VARCHAR"], "INTEGER")
    try:
        connection.execute(
            f"DELETE FROM suspect WHERE fault_no = 4 AND _record_no IN (SELECT _record_no FROM {rows} "
            f"JOIN suspect USING (_record_no) WHERE fault_no = 4 AND nesting_depth({RECORD_COLUMN}) <= $deepest)",
            {"deepest": DEEPEST_NESTING, **bound},
        )
    finally:
        connection.remove_function("nesting_depth")
