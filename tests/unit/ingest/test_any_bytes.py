"""Whatever the bytes: every record is loaded or quarantined, or the source fails with one typed error; never half."""

import csv
import gzip
import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ingest.contracts import QUARANTINED_RECORD, SOURCE_LOAD, SUPPLIER
from ingest.landing import LandedFile
from ingest.quarantine import Fault
from ingest.readers import delimited, json_records
from ingest.readers.delimited import delimited_records
from ingest.readers.plain_records import plain_records
from ingest.readers.plain_shape import plain_csv_shape
from ingest.readers.text_file import open_text
from ingest.source_loading import SourceCounts, SourceSnapshot, is_loaded, load_snapshot, make_country_names
from ingest.spec import Format, SourceSpec, parse_spec
from ingest.stores import OPEN_TABLES, make_tables
from ingest.unpacking import ExpansionLimit
from tests.unit.ingest.conftest import AS_OF, CSV_SOURCE, JSON_LINES_SOURCE
from tierline.errors import TierlineError
from tierline.files import sha256_of_bytes
from tierline.warehouse import connect

LIMIT = ExpansionLimit(most_bytes=1 << 20)
CELLS = st.sampled_from(
    ["M1", "M2", "", '"', '""', "a,b", "VN", "é", "\0", "\r", "\n", "\r\n", '"x"', " ", "\x1f", "1e9999"]
)
TEXTS = st.lists(st.one_of(CELLS, st.sampled_from([",", ",", "\n", "\n", "\r\n"])), max_size=60).map("".join)
CSV_BYTES = st.one_of(
    TEXTS.map(lambda text: ("id,name,country\n" + text).encode()),
    st.binary(max_size=120).map(lambda tail: b"id,name,country\n" + tail),
    st.binary(max_size=200),
)
JSON_PIECES = st.sampled_from(
    ['{"id":"a"}', '{"id":1,"awards":[{"id":"x","suppliers":[{"id":"s"}]}]}', "{", "}", "[", "]", '"', "null", "1e9999",
     "\n", "\n", "\r\n", "\r", " ", "é", "\0", "\x1f", '{"id":"\\u0000"}', "NaN"]
)  # fmt: skip
JSON_BYTES = st.one_of(
    st.lists(JSON_PIECES, max_size=40).map(lambda pieces: "".join(pieces).encode()), st.binary(max_size=200)
)
PACKINGS: st.SearchStrategy[Callable[[bytes], bytes]] = st.sampled_from(
    [bytes, gzip.compress, lambda content: gzip.compress(content)[:-5]]
)
ENOUGH = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def store() -> Any:
    with connect(threads=1) as connection:
        make_tables(connection, OPEN_TABLES)
        make_country_names(connection)
        yield connection


