"""Broken files: a message with source and remedy, or a quarantine row with its reason; never half a load."""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

from ingest.readers import delimited, json_records
from ingest.steps import fetch_source, load
from tests.unit.ingest.conftest import CSV_SOURCE, JSON_LINES_SOURCE, Installation
from tierline.errors import ContractError, FetchError

HEADING = "id,name,country\n"
SOUND = "".join(f"M{number},Maker {number},VN\n" for number in range(1, 31))


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def independent_count(text: str) -> int:
    """Records after the heading, counted by the standard library."""
    return sum(1 for row in csv.reader(io.StringIO(text, newline="")) if row) - 1


def workbook(rows: list[list[object]], sheet: str = "Sheet1") -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty (0 bytes)"),
        (gzip.compress((HEADING + SOUND).encode(), mtime=0)[:-20], "is truncated"),
        (gzip.compress(b"x" * 1000, mtime=0)[:8], "is truncated"),
        (b"\x1f\x8b" + b"garbage" * 9, "cannot be unpacked"),
        (gzip.compress(b"", mtime=0), "empty"),
        (zipped({"a.csv": SOUND.encode()})[:-30], "cannot be unpacked"),
        (zipped({"a.csv": b"id\n", "b.csv": b"id\n"}), "holds 2 files where one is wanted (a.csv, b.csv)"),
        (zipped({"../a.csv": b"id\n"}), "path that leads outside"),
        (zipped({"/etc/a.csv": b"id\n"}), "path that leads outside"),
        ((HEADING + SOUND).encode("utf-16"), "likely utf-16"),
        (b"\n\n", "not even a heading"),
        (HEADING.encode(), "0 records, and a whole source has at least 1"),
        (b"id,title,land\n1,a,b\n", "lacks the columns 'name'"),
        (b"id,naem,country\nM1,a,VN\n", "'name' (near: naem)"),
        (b"id,name,country,name\nM1,a,VN,b\n", "'name' 2 times"),
        (b"id,name,country\n" + "Mé,Zoë,VN\n".encode("latin-1") * 5, "likely cp1252 or latin-1"),
        ("id,nämé,country\n".encode("latin-1"), "likely cp1252 or latin-1"),
        (b'id,"name,country\nM1,a,VN\n', "the heading of makers.csv cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_fails_its_source_with_a_remedy(
    makers: Installation, content: bytes, told: str
) -> None:
    makers.write("makers.csv", content)

    outcome = makers.load()

    assert outcome["sources"]["makers"]["status"] == "failed"
    assert told in outcome["degraded"]["makers"]
    assert "What to do" in outcome["degraded"]["makers"]
    assert makers.query("SELECT count(*) FROM canonical.supplier") == [(0,)]
    ((status, error),) = makers.query("SELECT status, error FROM ingest.source_load")
    assert status == "failed"
    assert told in error


def test_a_missing_file_is_told_by_the_path_of_the_configuration(makers: Installation) -> None:
    with pytest.raises(FetchError, match=r"no file matches 'makers\.csv'") as raised:
        fetch_source(makers.run(), "makers")

    assert raised.value.source == "makers"
    assert "no file matches" in load(makers.run())["degraded"]["makers"]


def test_a_bomb_is_not_unpacked_to_its_end(makers: Installation) -> None:
    makers.write("makers.csv", gzip.compress(bytes(80 * 2**20)))

    outcome = makers.load()

    assert "unpacks to more than it may" in outcome["degraded"]["makers"]


def test_a_compressed_file_may_grow_to_the_limit_and_no_further(makers: Installation) -> None:
    makers.write("makers.csv", gzip.compress((HEADING + SOUND).encode()))

    assert "unpacks to more" in makers.load(run_id="r1", expansion_limit_bytes=100)["degraded"]["makers"]
    assert makers.load(run_id="r2")["sources"]["makers"]["loaded"] == 30


