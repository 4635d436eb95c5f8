"""What stands behind a released class, for who owns the restricted store: counts and record numbers, no answer."""

from collections.abc import Iterator

from ingest.sealed_store import sealed_store
from tierline.errors import ConfigError
from tierline.run import Run

_RECORDS = """
    WITH told AS (
        SELECT source_id, supplier_ref, facility_ref, indicator_id, wave_id, snapshot_sha256, record_no,
            respondent_key AS person, answer = 'adverse' AS is_adverse
        FROM canonical.survey_answer
        UNION ALL
        SELECT source_id, supplier_ref, facility_ref, indicator_id, wave_id, snapshot_sha256, record_no,
            coalesce(complainant_key, case_key), true
        FROM canonical.grievance_case
    )
    SELECT count(DISTINCT person), count(DISTINCT person) FILTER (is_adverse), count(*),
        list_sort(list(DISTINCT left(snapshot_sha256, 12) || ':' || record_no))
    FROM told JOIN release.survey_class AS ledger ON told.source_id = ledger.source_id
        AND told.facility_ref = ledger.facility_ref AND told.indicator_id = ledger.indicator_id
        AND told.wave_id = ledger.wave_id AND told.supplier_ref IS NOT DISTINCT FROM ledger.supplier_ref
    WHERE release_id = $release_id
"""


def release_lines(run: Run, release_id: str) -> Iterator[str]:
    """Yields what the restricted store holds behind a released class now, as far as nothing was withdrawn or purged.

    Raises ConfigError where the store is not there, or belongs to or is open to another account.
    """
    if not run.home.restricted_warehouse.exists():
        raise ConfigError(
            "there is no restricted store here", remedy="Run it in the home, and under the account, that loaded them."
        )
    with sealed_store(run, read_only=True) as store:
        people, adverse, told, records = store.execute(_RECORDS, {"release_id": release_id}).fetchone() or (0, 0, 0, [])
    yield f"inside the restricted store: {told} rows of {people} people, {adverse} of them adverse"
    yield from (f"  record {record}" for record in records or [])
