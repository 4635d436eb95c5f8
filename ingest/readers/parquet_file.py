"""Parquet: DuckDB's own reader, every column as text, one record a row."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from ingest.quarantine import NUL_CHARACTER
from ingest.readers.headings import require_headings
from ingest.readers.incoming import KEPT_TEXT_CHARACTERS, raw_columns, start_tables
from ingest.spec import SourceSpec
from ingest.unpacking import ExpansionLimit, compression_of, unpacked_chunks
from tierline.errors import ContractError
from tierline.warehouse import connect, quote_identifier

_BATCH_ROWS = 50_000
_MAGIC = b"PAR1"
_NESTED = ("STRUCT", "MAP", "UNION", "LIST")


def read_parquet_file(
    connection: duckdb.DuckDBPyConnection, path: Path, name: str, spec: SourceSpec, *, work: Path, limit: ExpansionLimit
) -> list[str]:
    """Fills `incoming` and `rejected` from a Parquet file; gives the columns of `incoming`.

    Every value is its text as DuckDB writes it, a nested one its JSON, and null is null. Raises ContractError where
    the file is damaged, truncated or lacks a declared column, FetchError where it grows beyond the limit.
    """
    plain = _unpacked(path, name, spec, work, limit)
    _require_whole(plain, name)
    # a damaged file can make a connection unusable: it is read by one of its own, and the store stays sound
    with _told(name), connect(threads=1) as reader:
        described = reader.execute("DESCRIBE SELECT * FROM read_parquet($file)", {"file": str(plain)}).fetchall()
        headings, types = [row[0] for row in described], [row[1] for row in described]
        require_headings(headings, spec, name)
        columns = raw_columns(headings)
        start_tables(connection, columns)
        read = sum(_insert(connection, batch) for batch in _batches(reader, plain, name, headings, types, limit))
        announced = reader.execute("SELECT num_rows FROM parquet_file_metadata($file)", {"file": str(plain)}).fetchone()
    if announced is None or announced[0] != read:
        raise _damaged(name)
    _reject_nul(connection, columns)
    return columns


def _unpacked(path: Path, name: str, spec: SourceSpec, work: Path, limit: ExpansionLimit) -> Path:
    # DuckDB reads *, ? and [ in a file name as a pattern
    plain = work / "parquet"
    if compression_of(path) is None:
        plain.symlink_to(path.absolute())
        return plain
    with plain.open("wb") as stream:
        for chunk in unpacked_chunks(path, name, member=spec.format.member, limit=limit):
            stream.write(chunk)
    return plain


def _require_whole(path: Path, name: str) -> None:
    with path.open("rb") as stream:
        start = stream.read(len(_MAGIC))
        size = stream.seek(0, 2)
        stream.seek(max(0, size - len(_MAGIC)))
        end = stream.read()
    if start != _MAGIC:
        raise ContractError(
            f"{name} is no Parquet file", remedy="Check the address and format.kind of the declaration."
        )
    if end != _MAGIC or size <= 2 * len(_MAGIC):
        raise ContractError(
            f"{name} is truncated: a Parquet file ends with its own mark",
            remedy="Fetch it again; it may have broken off on the way.",
        )


def _batches(
    reader: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    headings: list[str],
    types: list[str],
    limit: ExpansionLimit,
) -> Iterator[pa.Table]:
    """Yields the rows as tables with `_record_no` before their text columns, in the order of the file."""
    texts = ", ".join(
        f"CAST({_as_json(heading, kind)} AS VARCHAR) AS c{position}"
        for position, (heading, kind) in enumerate(zip(headings, types, strict=True))
    )
    stream = reader.execute(f"SELECT {texts} FROM read_parquet($file)", {"file": str(path)}).to_arrow_reader(
        _BATCH_ROWS
    )
    packed, unpacked, read = path.stat().st_size, 0, 0
    for batch in stream:
        unpacked += batch.nbytes
        limit.check(unpacked, packed, name)
        numbers = pa.array(range(read + 1, read + batch.num_rows + 1), pa.int64())
        read += batch.num_rows
        yield pa.Table.from_arrays([numbers, *batch.columns], names=["_record_no", *batch.schema.names])


def _as_json(heading: str, kind: str) -> str:
    column = quote_identifier(heading)
    return f"to_json({column})" if kind.startswith(_NESTED) or kind.endswith("]") else column


def _insert(connection: duckdb.DuckDBPyConnection, batch: pa.Table) -> int:
    connection.register("parquet_batch", batch)
    try:
        connection.execute("INSERT INTO incoming SELECT * FROM parquet_batch")
    finally:
        connection.unregister("parquet_batch")
    return int(batch.num_rows)


def _reject_nul(connection: duckdb.DuckDBPyConnection, columns: list[str]) -> None:
    holds_nul = " OR ".join(f"contains({quote_identifier(column)}, chr(0))" for column in columns)
    text = ", ".join(f"replace({quote_identifier(column)}, chr(0), '\\x00')" for column in columns)
    connection.execute(
        "INSERT INTO rejected SELECT _record_no, $code, $reason, $remedy, "
        f"left(concat_ws(chr(9), {text}), {KEPT_TEXT_CHARACTERS}) FROM incoming WHERE {holds_nul}",
        {"code": NUL_CHARACTER.code, "reason": NUL_CHARACTER.reason, "remedy": NUL_CHARACTER.remedy},
    )
    connection.execute(f"DELETE FROM incoming WHERE {holds_nul}")


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Turns what DuckDB says of the file, which may quote a value, into a ContractError without its message."""
    try:
        yield
    except (duckdb.Error, pa.ArrowException, UnicodeError, MemoryError) as error:
        raise _damaged(name) from error


def _damaged(name: str) -> ContractError:
    return ContractError(
        f"{name} is damaged: it cannot be read as Parquet to its end",
        remedy="Fetch it again from its publisher; it broke on the way.",
    )
