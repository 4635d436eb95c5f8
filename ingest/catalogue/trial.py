"""Sources on their fixtures: loaded as a run loads them, counted, and compared with what `expected.json` says."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from ingest.checks.suites import mapped_fields
from ingest.contracts import CONTRACTS, WORKER_TABLES, Contract
from ingest.load import load_sources
from ingest.sealed_store import sealed_store
from ingest.spec import SOURCES, SourceSpec, load_spec
from ingest.steps import fetch_source
from tierline.errors import ConfigError, FetchError
from tierline.files import json_bytes, write_bytes_atomically
from tierline.run import Run
from tierline.settings import Settings, SourceConfig
from tierline.warehouse import connect, quote_identifier

EXPECTED = "expected.json"
FIXTURES = "fixtures"
TRIAL_DAY = date(2026, 6, 30)
"""The day that a trial speaks for: dates too far after it are impossible, whenever the trial is made."""


@dataclass(frozen=True)
class Fixture:
    """One file of a source's fixtures, and the name under which a trial loads it."""

    source_id: str
    path: Path
    name: str


@dataclass(frozen=True)
class FileOutcome:
    """What came of one file: records read, loaded and quarantined by reason, rows by canonical table, or the error.

    `filled` says of each canonical table in how many rows each mapped field is filled.
    """

    read: int
    loaded: int
    quarantined: dict[str, int]
    canonical: dict[str, int]
    error: str | None = None
    filled: dict[str, dict[str, int]] = field(default_factory=dict)

    def as_expected(self) -> dict[str, Any]:
        """Gives it as an entry of `expected.json`."""
        return {
            "canonical": self.canonical,
            "filled": self.filled,
            "loaded": self.loaded,
            "quarantined": self.quarantined,
            "read": self.read,
        }


def fixtures_of(source_id: str, sources: Path = SOURCES) -> list[Fixture]:
    """Gives the fixtures of a source in order of their names; raises ConfigError where it has none or is unknown."""
    load_spec(source_id, sources)
    folder = sources / source_id / FIXTURES
    found = sorted(path for path in folder.glob("*") if path.is_file() and path.name != EXPECTED)
    if not found:
        raise ConfigError(
            "it has no fixtures",
            source=source_id,
            remedy=f"Put 5 to 15 invented records in their real shape into the folder {FIXTURES} of its declaration.",
        )
    return [Fixture(source_id, path.resolve(), f"{source_id}__{_plain(path.name)}") for path in found]


def expected_outcomes(source_id: str, sources: Path = SOURCES) -> dict[str, dict[str, Any]]:
    """Gives what `expected.json` says, by file name; nothing where there is none; ConfigError where it is no JSON."""
    path = sources / source_id / FIXTURES / EXPECTED
    try:
        expected: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise ConfigError(
            f"{EXPECTED} is no JSON: {error}", source=source_id, remedy="Write it anew: tierline sources test --write"
        ) from None
    return expected


def load_fixtures(fixtures: Iterable[Fixture], home: Path, sources: Path = SOURCES) -> Run:
    """Fetches and loads the fixtures into a home, each as a source of its own; gives the run.

    A licence that asks for consent counts as accepted: fixtures are invented.
    """
    listed = list(fixtures)
    configured = tuple(SourceConfig(id=item.source_id, name=item.name, path=str(item.path)) for item in listed)
    accepted = tuple(sorted({item.source_id for item in listed}))
    settings = Settings(home=home, sources=configured, accepted_licences=accepted)
    run = Run("trial", TRIAL_DAY, settings, project=_project_around(sources, home))
    for item in listed:
        try:
            fetch_source(run, item.name)
        except FetchError:
            continue  # the load finds the failure in the outcome of the fetch and says it
    load_sources(run)
    return run


def outcomes(run: Run, fixtures: Iterable[Fixture], sources: Path = SOURCES) -> dict[str, FileOutcome]:
    """Gives what came of each loaded fixture, by the name of the fixture."""
    listed = list(fixtures)
    specs = {item.source_id: load_spec(item.source_id, sources) for item in listed}
    restricted = {item.name for item in listed if specs[item.source_id].is_restricted}
    counted: dict[str, FileOutcome] = {}
    with connect(run.home.warehouse, read_only=True) as store:
        for item in listed:
            if item.name not in restricted:
                tables = [contract for contract in CONTRACTS.values() if contract not in WORKER_TABLES]
                counted[item.name] = _outcome(store, item, specs[item.source_id], tables)
    if restricted:
        with sealed_store(run, read_only=True) as store:
            for item in listed:
                if item.name in restricted:
                    counted[item.name] = _outcome(store, item, specs[item.source_id], WORKER_TABLES)
    return counted


