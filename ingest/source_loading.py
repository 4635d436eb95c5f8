"""Loads one source into one store: landed files → raw → canonical and quarantine, in one transaction."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from ingest.announced import AnnouncedWindow, check_announced
from ingest.contracts import QUARANTINED_RECORD, SOURCE_LOAD, Contract
from ingest.duplicates import quarantine_duplicates
from ingest.landing import LandedFile
from ingest.mapping import CompiledMapping, Context, compile_mapping, country_key
from ingest.ocds.merged_records import merged_records
from ingest.ocds.rules import MERGE_RULES
from ingest.quarantine import REPEATS
from ingest.readers.reading import read_file
from ingest.reference import COUNTRY_NAMES
from ingest.spec import SourceSpec
from ingest.stores import forget_source, raw_columns_of, raw_table, text_of_row
from ingest.unpacking import ExpansionLimit
from tierline.errors import ContractError, TierlineError
from tierline.files import sha256_of_bytes
from tierline.log import get_logger
from tierline.warehouse import quote_identifier

_LOG = get_logger(__name__)
_FILLED_BY_OTHERS = {"survey_class", "data_quality"}
_SHORT_HASH = 12
_MOST_FAULTS = 100_000
_DECLARATION_FAULTS = (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException)


@dataclass(frozen=True)
class SourceSnapshot:
    """The present state of one configured source, and all that decides what loading it gives."""

    name: str
    spec: SourceSpec
    known_on: date | None
    as_of: date
    files: tuple[tuple[LandedFile, Path], ...]
    announced: tuple[AnnouncedWindow, ...] = ()

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
    with _transaction(connection, snapshot):
        filled = [contract for contract in contracts if contract.table not in _FILLED_BY_OTHERS]
        forget_source(connection, filled, snapshot.name)
        connection.execute(_FAULTY)
        read = _read_files(connection, snapshot, run_id, work, limit)
        _check_volume(snapshot, sum(read.values()))
        check_announced(connection, snapshot.spec, snapshot.name, snapshot.announced, read)
        compiled = _map_records(connection, snapshot)
        _quarantine_contract_faults(connection, snapshot, compiled)
        quarantine_duplicates(
            connection, spec=snapshot.spec, table=raw_table(snapshot.name), files=snapshot.files_in_order
        )
        _keep_sound_records(connection, snapshot)
        _fill_canonical(connection, snapshot)
        _write_ledgers(connection, snapshot, read)
        return counts_of(connection, snapshot)


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
    """Makes the temporary table `country_name` (name_key, code) that mappings look countries up in."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE country_name AS SELECT DISTINCT {country_key('name')} AS name_key, "
        "country_code AS code FROM read_csv($file, header = true, all_varchar = true)",
        {"file": str(COUNTRY_NAMES)},
    )


_FAULTY = (
    "CREATE OR REPLACE TEMP TABLE faulty (snapshot_sha256 VARCHAR, record_no BIGINT, reason_code VARCHAR, "
    "reason VARCHAR, remedy VARCHAR, original_text VARCHAR)"
)


@contextmanager
def _transaction(connection: duckdb.DuckDBPyConnection, snapshot: SourceSnapshot) -> Iterator[None]:
    connection.begin()
    try:
        yield
        connection.commit()
    except BaseException as error:
        connection.rollback()
        if isinstance(error, duckdb.Error):
            raise _told(error, snapshot) from None
        raise


def _told(error: duckdb.Error, snapshot: SourceSnapshot) -> TierlineError:
    kind = type(error).__name__
    if isinstance(error, _DECLARATION_FAULTS):
        told = str(error).splitlines()[0]
        return ContractError(f"its mapping is no valid SQL: {told}", remedy="Correct the declaration of the source.")
    if isinstance(error, duckdb.OutOfMemoryException):
        return ContractError("it needs more memory than DuckDB may use", remedy="Raise memory_limit.")
    return ContractError(
        f"DuckDB could not load it ({kind}; its message is withheld, as it may quote a record)",
        remedy=f"Look for an unusual record in {', '.join(file.name for file, _ in snapshot.files)}.",
    )


# reading


def _read_files(
    connection: duckdb.DuckDBPyConnection, snapshot: SourceSnapshot, run_id: str, work: Path, limit: ExpansionLimit
) -> dict[str, int]:
    connection.execute(
        f"CREATE TABLE {raw_table(snapshot.name)} "
        "(_source_id VARCHAR, _snapshot_sha256 VARCHAR, _record_no BIGINT, _run_id VARCHAR)"
    )
    read = {}
    for file, path in snapshot.files:
        with TemporaryDirectory(dir=work) as folder:
            columns = read_file(connection, path, file.name, snapshot.spec, work=Path(folder), limit=limit)
        _take_incoming(connection, snapshot, file, columns, run_id)
        read[file.sha256] = _count(
            connection, "SELECT (SELECT count(*) FROM incoming) + (SELECT count(*) FROM rejected)"
        )
    return read


