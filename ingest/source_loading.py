"""Loads one source into one store: landed files → raw → canonical and quarantine, in one transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import duckdb

from ingest.announced import AnnouncedWindow, check_announced
from ingest.canonical_loading import CanonicalLoader
from ingest.contracts import QUARANTINED_RECORD, SOURCE_LOAD, Contract
from ingest.duplicates import find_repeated_keys, quarantine_duplicates
from ingest.landing import LandedFile
from ingest.loading_guards import dropped_afterwards, told_in_words, whole_transaction
from ingest.mapping_statement import Context
from ingest.ocds.merged_records import merged_records
from ingest.ocds.rules import MERGE_RULES
from ingest.quarantine import REPEATS
from ingest.raw_loading import RawLoader
from ingest.reference import COUNTRY_NAMES
from ingest.spec import SourceSpec
from ingest.stores import forget_source, incoming_table, put_incoming_in_place, raw_columns_of, raw_table
from ingest.text_sql import country_key
from ingest.unpacking import ExpansionLimit
from tierline.errors import ContractError
from tierline.files import sha256_of_bytes
from tierline.log import get_logger
from tierline.warehouse import quote_identifier

_LOG = get_logger(__name__)
_FILLED_BY_OTHERS = {"survey_class", "survey_quality", "data_quality"}


@dataclass(frozen=True)
class SourceSnapshot:
    """The present state of one configured source, and all that decides what loading it gives."""

    name: str
    spec: SourceSpec
    known_on: date | None
    as_of: date
    files: tuple[tuple[LandedFile, Path], ...]
    announced: tuple[AnnouncedWindow, ...] = ()
    withheld: str = ""

    @property
    def files_in_order(self) -> list[LandedFile]:
        """The files, in the order in which their records count as earlier."""
        return [file for file, _ in self.files]

    @property
    def fingerprint(self) -> str:
        """A hash of files, declaration, day and code: the same fingerprint, the same content."""
        parts = {
            "files": [(file.name, file.sha256) for file, _ in self.files],
            "announced": [(window.label, window.announced) for window in self.announced],
            "spec": self.spec.model_dump(mode="json"),
            "known_on": str(self.known_on),
            "as_of_year": self.as_of.year,
            "code": _code_hash(),
        }
        if self.withheld:
            parts["withheld"] = self.withheld
        return sha256_of_bytes(json.dumps(parts, sort_keys=True).encode())


@dataclass(frozen=True)
class SourceCounts:
    """How many records of a source were read, loaded and quarantined, by which reason, and what to warn about."""

    read: int
    loaded: int
    quarantined: int
    reasons: dict[str, int]
    warning: str | None = None

    @property
    def repeated(self) -> int:
        """How many of those in quarantine only repeat a record, or were replaced by a later version."""
        return sum(self.reasons.get(code, 0) for code in REPEATS)


def load_snapshot(
    connection: duckdb.DuckDBPyConnection,
    snapshot: SourceSnapshot,
    contracts: Sequence[Contract],
    *,
    run_id: str,
    work: Path,
    limit: ExpansionLimit,
) -> SourceCounts:
    """Replaces all that the store holds of a source by its present state; gives the counts.

    Raises TierlineError where the source cannot be loaded: the store is then as before. `work` is a folder for
    temporary files, `contracts` are the tables of the store.
    """
    table = incoming_table(snapshot.name)
    with told_in_words(snapshot.files_in_order), dropped_afterwards(connection, table):
        loader = RawLoader(
            connection,
            snapshot.name,
            snapshot.spec,
            table=table,
            run_id=run_id,
            work=work,
            limit=limit,
            only_file=snapshot.files[0][0] if len(snapshot.files) == 1 else None,
        )
        read = {file.sha256: loader.take(file, path) for file, path in snapshot.files}
        _check_volume(snapshot, sum(read.values()))
        canonical = CanonicalLoader(
            connection, snapshot.name, snapshot.spec, table=table, files=snapshot.files_in_order
        )
        canonical.map_records(_context(connection, snapshot, table, is_tidy=loader.is_tidy))
        repeats = find_repeated_keys(connection, spec=snapshot.spec, table=table, is_tidy=loader.is_tidy)
        # where each record gives a row, those that give none are the faulty ones: nothing is read twice to find them
        faults_follow = canonical.gives_a_row_a_record and not repeats
        if not faults_follow:
            canonical.quarantine_faults()
        if repeats:
            quarantine_duplicates(connection, spec=snapshot.spec, table=table, files=snapshot.files_in_order)
        with whole_transaction(connection):
            filled = [contract for contract in contracts if contract.table not in _FILLED_BY_OTHERS]
            forget_source(connection, filled, snapshot.name)
            check_announced(connection, snapshot.spec, snapshot.name, snapshot.announced, read)
            canonical.keep_sound_records()
            written = canonical.fill()
            if faults_follow and written < _count(connection, f"SELECT count(*) FROM {table}"):
                canonical.quarantine_faults()
                canonical.keep_sound_records()
            put_incoming_in_place(connection, snapshot.name)
            _write_ledgers(connection, snapshot, read)
        return counts_of(connection, snapshot)


def _context(connection: duckdb.DuckDBPyConnection, snapshot: SourceSnapshot, table: str, *, is_tidy: bool) -> Context:
    return Context(
        snapshot.spec,
        merged_records(connection, table, snapshot.spec, snapshot.files_in_order),
        tuple(raw_columns_of(connection, table)),
        snapshot.known_on,
        snapshot.as_of,
        is_tidy,
    )


def counts_of(connection: duckdb.DuckDBPyConnection, snapshot: SourceSnapshot) -> SourceCounts:
    """Gives the counts that the ledgers of the store hold for the source."""
    row = connection.execute(
        "SELECT coalesce(sum(read_count), 0), coalesce(sum(loaded_count), 0), coalesce(sum(quarantined_count), 0) "
        f"FROM {SOURCE_LOAD.qualified_name} WHERE source_name = $name AND status = 'loaded'",
        {"name": snapshot.name},
    ).fetchone()
    read, loaded, quarantined = (int(number) for number in row or (0, 0, 0))
    reasons = connection.execute(
        f"SELECT reason_code, count(*) FROM {QUARANTINED_RECORD.qualified_name} WHERE source_name = $name "
        "GROUP BY reason_code ORDER BY count(*) DESC, reason_code",
        {"name": snapshot.name},
    ).fetchall()
    return SourceCounts(read, loaded, quarantined, dict(reasons), _warning(snapshot, read, loaded, dict(reasons)))


def is_loaded(connection: duckdb.DuckDBPyConnection, snapshot: SourceSnapshot) -> bool:
    """Tells whether the store holds exactly this state of the source, and no failure since."""
    found = connection.execute(
        f"SELECT DISTINCT status, fingerprint FROM {SOURCE_LOAD.qualified_name} WHERE source_name = $name",
        {"name": snapshot.name},
    ).fetchall()
    return found == [("loaded", snapshot.fingerprint)]


def make_country_names(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the temporary tables that mappings look countries up in.

    They are `country_spelling` (spelling, code), names as they are written, and `country_name` (name_key, code).
    """
    for table, key in (
        ("country_spelling", "name AS spelling"),
        ("country_name", f"{country_key('name')} AS name_key"),
    ):
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT DISTINCT {key}, country_code AS code "
            "FROM read_csv($file, header = true, all_varchar = true)",
            {"file": str(COUNTRY_NAMES)},
        )


