"""One door to all readers."""

from pathlib import Path

import duckdb

from ingest.readers.delimited import read_delimited
from ingest.readers.html_table import read_html_tables
from ingest.readers.json_records import read_json_document, read_json_lines
from ingest.readers.parquet_file import read_parquet_file
from ingest.readers.spreadsheet import read_spreadsheet
from ingest.readers.text_file import open_text
from ingest.spec import SourceSpec
from ingest.unpacking import ExpansionLimit

_TEXT_READERS = {"csv": read_delimited, "jsonl": read_json_lines, "json": read_json_document, "html": read_html_tables}


def read_file(
    connection: duckdb.DuckDBPyConnection, path: Path, name: str, spec: SourceSpec, *, work: Path, limit: ExpansionLimit
) -> list[str]:
    """Fills the temporary tables `incoming` and `rejected` from one landed file; gives the columns of `incoming`.

    Every record is in exactly one of them, numbered from 1 in the order of the file. `work` is an empty folder for
    temporary files, `name` the file's name for messages. Raises FetchError or ContractError where the file as a whole
    cannot be read.
    """
    if spec.format.kind == "xlsx":
        return read_spreadsheet(connection, path, name, spec)
    if spec.format.kind == "parquet":
        return read_parquet_file(connection, path, name, spec, work=work, limit=limit)
    return _TEXT_READERS[spec.format.kind](connection, open_text(path, name, spec.format, work, limit), spec)
