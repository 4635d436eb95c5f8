"""One declared source at a time, loaded from bytes into a store in memory; without landing and run."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from ingest.contracts import QUARANTINED_RECORD, WORKER_TABLES
from ingest.landing import LandedFile
from ingest.pseudonym import register_pseudonym
from ingest.source_loading import SourceCounts, SourceSnapshot, is_loaded, load_snapshot, make_country_names
from ingest.spec import SourceSpec
from ingest.stores import OPEN_TABLES, make_tables
from ingest.unpacking import ExpansionLimit
from tierline.errors import TierlineError
from tierline.files import sha256_of_bytes
from tierline.warehouse import connect

AS_OF = date(2026, 6, 30)
LIMIT = ExpansionLimit(most_bytes=1 << 24)
TABLES = (*OPEN_TABLES, *WORKER_TABLES)


@dataclass(frozen=True)
class Bench:
    """A store with all tables, open and restricted."""

    connection: duckdb.DuckDBPyConnection

    def load(self, spec: SourceSpec, name: str, content: bytes) -> SourceCounts:
        """Loads the bytes as the only file of the source."""
        with tempfile.TemporaryDirectory() as folder:
            return self._load(self._snapshot(spec, name, content, Path(folder)), Path(folder))

    def load_and_check(self, spec: SourceSpec, name: str, content: bytes) -> SourceCounts | TierlineError:
        """Loads the bytes twice and checks what must hold whatever they are."""
        with tempfile.TemporaryDirectory() as folder:
            snapshot = self._snapshot(spec, name, content, Path(folder))
            before = self.contents(spec)
            try:
                counts = self._load(snapshot, Path(folder))
            except TierlineError as error:
                assert self.contents(spec) == before
                return error
            assert counts.read == counts.loaded + counts.quarantined
            assert counts.loaded == self._count(f'raw."{spec.id}"')
            assert counts.quarantined == self._count(
                f"{QUARANTINED_RECORD.qualified_name} WHERE source_name = '{spec.id}'"
            )
            assert is_loaded(self.connection, snapshot)
            after = self.contents(spec)
            assert self._load(snapshot, Path(folder)) == counts
            assert self.contents(spec) == after
            return counts

    def contents(self, spec: SourceSpec) -> dict[str, list[Any]]:
        """Gives every row of the source in the tables that it fills, and in the quarantine."""
        tables = {mapping.contract for mapping in spec.mapping}
        found = {
            table.table: self.query(f"FROM {table.qualified_name} WHERE source_id = '{spec.id}'") for table in tables
        }
        held = self.query(f"FROM {QUARANTINED_RECORD.qualified_name} WHERE source_name = '{spec.id}'")
        return {name: sorted(rows, key=repr) for name, rows in {**found, "quarantine": held}.items()}

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def _count(self, source: str) -> int:
        return int(self.query(f"SELECT count(*) FROM {source}")[0][0])

    def _snapshot(self, spec: SourceSpec, name: str, content: bytes, folder: Path) -> SourceSnapshot:
        path = folder / "landed"
        path.write_bytes(content)
        file = LandedFile(name, sha256_of_bytes(content), len(content))
        return SourceSnapshot(spec.id, spec, None, AS_OF, ((file, path),))

    def _load(self, snapshot: SourceSnapshot, folder: Path) -> SourceCounts:
        return load_snapshot(self.connection, snapshot, TABLES, run_id="bench", work=folder, limit=LIMIT)


@contextmanager
def bench() -> Iterator[Bench]:
    """Opens a bench and closes it."""
    with connect(threads=1) as connection:
        make_tables(connection, TABLES)
        make_country_names(connection)
        register_pseudonym(connection, b"k" * 32)
        yield Bench(connection)
