"""Survey step: decides, inside the restricted store, the one class that leaves it per site, indicator and closed wave.

Answers are read here and nowhere else after loading. A class once decided stands in the release ledger and is never
computed again, so that two releases cannot be compared to learn one worker's answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import polars as pl

from ingest.answered_indicators import answered_indicators
from ingest.contracts import SURVEY_CLASS, SURVEY_QUALITY, SURVEY_RATE
from ingest.grievances import count_cases, never_clean, undecided_grievances
from ingest.load import sources_folder
from ingest.pseudonym import pseudonym_key
from ingest.release_ledger import make_ledger, release_classes, released_classes, supersede_withdrawn
from ingest.releases.class_decision import decide_cells
from ingest.releases.places import places_of_sites
from ingest.releases.rate_ledger import make_rate_ledger, told_rates
from ingest.releases.rates import decide_rates
from ingest.releases.wave_kinds import make_wave_kinds, settle_wave_kinds
from ingest.safeguarding import make_notices
from ingest.sealed_store import sealed_store
from ingest.spec import load_spec
from ingest.stores import RESTRICTED_TABLES, make_tables
from ingest.survey_classes import read_rule, read_thresholds
from ingest.survey_quality import judge_sheets, read_quality_rule
from ingest.survey_telling import decide_quality, make_quality_ledger, told_quality
from ingest.withdrawals import make_withdrawals
from tierline.errors import TierlineError
from tierline.log import get_logger
from tierline.run import Run
from tierline.warehouse import connect, quote_identifier

_LOG = get_logger(__name__)
_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}

# A source that failed to load decides nothing: what the store holds of it may be out of date, and a class is final.
# A submission's last version replaces it whole, so an answer taken back counts no more.
_LAST_VERSION = """
    CREATE OR REPLACE TEMP TABLE last_version AS
    WITH answer AS (
        SELECT survey_answer.*, terms.design_effect, terms.closes_after_days,
            CASE WHEN terms.is_answer_by_answer THEN 0 ELSE record_no END AS version,
            CASE WHEN terms.is_answer_by_answer THEN '' ELSE snapshot_sha256 END AS version_file,
            make_date(
                year(submitted_on), (month(submitted_on) - 1) // terms.months * terms.months + 1, 1
            ) + to_months(terms.months) - INTERVAL 1 DAY AS wave_ends_on
        FROM canonical.survey_answer JOIN terms ON survey_answer.source_id = terms.source_name
        WHERE submitted_on <= $as_of AND (known_on IS NULL OR known_on <= $as_of)
            AND source_id NOT IN (SELECT source_name FROM ingest.source_load WHERE status = 'failed')
    )
    SELECT source_id, supplier_ref, facility_ref, wave_id, respondent_key, submitted_on, source_type, question,
        indicator_id, answer, answer_word, duration_seconds, language, channel, enumerator_key, known_on, design_effect,
        CAST(wave_ends_on + to_days(closes_after_days) AS DATE) AS closes_on
    FROM answer
    QUALIFY rank() OVER (
        PARTITION BY source_id, respondent_key, wave_id
        ORDER BY submitted_on DESC, known_on DESC NULLS LAST, version DESC, version_file DESC
    ) = 1