def _take_incoming(
    connection: duckdb.DuckDBPyConnection, snapshot: SourceSnapshot, file: LandedFile, columns: list[str], run_id: str
) -> None:
    table = raw_table(snapshot.name)
    present = {name.casefold() for name in raw_columns_of(connection, raw_table(snapshot.name))}
    for name in columns:
        if name.casefold() not in present:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {quote_identifier(name)} VARCHAR")
    names = ", ".join(quote_identifier(name) for name in columns)
    connection.execute(
        f"INSERT INTO {table} (_source_id, _snapshot_sha256, _record_no, _run_id, {names}) "
        f"SELECT $source, $snapshot, _record_no, $run_id, {names} FROM incoming",
        {"source": snapshot.name, "snapshot": file.sha256, "run_id": run_id},
    )
    connection.execute(
        "INSERT INTO faulty SELECT $snapshot, record_no, reason_code, reason, remedy, original_text FROM rejected",
        {"snapshot": file.sha256},
    )


def _check_volume(snapshot: SourceSnapshot, read: int) -> None:
    minimum = snapshot.spec.volume.minimum
    if read < minimum:
        raise ContractError(
            f"{read:,} records, and a whole source has at least {minimum:,}",
            remedy="Check that the files are whole; if the source did shrink, lower volume.minimum of its declaration.",
        )


# mapping


def _map_records(connection: duckdb.DuckDBPyConnection, snapshot: SourceSnapshot) -> list[CompiledMapping]:
    columns = tuple(raw_columns_of(connection, raw_table(snapshot.name)))
    read_by_mappings = merged_records(connection, raw_table(snapshot.name), snapshot.spec, snapshot.files_in_order)
    context = Context(snapshot.spec, read_by_mappings, columns, snapshot.known_on, snapshot.as_of)
    compiled = [compile_mapping(mapping, context) for mapping in snapshot.spec.mapping]
    for number, mapping in enumerate(compiled):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE mapped_{number} AS {mapping.sql}", mapping.parameters)
    return compiled


def _quarantine_contract_faults(
    connection: duckdb.DuckDBPyConnection, snapshot: SourceSnapshot, compiled: list[CompiledMapping]
) -> None:
    faults = [
        (number * _MOST_FAULTS + problem, fault)
        for number, mapping in enumerate(compiled)
        for problem, fault in enumerate(mapping.faults, start=1)
    ]
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE fault AS SELECT unnest(CAST($numbers AS BIGINT[])) AS fault_no, "
        "unnest($codes) AS reason_code, unnest($reasons) AS reason, unnest($remedies) AS remedy",
        {
            "numbers": [number for number, _ in faults],
            "codes": [fault.code for _, fault in faults],
            "reasons": [fault.reason for _, fault in faults],
            "remedies": [fault.remedy for _, fault in faults],
        },
    )
    hits = " UNION ALL ".join(
        f"SELECT _snapshot_sha256, _record_no, {number * _MOST_FAULTS} + problem AS fault_no "
        f"FROM mapped_{number} WHERE problem > 0"
        for number in range(len(compiled))
    )
    columns = raw_columns_of(connection, raw_table(snapshot.name))
    connection.execute(
        f"""
        INSERT INTO faulty
        WITH first_hit AS (
            SELECT _snapshot_sha256, _record_no, min(fault_no) AS fault_no FROM ({hits}) GROUP BY ALL
        )
        SELECT loaded._snapshot_sha256, loaded._record_no, fault.reason_code, fault.reason, fault.remedy,
            {text_of_row(snapshot.spec, columns)}
        FROM first_hit
        JOIN fault ON fault.fault_no = first_hit.fault_no
        JOIN {raw_table(snapshot.name)} AS loaded
            ON loaded._snapshot_sha256 = first_hit._snapshot_sha256 AND loaded._record_no = first_hit._record_no
        """
    )


# canonical and ledgers


def _keep_sound_records(connection: duckdb.DuckDBPyConnection, snapshot: SourceSnapshot) -> None:
    connection.execute(
        f"DELETE FROM {raw_table(snapshot.name)} AS loaded USING faulty "
        "WHERE faulty.snapshot_sha256 = loaded._snapshot_sha256 AND faulty.record_no = loaded._record_no"
    )


def _fill_canonical(connection: duckdb.DuckDBPyConnection, snapshot: SourceSnapshot) -> None:
    filled: dict[str, int] = {}
    for number, mapping in enumerate(snapshot.spec.mapping):
        filled[mapping.table] = filled.get(mapping.table, 0) + 1
        suffix = f":m{filled[mapping.table]}" if filled[mapping.table] > 1 else ""
        names = ", ".join(quote_identifier(name) for name in mapping.contract.field_names)
        is_answered = "WHERE answer IS NOT NULL" if mapping.questions else ""
        connection.execute(
            f"""
            INSERT INTO {mapping.contract.qualified_name}
                (row_id, source_id, snapshot_sha256, record_no, item_no, known_on, {names})
            SELECT concat($source, ':', left(_snapshot_sha256, {_SHORT_HASH}), ':', _record_no,
                    coalesce(':' || item_no, ''), $suffix),
                $source, _snapshot_sha256, _record_no, item_no, known_on, {names}
            FROM mapped_{number} AS mapped
            ANTI JOIN faulty
                ON faulty.snapshot_sha256 = mapped._snapshot_sha256 AND faulty.record_no = mapped._record_no
            {is_answered}
            """,
            {"source": snapshot.name, "suffix": suffix},
        )
        connection.execute(f"DROP TABLE mapped_{number}")


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
