"""For any file of any kind: the bytes that origin gives for a record are those that raw or quarantine have of it."""

import csv
import gzip
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ingest.landing import LandedFile
from ingest.origin.finding import place_of
from ingest.origin.places import Place
from ingest.readers import delimited, json_records
from ingest.readers.incoming import kept_text
from ingest.source_loading import SourceSnapshot, load_snapshot, make_country_names
from ingest.spec import SourceSpec, parse_spec
from ingest.stores import OPEN_TABLES, make_tables
from ingest.unpacking import ExpansionLimit
from tests.unit.ingest.conftest import AS_OF, CSV_SOURCE, JSON_LINES_SOURCE
from tierline.errors import ContractError, TierlineError
from tierline.files import sha256_of_bytes
from tierline.warehouse import connect

LIMIT = ExpansionLimit(most_bytes=1 << 22)
ENOUGH = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CELLS = st.one_of(
    st.sampled_from(["M1", "", "a,b", 'say "x"', "two\nlines", "a\r\nb", "é", "Łódź", " ", "=1+1", "\x1f", "\u2028"]),
    st.text(st.characters(codec="latin-1", exclude_characters="\0"), max_size=6),
)
PIECES = st.lists(
    st.sampled_from(["M1", ",", ",", "\n", "\r\n", "\r\r\n", '"', '""', 'M2,"a\nb",VN\n', "\n\n", "é", "\x1f", "\0"]),
    max_size=40,
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["a}", 'q"]', "\\", "\u20ac"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
RECORDS = st.lists(st.dictionaries(st.sampled_from(["id", "results", "x"]), VALUES, max_size=3) | VALUES, max_size=6)
PACKINGS = st.sampled_from(["plain", "gzip", "zip"])


@pytest.fixture(scope="module")
def store() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(threads=1) as connection:
        make_tables(connection, OPEN_TABLES)
        make_country_names(connection)
        yield connection


def declared(text: str, source: str, **format_: str) -> SourceSpec:
    first = text.index("format: {")
    kind = text[first : text.index("}", first) + 1]
    wanted = "format: {" + ", ".join(f"{key}: '{value}'" for key, value in format_.items()) + "}"
    return parse_spec(text.replace(kind, wanted) + "volume: {minimum: 0}\n" * ("volume" not in text), source)


def packed(content: bytes, how: str) -> bytes:
    if how == "gzip":
        return gzip.compress(content)
    if how == "zip":
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("member", content)
        return stream.getvalue()
    return content


def compare(
    store: duckdb.DuckDBPyConnection,
    spec: SourceSpec,
    content: bytes,
    is_same: Callable[[Place, dict[str, Any]], bool],
    how: str = "plain",
) -> int:
    """Loads the bytes and compares every record with its origin; gives how many records there were."""
    landed = packed(content, how)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(landed)
        file = LandedFile("file", sha256_of_bytes(landed), len(landed))
        snapshot = SourceSnapshot(spec.id, spec, None, AS_OF, ((file, path),))
        try:
            read = load_snapshot(store, snapshot, OPEN_TABLES, run_id="r", work=Path(folder), limit=LIMIT).read
        except TierlineError:
            return 0
        raw = by_number(store, f'SELECT _record_no, * FROM raw."{spec.id}"')
        held = by_number(store, f"SELECT record_no, * FROM ingest.quarantined_record WHERE source_name = '{spec.id}'")
        assert sorted([*raw, *held]) == list(range(1, read + 1))
        end = 0
        for number in range(1, read + 1):
            work = Path(folder) / f"work-{number}"
            work.mkdir()
            place = place_of(path, "file", spec, number, work=work, limit=LIMIT)
            if place.start is not None and place.end is not None and place.part is None:
                assert content[place.start : place.end] == place.content
                assert place.start >= end
                end = place.end
            assert is_same(place, raw[number] if number in raw else held[number])
        (Path(folder) / "beyond").mkdir()
        with pytest.raises(ContractError, match=f"and no number {read + 1}"):
            place_of(path, "file", spec, read + 1, work=Path(folder) / "beyond", limit=LIMIT)
        return read


def by_number(store: duckdb.DuckDBPyConnection, query: str) -> dict[int, dict[str, Any]]:
    cursor = store.execute(query)
    names = [column[0] for column in cursor.description][1:]
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in cursor.fetchall()}


def same_cells(place: Place, row: dict[str, Any]) -> bool:
    if "original_text" in row and row["reason_code"] not in {
        "missing value",
        "duplicate key",
        "identical repeat",
        "not a date",
    }:
        return kept_text(surrogate_text(place)).rstrip("\r\n") == row["original_text"].rstrip("\r\n")
    wanted = json.loads(row["original_text"]) if "original_text" in row else row
    cells = next(csv.reader(io.StringIO(place.text, newline=""), strict=True))
    return [*cells, ""][:3] == [wanted[name] for name in ("id", "name", "country")]


def surrogate_text(place: Place) -> str:
    return (place.content or b"").decode(place.codec, "surrogateescape")


def same_json(place: Place, row: dict[str, Any]) -> bool:
    text = row.get("record", row.get("original_text"))
    if kept_text(surrogate_text(place)).strip() == text.strip():
        return True
    return row.get("reason_code") not in {"broken JSON", "wrong encoding", "too long"} and (
        plain(place.text) == plain(text)
    )


def plain(text: str) -> Any:
    """The value without what two writers of JSON may differ in: a number is compared as a number."""
    return json.loads(text, parse_float=Decimal, parse_int=str, parse_constant=str)


# CSV


@ENOUGH
@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n", "\r\r\n"]),
    how=PACKINGS,
)
def test_csv_in_any_encoding_line_end_and_packing(
    store: duckdb.DuckDBPyConnection, rows: list[tuple[str, str, str]], encoding: str, end: str, how: str
) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator=end).writerows([("id", "name", "country"), *rows])
    content = stream.getvalue().encode(encoding, "replace")

    spec = declared(CSV_SOURCE, "makers", kind="csv", encoding=encoding.removesuffix("-sig"))
    compare(store, spec, content, same_cells, how)


