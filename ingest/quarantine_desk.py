"""The desk where quarantined records are worked: which there are and why, what they say, and loading them anew."""

import difflib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import duckdb

from ingest.checks import check
from ingest.load import load_sources, present_state, sources_folder
from ingest.quarantine import DUPLICATE_KEY, REPEATS, first_fault_sql
from ingest.rehearsal import refused_by_checks
from ingest.source_loading import SourceSnapshot, is_loaded
from ingest.spec import load_spec
from tierline.errors import CheckFailed, ConfigError, ContractError, TierlineError
from tierline.run import Run
from tierline.warehouse import connect

_NAMES_ANOTHER = (*REPEATS, DUPLICATE_KEY.code)
_EXAMPLES = 3


@dataclass(frozen=True)
class ReasonCount:
    """How many records of one source are in quarantine for one reason, and the first few of them by number."""

    source: str
    reason_code: str
    reason: str
    remedy: str
    records: int
    examples: tuple[int, ...]
    is_fault: bool


@dataclass(frozen=True)
class QuarantinedRecord:
    """One record in quarantine; its text is None where the source is restricted."""

    source: str
    file_name: str | None
    snapshot_sha256: str
    record_no: int
    reason_code: str
    reason: str
    remedy: str
    is_restricted: bool
    text: str | None


@dataclass(frozen=True)
class Account:
    """What the ledger says of a source: records by their fate, and whether its last load failed."""

    read: int = 0
    loaded: int = 0
    quarantined: int = 0
    repeated: int = 0
    is_failed: bool = False


@dataclass(frozen=True)
class Retried:
    """One source before and after it was loaded anew from the landing; `problem` says why its former state stays.

    It is not changed where neither its files nor its declaration differ from what is loaded, or where it was refused.
    """

    source: str
    before: Account
    after: Account
    is_changed: bool
    problem: str | None = None


def quarantine_counts(run: Run, *, source: str | None = None, reason: str | None = None) -> list[ReasonCount]:
    """Gives what is in quarantine by source, reason and remedy, most frequent first.

    Raises ConfigError for a source that is not configured or a reason that no record has.
    """
    if source is not None:
        run.settings.source(source)
    with _warehouse(run) as warehouse:
        code = _known_reason(warehouse, reason)
        rows = warehouse.execute(
            f"""
            SELECT source_name, reason_code, words, remedy, count(*) AS records, min(record_no, {_EXAMPLES}),
                NOT list_contains($repeats, reason_code)
            FROM (
                SELECT *, CASE WHEN list_contains($others, reason_code) THEN reason_code
                    ELSE {first_fault_sql("reason")} END AS words
                FROM ingest.quarantined_record
            )
            WHERE ($source IS NULL OR source_name = $source) AND ($code IS NULL OR reason_code = $code)
            GROUP BY source_name, reason_code, words, remedy
            ORDER BY records DESC, source_name, words, remedy
            """,
            {"others": list(_NAMES_ANOTHER), "repeats": list(REPEATS), "source": source, "code": code},
        ).fetchall()
    return [
        ReasonCount(name, code, words, remedy, records, tuple(examples), is_fault)
        for name, code, words, remedy, records, examples, is_fault in rows
    ]


def quarantined_records(
    run: Run, source: str, *, record_no: int | None = None, reason: str | None = None, limit: int = 20
) -> tuple[list[QuarantinedRecord], int]:
    """Gives the first records of a source in quarantine, in the order of its files, and how many there are in all.

    Only the open store is read, which has no text of restricted sources. Raises ConfigError for a source that is not
    configured, a reason that no record has, or a record that is not in quarantine.
    """
    run.settings.source(source)
    with _warehouse(run) as warehouse:
        code = _known_reason(warehouse, reason)
        selected = """
            FROM ingest.quarantined_record AS held
            LEFT JOIN (
                SELECT source_name, snapshot_sha256, any_value(file_name) AS file_name,
                    any_value(sensitivity) AS sensitivity
                FROM ingest.source_load GROUP BY ALL
            ) AS file USING (source_name, snapshot_sha256)
            WHERE source_name = $source AND ($record_no IS NULL OR record_no = $record_no)
                AND ($code IS NULL OR reason_code = $code)
        """
        bound = {"source": source, "record_no": record_no, "code": code}
        counted = warehouse.execute(f"SELECT count(*) {selected}", bound).fetchone()
        rows = warehouse.execute(
            "SELECT source_name, file_name, snapshot_sha256, record_no, reason_code, reason, remedy, "
            f"coalesce(sensitivity = 'restricted', true), original_text {selected} "
            "ORDER BY file_name, snapshot_sha256, record_no LIMIT $limit",
            {**bound, "limit": limit},
        ).fetchall()
    if record_no is not None and not rows:
        raise ConfigError(
            f"record {record_no} is not in quarantine",
            source=source,
            remedy=f"See what is: tierline quarantine show {source}; a record that was loaded: tierline origin.",
        )
    return [QuarantinedRecord(*row) for row in rows], int(counted[0]) if counted else 0


