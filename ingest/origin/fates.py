"""What the last load made of a record, and which other releases tell of the same contracting process."""

from dataclasses import dataclass

import duckdb

from ingest.pseudonym import file_pseudonym, pseudonym_key
from ingest.readers.incoming import RECORD_COLUMN
from ingest.spec import SourceSpec
from ingest.stores import raw_table
from tierline.run import Run
from tierline.warehouse import connect

MOST_RELEASES = 50


@dataclass(frozen=True)
class Release:
    """Another release of the same process: where its record is, and its own id and date as they stand in it."""

    snapshot_sha256: str
    record_no: int
    release_id: str | None
    date: str | None


@dataclass(frozen=True)
class Fate:
    """What became of a record: loaded, or in quarantine for a reason; for OCDS, the other releases of its process.

    `more_releases` counts those beyond the ones that are named.
    """

    is_loaded: bool
    reason: str | None = None
    remedy: str | None = None
    ocid: str | None = None
    releases: tuple[Release, ...] = ()
    more_releases: int = 0


def fate_of(run: Run, spec: SourceSpec, source: str, sha256: str, record_no: int) -> Fate | None:
    """Gives what the open store says of a record; None where it does not hold this file, or holds nothing yet."""
    if not run.home.warehouse.exists():
        return None
    with connect(run.home.warehouse, read_only=True, memory_limit=run.settings.memory_limit) as warehouse:
        known = file_pseudonym(pseudonym_key(run.home), sha256) if spec.is_restricted else sha256
        bound = {"source": source, "sha256": known}
        loaded = warehouse.execute(
            "SELECT 1 FROM ingest.source_load WHERE source_name = $source AND snapshot_sha256 = $sha256 "
            "AND status = 'loaded'",
            bound,
        ).fetchone()
        if loaded is None:
            return None
        held = warehouse.execute(
            "SELECT reason_code || ': ' || reason, remedy FROM ingest.quarantined_record "
            "WHERE source_name = $source AND snapshot_sha256 = $sha256 AND record_no = $record_no",
            {**bound, "record_no": record_no},
        ).fetchone()
        if held is not None:
            return Fate(False, held[0], held[1])
        if spec.merge is None:
            return Fate(True)
        return _with_releases(warehouse, source, sha256, record_no)


def _with_releases(warehouse: duckdb.DuckDBPyConnection, source: str, sha256: str, record_no: int) -> Fate:
    ocid = f"json_extract_string({RECORD_COLUMN}, '$.ocid')"
    own = warehouse.execute(
        f"SELECT {ocid} FROM {raw_table(source)} WHERE _snapshot_sha256 = $sha256 AND _record_no = $record_no",
        {"sha256": sha256, "record_no": record_no},
    ).fetchone()
    if own is None or own[0] is None:
        return Fate(True)
    others = warehouse.execute(
        f"SELECT _snapshot_sha256, _record_no, json_extract_string({RECORD_COLUMN}, '$.id'), "
        f"json_extract_string({RECORD_COLUMN}, '$.date') AS told_on FROM {raw_table(source)} "
        f"WHERE {ocid} = $ocid AND NOT (_snapshot_sha256 = $sha256 AND _record_no = $record_no) "
        "ORDER BY told_on, _snapshot_sha256, _record_no",
        {"ocid": own[0], "sha256": sha256, "record_no": record_no},
    ).fetchall()
    named = tuple(Release(*row) for row in others[:MOST_RELEASES])
    return Fate(True, ocid=own[0], releases=named, more_releases=len(others) - len(named))
