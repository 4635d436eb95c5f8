"""A file worth a buffer of its own is read whole, and what all its rows have in common is kept once."""

from pathlib import Path

import pytest

from ingest.readers import plain_records as room
from ingest.readers.plain_records import PlainRecords, plain_records
from ingest.spec import load_spec
from ingest.unpacking import ExpansionLimit
from tests.unit.ingest.conftest import Installation
from tierline.warehouse import connect

LINES = 60_000


def records_of(path: Path, work: Path) -> PlainRecords:
    """Gives the records of a plain file of order lines."""
    records = plain_records(path, path.name, load_spec("erp_purchase_orders"), work=work, limit=ExpansionLimit())
    assert records is not None
    return records


@pytest.mark.parametrize("rows_at_once", [7_000, 10_000, 12_345])
def test_a_file_of_several_buffers_gives_each_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows_at_once: int
) -> None:
    monkeypatch.setattr(room, "_ROWS_READ_AT_ONCE", rows_at_once)
    path = tmp_path / "orders.csv"
    text = 'gloves, ""work"", ' * 8
    lines = (f'PO{number},1,V{number % 7},2026-01-02,"{text}{number}"' for number in range(LINES))
    path.write_text("order_id,line,vendor_id,ordered_on,description\n" + "\n".join(lines) + "\n", encoding="utf-8")
    records = records_of(path, tmp_path)

    with connect() as connection:
        read = connection.execute(
            f"SELECT count(*), count(DISTINCT order_id) FROM {records.relation}", records.parameters
        ).fetchone()

    assert ", buffer_size = " in records.relation
    assert read == (LINES, LINES)


def test_a_small_file_asks_for_no_large_buffer(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("order_id,line,vendor_id,ordered_on\nPO1,1,V1,2026-01-02\n", encoding="utf-8")

    assert "buffer_size" not in records_of(path, tmp_path).relation


def test_lineage_that_all_rows_share_is_not_stored_with_each(makers: Installation) -> None:
    makers.write("makers.csv", "id,name,country\nM1,Ada,VN\nM2,Bo,VN\n")
    makers.load(run_id="it's r1")

    lineage = makers.query("SELECT _source_id, _snapshot_sha256, _record_no, _run_id FROM raw.makers ORDER BY 3")
    stored = makers.query("SELECT DISTINCT column_name FROM pragma_storage_info('raw.makers')")

    (sha256,) = {row[1] for row in lineage}
    assert makers.query("SELECT snapshot_sha256 FROM ingest.source_load") == [(sha256,)]
    assert lineage == [("makers", sha256, 1, "it's r1"), ("makers", sha256, 2, "it's r1")]
    assert not {("_source_id",), ("_snapshot_sha256",), ("_run_id",)} & set(stored)
