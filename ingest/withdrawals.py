"""Who withdrew: remembered as pseudonyms in the restricted store, so that no later fetch brings an answer back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from ingest.landing import Landing, landing_of
from ingest.landing_records import LandedFile
from ingest.pseudonym import pseudonym_of
from ingest.record_withholding import IsWithheld, NotWithholdable, write_without
from ingest.restricted_landing import work_folder
from ingest.restricted_store import FILE_MODE
from ingest.sidecar import KEPT, SUFFIX, read_sidecar
from ingest.source_loading import SourceSnapshot
from ingest.spec import SourceSpec
from tierline.errors import FetchError
from tierline.files import sha256_of_bytes, sha256_of_file, sync_folder, write_json_atomically
from tierline.run import Run

_TABLES = """
    CREATE SCHEMA IF NOT EXISTS release;
    CREATE TABLE IF NOT EXISTS release.withdrawal (
        source_id VARCHAR NOT NULL, respondent_key VARCHAR NOT NULL, withdrawn_on DATE NOT NULL,
        PRIMARY KEY (source_id, respondent_key)
    );
    CREATE TABLE IF NOT EXISTS release.withdrawn_answer (
        source_id VARCHAR NOT NULL, supplier_ref VARCHAR, facility_ref VARCHAR NOT NULL, wave_id VARCHAR NOT NULL,
        respondent_key VARCHAR NOT NULL, reached_outputs_on DATE
    );
"""


def make_withdrawals(store: duckdb.DuckDBPyConnection) -> None:
    """Makes the tables of withdrawals where they are missing.

    `release.withdrawn_answer` has a row a respondent, site and wave: what the outputs do not know yet.
    """
    store.execute(_TABLES)


def note_withdrawal(store: duckdb.DuckDBPyConnection, source: str, respondent_key: str, day: date) -> None:
    """Remembers that a respondent of a source withdrew, and where the outputs hold what was said."""
    bound = {"source": source, "key": respondent_key}
    store.execute(
        "INSERT INTO release.withdrawal VALUES ($source, $key, $day) ON CONFLICT DO NOTHING", {**bound, "day": day}
    )
    for table, person in (("survey_answer", "respondent_key"), ("grievance_case", "case_key")):
        store.execute(
            f"""
            INSERT INTO release.withdrawn_answer
            SELECT DISTINCT source_id, supplier_ref, facility_ref, wave_id, {person}, CAST(NULL AS DATE)
            FROM canonical.{table} AS answer
            WHERE source_id = $source AND {person} = $key AND NOT EXISTS (
                FROM release.withdrawn_answer AS noted WHERE noted.source_id = answer.source_id
                AND noted.facility_ref = answer.facility_ref AND noted.wave_id = answer.wave_id
                AND noted.respondent_key = answer.{person}
            )
            """,
            bound,
        )


def withdrawn_of(store: duckdb.DuckDBPyConnection, source: str) -> frozenset[str]:
    """Gives the pseudonyms of those who withdrew from a source."""
    rows = store.execute("SELECT respondent_key FROM release.withdrawal WHERE source_id = ?", [source]).fetchall()
    return frozenset(key for (key,) in rows)


def is_withdrawn(key: bytes, withdrawn: frozenset[str]) -> IsWithheld:
    """Gives the test of a record by who answered."""
    return lambda person, _: person is not None and pseudonym_of(key, person) in withdrawn


def without_withdrawn(
    run: Run,
    snapshot: SourceSnapshot,
    withdrawn: frozenset[str],
    key: bytes,
    is_known: Callable[[SourceSnapshot], bool],
) -> SourceSnapshot:
    """Gives the snapshot without the records of who withdrew, which also leave the landing.

    Nothing is read where `is_known` says that the store holds this snapshot already. Raises FetchError where the layout
    of a file does not let single records go.
    """
    if not withdrawn:
        return snapshot
    marked = replace(snapshot, withheld=sha256_of_bytes("".join(sorted(withdrawn)).encode()))
    if is_known(marked):
        return marked
    landing = landing_of(run.home, snapshot.name, snapshot.spec, seals=run.settings.encrypt_restricted)
    test = is_withdrawn(key, withdrawn)
    for file, _ in snapshot.files:
        try:
            withhold(run, landing, file, snapshot.spec, test)
        except NotWithholdable:
            raise FetchError(
                f"someone withdrew, and single records cannot be taken out of {file.name}",
                remedy="Take them out at the source and fetch it again, or deliver unpacked CSV or JSON.",
            ) from None
    return replace(marked, files=tuple((file, landing.verified(file)) for file, _ in snapshot.files))


def withhold(run: Run, landing: Landing, file: LandedFile, spec: SourceSpec, is_withheld: IsWithheld) -> int:
    """Takes records out of a landed file for good; gives how many. Inside `opened_files`.

    The note beside the file says first what is left, so that the file counts as whole before and after it is replaced.
    Raises NotWithholdable where the layout does not let single records go.
    """
    landed = landing.folder / file.sha256 / file.name
    with work_folder(run.home) as folder:
        kept = folder / "kept"
        kept.touch(mode=FILE_MODE)
        count = write_without(landing.verified(file), kept, spec, is_withheld)
        if count:
            noted = {**read_sidecar(landed), KEPT: sha256_of_file(kept)}
            write_json_atomically(landed.with_name(landed.name + SUFFIX), noted, FILE_MODE)
            landing.put(kept, file)
            sync_folder(landed.parent)
    return count


def remove_object(landed: Path) -> None:
    """Removes a landed file and its note: first the note, so that no note is of a file that is gone."""
    landed.with_name(landed.name + SUFFIX).unlink(missing_ok=True)
    landed.unlink(missing_ok=True)
    if not any(landed.parent.iterdir()):
        landed.parent.rmdir()