def retry(run: Run, sources: Sequence[str] = ()) -> list[Retried]:
    """Loads sources anew from the landing, without fetching, and checks them; gives each before and after.

    Without names: every source that has records in quarantine, or that failed. Other sources are not touched. A state
    that cannot be loaded, or that the checks would leave out, does not replace one that is in use. Raises ConfigError
    for a source that is not configured or a declaration that is wrong.
    """
    for name in sources:
        run.settings.source(name)
    before = _accounts(run)
    chosen = list(sources) or [name for name, account in before.items() if account.quarantined or account.is_failed]
    changed = [name for name in chosen if not _is_as_loaded(run, name)]
    refused = {name: problem for name in changed if (problem := _refusal(run, name, before.get(name, Account())))}
    problems = refused | _load_and_check(run, [name for name in changed if name not in refused])
    after = _accounts(run)
    return [
        Retried(
            name,
            before.get(name, Account()),
            after.get(name, Account()),
            is_changed=name in changed and name not in refused,
            problem=problems.get(name),
        )
        for name in chosen
    ]


def _is_as_loaded(run: Run, name: str) -> bool:
    """Tells whether neither files nor declaration of a source differ from what is loaded."""
    config = run.settings.source(name)
    spec = load_spec(config.id, sources_folder(run))
    try:
        snapshot = present_state(run, SourceSnapshot(name, spec, config.known_on, run.as_of, ()))
    except TierlineError:
        return False
    with _warehouse(run) as warehouse:
        return is_loaded(warehouse, snapshot)


def _refusal(run: Run, name: str, account: Account) -> str | None:
    """Gives why the landed state must not replace the one in use; a state that cannot be loaded does so by itself."""
    if not account.loaded:
        return None
    config = run.settings.source(name)
    try:
        return refused_by_checks(run, config, load_spec(config.id, sources_folder(run)))
    except ConfigError:
        raise
    except TierlineError:
        return None


def _load_and_check(run: Run, names: Collection[str]) -> dict[str, str]:
    if not names:
        return {}
    problems: dict[str, str] = {}
    for name, step in (("load", load_sources), ("check", check)):
        # a required source that fails is told by the outcome, as any other
        with suppress(ContractError, CheckFailed):
            step(run, only=names)
        problems |= run.read_outcome(name)["degraded"]
    return problems


def _accounts(run: Run) -> dict[str, Account]:
    """Gives the account of each configured source that was ever loaded, in the order of the configuration."""
    with _warehouse(run) as warehouse:
        rows = warehouse.execute(
            """
            SELECT source_name, CAST(sum(read_count) AS BIGINT), CAST(sum(loaded_count) AS BIGINT),
                CAST(sum(quarantined_count) AS BIGINT), CAST(sum(coalesce(repeated_count, 0)) AS BIGINT),
                bool_or(status = 'failed')
            FROM ingest.source_load GROUP BY source_name
            """
        ).fetchall()
    found = {name: Account(*counts) for name, *counts in rows}
    return {config.name: found[config.name] for config in run.settings.sources if config.name in found}


def _known_reason(warehouse: duckdb.DuckDBPyConnection, reason: str | None) -> str | None:
    if reason is None:
        return None
    rows = warehouse.execute("SELECT DISTINCT reason_code FROM ingest.quarantined_record ORDER BY 1").fetchall()
    known: dict[str, str] = {code.casefold(): code for (code,) in rows}
    if reason.casefold() not in known:
        near = difflib.get_close_matches(reason.casefold(), known, n=3, cutoff=0.5)
        wanted = [known[code] for code in near] or list(known.values())
        remedy = f"In use are: {', '.join(wanted)}." if wanted else "Nothing is in quarantine."
        raise ConfigError("no record is in quarantine for that reason", remedy=remedy)
    return known[reason.casefold()]


@contextmanager
def _warehouse(run: Run) -> Iterator[duckdb.DuckDBPyConnection]:
    if not run.home.warehouse.exists():
        raise TierlineError("nothing was ever loaded here", remedy="Run it first: tierline run")
    with connect(run.home.warehouse, read_only=True, memory_limit=run.settings.memory_limit) as warehouse:
        yield warehouse
