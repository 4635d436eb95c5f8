"""What mappings read of a source with `merge`: for each release the state of its process, for each record its states.

A release that is the only one of its process is its state already and never leaves DuckDB. The others are merged in
parts: while DuckDB maps the states of one on one core, a process of its own merges the next on another.
"""

from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from ingest.landing import LandedFile
from ingest.ocds.merging_process import Merged, merge_here, merging_process
from ingest.ocds.parts import PART_COLUMNS, How
from ingest.ocds.states import MOST_RELEASES, NOT_IDENTIFIED, TOO_MANY, UNDATED
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
    SELECT _snapshot_sha256 AS snapshot, _record_no AS record_no, concat(_snapshot_sha256, ' ', _record_no) AS process,
        true AS has_ocid, strlen(record) AS bytes,
        row_number() OVER (ORDER BY list_position($snapshots, _snapshot_sha256), _record_no) AS place
    FROM {raw}
"""
_IN_ORDER = """
    CREATE OR REPLACE TEMP TABLE release_to_merge AS
    SELECT plan.*, loaded.record
    FROM (
        SELECT *, min(reached // $chunk) OVER (PARTITION BY process) AS chunk_no
        FROM (SELECT *, sum(bytes) OVER (ORDER BY place) AS reached FROM merge_plan)
    ) AS plan
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
_PART = "merged_part"
_AS_MAPPED = f"CREATE OR REPLACE TEMP VIEW {_MERGED} AS FROM unmerged_record UNION ALL FROM merged_release"


def merged_records(
    connection: duckdb.DuckDBPyConnection, raw_table: str, spec: SourceSpec, files: Sequence[LandedFile]
) -> str:
    """Gives the relation (_snapshot_sha256, _record_no, record) that the source's mappings read, by `parts_of`.

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
    connection.execute(_IN_ORDER.format(raw=raw_table), {"chunk": _CHUNK_BYTES})
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE merged_release (_snapshot_sha256 VARCHAR, _record_no BIGINT, record VARCHAR)"
    )
    connection.execute(_UNMERGED.format(raw=raw_table))
    connection.execute(_AS_MAPPED)
    return _MERGED


def parts_of(
    connection: duckdb.DuckDBPyConnection, relation: str, spec: SourceSpec, files: Sequence[LandedFile]
) -> Generator[str]:
    """Yields the relations that together are what `merged_records` gave, what is merged last.

    A part of what is merged is there until the next is asked for. `relation` itself has of these the states that
    `keep_states` kept. What is not merged is left out where it has no record.
    """
    if relation != _MERGED:
        yield relation
        return
    if _holds_rows(connection, "unmerged_record"):
        yield "unmerged_record"
    yield from _merged_parts(connection, spec, {file.sha256: file.name for file in files})
    connection.execute("DROP TABLE release_to_merge")


def keep_states(connection: duckdb.DuckDBPyConnection, part: str, hits: str) -> None:
    """Keeps the states of a part, if it is merged, whose records are among the hits, a query."""
    if part == _PART:
        connection.execute(
            f"INSERT INTO merged_release SELECT * FROM {part} SEMI JOIN ({hits}) USING (_snapshot_sha256, _record_no)"
        )


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


def _merged_parts(connection: duckdb.DuckDBPyConnection, spec: SourceSpec, file_names: dict[str, str]) -> Iterator[str]:
    """Yields `merged_part` once for each part, when it has the states of that part."""
    sharing_an_id = 0
    for merged in _merged_ahead(connection, How(spec.merge == "ocds", file_names)):
        sharing_an_id += merged.sharing_an_id
        _write_faults(connection, merged.faults)
        connection.register(_PART, merged.states)
        yield _PART
        connection.unregister(_PART)
    if sharing_an_id:
        _LOG.warning(
            "%s: %d releases share ocid and id with an earlier one and say something else; each counts from its date",
            spec.id,
            sharing_an_id,
        )


def _merged_ahead(connection: duckdb.DuckDBPyConnection, how: How) -> Iterator[Merged]:
    """Yields what became of each part, in order, while another process merges the next; no more than two are held."""
    chunks = connection.execute("SELECT DISTINCT chunk_no FROM release_to_merge ORDER BY chunk_no").fetchall()
    if len(chunks) == 1:  # nothing would run side by side
        yield merge_here(_part(connection, chunks[0][0]), how)
        return
    with merging_process() as process, ThreadPoolExecutor(1) as beside, _on_one_core(connection):
        waiting: deque[Future[Merged]] = deque()
        for (chunk_no,) in chunks:
            waiting.append(beside.submit(process.merge, _part(connection, chunk_no), how))
            if len(waiting) > 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


@contextmanager
def _on_one_core(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Leaves the other cores to the process that merges.

    With more threads than one DuckDB's client looks for work without a pause while others do it, which costs both
    processes more than it gives.
    """
    (threads,) = connection.execute("SELECT current_setting('threads')").fetchall()[0]
    connection.execute("SET threads = 1")
    try:
        yield
    finally:
        connection.execute(f"SET threads = {int(threads)}")


def _part(connection: duckdb.DuckDBPyConnection, chunk_no: int) -> pa.Table:
    return connection.execute(
        f"SELECT {', '.join(PART_COLUMNS)} FROM release_to_merge WHERE chunk_no = $chunk ORDER BY place",
        {"chunk": chunk_no},
    ).to_arrow_table()


def _write_faults(connection: duckdb.DuckDBPyConnection, faults: pa.Table) -> None:
    if faults.num_rows:
        connection.register("merged_faults", faults)
        connection.execute("INSERT INTO faulty SELECT * FROM merged_faults")
        connection.unregister("merged_faults")


def _holds_rows(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None