# reading


def _check_volume(snapshot: SourceSnapshot, read: int) -> None:
    minimum = snapshot.spec.volume.minimum
    if read < minimum:
        raise ContractError(
            f"{read:,} records, and a whole source has at least {minimum:,}",
            remedy="Check that the files are whole; if the source did shrink, lower volume.minimum of its declaration.",
        )


# ledgers


def _write_ledgers(connection: duckdb.DuckDBPyConnection, snapshot: SourceSnapshot, read: dict[str, int]) -> None:
    connection.execute(
        f"INSERT INTO {QUARANTINED_RECORD.qualified_name} SELECT $name, snapshot_sha256, record_no, reason_code, "
        "reason, remedy, original_text FROM faulty ORDER BY snapshot_sha256, record_no",
        {"name": snapshot.name},
    )
    for file, _ in snapshot.files:
        bound = {"snapshot": file.sha256}
        loaded = _count(
            connection, f"SELECT count(*) FROM {raw_table(snapshot.name)} WHERE _snapshot_sha256 = $snapshot", bound
        )
        quarantined = _count(connection, "SELECT count(*) FROM faulty WHERE snapshot_sha256 = $snapshot", bound)
        if read[file.sha256] != loaded + quarantined:
            raise ContractError(
                f"{file.name}: {read[file.sha256]:,} records read, {loaded:,} loaded and {quarantined:,} quarantined",
                remedy="This is a fault of Tierline; keep the file and report it.",
            )
        row = ledger_row(snapshot, file, status="loaded", error=None)
        row |= {"read_count": read[file.sha256], "loaded_count": loaded, "quarantined_count": quarantined}
        row["repeated_count"] = _count(
            connection,
            "SELECT count(*) FROM faulty WHERE snapshot_sha256 = $snapshot AND list_contains($repeats, reason_code)",
            {**bound, "repeats": list(REPEATS)},
        )
        insert_ledger_row(connection, row)


