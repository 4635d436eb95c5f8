"""Releases in files, states in canonical tables, faults in quarantine; raw stays as it came."""

import json
import logging
from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from ingest import canonical_loading
from ingest.landing import LandedFile
from ingest.ocds import merged_records as module
from ingest.ocds.merged_records import merged_records
from ingest.spec import load_spec
from tests.unit.ingest.conftest import Installation
from tierline.warehouse import connect

Json = dict[str, Any]
Bulk = Callable[..., Installation]
STATES = (
    "SELECT process_ref, coalesce(state_no, 1), CAST(known_on AS VARCHAR), status, title, record_no "
    "FROM canonical.contracting_process ORDER BY ALL"
)


def release(ocid: str | None, release_id: str, date: str | None, **content: Any) -> Json:
    head = {"ocid": ocid, "id": release_id, "date": date, **content}
    return {name: value for name, value in head.items() if value is not None}


def award(award_id: Any, amount: Any, *suppliers: str, **content: Any) -> Json:
    named = [{"id": name, "name": name} for name in suppliers]
    return {"id": award_id, "value": {"amount": amount, "currency": "GBP"}, "suppliers": named, **content}


def test_a_state_for_each_release_in_order_of_moments_whatever_the_file(bulk: Bulk) -> None:
    later = release("o1", "2", "2025-01-02T00:30:00+01:00", tender={"status": "complete"})
    first = release("o1", "1", "2025-01-01T22:00:00Z", tender={"title": "Desks", "status": "active"})
    alone = release("o2", "1", "2025-03-01", tender={"title": "Chairs"})
    installation = bulk([later], [alone, first])
    assert installation.query(STATES) == [
        ("ocds:o1", 1, "2025-01-01", "active", "Desks", 2),
        ("ocds:o1", 2, "2025-01-01", "complete", "Desks", 1),
        ("ocds:o2", 1, "2025-03-01", None, "Chairs", 1),
    ]
    raw = installation.query("SELECT record FROM raw.ocds_bulk_jsonl ORDER BY record")
    assert [json.loads(text) for (text,) in raw] == sorted([later, first, alone], key=json.dumps)


def test_an_amendment_changes_what_it_names_and_keeps_the_rest(bulk: Bulk) -> None:
    installation = bulk(
        [
            release("o", "1", "2025-01-01", awards=[award("a", 10, "s", "t", status="active"), award("b", 5, "s")]),
            release("o", "2", "2025-02-01", awards=[{"id": "a", "status": "cancelled", "value": {"amount": 12}}]),
        ]
    )
    rows = installation.query(
        "SELECT state_no, award_ref, supplier_ref, status, CAST(amount AS INTEGER), currency FROM canonical.award "
        "ORDER BY ALL"
    )
    assert rows == [
        (1, "ocds:o|a", "ocds:o|s", "active", 10, "GBP"),
        (1, "ocds:o|a", "ocds:o|t", "active", 10, "GBP"),
        (1, "ocds:o|b", "ocds:o|s", None, 5, "GBP"),
        (2, "ocds:o|a", "ocds:o|s", "cancelled", 12, "GBP"),
        (2, "ocds:o|a", "ocds:o|t", "cancelled", 12, "GBP"),
        (2, "ocds:o|b", "ocds:o|s", None, 5, "GBP"),
    ]