@pytest.mark.parametrize(
    "pack",
    [
        bytes,
        gzip.compress,
        lambda content: zipped({"folder/makers.csv": content, "__MACOSX/._makers.csv": b"x"}),
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: content.replace(b"\n", b"\r"),
        lambda content: content.replace(b"\n", b"\r\r\n"),
        lambda content: content.replace(b"\n", b"\n\n", 3),
        lambda content: content.removesuffix(b"\n"),
        lambda content: content.replace(b"M2,", b'"M2",').replace(b"VN\n", b'"VN"\r\n', 4),
    ],
)
def test_the_same_records_in_any_packing_give_the_same_rows(
    makers: Installation, pack: Callable[[bytes], bytes]
) -> None:
    makers.write("makers.csv", pack((HEADING + SOUND).encode()))

    outcome = makers.load()

    assert outcome["sources"]["makers"] | {"reasons": {}} == outcome["sources"]["makers"]
    assert outcome["sources"]["makers"]["loaded"] == 30
    assert makers.query("SELECT supplier_ref, record_no FROM canonical.supplier ORDER BY record_no") == [
        (f"erp:M{number}", number) for number in range(1, 31)
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"X,few", "wrong number of cells"),
        (b"X,one,two,three", "wrong number of cells"),
        (b"X,one,two,,", "wrong number of cells"),
        (b'X,"a" b,VN', "broken quoting"),
        (b"X,caf\xe9,VN", "wrong encoding"),
        (b"X,a\0b,VN", "NUL character"),
        (b"X," + b"y" * (1 << 20) + b",VN", "too long"),
        (b"X,,VN", "missing value"),
        (b"M1,again,VN", "duplicate key"),
    ],
)
def test_a_broken_record_goes_to_quarantine_and_the_others_are_loaded(
    makers: Installation, line: bytes, code: str
) -> None:
    makers.write("makers.csv", (HEADING + SOUND).encode() + line + b"\nZ,last,VN\n")

    outcome = makers.load()

    counts = outcome["sources"]["makers"]
    assert (counts["read"], counts["loaded"], counts["quarantined"]) == (32, 31, 1)
    assert makers.quarantine() == [(31, code)]
    assert makers.query("SELECT supplier_ref FROM canonical.supplier WHERE record_no = 32") == [("erp:Z",)]


def test_the_line_of_a_broken_record_is_kept(makers: Installation) -> None:
    makers.write("makers.csv", (HEADING + SOUND).encode() + b"X,caf\xe9,VN\nX,few\nY,,VN\n")

    makers.load()

    kept = makers.query("SELECT original_text FROM ingest.quarantined_record ORDER BY record_no")
    assert kept[:2] == [("X,caf\\xe9,VN",), ("X,few",)]
    assert json.loads(kept[2][0]) == {"id": "Y", "name": "", "country": "VN"}


def test_an_unclosed_quote_costs_one_line_and_not_the_rest_of_the_file(makers: Installation) -> None:
    makers.write("makers.csv", HEADING + 'M0,"open,VN\n' + SOUND)

    makers.load()

    assert makers.quarantine() == [(1, "broken quoting")]
    assert makers.query("SELECT count(*) FROM canonical.supplier") == [(30,)]


def test_line_breaks_and_quotes_in_cells_stay(makers: Installation) -> None:
    text = HEADING + 'M1,"two\nlines, and ""quotes""",VN\nM2,5" pipe,VN\n'
    makers.write("makers.csv", text)

    outcome = makers.load()

    assert outcome["sources"]["makers"]["read"] == independent_count(text) == 2
    assert makers.query("SELECT name FROM raw.makers ORDER BY _record_no") == [
        ('two\nlines, and "quotes"',),
        ('5" pipe',),
    ]


def test_columns_may_be_shuffled_renamed_by_alias_and_joined_by_unknown_ones(makers: Installation) -> None:
    makers.write("makers.csv", "extra,COUNTRY,maker, id ,,extra\n1,VN,Ada,M1,x,2\n")

    makers.load()

    assert makers.query("SELECT supplier_ref, name, country_code FROM canonical.supplier") == [("erp:M1", "Ada", "VN")]
    assert [row[0] for row in makers.query("DESCRIBE raw.makers")][4:] == [
        *("extra", "COUNTRY", "maker", " id ", "column_5", "extra_2")
    ]