def ledger_row(
    snapshot: SourceSnapshot, file: LandedFile | None, *, status: str, error: str | None
) -> dict[str, str | int | bool | date | None]:
    """Gives a row of `ingest.source_load` with no records; the counts are the caller's."""
    spec = snapshot.spec
    return {
        "source_name": snapshot.name,
        "declared_id": spec.id,
        "snapshot_sha256": file.sha256 if file else "",
        "file_name": file.name if file else None,
        "bytes": file.size if file else None,
        "read_count": 0,
        "loaded_count": 0,
        "quarantined_count": 0,
        "repeated_count": 0,
        "status": status,
        "error": error,
        "known_on": snapshot.known_on,
        "sensitivity": spec.sensitivity,
        "licence": spec.licence.name,
        "licence_url": spec.licence.url,
        "licence_consent_required": spec.licence.consent_required,
        "licence_share_alike": spec.licence.share_alike,
        "licence_attribution": spec.licence.attribution,
        "publisher": spec.publisher,
        "title": spec.title,
        "citation": spec.citation,
        "shape_checked": spec.shape_checked,
        "fingerprint": snapshot.fingerprint if status == "loaded" else None,
    }


def insert_ledger_row(connection: duckdb.DuckDBPyConnection, row: dict[str, str | int | bool | date | None]) -> None:
    """Adds a row to `ingest.source_load`."""
    names = ", ".join(quote_identifier(name) for name in row)
    values = ", ".join(f"${name}" for name in row)
    connection.execute(f"INSERT INTO {SOURCE_LOAD.qualified_name} ({names}) VALUES ({values})", row)


def _warning(snapshot: SourceSnapshot, read: int, loaded: int, reasons: dict[str, int]) -> str | None:
    maximum = snapshot.spec.volume.maximum
    if read and not loaded:
        return f"none of its {read:,} records could be loaded, most often for '{next(iter(reasons))}'"
    if maximum is not None and read > maximum:
        return f"{read:,} records, more than the {maximum:,} expected of it"
    return None


def _count(connection: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, object] | None = None) -> int:
    row = connection.execute(query, dict(parameters or {})).fetchone()
    return int(row[0]) if row else 0


@cache
def _code_hash() -> str:
    package = Path(__file__).resolve().parent
    sources = sorted(
        [
            *package.glob("*.py"),
            *(path for room in ("contracts", "readers", "ocds") for path in package.glob(f"{room}/*.py")),
            *(COUNTRY_NAMES, MERGE_RULES),
        ]
    )
    return sha256_of_bytes(b"".join(path.read_bytes() for path in sources))