def test_what_cannot_be_merged_waits_in_quarantine_with_its_reason(bulk: Bulk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_RELEASES", 2)
    installation = bulk(
        [
            {"date": "2025-01-01", "tender": {}},
            {"ocid": "", "id": "", "date": "2025-01-01"},
        ],
        [release("o3", str(number), f"2025-01-0{number}") for number in (1, 2, 3)],
    )
    assert installation.query(
        "SELECT reason_code, count(*), count(original_text) FROM ingest.quarantined_record GROUP BY ALL ORDER BY ALL"
    ) == [("no identity", 2, 2), ("too many releases", 3, 3)]


def test_a_repeat_and_an_undated_release_of_a_process(bulk: Bulk) -> None:
    dated = release("o1", "1", "2025-01-01", tender={"title": "kept", "documents": [{"title": "no id"}]})
    installation = bulk([dated, release("o1", "2", None), dated])
    assert installation.quarantine() == [(2, "not a date"), (3, "identical repeat")]
    assert installation.query(STATES) == [("ocds:o1", 1, "2025-01-01", None, "kept", 1)]


def test_releases_that_share_their_id_are_told(bulk: Bulk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        bulk([release("o", "1", f"2025-01-0{day}", tender={"title": str(day)}) for day in (1, 2)])
    assert "1 releases share ocid and id" in caplog.text


def test_a_fault_that_a_later_release_mends_holds_back_only_the_releases_before_it(bulk: Bulk) -> None:
    installation = bulk(
        [
            release("o", "1", "2025-01-01", tender={"title": "a"}),
            release("o", "2", "2025-01-02", awards=[award("x", "1e9999", "s")]),
            release("o", "3", "2025-01-03", tender={"title": "b"}),
            release("o", "4", "2025-01-04", awards=[award("x", 7, "s")]),
        ]
    )
    assert installation.quarantine() == [(2, "out of range"), (3, "out of range")]
    assert [row[1] for row in installation.query(STATES)] == [1, 4]


def test_awards_that_share_an_id_in_one_release_are_one_award(bulk: Bulk) -> None:
    installation = bulk([release("o", "1", "2025-01-01", awards=[award(1, 5, "s"), award(1, 6, "t")])])
    rows = installation.query(
        "SELECT award_ref, supplier_ref, CAST(amount AS INTEGER) FROM canonical.award ORDER BY ALL"
    )
    assert rows == [("ocds:o|1", "ocds:o|s", 6), ("ocds:o|1", "ocds:o|t", 6)]


def test_an_award_without_suppliers_gets_those_that_the_parties_name(bulk: Bulk) -> None:
    parties = [{"id": "s", "name": "S", "roles": ["supplier"]}, {"id": "b", "name": "B", "roles": ["buyer"]}]
    bare = {"id": "a", "value": {"amount": 5, "currency": "GBP"}}
    told = award("b", 6, "t")
    installation = bulk(
        [
            release("o1", "1", "2025-01-01", parties=parties, awards=[bare]),
            release("o2", "1", "2025-01-01", parties=parties, awards=[bare, told]),
        ]
    )
    rows = installation.query("SELECT award_ref, supplier_ref, supplier_name FROM canonical.award ORDER BY ALL")
    assert rows == [("ocds:o1|a", "ocds:o1|s", "S"), ("ocds:o2|b", "ocds:o2|t", "t")]


def test_tenderers_are_counted_once_in_each_shape(bulk: Bulk) -> None:
    one = {"id": "x", "name": "X"}
    shapes = [
        {"tender": {"numberOfTenderers": 7, "tenderers": [one]}},
        {"tender": {"tenderers": one}},
        {"tender": {"tenderers": [one, {"name": "nameless id"}, one]}},
        {"bids": {"details": [{"id": 1, "tenderers": [one]}, {"id": 2, "tenderers": {"id": "y"}}]}},
        {"tender": {"title": "none told"}},
    ]
    installation = bulk([release(f"o{number}", "1", "2025-01-01", **shape) for number, shape in enumerate(shapes)])
    counts = installation.query("SELECT tenderer_count FROM canonical.contracting_process ORDER BY process_ref")
    assert [count for (count,) in counts] == [7, 1, 2, 2, None]


def test_small_chunks_give_the_same_states(bulk: Bulk, monkeypatch: pytest.MonkeyPatch) -> None:
    releases = [
        release(f"o{number % 7}", str(number), f"2025-01-{number % 28 + 1:02}", tender={f"f{number}": "x" * 50})
        for number in range(120)
    ]
    installation = bulk(releases)
    whole = installation.contents()
    monkeypatch.setattr(module, "_CHUNK_BYTES", 100)
    installation.write("9.jsonl", json.dumps(release("other", "1", "2025-01-01")) + "\n")
    installation.load("r2")
    chunked = installation.contents()
    for table in ('canonical."contracting_process"', 'canonical."award"'):
        assert [row for row in chunked[table] if "ocds:other" not in row] == whole[table]


def test_duckdb_leaves_the_cores_to_the_merging_process_and_takes_them_back(
    bulk: Bulk, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    keep = canonical_loading.keep_states

    def threads_of(connection: duckdb.DuckDBPyConnection) -> int:
        return int(connection.execute("SELECT current_setting('threads')").fetchall()[0][0])

    def note_and_keep(connection: duckdb.DuckDBPyConnection, part: str, hits: str) -> None:
        seen.append(threads_of(connection))
        keep(connection, part, hits)

    releases = [release(f"o{number // 2}", str(number), f"2025-01-{number + 1:02}") for number in range(8)]
    installation = bulk(releases[:1])
    monkeypatch.setattr(canonical_loading, "keep_states", note_and_keep)
    monkeypatch.setattr(module, "_CHUNK_BYTES", 100)
    installation.write("9.jsonl", "".join(json.dumps(each) + "\n" for each in releases[1:]))
    installation.load("r2", threads=3)
    assert len(seen) > 1
    assert set(seen) == {1}
    with connect(threads=3) as connection:
        with pytest.raises(KeyError), module._on_one_core(connection):
            raise KeyError
        assert threads_of(connection) == 3


def test_records_give_all_states_they_carry_with_the_record_as_origin(
    record_package: Callable[[list[Json]], Installation],
) -> None:
    releases = [
        release("o", "1", "2025-01-01T00:00:00Z", tender={"title": "Rope"}),
        release("o", "2", "2025-02-01T00:00:00Z", awards=[award("a", 3, "s", "t")], tender={"status": "complete"}),
    ]
    linked = {"url": "https://contracts.example/1", "date": "2025-01-01", "tag": ["tender"]}
    installation = record_package(
        [
            {"ocid": "o", "releases": releases},
            {"ocid": "p", "releases": [linked], "compiledRelease": release("p", "c", "2025-03-01", tender={})},
            {"ocid": "q", "releases": [linked]},
        ]
    )
    assert installation.query(STATES) == [
        ("ocds:o", 1, "2025-01-01", None, "Rope", 1),
        ("ocds:o", 2, "2025-02-01", "complete", "Rope", 1),
        ("ocds:p", 1, "2025-03-01", None, None, 2),
    ]
    assert installation.query("SELECT state_no, supplier_ref FROM canonical.award ORDER BY ALL") == [
        (2, "ocds:o|s"),
        (2, "ocds:o|t"),
    ]
    assert installation.quarantine() == [(3, "no release")]
    row_ids = installation.query("SELECT count(*) - count(DISTINCT row_id) FROM canonical.contracting_process")
    assert row_ids == [(0,)]


def test_releases_that_stand_alone_never_leave_the_raw_table() -> None:
    spec = load_spec("ocds_bulk_jsonl")
    file = LandedFile(name="f", sha256="s", size=1)
    with connect() as connection:
        connection.execute("CREATE TABLE loaded (_snapshot_sha256 VARCHAR, _record_no BIGINT, record VARCHAR)")
        connection.execute("CREATE TABLE faulty (a VARCHAR, b BIGINT, c VARCHAR, d VARCHAR, e VARCHAR, f VARCHAR)")
        rows = [release(f"o{number}", "1", "2025-01-01", awards=[award("a", 1, "s")]) for number in range(3)]
        for number, row in enumerate(rows):
            connection.execute(
                "INSERT INTO loaded VALUES ('s', $number, $text)", {"number": number, "text": json.dumps(row)}
            )
        assert merged_records(connection, "loaded", spec, [file]) == "loaded"
        assert merged_records(connection, "loaded", spec.model_copy(update={"merge": None}), [file]) == "loaded"


def test_an_array_whose_name_is_written_with_an_escape_is_found(bulk: Bulk) -> None:
    installation = bulk([release("other", "1", "2025-01-01")])
    text = json.dumps(release("o", "1", "2025-01-01", awards=[award("a", 1, "s")]))
    installation.write("2.jsonl", text.replace('"awards"', '"\\u0061wards"') + "\n")
    installation.load("r2")
    assert installation.query("SELECT award_ref FROM canonical.award") == [("ocds:o|a",)]