def test_a_duplicate_says_which_record_is_kept_and_whether_it_differs(makers: Installation) -> None:
    makers.write("makers.csv", HEADING + "M1,Ada,VN\nM2,Bo,VN\nM1,Ada,VN\nM2,Bo Ltd,VN\n")

    makers.load()

    first, second = makers.query("SELECT reason_code, reason FROM ingest.quarantined_record ORDER BY record_no")
    assert first[0] == "identical repeat"
    assert "record 1 of makers.csv and is identical" in first[1]
    assert second[0] == "duplicate key"
    assert "record 2 of makers.csv and differs" in second[1]


def test_the_last_of_two_is_kept_where_the_declaration_says_so(installation: Installation) -> None:
    installation.declare(CSV_SOURCE + "key_keeps: last\n", "makers*.csv")
    installation.write("makers-1.csv", HEADING + "M1,Old,VN\n")
    installation.write("makers-2.csv", HEADING + "M1,New,VN\n")

    installation.load()

    assert installation.query("SELECT name FROM canonical.supplier") == [("New",)]


def test_a_record_that_fails_its_contract_does_not_push_out_a_sound_one_with_its_key(makers: Installation) -> None:
    makers.write("makers.csv", HEADING + "M1,,VN\nM1,Ada,VN\n")

    makers.load()

    assert makers.quarantine() == [(1, "missing value")]
    assert makers.query("SELECT name FROM canonical.supplier") == [("Ada",)]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b'{"id": "x"', "broken JSON"),
        (b"[1, 2]", "not an object"),
        (b'"text"', "not an object"),
        (b'{"id": "caf\xe9"}', "wrong encoding"),
        (b'{"id": "a\0b"}', "NUL character"),
        (b'{"id": "a\\u0000b"}', "NUL character"),
        (b'{"id": "x", "deep": ' + b"[" * 5000 + b"]" * 5000 + b"}", "nested too deep"),
        (b'{"id": "r1"}', "identical repeat"),
        (b'{"id": "r1", "ocid": "other"}', "duplicate key"),
        (b'{"id": "x", "awards": [{"suppliers": [{"id": "s"}]}]}', "missing value"),
    ],
)
def test_a_broken_line_of_json_goes_to_quarantine(notices: Installation, line: bytes, code: str) -> None:
    sound = b"".join(b'{"id": "r%d"}\n' % number for number in range(1, 31))
    notices.write("notices.jsonl", sound + line + b'\n\n{"id": "last"}')

    outcome = notices.load()

    counts = outcome["sources"]["notices"]
    assert (counts["read"], counts["loaded"], counts["quarantined"]) == (32, 31, 1)
    assert notices.quarantine() == [(31, code)]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"results": [{"id": 1}', "breaks off at line 1"),
        (b'{"results": [{"id": 1}]]', "is wrong at line 1"),
        (b'{"result": [{"id": 1}]}', "nothing at $.results[*]"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"results": ["caf\xe9"]}', "likely cp1252"),
    ],
)
def test_a_broken_json_document_fails_its_source(installation: Installation, content: bytes, told: str) -> None:
    document = 'format: {kind: json, records: "$.results[*]"}'
    installation.declare(JSON_LINES_SOURCE.replace("format: {kind: jsonl}", document), "notices.json")
    installation.write("notices.json", content)

    assert told in installation.load()["degraded"]["notices"]


@pytest.mark.parametrize(
    ("content", "records"), [(b'[{"id": 1}, {"id": 2}]', 2), (b'{"id": 1, "awards": []}', 1), (b"[]", 0)]
)
def test_without_a_path_the_root_is_the_array_or_the_one_record(
    installation: Installation, content: bytes, records: int
) -> None:
    installation.declare(JSON_LINES_SOURCE.replace("kind: jsonl", "kind: json"), "notices.json")
    installation.write("notices.json", content)

    assert installation.load()["sources"]["notices"]["loaded"] == records


