"""Landed files → one raw table, all text, one row a record; what cannot be read → the temporary table `faulty`."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from ingest.document_paths import document_paths
from ingest.landing import LandedFile
from ingest.readers.incoming import NO_REJECTED
from ingest.readers.json_records import reject_what_is_no_record
from ingest.readers.plain_records import PlainRecords, plain_records
from ingest.readers.reading import read_file
from ingest.spec import SourceSpec
from ingest.stores import raw_columns_of
from ingest.unpacking import ExpansionLimit
from tierline.warehouse import quote_identifier, quote_text

_FAULTY = (
    "CREATE OR REPLACE TEMP TABLE faulty (snapshot_sha256 VARCHAR, record_no BIGINT, reason_code VARCHAR, "
    "reason VARCHAR, remedy VARCHAR, original_text VARCHAR)"
)
_DOCUMENTS = "CREATE OR REPLACE TEMP TABLE document_text (_snapshot_sha256 VARCHAR PRIMARY KEY, x_document VARCHAR[])"


class RawLoader:
    """Makes the raw table of one source, file by file; `is_tidy` says that no cell begins or ends with a blank.

    What all rows have in common is kept once: source and run, and the hash of the file where `only_file` is all there
    is. Writing the same text into every row would take a fifth of the time.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        source_name: str,
        spec: SourceSpec,
        *,
        table: str,
        run_id: str,
        work: Path,
        limit: ExpansionLimit,
        only_file: LandedFile | None = None,
    ) -> None:
        self._connection = connection
        self._spec = spec
        self._table = table
        self._work = work
        self._limit = limit
        self.is_tidy = True
        self._file_is_stored = only_file is None
        connection.execute(_FAULTY)
        connection.execute(_DOCUMENTS)
        connection.execute(
            f"CREATE TABLE {self._table} ("
            f"_source_id {_text_of_all_rows(source_name)}, "
            f"_snapshot_sha256 {_text_of_all_rows(only_file.sha256) if only_file else 'VARCHAR'}, "
            f"_record_no BIGINT, _run_id {_text_of_all_rows(run_id)})"
        )

    def take(self, file: LandedFile, path: Path) -> int:
        """Reads one landed file; gives how many records it has, those that are faulty included.

        Raises FetchError or ContractError where the file as a whole cannot be read.
        """
        with TemporaryDirectory(dir=self._work) as folder:
            plain = plain_records(path, file.name, self._spec, work=Path(folder), limit=self._limit)
            if plain is not None and self._take_plain(file, plain):
                return plain.count
        with TemporaryDirectory(dir=self._work) as folder:
            columns = read_file(self._connection, path, file.name, self._spec, work=Path(folder), limit=self._limit)
        self._take_incoming(file, columns)
        if document_paths(self._spec):
            self._connection.execute(
                "INSERT OR IGNORE INTO document_text SELECT $snapshot, x_document FROM incoming_document",
                {"snapshot": file.sha256},
            )
        self.is_tidy = False
        return self._count("SELECT (SELECT count(*) FROM incoming) + (SELECT count(*) FROM rejected)")

    def _take_plain(self, file: LandedFile, plain: PlainRecords) -> bool:
        """Lets DuckDB read the file into raw; gives whether it saw as many records as there are, else takes none."""
        self._add_columns(plain.columns)
        self._insert(file, plain.columns, plain.relation, plain.parameters)
        first, last = self._rows_without_number()
        if last - first + 1 != plain.count:
            self._connection.execute(f"DELETE FROM {self._table} WHERE _record_no IS NULL")
            return False
        # numbering while reading would take one core; rows are stored in the order of the file
        self._connection.execute(
            f"UPDATE {self._table} SET _record_no = rowid - CAST($first AS BIGINT) + 1 WHERE _record_no IS NULL",
            {"first": first},
        )
        self.is_tidy = self.is_tidy and plain.is_tidy
        if not self._spec.is_tabular:
            self._connection.execute(NO_REJECTED)
            reject_what_is_no_record(
                self._connection, self._table, snapshot=file.sha256, most_brackets=plain.most_brackets
            )
            self._take_rejected(file)
        return True

    def _rows_without_number(self) -> tuple[int, int]:
        row = self._connection.execute(
            f"SELECT min(rowid), max(rowid) FROM {self._table} WHERE _record_no IS NULL HAVING count(*) > 0"
        ).fetchone()
        return (int(row[0]), int(row[1])) if row else (0, -1)

    def _take_incoming(self, file: LandedFile, columns: list[str]) -> None:
        self._add_columns(columns)
        self._insert(file, ["_record_no", *columns], "incoming", {})
        self._take_rejected(file)

    def _insert(self, file: LandedFile, columns: list[str], relation: str, parameters: dict[str, Any]) -> None:
        names = ", ".join(quote_identifier(name) for name in columns)
        stored, values = ("", "")
        if self._file_is_stored:
            stored, values, parameters = "_snapshot_sha256, ", "$snapshot, ", {"snapshot": file.sha256, **parameters}
        self._connection.execute(
            f"INSERT INTO {self._table} ({stored}{names}) SELECT {values}{names} FROM {relation}", parameters
        )

    def _take_rejected(self, file: LandedFile) -> None:
        self._connection.execute(
            "INSERT INTO faulty SELECT $snapshot, record_no, reason_code, reason, remedy, original_text FROM rejected",
            {"snapshot": file.sha256},
        )

    def _add_columns(self, columns: list[str]) -> None:
        present = {name.casefold() for name in raw_columns_of(self._connection, self._table)}
        # whole records are too long for a dictionary, which takes twice as long and ten times the room
        storage = "" if self._spec.is_tabular else " USING COMPRESSION zstd"
        for name in columns:
            if name.casefold() not in present:
                column = f"{quote_identifier(name)} VARCHAR{storage}"
                self._connection.execute(f"ALTER TABLE {self._table} ADD COLUMN {column}")

    def _count(self, query: str) -> int:
        row = self._connection.execute(query).fetchone()
        return int(row[0]) if row else 0


def _text_of_all_rows(text: str) -> str:
    return f"VARCHAR GENERATED ALWAYS AS ({quote_text(text)}) VIRTUAL"