"""

# Several questions may bear on one indicator: a respondent who answers any of them adversely is one adverse
# respondent. Where a cell mixes places, it is taken for on-site, the weaker.
_UNDECIDED_CELLS = """
    WITH wave AS (
        SELECT source_id, wave_id, max(closes_on) AS wave_closed_on FROM last_version GROUP BY ALL
    ), respondent AS (
        SELECT source_id, supplier_ref, facility_ref, indicator_id, wave_id, respondent_key,
            bool_or(answer = 'adverse') AS is_adverse, bool_and(source_type = 'offsite_survey') AS is_offsite,
            any_value(design_effect) AS design_effect, max(known_on) AS known_on
        FROM last_version GROUP BY ALL
    ), cell AS (
        SELECT source_id, supplier_ref, facility_ref, indicator_id, wave_id, any_value(design_effect) AS design_effect,
            count(*) AS respondents, count(*) FILTER (WHERE is_adverse) AS adverse_respondents,
            CASE WHEN bool_and(is_offsite) THEN 'offsite_survey' ELSE 'onsite_survey' END AS source_type,
            max(known_on) AS known_on,
            'R' || left(sha256(concat_ws(
                '|', source_id, coalesce(supplier_ref, ''), facility_ref, indicator_id, wave_id
            )), 16) AS cell_id
        FROM respondent GROUP BY ALL
    )
    SELECT cell.* EXCLUDE (known_on), wave_closed_on, survey_site.is_coached,
        greatest(wave_closed_on, known_on) AS known_on
    FROM cell JOIN wave USING (source_id, wave_id)
    LEFT JOIN survey_site ON survey_site.source_id = cell.source_id AND survey_site.wave_id = cell.wave_id
        AND survey_site.facility_ref = cell.facility_ref
        AND survey_site.supplier_ref IS NOT DISTINCT FROM cell.supplier_ref
    WHERE wave_closed_on <= $as_of
        AND cell_id NOT IN (SELECT cell_id FROM release.survey_class WHERE superseded_on IS NULL)
"""


@dataclass(frozen=True)
class SurveyTerms:
    """What one survey source's declaration says about its waves; `months` is the length of one, `invited` by wave.

    `is_answer_by_answer`: a record is one answer, so that the answers of one day are one sheet and not its versions.
    `indicators`: what answers may bear on. `counted_in`: the most cells of classes in which one answer counts.
    """

    source_name: str
    months: int
    closes_after_days: int
    design_effect: float
    is_answer_by_answer: bool = False
    retention_days: int | None = None
    invited: tuple[tuple[str, int], ...] = ()
    indicators: tuple[str, ...] = ()
    counted_in: int = 1


def survey(run: Run) -> dict[str, Any]:
    """Decides the classes of newly closed waves and writes all released ones to `canonical.survey_class`.

    Gives how many classes each survey source has released as of the run's day. Raises ConfigError for seeds that do not
    hold the rule, TierlineError where nothing was loaded yet.
    """
    terms = survey_terms(run)
    names = [term.source_name for term in terms]
    released = _decide_and_release(run, terms, names)
    _replace(run, released)
    classes = released["survey_class"]
    counts = dict(classes.group_by("source_id").len().sort("source_id").iter_rows())
    _LOG.info("survey    %d classes released by %d sources", classes.height, len(names))
    outcome = {"classes": {name: counts.get(name, 0) for name in names}, "degraded": {}}
    run.write_outcome("survey", outcome)
    return outcome


def survey_terms(run: Run) -> list[SurveyTerms]:
    """Gives the terms of every configured survey source; raises ConfigError for a declaration that is wrong."""
    declared = [(source.name, load_spec(source.id, sources_folder(run))) for source in run.settings.sources]
    return [
        SurveyTerms(
            name,
            _MONTHS[spec.survey.wave],
            spec.survey.closes_after_days,
            spec.survey.design_effect,
            spec.survey.record == "answer",
            spec.retention_days,
            tuple(sorted(spec.survey.design.invited.items())) if spec.survey.design else (),
            *answered_indicators(spec),
        )
        for name, spec in declared
        if spec.survey is not None
    ]


def settle_withdrawals(run: Run) -> None:
    """Decides what is due before answers are purged; nothing leaves the store here."""
    terms = survey_terms(run)
    if terms and run.home.restricted_warehouse.exists():
        _decide_and_release(run, terms, [])


def _decide_and_release(run: Run, terms: Sequence[SurveyTerms], names: list[str]) -> dict[str, pl.DataFrame]:
    """Gives what has left the store by the run's day, as rows of each canonical table that it fills."""
    if not run.home.restricted_warehouse.exists():
        if names:
            raise TierlineError("the restricted store is empty", remedy="Load the survey sources first: tierline load")
        return _nothing_released()
    rule, thresholds = read_rule(run.project), read_thresholds(run.project)
    quality = read_quality_rule(run.project)
    places, key = places_of_sites(run), pseudonym_key(run.home)
    with sealed_store(run) as store:
        make_tables(store, RESTRICTED_TABLES)
        store.begin()
        answers_as_they_stand(run, store, terms)
        judge_sheets(store, quality)
        supersede_withdrawn(store, run.as_of)
        counted_in = {term.source_name: term.counted_in for term in terms}
        answered = store.execute(_UNDECIDED_CELLS, {"as_of": run.as_of}).pl()
        told = undecided_grievances(store, run.as_of)
        answered, told = (decide_cells(store, cells, rule, thresholds, key, counted_in) for cells in (answered, told))
        release_classes(store, answered, run.run_id)
        release_classes(store, never_clean(told), run.run_id)
        decide_quality(store, _invited(terms), run.as_of)
        decide_rates(store, places, key, run.as_of, run.run_id)
        make_notices(store, run.project, run.as_of)
        store.commit()
        return _released(store, names, run.as_of)