@ENOUGH
@given(pieces=PIECES, tail=st.binary(max_size=30))
@example(pieces=['"', "M1", "\n", "M1,a,VN", "\n"], tail=b"")
@example(pieces=["\n\n", "M1,a,VN\r\r\n", "\n"], tail=b"\xff,x,VN")
def test_csv_of_any_bytes(store: duckdb.DuckDBPyConnection, pieces: list[str], tail: bytes) -> None:
    content = ("id,name,country\n" + "".join(pieces)).encode() + tail
    compare(store, parse_spec(CSV_SOURCE, "makers"), content, same_cells)


def test_csv_records_longer_than_a_record_may_be(
    store: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "LONGEST_RECORD", 64)
    long, lines = "x" * 200, "y\n" * 60
    text = f'id,name,country\nM1,few\nM2,{long},VN\nM3,"{lines}",VN\nM4,b,VN\n'

    assert compare(store, parse_spec(CSV_SOURCE, "makers"), text.encode(), lambda *_: True) > 4


def test_a_long_csv_line_is_given_whole(store: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    line = "M2," + "x" * (delimited.LONGEST_RECORD + 1000) + ",VN"
    path = tmp_path / "file"
    path.write_text(f"id,name,country\nM1,a,VN\n{line}\nM3,b,VN\n")
    spec = parse_spec(CSV_SOURCE, "makers")

    assert place_of(path, "file", spec, 2, work=tmp_path, limit=LIMIT).content == line.encode()
    assert place_of(path, "file", spec, 3, work=tmp_path, limit=LIMIT).content == b"M3,b,VN"


# JSON


@ENOUGH
@given(
    records=RECORDS,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    blank=st.sampled_from(["", "\n", " \r\n", "\t"]),
    how=PACKINGS,
)
def test_json_lines(store: duckdb.DuckDBPyConnection, records: list[Any], encoding: str, blank: str, how: str) -> None:
    text = "".join(f"{blank}{json.dumps(record, ensure_ascii=False)} {blank}\n" for record in records)
    content = text.encode(encoding, "replace")
    spec = declared(JSON_LINES_SOURCE, "notices", kind="jsonl", encoding=encoding.removesuffix("-sig"))

    compare(store, spec, content, same_json, how)


@ENOUGH
@given(pieces=st.lists(st.sampled_from(['{"id":"a"}', '{"id":', "\n", "\r\n", "\r", " ", "é", "\0", "null", "\x1f"])),
       tail=st.binary(max_size=20))  # fmt: skip
def test_json_lines_of_any_bytes(store: duckdb.DuckDBPyConnection, pieces: list[str], tail: bytes) -> None:
    compare(store, parse_spec(JSON_LINES_SOURCE, "notices"), "".join(pieces).encode() + tail, same_json)


@ENOUGH
@given(
    records=RECORDS,
    indent=st.sampled_from([None, 1]),
    ascii_only=st.booleans(),
    shape=st.sampled_from(["array", "results", "deep", "two"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n"]),
    how=PACKINGS,
)
def test_json_documents(
    store: duckdb.DuckDBPyConnection, records: list[Any], indent: int | None, ascii_only: bool, shape: str,
    encoding: str, end: str, how: str,
) -> None:  # fmt: skip
    decoy = {"results": [1, {"results": ["}"]}], "x": "]"}
    document, path = {
        "array": (records, None),
        "results": ({"before": decoy, "results": records, "after": decoy}, "$.results[*]"),
        "deep": ({"a": [decoy, {"q/b": records}]}, '$.a[1]."q/b"[*]'),
        "two": ({"p": [{"r": records}, {"r": records}]}, "$.p[*].r[*]"),
    }[shape]
    text = json.dumps(document, ensure_ascii=ascii_only, indent=indent).replace("\n", end)
    format_ = {"kind": "json", "encoding": encoding.removesuffix("-sig"), **({"records": path} if path else {})}

    compare(store, declared(JSON_LINES_SOURCE, "notices", **format_), text.encode(encoding, "replace"), same_json, how)


@pytest.mark.parametrize(
    ("document", "records", "wanted"),
    [
        ('{"id": 1}', None, ['{"id": 1}']),
        (' [ {"a": 1} , {"a": 1e9999} ] ', None, ['{"a": 1}', '{"a": 1e9999}']),
        ('{"res\\u0075lts": [{"a": [[[[]]]]}, {}]}', "$.results[*]", ['{"a": [[[[]]]]}', "{}"]),
        ('{"results": [{"a": 1}], "results": [{"b": 2}]}', "$.results[*]", ['{"a": 1}']),
        ('{"results": {"a": 1}}', "$.results", ['{"a": 1}']),
        ('[{"a": "\\\\"}, {"b": "\\"}]"}]', None, ['{"a": "\\\\"}', '{"b": "\\"}]"}']),
        ("[" + "[" * 3000 + "]" * 3000 + ', {"a": 1}]', None, ["[" * 3000 + "]" * 3000, '{"a": 1}']),
    ],
)
def test_records_of_a_document_are_the_bytes_as_they_stand(
    store: duckdb.DuckDBPyConnection, tmp_path: Path, document: str, records: str | None, wanted: list[str]
) -> None:
    spec = declared(JSON_LINES_SOURCE, "notices", kind="json", **({"records": records} if records else {}))
    path = tmp_path / "file"
    path.write_text(document)

    found = [place_of(path, "file", spec, number, work=tmp_path, limit=LIMIT) for number in range(1, len(wanted) + 1)]

    assert [place.content for place in found] == [text.encode() for text in wanted]
    assert compare(store, spec, document.encode(), lambda *_: True) == len(wanted)


def test_a_line_of_json_longer_than_a_record_may_be(
    store: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_records, "LONGEST_RECORD", 64)
    text = '{"id": "a"}\n' + '{"id": "' + "x" * 300 + '"}\n{"id": "b"}\n'

    assert compare(store, parse_spec(JSON_LINES_SOURCE, "notices"), text.encode(), lambda *_: True) == 3


# workbooks


@settings(ENOUGH, max_examples=20)
@given(
    rows=st.lists(
        st.lists(st.sampled_from(["M1", "a<b>&c", "two\nlines", None, 1, 2.5, True, "é"]), max_size=4), max_size=6
    ),
    sheet=st.sampled_from(["Sheet1", "Données & co"]),
)
def test_rows_of_a_workbook(store: duckdb.DuckDBPyConnection, rows: list[list[object]], sheet: str) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "first"
    page = book.create_sheet(sheet)
    page.append([])
    for row in [["id", "name", "country"], *rows]:
        page.append(row)
    stream = io.BytesIO()
    book.save(stream)
    spec = declared(CSV_SOURCE, "makers", kind="xlsx", sheet=sheet)

    def is_same(place: Place, row: dict[str, Any]) -> bool:
        with zipfile.ZipFile(stream) as archive:
            part = archive.read(str(place.part))
        assert part[place.start : place.end] == place.content
        assert (place.content or b"").startswith(b"<row ")
        assert (place.content or b"").endswith(b"</row>")
        cells = dict(place.values or {})
        if row.get("reason_code") == "wrong number of cells":
            return True
        wanted = json.loads(row["original_text"]) if "original_text" in row else row
        return all(cells[name] == wanted[name] for name in ("id", "name", "country"))

    compare(store, spec, stream.getvalue(), is_same)