def differences(expected: dict[str, Any] | None, found: FileOutcome) -> list[str]:
    """Gives each way in which a file did not do as expected, in words; none where it did."""
    told = [f"failed as a whole: {found.error}"] if found.error is not None else []
    if expected is None:
        return [*told, f"{EXPECTED} says nothing of it"]
    got = found.as_expected()
    if "filled" in expected:
        told.extend(_differently_filled(expected["filled"], got["filled"]))
    expected = {key: value for key, value in expected.items() if key != "filled"}
    del got["filled"]
    for key in sorted({*expected, *got}):
        wanted, came = expected.get(key), got.get(key)
        if isinstance(wanted, dict) and isinstance(came, dict):
            told.extend(
                f"{key}, {name}: expected {wanted.get(name, 0)}, got {came.get(name, 0)}"
                for name in sorted({*wanted, *came})
                if wanted.get(name, 0) != came.get(name, 0)
            )
        elif wanted != came:
            told.append(f"{key}: expected {wanted}, got {came}")
    return told


def _differently_filled(expected: dict[str, dict[str, int]], found: dict[str, dict[str, int]]) -> Iterator[str]:
    for table in sorted({*expected, *found}):
        wanted, came = expected.get(table, {}), found.get(table, {})
        for name in sorted({*wanted, *came}):
            if wanted.get(name, 0) != came.get(name, 0):
                yield f"filled, {table}.{name}: expected {wanted.get(name, 0)}, got {came.get(name, 0)}"


def write_expected(source_id: str, found: dict[str, FileOutcome], sources: Path = SOURCES) -> Path:
    """Writes `expected.json` from what came of each file, by file name; gives its path.

    A file that failed as a whole is left out: nobody wants that, so it stays a difference.
    """
    path = sources / source_id / FIXTURES / EXPECTED
    came = {name: outcome.as_expected() for name, outcome in found.items() if outcome.error is None}
    write_bytes_atomically(path, json_bytes(came))
    return path


def _outcome(
    store: duckdb.DuckDBPyConnection, item: Fixture, spec: SourceSpec, tables: Iterable[Contract]
) -> FileOutcome:
    ledger = store.execute(
        "SELECT coalesce(sum(read_count), 0), coalesce(sum(loaded_count), 0), max(error) FROM ingest.source_load "
        "WHERE source_name = ?",
        [item.name],
    ).fetchone()
    read, loaded, error = ledger or (0, 0, None)
    reasons = store.execute(
        "SELECT reason_code, count(*) FROM ingest.quarantined_record WHERE source_name = ? GROUP BY ALL ORDER BY ALL",
        [item.name],
    ).fetchall()
    counts = {contract.table: _row_count(store, contract, item.name) for contract in tables}
    rows = {table: count for table, count in counts.items() if count}
    filled = {table: _filled_counts(store, item.name, CONTRACTS[table], mapped_fields(spec, table)) for table in rows}
    return FileOutcome(int(read), int(loaded), dict(reasons), rows, error, filled)


def _filled_counts(
    store: duckdb.DuckDBPyConnection, name: str, contract: Contract, fields: Sequence[str]
) -> dict[str, int]:
    counted = ", ".join(f"count({quote_identifier(one)})" for one in fields)
    row = store.execute(
        f"SELECT {counted or '0'} FROM {contract.qualified_name} WHERE source_id = ?", [name]
    ).fetchone()
    return dict(zip(fields, row or (), strict=False))


def _row_count(store: duckdb.DuckDBPyConnection, contract: Contract, name: str) -> int:
    row = store.execute(f"SELECT count(*) FROM {contract.qualified_name} WHERE source_id = ?", [name]).fetchone()
    return int(row[0]) if row else 0


def _plain(file_name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", file_name)


def _project_around(sources: Path, home: Path) -> Path:
    """Gives a project folder whose `ingest/sources` are the declarations, wherever they are."""
    project = home / "project"
    (project / "ingest").mkdir(parents=True, exist_ok=True)
    link = project / "ingest" / "sources"
    link.unlink(missing_ok=True)
    link.symlink_to(sources.resolve())
    return project
