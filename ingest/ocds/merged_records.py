"""What a mapping reads of a source with `merge`: for each release the state of its process, for each record its states.

A release that is the only one of its process is its state already and never leaves DuckDB.
"""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from ingest.landing import LandedFile
from ingest.ocds.states import (
    MOST_RELEASES,
    NOT_IDENTIFIED,
    TOO_MANY,
    UNDATED,
    Incoming,
    Outcome,
    states_of_records,
    states_of_releases,
)
from ingest.readers.incoming import KEPT_TEXT_CHARACTERS
from ingest.spec import SourceSpec
from tierline.log import get_logger

_LOG = get_logger(__name__)
_CHUNK_BYTES = 32 << 20
_PATHS = [
    "$.ocid",
    "$.id",
    "$.date",
    "$.awards[0].id",
    "$.awards[1].id",
    "$.awards[0].suppliers[0].id",
    "$.awards[0].suppliers[0].name",
]
_RELEASE_KEYS = r"""
    CREATE OR REPLACE TEMP TABLE release_key AS
    SELECT snapshot, record_no, file_no, bytes,
        nullif(found[1], '') IS NOT NULL AS has_ocid,
        coalesce('ocid ' || nullif(found[1], ''), 'id ' || nullif(found[2], '')) AS process,
        -- a time without seconds is no time to DuckDB
        epoch_us(try_cast(regexp_replace(found[3], '([T ]\d\d:\d\d)(Z|[+-]|$)', '\1:00\2') AS TIMESTAMPTZ)) AS told_at,
        nullif(found[1], '') IS NULL OR names_no_supplier OR repeats_award_id AS needs_work
    FROM (
        SELECT _snapshot_sha256 AS snapshot, _record_no AS record_no, strlen(record) AS bytes,
            list_position($snapshots, _snapshot_sha256) AS file_no,
            json_extract_string(record, $paths) AS found,
            found[4] IS NOT NULL AND coalesce(found[6], found[7]) IS NULL AND contains(record, '"supplier"')
                AS names_no_supplier,
            CASE WHEN found[5] IS NOT NULL THEN json_extract_string(record, '$.awards[*].id') END AS award_ids,
            coalesce(len(award_ids) > len(list_distinct(award_ids)), false) AS repeats_award_id
        FROM {raw}
    )
"""
_PROCESSES = """
    CREATE OR REPLACE TEMP TABLE process_to_merge AS
    SELECT process, count(*) AS releases FROM release_key WHERE process IS NOT NULL
    GROUP BY process HAVING count(*) > 1 OR bool_or(needs_work)
"""
_FAULTY_RELEASES = """
    CREATE OR REPLACE TEMP TABLE unmergeable AS
    SELECT snapshot, record_no, CASE
        WHEN release_key.process IS NULL THEN 1
        WHEN releases > $most THEN 2
        WHEN releases > 1 AND told_at IS NULL THEN 3 END AS fault_no
    FROM release_key LEFT JOIN process_to_merge USING (process) WHERE fault_no IS NOT NULL
"""
_RELEASE_PLAN = """
    CREATE OR REPLACE TEMP TABLE merge_plan AS
    SELECT snapshot, record_no, process, has_ocid, bytes,
        row_number() OVER (ORDER BY process, told_at, file_no, record_no) AS place
    FROM release_key SEMI JOIN process_to_merge USING (process) ANTI JOIN unmergeable USING (snapshot, record_no)
"""
_RECORD_PLAN = """
    CREATE OR REPLACE TEMP TABLE merge_plan AS
    SELECT _snapshot_sha256 AS snapshot, _record_no AS record_no, '' AS process, true AS has_ocid,
        strlen(record) AS bytes,
        row_number() OVER (ORDER BY list_position($snapshots, _snapshot_sha256), _record_no) AS place
    FROM {raw}
"""
_IN_ORDER = """
    CREATE OR REPLACE TEMP TABLE release_to_merge AS
    SELECT plan.*, loaded.record
    FROM (SELECT *, sum(bytes) OVER (ORDER BY place) // $chunk AS chunk_no FROM merge_plan) AS plan
    JOIN {raw} AS loaded ON plan.snapshot = loaded._snapshot_sha256 AND plan.record_no = loaded._record_no
    ORDER BY place
"""
# not an anti join: DuckDB may turn its sides round, and then reads it on one core
_UNMERGED = """
    CREATE OR REPLACE TEMP VIEW unmerged_record AS
    SELECT _snapshot_sha256, _record_no, record FROM {raw}
    WHERE NOT coalesce((_snapshot_sha256, _record_no) IN (
        SELECT (snapshot, record_no) FROM merge_plan UNION ALL SELECT (snapshot, record_no) FROM unmergeable
    ), false)
"""
_MERGED = "merged_record"
_AS_MAPPED = f"CREATE OR REPLACE TEMP VIEW {_MERGED} AS FROM unmerged_record UNION ALL FROM merged_release"


