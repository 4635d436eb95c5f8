"""One part of the releases or records to merge: rows in, the states of their processes and what became of the rest out.

A part is a table of Arrow, as is what comes of it, so that both pass between processes as they are.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice

import pyarrow as pa

from ingest.ocds.states import Incoming, Outcome, states_of_records, states_of_releases
from ingest.readers.incoming import KEPT_TEXT_CHARACTERS

PART_COLUMNS = ("process", "has_ocid", "snapshot", "record_no", "record")
"""The columns of a part, in the order of `Incoming`."""
STATE_SCHEMA = pa.schema([("_snapshot_sha256", pa.string()), ("_record_no", pa.int64()), ("record", pa.string())])
FAULT_SCHEMA = pa.schema(
    [
        ("snapshot_sha256", pa.string()),
        ("record_no", pa.int64()),
        *((name, pa.string()) for name in ("reason_code", "reason", "remedy", "original_text")),
    ]
)
# DuckDB hands out the work by batches: small ones keep all cores busy to the end of a part
_ROWS_AT_ONCE = 1_024


@dataclass(frozen=True)
class How:
    """How a part is merged: as releases that are states of processes, or each record alone; the names of its files."""

    is_of_releases: bool
    file_names: dict[str, str]


@dataclass
class Remainder:
    """What a part gives besides states: the rows for `faulty`, and how many releases share their id with another."""

    faults: list[tuple[str, int, str, str, str | None, str]] = field(default_factory=list)
    sharing_an_id: int = 0

    def faults_table(self) -> pa.Table:
        """Gives the faults as a table of `FAULT_SCHEMA`."""
        columns = list(zip(*self.faults, strict=True)) or [()] * len(FAULT_SCHEMA)
        return pa.table([pa.array(*pair) for pair in zip(columns, FAULT_SCHEMA.types, strict=True)], FAULT_SCHEMA)


def merged_batches(part: pa.Table, how: How, remainder: Remainder) -> Iterator[pa.RecordBatch]:
    """Yields the states of a part as batches of `STATE_SCHEMA`; what has none is added to the remainder.

    `part` has the columns `PART_COLUMNS`, and its rows are in the order in which they count.
    """
    incoming = map(Incoming, *(part.column(name).to_pylist() for name in PART_COLUMNS))
    outcomes = states_of_releases(incoming, how.file_names) if how.is_of_releases else states_of_records(incoming)
    with _no_search_for_cycles():
        while found := list(islice(outcomes, _ROWS_AT_ONCE)):
            remainder.faults.extend(_faults_of(found))
            remainder.sharing_an_id += sum(outcome.shares_id for outcome in found)
            yield _batch_of([outcome for outcome in found if outcome.state is not None])


def _batch_of(told: list[Outcome]) -> pa.RecordBatch:
    columns = [
        pa.array([outcome.source.snapshot for outcome in told], pa.string()),
        pa.array([outcome.source.record_no for outcome in told], pa.int64()),
        pa.array([outcome.state for outcome in told], pa.binary()).cast(pa.string()),
    ]
    return pa.record_batch(columns, STATE_SCHEMA)


def _faults_of(outcomes: list[Outcome]) -> list[tuple[str, int, str, str, str | None, str]]:
    return [
        (source.snapshot, source.record_no, fault.code, fault.reason, fault.remedy, source.text[:KEPT_TEXT_CHARACTERS])
        for source, fault in ((outcome.source, outcome.fault) for outcome in outcomes)
        if fault is not None
    ]


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Spares a third of the time: releases are trees, which are freed without looking for cycles among them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
