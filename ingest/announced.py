"""The total that a publisher announces for a source, or for a window of time, against the records that were read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from ingest.contracts import ANNOUNCED_VOLUME
from ingest.landing import LandedFile
from ingest.mapping_statement import Statement
from ingest.sidecar import read_sidecar
from ingest.spec import SourceSpec
from ingest.stores import incoming_table, raw_columns_of, whole_text_of_row
from ingest.text_sql import key_texts
from tierline.errors import ContractError
from tierline.log import get_logger

_LOG = get_logger(__name__)


@dataclass(frozen=True)
class AnnouncedWindow:
    """How many records the publisher says there are in a window of time, and which files hold them.

    Without bounds it is the whole source. `files` are SHA-256 hashes.
    """

    window_from: str | None
    window_to: str | None
    announced: int
    files: tuple[str, ...]

    @property
    def label(self) -> str:
        """Words for a person."""
        if self.window_from is None and self.window_to is None:
            return "the whole source"
        return f"the window from {self.window_from} to {self.window_to}"


def announced_windows(files: Iterable[tuple[LandedFile, Path]]) -> tuple[AnnouncedWindow, ...]:
    """Gives every window for which the sidecars of the files announce a total, in the order of the files.

    Pages of one window may announce different totals, as it changes while it is read: the last page's is taken.
    Raises FetchError where a sidecar is missing.
    """
    windows: dict[tuple[str | None, str | None], AnnouncedWindow] = {}
    pages: dict[tuple[str | None, str | None], tuple[str, ...]] = {}
    for file, path in files:
        said = read_sidecar(path)
        position = said.get("position") or {}
        bounds = (_text(position.get("window_from")), _text(position.get("window_to")))
        pages[bounds] = (*pages.get(bounds, ()), file.sha256)
        total = said.get("announced_total")
        if total is not None:
            windows[bounds] = AnnouncedWindow(*bounds, int(total), ())
    return tuple(replace(window, files=pages[bounds]) for bounds, window in windows.items())


def check_announced(
    connection: duckdb.DuckDBPyConnection,
    spec: SourceSpec,
    source_name: str,
    windows: Sequence[AnnouncedWindow],
    read: Mapping[str, int],
) -> None:
    """Keeps announced and found records of each window in `ingest.announced_volume`.

    Call it when the raw table holds all records that were read; `read` gives their number by SHA-256 of the file. Where
    the source has a key, a record that came twice within a window, alike in every cell, is found once; of a restricted
    source, one that came twice at all. Raises
    ContractError where fewer were found than `volume.announced_tolerance` allows.
    """
    for window in windows:
        records = sum(read[sha256] for sha256 in window.files)
        found = records - (_repeats(connection, spec, source_name, window) if spec.key else 0)
        _require_enough(spec, window, found)
        if found > window.announced:
            _LOG.warning(
                "%s: %d records read of %s, and its publisher announces %d",
                source_name,
                found,
                window.label,
                window.announced,
            )
        connection.execute(
            f"INSERT INTO {ANNOUNCED_VOLUME.qualified_name} "
            "(source_name, window_from, window_to, file_count, read_count, announced_count, found_count) "
            "VALUES ($source, $window_from, $window_to, $files, $read, $announced, $found)",
            {
                "source": source_name,
                "window_from": window.window_from,
                "window_to": window.window_to,
                "files": len(window.files),
                "read": records,
                "announced": window.announced,
                "found": found,
            },
        )


def _repeats(connection: duckdb.DuckDBPyConnection, spec: SourceSpec, source_name: str, window: AnnouncedWindow) -> int:
    table, statement = incoming_table(source_name), Statement()
    columns = raw_columns_of(connection, table)
    if spec.is_restricted:
        parts = ", ".join(key_texts(spec, columns, statement))
        once = f"CASE WHEN coalesce({parts}) IS NULL THEN (_snapshot_sha256, _record_no) END, {parts}"
    else:
        once = whole_text_of_row(spec, columns)
    row = connection.execute(
        f"SELECT count(*) - count(DISTINCT md5_number(CAST(({once}) AS VARCHAR))) FROM {table} AS loaded "
        f"WHERE list_contains({statement.bind(list(window.files))}, _snapshot_sha256)",
        statement.parameters,
    ).fetchone()
    return int(row[0]) if row else 0


def _require_enough(spec: SourceSpec, window: AnnouncedWindow, found: int) -> None:
    least = window.announced * (1 - spec.volume.announced_tolerance)
    if found < least:
        raise ContractError(
            f"{found:,} of the {window.announced:,} records that its publisher announces for {window.label} were read",
            remedy="Fetch it again in full (tierline fetch --full); if the publisher counts otherwise, declare "
            "volume.announced_tolerance.",
        )


def _text(value: str | int | None) -> str | None:
    return None if value is None else str(value)
