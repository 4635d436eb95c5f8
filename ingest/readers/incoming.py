"""The two temporary tables that every reader fills from one file: `incoming` records and `rejected` ones."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from ingest.quarantine import Fault
from tierline.errors import ContractError
from tierline.warehouse import quote_identifier

BATCH_ROWS = 20_000
KEPT_TEXT_CHARACTERS = 65_536
LINEAGE_COLUMNS = ("_source_id", "_snapshot_sha256", "_record_no", "_run_id")
RECORD_COLUMN = "record"
NO_REJECTED = (
    "CREATE OR REPLACE TEMP TABLE rejected "
    "(record_no BIGINT, reason_code VARCHAR, reason VARCHAR, remedy VARCHAR, original_text VARCHAR)"
)


@dataclass(frozen=True)
class Rejected:
    """A record that could not be read: its number, what is wrong and its text as far as there is one."""

    record_no: int
    fault: Fault
    text: str


def raw_columns(headings: Sequence[str]) -> list[str]:
    """Gives a column name for each heading: as written, and unique whatever the case.

    A blank heading becomes `column_<position>`; a repeated one, or one that lineage uses, gets the number of its
    repetition.
    """
    taken = {name.casefold() for name in LINEAGE_COLUMNS}
    names = []
    for position, heading in enumerate(headings, start=1):
        wanted = heading if heading.strip() else f"column_{position}"
        name, repetition = wanted, 1
        while name.casefold() in taken:
            repetition += 1
            name = f"{wanted}_{repetition}"
        taken.add(name.casefold())
        names.append(name)
    return names


def start_tables(connection: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> None:
    """Makes `incoming` with these text columns after `_record_no`, and `rejected`; both empty."""
    typed = "".join(f", {quote_identifier(name)} VARCHAR" for name in columns)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE incoming (_record_no BIGINT{typed})")
    connection.execute(NO_REJECTED)


class IncomingWriter:
    """Writes records and rejected records to the two tables, a batch at a time."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> None:
        self._connection = connection
        self._width = len(columns)
        self._numbers: list[int] = []
        self._rows: list[Sequence[str | None]] = []
        self._rejected: list[Rejected] = []

    def add(self, record_no: int, cells: Sequence[str | None]) -> None:
        """Adds a record with as many cells as there are columns; None where its file has no such cell."""
        self._numbers.append(record_no)
        self._rows.append(cells)
        if len(self._rows) >= BATCH_ROWS:
            self._flush_rows()

    def reject(self, rejected: Rejected) -> None:
        """Adds a record that could not be read."""
        self._rejected.append(rejected)
        if len(self._rejected) >= BATCH_ROWS:
            self._flush_rejected()

    def close(self) -> None:
        """Writes what is left."""
        self._flush_rows()
        self._flush_rejected()

    def _flush_rows(self) -> None:
        if not self._rows:
            return
        cells = zip(*self._rows, strict=True)
        arrays = [pa.array(self._numbers, pa.int64()), *(pa.array(column, pa.string()) for column in cells)]
        self._insert("incoming", arrays)
        self._numbers, self._rows = [], []

    def _flush_rejected(self) -> None:
        if not self._rejected:
            return
        text = [
            (str(item.fault.code), item.fault.reason, item.fault.remedy, kept_text(item.text))
            for item in self._rejected
        ]
        arrays = [
            pa.array([item.record_no for item in self._rejected], pa.int64()),
            *(pa.array(column, pa.string()) for column in zip(*text, strict=True)),
        ]
        self._insert("rejected", arrays)
        self._rejected = []

    def _insert(self, table: str, arrays: list[pa.Array]) -> None:
        batch = pa.Table.from_arrays(arrays, names=[f"c{position}" for position in range(len(arrays))])
        self._connection.register("incoming_batch", batch)
        self._connection.execute(f"INSERT INTO {table} SELECT * FROM incoming_batch")
        self._connection.unregister("incoming_batch")


def kept_text(text: str) -> str:
    """Gives the text as quarantine keeps it: undecodable bytes and NUL written out, no longer than a limit."""
    kept = text[:KEPT_TEXT_CHARACTERS]
    return kept.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace").replace("\0", "\\x00")


def require_text(rejected_for_encoding: int, read: int, file_name: str, declared: str, likely: str) -> None:
    """Raises ContractError where so many records are undecodable that the declared encoding must be wrong."""
    if rejected_for_encoding > max(1, read // 10):
        raise ContractError(
            f"{file_name} is not text in the declared encoding {declared}: "
            f"{rejected_for_encoding:,} of {read:,} records cannot be decoded",
            remedy=f"The encoding is likely {likely}: set format.encoding in the source's declaration.",
        )
