"""The steps of this room: the command line and the schedule call these and nothing else."""

from contextlib import AbstractContextManager
from typing import Any

import duckdb

from matching.check_digits import write_identifier_checks
from matching.entities import write_entities
from matching.entity_ledger import ledger_publication, read_ledger
from matching.known_actions import write_known_actions
from matching.list_history import write_known_matches
from matching.list_spellings import write_listed_names
from matching.pairs import write_supplier_pairs
from matching.screening import write_list_candidates
from matching.tables import create_missing_tables
from matching.transliteration import write_latin_spellings
from tierline.log import get_logger
from tierline.run import Run
from tierline.transform import build_linkage
from tierline.warehouse import connect

_LOG = get_logger(__name__)


def prepare(run: Run) -> dict[str, Any]:
    """Prepares names, identifiers and keys for matching; gives dbt's counts of nodes by status and its warnings.

    Raises CheckFailed that names each model or test that failed, TierlineError where dbt did not start.
    """
    with _warehouse(run) as connection:
        create_missing_tables(connection)
        write_listed_names(connection)
        write_latin_spellings(connection)
        write_identifier_checks(connection)
    outcome = build_linkage(run)
    run.write_outcome("prepare", outcome)
    return outcome


def match(run: Run) -> dict[str, Any]:
    """Says which records are one supplier; gives counts, contradictions of verdicts and where ids came from.

    Ids come from `entity_ledger` of an earlier publication where there is one; see `matching.entity_ledger`.
    """
    with _warehouse(run) as connection:
        create_missing_tables(connection)
        ledger = read_ledger(connection, run.home.published, run_id=run.run_id, as_of=run.as_of)
        pair_count = write_supplier_pairs(connection)
        outcome = {"pairs": pair_count, **write_entities(connection, ledger, as_of=run.as_of)}
        outcome["list_candidates"] = write_list_candidates(connection)
        earlier = ledger_publication(run.home.published, run_id=run.run_id, as_of=run.as_of)
        write_known_matches(connection, earlier, as_of=run.as_of)
        write_known_actions(connection, earlier)
    _LOG.info("%d references are %d suppliers", outcome["references"], outcome["suppliers"])
    for contradiction in outcome["contradictions"]:
        _LOG.warning("verdicts contradict each other: %s", contradiction)
    run.write_outcome("match", outcome)
    return outcome


def _warehouse(run: Run) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    settings = run.settings
    return connect(run.home.warehouse, memory_limit=settings.memory_limit, threads=settings.threads)
