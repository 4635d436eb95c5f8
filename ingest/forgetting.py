"""Forgetting: one respondent who withdraws, and all whose time is over; in store, landing and quarantine."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from ingest.landing import Landing, landing_of
from ingest.landing_records import LandedFile, whole_batches
from ingest.load import sources_folder
from ingest.pseudonym import pseudonym_key, pseudonym_of
from ingest.record_withholding import IsWithheld, NotWithholdable
from ingest.restricted_landing import landed_objects, opened_files
from ingest.rewriting import rewriting_due
from ingest.safeguarding import forget_notices
from ingest.sealed_store import sealed_store
from ingest.spec import SourceSpec, load_spec
from ingest.stores import RESTRICTED_TABLES, forget_source, make_tables
from ingest.survey import SurveyTerms, settle_withdrawals, survey_terms
from ingest.withdrawals import (
    is_withdrawn,
    make_withdrawals,
    note_withdrawal,
    remove_object,
    withdrawn_of,
    withhold,
)
from tierline.errors import ConfigError
from tierline.log import get_logger
from tierline.run import Run

_LOG = get_logger(__name__)


def withdraw(run: Run, source: str, references: list[str]) -> dict[str, Any]:
    """Deletes what the named respondents of a source answered, at once and for good; gives counts, never a name.

    They are remembered as pseudonyms, so that no later fetch brings them back; the next load reads what is left of the
    source. What was released changes in batches (METHOD §6). Raises ConfigError for a source that is not restricted.
    Killed at any moment, the same command ends what it began.
    """
    spec = _restricted_spec(run, source)
    key = pseudonym_key(run.home)
    with rewriting_due(run), opened_files(run.home):
        with sealed_store(run) as store:
            make_tables(store, RESTRICTED_TABLES)
            make_withdrawals(store)
            store.begin()
            for reference in references:
                note_withdrawal(store, source, pseudonym_of(key, reference), run.as_of)
            forget_source(store, RESTRICTED_TABLES, source)
            forget_notices(store, source)
            store.commit()
            withdrawn = withdrawn_of(store, source)
        landing = landing_of(run.home, source, spec, seals=run.settings.encrypt_restricted)
        taken, removed = _withhold_everywhere(run, landing, spec, is_withdrawn(key, withdrawn))
    _LOG.info("%s: %d withdrew; %d records left the landing", source, len(references), taken)
    return {"source": source, "withdrawn": len(references), "records": taken, "files_removed": removed}


def purge(run: Run) -> dict[str, Any]:
    """Deletes what restricted sources may not keep any longer; gives records and files a source.

    An answer's time is over `retention_days` after its wave was closed; a record without a day, that long after it
    landed. Files that are no part of a source's present state go too. Classes are decided first, and the store is
    copied to a fresh file, so that no byte of what is purged is left in any.
    """
    terms = {term.source_name: term for term in survey_terms(run)}
    purged: dict[str, Any] = {}
    settle_withdrawals(run)
    with rewriting_due(run), opened_files(run.home):
        for config in run.settings.sources:
            spec = load_spec(config.id, sources_folder(run))
            if not spec.is_restricted or spec.retention_days is None:
                continue
            landing = landing_of(run.home, config.name, spec, seals=run.settings.encrypt_restricted)
            kept = timedelta(days=spec.retention_days)
            term = terms.get(config.name)
            closes = partial(wave_closes_on, terms=term)
            taken, removed = _purge_source(run, landing, spec, kept, closes)
            if taken or removed:
                _forget_rows(run, config.name)
            purged[config.name] = {"records": taken, "files": removed}
            _LOG.info("%s: %d records and %d files purged", config.name, taken, removed)
    return purged


def wave_closes_on(day: date, terms: SurveyTerms | None) -> date:
    """Gives the day on which the wave of an answer of that day is closed; the day itself where there are no waves."""
    if terms is None:
        return day
    month = (day.month - 1) // terms.months * terms.months + terms.months
    end = date(day.year, month, monthrange(day.year, month)[1])
    return end + timedelta(days=terms.closes_after_days)


def _purge_source(
    run: Run, landing: Landing, spec: SourceSpec, kept: timedelta, closes: Callable[[date], date]
) -> tuple[int, int]:
    arrived = {
        (file.sha256, file.name): date.fromisoformat(batch.arrival.as_of)
        for batch in whole_batches(landing.folder)
        for file in batch.files
    }
    state = landing.present_state()
    present = {(file.sha256, file.name) for file in state.files} if state else set()
    superseded = 0
    for landed in landed_objects(landing.folder):
        if state is not None and (landed.parent.name, landed.name) not in present:
            remove_object(landed)
            superseded += 1

    def is_over(landed: Path) -> bool:
        day = arrived.get((landed.parent.name, landed.name))
        return day is not None and day + kept <= run.as_of

    taken = removed = 0
    for landed in landed_objects(landing.folder):
        is_old = is_over(landed)
        one, gone = _clear_object(
            run, landing, landed, spec, _is_over(run.as_of, kept, closes, undated=is_old), goes_whole=is_old
        )
        taken, removed = taken + one, removed + gone
    return taken, removed + superseded


def _is_over(as_of: date, kept: timedelta, closes: Callable[[date], date], *, undated: bool) -> IsWithheld:
    return lambda _, day: undated if day is None else closes(day) + kept <= as_of


def _withhold_everywhere(run: Run, landing: Landing, spec: SourceSpec, test: IsWithheld) -> tuple[int, int]:
    """Takes records out of everything that landed; gives how many, and how many files went whole."""
    taken = removed = 0
    for landed in landed_objects(landing.folder):
        one, gone = _clear_object(run, landing, landed, spec, test, goes_whole=True)
        taken, removed = taken + one, removed + gone
    return taken, removed


def _clear_object(
    run: Run, landing: Landing, landed: Path, spec: SourceSpec, test: IsWithheld, *, goes_whole: bool
) -> tuple[int, int]:
    file = LandedFile(landed.name, landed.parent.name, 0)
    try:
        return withhold(run, landing, file, spec, test), 0
    except NotWithholdable:
        if not goes_whole:
            return 0, 0
        remove_object(landed)
        return 0, 1


def _forget_rows(run: Run, source: str) -> None:
    with sealed_store(run) as store:
        make_tables(store, RESTRICTED_TABLES)
        store.begin()
        forget_source(store, RESTRICTED_TABLES, source)
        forget_notices(store, source)
        store.commit()


def _restricted_spec(run: Run, source: str) -> SourceSpec:
    spec = load_spec(run.settings.source(source).id, sources_folder(run))
    if not spec.is_restricted:
        raise ConfigError(
            f"{source} holds no answers of workers",
            remedy="Name a source whose declaration says sensitivity: restricted.",
        )
    return spec