def test_a_workbook_is_read_as_text(installation: Installation) -> None:
    installation.declare(CSV_SOURCE.replace("kind: csv", "kind: xlsx, sheet: List"), "makers.xlsx")
    rows: list[list[object]] = [
        [None, None],
        ["id", "name", "country", "workers"],
        ["M1", "Ada", "VN", 12.0],
        [None, None, None, None],
        ["M2", "=1+1", "VN", "=SUM(D3)"],
        ["M3", True, "VN", None],
        ["M4", "Bo", "VN", 3, "beyond"],
    ]
    installation.write("makers.xlsx", workbook(rows, "List"))

    outcome = installation.load()

    assert outcome["sources"]["makers"]["read"] == 4
    assert installation.quarantine() == [(2, "not a number"), (4, "wrong number of cells")]
    assert installation.query("SELECT name, workers FROM raw.makers ORDER BY _record_no") == [
        ("Ada", "12"),
        ("true", ""),
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"id,name,country\n", "cannot be unpacked"),
        (zipped({"a.txt": b"x"}), "no readable XLSX workbook"),
        (workbook([["id", "name", "country"]], "Other"), "no sheet 'List'; it has Other"),
        (workbook([], "List"), "not even a heading"),
        (workbook([["id", "country"]], "List"), "lacks the column 'name'"),
    ],
)
def test_a_broken_workbook_fails_its_source(installation: Installation, content: bytes, told: str) -> None:
    installation.declare(CSV_SOURCE.replace("kind: csv", "kind: xlsx, sheet: List"), "makers.xlsx")
    installation.write("makers.xlsx", content)

    assert told in installation.load()["degraded"]["makers"]


def test_other_sources_go_on_when_one_fails(makers: Installation) -> None:
    makers.declare(JSON_LINES_SOURCE, "notices.jsonl")
    makers.write("makers.csv", b"")
    makers.write("notices.jsonl", '{"id": "r1"}\n')

    outcome = makers.load()

    assert list(outcome["degraded"]) == ["makers"]
    assert outcome["sources"]["notices"] | {"status": "loaded", "loaded": 1} == outcome["sources"]["notices"]


def test_a_required_source_that_fails_fails_the_run_after_the_others(makers: Installation) -> None:
    makers.declare(JSON_LINES_SOURCE, "notices.jsonl")
    makers.declare(CSV_SOURCE, "makers.csv", required=True)
    makers.write("notices.jsonl", '{"id": "r1"}\n')

    with pytest.raises(ContractError, match="required source failed"):
        makers.load()

    assert makers.query("SELECT loaded_count FROM ingest.source_load WHERE source_name = 'notices'") == [(1,)]


def test_a_source_of_which_nothing_could_be_loaded_is_degraded(makers: Installation) -> None:
    makers.write("makers.csv", HEADING + "M1,,VN\nM2,,VN\n")

    outcome = makers.load()

    assert "none of its 2 records" in outcome["degraded"]["makers"]
    assert len(makers.quarantine()) == 2


def test_a_licence_that_asks_for_consent_is_not_fetched_without_it(installation: Installation) -> None:
    declared = CSV_SOURCE.replace("licence: {name: none}", "licence: {name: Paid, consent_required: true}")
    installation.declare(declared, "makers.csv")
    installation.write("makers.csv", HEADING + SOUND)

    assert "asks for consent" in installation.load(run_id="r1")["degraded"]["makers"]
    assert installation.load(run_id="r2", accepted_licences=("makers",))["degraded"] == {}


def test_plain_files_are_read_by_the_fast_readers(
    makers: Installation, notices: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("the careful reader was used")

    monkeypatch.setattr(delimited, "_read_records", never)
    monkeypatch.setattr(json_records, "_read_lines", never)
    makers.write("makers.csv", HEADING + SOUND + '"M99","two\nlines ""x""",VN\n')
    notices.write("notices.jsonl", '{"id": "r1"}\n{"id": "r2"}\n')

    outcome = makers.load()

    assert outcome["sources"]["makers"]["loaded"] == 31
    assert outcome["sources"]["notices"]["loaded"] == 2