def load_bytes(store: duckdb.DuckDBPyConnection, spec: SourceSpec, content: bytes) -> SourceCounts | TierlineError:
    """Loads the bytes as the only file of a source, twice, and checks all that must always hold."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        file = LandedFile("file", sha256_of_bytes(content), len(content))
        snapshot = SourceSnapshot(spec.id, spec, None, AS_OF, ((file, path),))
        before = rows_of(store)
        try:
            counts = load(store, snapshot, folder)
        except TierlineError as error:
            assert rows_of(store) == before
            return error
        assert counts.read == counts.loaded + counts.quarantined
        assert counts.loaded == count(store, f'raw."{spec.id}"')
        assert counts.quarantined == count(
            store, f"{QUARANTINED_RECORD.qualified_name} WHERE source_name = '{spec.id}'"
        )
        assert is_loaded(store, snapshot)
        after = rows_of(store)
        assert load(store, snapshot, folder) == counts
        assert rows_of(store) == after
        return counts


def load(store: duckdb.DuckDBPyConnection, snapshot: SourceSnapshot, folder: str) -> SourceCounts:
    return load_snapshot(store, snapshot, OPEN_TABLES, run_id="r", work=Path(folder), limit=LIMIT)


def count(store: duckdb.DuckDBPyConnection, table: str) -> int:
    return len(store.execute(f"FROM {table}").fetchall())


def rows_of(store: duckdb.DuckDBPyConnection) -> list[Any]:
    tables = [SUPPLIER, SOURCE_LOAD, QUARANTINED_RECORD]
    return [sorted(store.execute(f"FROM {table.qualified_name}").fetchall(), key=repr) for table in tables]


@ENOUGH
@given(content=CSV_BYTES, pack=PACKINGS)
def test_any_bytes_as_csv(store: duckdb.DuckDBPyConnection, content: bytes, pack: Callable[[bytes], bytes]) -> None:
    load_bytes(store, parse_spec(CSV_SOURCE, "makers"), pack(content))


@ENOUGH
@given(content=JSON_BYTES, pack=PACKINGS)
def test_any_bytes_as_json_lines(
    store: duckdb.DuckDBPyConnection, content: bytes, pack: Callable[[bytes], bytes]
) -> None:
    load_bytes(store, parse_spec(JSON_LINES_SOURCE, "notices"), pack(content))


@ENOUGH
@given(content=JSON_BYTES)
def test_any_bytes_as_a_json_document(store: duckdb.DuckDBPyConnection, content: bytes) -> None:
    load_bytes(store, parse_spec(JSON_LINES_SOURCE.replace("jsonl", "json"), "notices"), content)


@ENOUGH
@given(rows=st.lists(st.lists(st.text(max_size=8).filter(lambda cell: "\0" not in cell), min_size=3, max_size=3)))
def test_whatever_the_standard_library_writes_is_read_back(
    store: duckdb.DuckDBPyConnection, rows: list[list[str]]
) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerows([["id", "name", "country"], *rows])
    content = stream.getvalue().encode("utf-8", "surrogatepass")
    spec = parse_spec(CSV_SOURCE + "volume: {minimum: 0}\n", "makers")

    counts = load_bytes(store, spec, content)

    if isinstance(counts, SourceCounts):
        assert counts.read == len(rows)
        loaded = store.execute("SELECT _record_no, id, name, country FROM raw.makers ORDER BY 1").fetchall()
        assert all([*cells] == rows[number - 1] for number, *cells in loaded)


@ENOUGH
@example(content=b"id,name,country\n,,,,")
@example(content=b"id,name,country\r\na,b,c,,")
@given(content=CSV_BYTES)
def test_a_plain_file_has_the_records_that_the_careful_reader_finds(
    store: duckdb.DuckDBPyConnection, content: bytes
) -> None:
    spec = parse_spec(CSV_SOURCE, "makers")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content or b"\n")
        try:
            plain = plain_records(path, "file", spec, work=Path(folder), limit=LIMIT)
            columns = delimited.read_delimited(
                store, open_text(path, "file", Format(kind="csv"), Path(folder), LIMIT), spec
            )
        except TierlineError:
            return
        if plain is None:
            return
        names = ", ".join(f'"{name}"' for name in columns)
        found = store.execute(f"SELECT {names} FROM {plain.relation}", plain.parameters).fetchall()
        careful = store.execute(f"SELECT {names} FROM incoming ORDER BY _record_no").fetchall()
        rejected = store.execute("FROM rejected").fetchall()

        # where DuckDB leaves a record out, the counts differ and the file goes to the careful reader
        assert len(found) != plain.count or (found == careful and rejected == [])
        blanks = [cell for row in careful for cell in row if cell != cell.strip(" \t\r\n\v\f\u00a0\ufeff")]
        assert not (plain.is_tidy and blanks)


@ENOUGH
@given(text=TEXTS)
def test_a_file_called_plain_has_as_many_records_as_the_careful_reader_finds(text: str) -> None:
    content = "id,name,country\n" + text
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content.encode())
        shape = plain_csv_shape(path, ",", 3, delimited.LONGEST_RECORD)
    found = list(delimited_records(io.StringIO(content, newline=""), ","))

    assert shape is None or shape.records == len(found) - 1
    assert shape is None or not any(isinstance(cells, Fault) for _, cells in found)


@given(depth=st.integers(0, 300), text=st.text(max_size=20))
def test_depth_counts_brackets_outside_of_strings(depth: int, text: str) -> None:
    import json

    nested: Any = text
    for _ in range(depth):
        nested = [nested]

    assert json_records.nesting_depth(json.dumps(nested)) == depth