def answers_as_they_stand(
    run: Run, store: duckdb.DuckDBPyConnection, terms: Sequence[SurveyTerms] | None = None
) -> None:
    """Makes the temporary tables `last_version` and `counted_case`: answers and cases as they stood on the run's day.

    Of every wave that is closed by then it is settled whether its classes are exact or protected. Without `terms`,
    those of the configured sources are read.
    """
    for make in (make_ledger, make_quality_ledger, make_rate_ledger, make_withdrawals, make_wave_kinds):
        make(store)
    store.register("terms", _terms_frame(survey_terms(run) if terms is None else terms))
    store.execute(_LAST_VERSION, {"as_of": run.as_of})
    count_cases(store, run.as_of)
    settle_wave_kinds(store, run.settings.survey_classes, run.as_of)


def _released(store: duckdb.DuckDBPyConnection, names: list[str], as_of: date) -> dict[str, pl.DataFrame]:
    return {
        "survey_class": released_classes(store, names, as_of),
        "survey_quality": told_quality(store, names, as_of),
        "survey_rate": told_rates(store, names, as_of),
    }


def _nothing_released() -> dict[str, pl.DataFrame]:
    with connect() as connection:
        make_ledger(connection)
        make_quality_ledger(connection)
        make_rate_ledger(connection)
        return _released(connection, [], date.max)


def _replace(run: Run, released: dict[str, pl.DataFrame]) -> None:
    with connect(run.home.warehouse, memory_limit=run.settings.memory_limit, threads=run.settings.threads) as warehouse:
        make_tables(warehouse, (SURVEY_CLASS, SURVEY_QUALITY, SURVEY_RATE))
        warehouse.begin()
        for table, rows in released.items():
            name = f"canonical.{quote_identifier(table)}"
            warehouse.execute(f"DELETE FROM {name}")
            warehouse.register("released", rows)
            warehouse.execute(f"INSERT INTO {name} BY NAME SELECT * FROM released ORDER BY row_id")
            warehouse.unregister("released")
        warehouse.commit()


def _invited(terms: Sequence[SurveyTerms]) -> dict[tuple[str, str], int]:
    return {(term.source_name, wave): count for term in terms for wave, count in term.invited}


def _terms_frame(terms: Sequence[SurveyTerms]) -> pl.DataFrame:
    kinds: dict[str, pl.DataType | type[pl.DataType]] = {
        "source_name": pl.String,
        "months": pl.Int64,
        "closes_after_days": pl.Int64,
        "design_effect": pl.Float64,
        "is_answer_by_answer": pl.Boolean,
        "retention_days": pl.Int64,
        "indicators": pl.List(pl.String),
    }
    return pl.DataFrame([{name: getattr(term, name) for name in kinds} for term in terms], schema=kinds)