def merged_records(
    connection: duckdb.DuckDBPyConnection, raw_table: str, spec: SourceSpec, files: Sequence[LandedFile]
) -> str:
    """Gives the table (_snapshot_sha256, _record_no, record) that the source's mappings read.

    That is the raw table itself where the declaration merges nothing or where nothing is to be merged. Releases that
    cannot be merged, and those that say the same as another, are added to `faulty`. `files` are in the order in which
    they count as earlier.
    """
    if spec.merge is None:
        return raw_table
    snapshots = [file.sha256 for file in files]
    if spec.merge == "ocds":
        _plan_releases(connection, raw_table, snapshots)
    else:
        connection.execute(_RECORD_PLAN.format(raw=raw_table), {"snapshots": snapshots})
        connection.execute("CREATE OR REPLACE TEMP TABLE unmergeable (snapshot VARCHAR, record_no BIGINT)")
    if not _holds_rows(connection, "merge_plan") and not _holds_rows(connection, "unmergeable"):
        return raw_table
    _merge(connection, raw_table, spec, {file.sha256: file.name for file in files})
    connection.execute(_UNMERGED.format(raw=raw_table))
    connection.execute(_AS_MAPPED)
    return _MERGED


def parts_of(connection: duckdb.DuckDBPyConnection, relation: str) -> tuple[str, ...]:
    """Gives the relations that together are what `merged_records` gave, what is merged last.

    DuckDB reads each on all cores, and their union on one. What is not merged is left out where it has no record.
    """
    if relation != _MERGED:
        return (relation,)
    parts = ("unmerged_record", "merged_release")
    return parts if _holds_rows(connection, "unmerged_record") else parts[1:]


def _plan_releases(connection: duckdb.DuckDBPyConnection, raw_table: str, snapshots: list[str]) -> None:
    connection.execute(_RELEASE_KEYS.format(raw=raw_table), {"snapshots": snapshots, "paths": _PATHS})
    connection.execute(_PROCESSES)
    connection.execute(_FAULTY_RELEASES, {"most": MOST_RELEASES})
    connection.execute(_RELEASE_PLAN)
    connection.execute("DROP TABLE release_key")
    faults = (NOT_IDENTIFIED, TOO_MANY, UNDATED)
    connection.execute(
        f"""
        INSERT INTO faulty
        SELECT snapshot, unmergeable.record_no, list_extract($codes, fault_no), list_extract($reasons, fault_no),
            list_extract($remedies, fault_no), left(loaded.record, $longest)
        FROM unmergeable JOIN {raw_table} AS loaded
            ON loaded._snapshot_sha256 = snapshot AND loaded._record_no = unmergeable.record_no
        """,
        {
            "codes": [fault.code for fault in faults],
            "reasons": [fault.reason for fault in faults],
            "remedies": [fault.remedy for fault in faults],
            "longest": KEPT_TEXT_CHARACTERS,
        },
    )


def _merge(connection: duckdb.DuckDBPyConnection, raw_table: str, spec: SourceSpec, file_names: dict[str, str]) -> None:
    """Fills `merged_release` with the states of what is planned; one chunk of releases is held at a time."""
    connection.execute(_IN_ORDER.format(raw=raw_table), {"chunk": _CHUNK_BYTES})
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE merged_release (_snapshot_sha256 VARCHAR, _record_no BIGINT, record VARCHAR)"
    )
    incoming = _in_order(connection)
    outcomes = states_of_releases(incoming, file_names) if spec.merge == "ocds" else states_of_records(incoming)
    sharing_an_id = 0
    writer = _StateWriter(connection)
    with _no_search_for_cycles():
        for outcome in outcomes:
            sharing_an_id += outcome.shares_id
            writer.add(outcome)
        writer.flush()
    connection.execute("DROP TABLE release_to_merge")
    if sharing_an_id:
        _LOG.warning(
            "%s: %d releases share ocid and id with an earlier one and say something else; each counts from its date",
            spec.id,
            sharing_an_id,
        )


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


def _in_order(connection: duckdb.DuckDBPyConnection) -> Iterator[Incoming]:
    chunks = connection.execute("SELECT DISTINCT chunk_no FROM release_to_merge ORDER BY chunk_no").fetchall()
    for (chunk_no,) in chunks:
        columns = (
            connection.execute(
                "SELECT process, has_ocid, snapshot, record_no, record FROM release_to_merge WHERE chunk_no = $chunk "
                "ORDER BY place",
                {"chunk": chunk_no},
            )
            .to_arrow_table()
            .to_pydict()
        )
        yield from map(Incoming, *columns.values())


class _StateWriter:
    """Writes states to `merged_release` and faults to `faulty`, many at a time."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._states: list[tuple[str, int, bytes]] = []
        self._faults: list[tuple[str, int, str, str, str | None, str]] = []
        self._bytes = 0

    def add(self, outcome: Outcome) -> None:
        """Adds what became of one release or record."""
        source, fault = outcome.source, outcome.fault
        if outcome.state is not None:
            self._states.append((source.snapshot, source.record_no, outcome.state))
            self._bytes += len(outcome.state)
        if fault is not None:
            text = source.text[:KEPT_TEXT_CHARACTERS]
            self._faults.append((source.snapshot, source.record_no, fault.code, fault.reason, fault.remedy, text))
            self._bytes += len(text)
        if self._bytes > _CHUNK_BYTES:
            self.flush()

    def flush(self) -> None:
        """Writes what is left."""
        for table, rows in (("merged_release", self._states), ("faulty", self._faults)):
            if rows:
                arrays = [pa.array(column) for column in zip(*rows, strict=True)]
                arrays = [array.cast(pa.string()) if array.type == pa.binary() else array for array in arrays]
                batch = pa.Table.from_arrays(arrays, names=[f"c{place}" for place in range(len(arrays))])
                self._connection.register("merged_batch", batch)
                self._connection.execute(f"INSERT INTO {table} SELECT * FROM merged_batch")
                self._connection.unregister("merged_batch")
        self._states, self._faults, self._bytes = [], [], 0


def _holds_rows(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None
