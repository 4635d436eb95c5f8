"""Survey step: decides, inside the restricted store, the one class that leaves it per site, indicator and closed wave.

Answers are read here and nowhere else after loading. A class once decided stands in the release ledger and is never
computed again, so that two releases cannot be compared to learn one worker's answer.
"""

import csv
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from ingest.load import sources_folder
from ingest.sealed_store import sealed_store
from ingest.spec import load_spec
from tierline.errors import ConfigError, TierlineError
from tierline.log import get_logger
from tierline.run import Run
from tierline.warehouse import connect

_LOG = get_logger(__name__)
_CATALOGUE = Path("dbt_project") / "seeds" / "catalogue"
_EVERY_INDICATOR = "*"
_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}

_LEDGER = """
    CREATE SCHEMA IF NOT EXISTS release;
    CREATE TABLE IF NOT EXISTS release.survey_class (
        release_id VARCHAR PRIMARY KEY,
        source_id VARCHAR NOT NULL,
        supplier_ref VARCHAR,
        facility_ref VARCHAR NOT NULL,
        indicator_id VARCHAR NOT NULL,
        wave_id VARCHAR NOT NULL,
        wave_closed_on DATE NOT NULL,
        known_on DATE NOT NULL,
        class VARCHAR NOT NULL,
        source_type VARCHAR NOT NULL,
        decided_in_run VARCHAR NOT NULL
    );
"""

# A source that failed to load decides nothing: what the store holds of it may be out of date, and a class is final.
# A submission's last version replaces it whole, so an answer taken back counts no more. Several questions may bear on
# one indicator: a respondent who answers any of them adversely is one adverse respondent. Where a cell mixes places, it
# is taken for on-site, the weaker.
_UNDECIDED_CELLS = """
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
    ), last_version AS (
        SELECT * FROM answer
        QUALIFY rank() OVER (
            PARTITION BY source_id, respondent_key, wave_id
            ORDER BY submitted_on DESC, known_on DESC NULLS LAST, version DESC, version_file DESC
        ) = 1
    ), wave AS (
        SELECT source_id, wave_id,
            CAST(max(wave_ends_on + to_days(closes_after_days)) AS DATE) AS wave_closed_on
        FROM last_version GROUP BY ALL
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
            )), 16) AS release_id
        FROM respondent GROUP BY ALL
    )
    SELECT cell.* EXCLUDE (known_on), wave_closed_on,
        greatest(wave_closed_on, known_on) AS known_on
    FROM cell JOIN wave USING (source_id, wave_id)
    WHERE wave_closed_on <= $as_of AND release_id NOT IN (SELECT release_id FROM release.survey_class)
"""

_DECIDE = """
    INSERT INTO release.survey_class BY NAME
    SELECT release_id, source_id, supplier_ref, facility_ref, indicator_id, wave_id, wave_closed_on, known_on, class,
        source_type, $run_id AS decided_in_run
    FROM decided ORDER BY release_id
"""

_RELEASED = """
    SELECT release_id AS row_id, source_id, '' AS snapshot_sha256, CAST(0 AS BIGINT) AS record_no,
        CAST(NULL AS BIGINT) AS item_no, known_on, facility_ref, supplier_ref, indicator_id, wave_id, wave_closed_on,
        class, source_type, release_id
    FROM release.survey_class JOIN (SELECT unnest($sources) AS source_id) USING (source_id)
    WHERE known_on <= $as_of
    ORDER BY release_id
"""


@dataclass(frozen=True)
class SurveyTerms:
    """What one survey source's declaration says about its waves; `months` is the length of one.

    `is_answer_by_answer`: a record is one answer, so that the answers of one day are one sheet and not its versions.
    """

    source_name: str
    months: int
    closes_after_days: int
    design_effect: float
    is_answer_by_answer: bool = False


@dataclass(frozen=True)
class SurveyRule:
    """When a class is decided: METHOD §2, read from the versioned seeds."""

    fires_probability: float
    fires_strongly_probability: float
    clean_probability: float
    minimum_adverse_respondents: float
    minimum_respondents: float
    prior_alpha: float
    prior_beta: float


def survey(run: Run) -> dict[str, Any]:
    """Decides the classes of newly closed waves and writes all released ones to `canonical.survey_class`.

    Gives how many classes each survey source has released as of the run's day. Raises ConfigError for seeds that do not
    hold the rule, TierlineError where nothing was loaded yet.
    """
    terms = survey_terms(run)
    names = [term.source_name for term in terms]
    released = _decide_and_release(run, terms, names)
    _replace_classes(run, released)
    counts = dict(released.group_by("source_id").len().sort("source_id").iter_rows())
    _LOG.info("survey    %d classes released by %d sources", released.height, len(names))
    outcome = {"classes": {name: counts.get(name, 0) for name in names}, "degraded": {}}
    run.write_outcome("survey", outcome)
    return outcome


def survey_terms(run: Run) -> list[SurveyTerms]:
    """Gives the terms of every configured survey source; raises ConfigError for a declaration that is wrong."""
    declared = [(source.name, load_spec(source.id, sources_folder(run)).survey) for source in run.settings.sources]
    return [
        SurveyTerms(name, _MONTHS[block.wave], block.closes_after_days, block.design_effect, block.record == "answer")
        for name, block in declared
        if block is not None
    ]


def decide_classes(cells: pl.DataFrame, rule: SurveyRule, thresholds: pl.DataFrame) -> pl.DataFrame:
    """Gives the cells with the column `class`, from `respondents`, `adverse_respondents`, `design_effect`.

    The rate of adverse answers has the posterior Beta(α + k/d, β + (n - k)/d) for k of n respondents and design effect
    d; `thresholds` (indicator_id, threshold) has the row '*' for indicators that it does not name.
    """
    default = thresholds.filter(pl.col("indicator_id") == _EVERY_INDICATOR)["threshold"].item()
    facts = ["respondents", "adverse_respondents", "design_effect", "threshold"]
    cells = cells.join(thresholds, on="indicator_id", how="left").with_columns(pl.col("threshold").fill_null(default))
    distinct = cells.select(facts).unique(maintain_order=True)
    classes = pl.Series("class", _classes(*(distinct[fact].to_numpy() for fact in facts), rule=rule), dtype=pl.String)
    return cells.join(distinct.with_columns(classes), on=facts, how="left").drop("threshold")


def read_rule(project: Path) -> SurveyRule:
    """Reads the rule of survey classes from the seeds; raises ConfigError where a value is missing or no number."""
    values = _read_seed(project, "survey_rule.csv", "name", "value")
    missing = sorted(SurveyRule.__dataclass_fields__.keys() - values.keys())
    if missing:
        raise ConfigError(f"survey_rule.csv lacks {', '.join(missing)}", remedy="Restore the seed from the repository.")
    return SurveyRule(**{name: values[name] for name in SurveyRule.__dataclass_fields__})


def read_thresholds(project: Path) -> pl.DataFrame:
    """Reads the rate (0–1) above which each indicator counts as present: indicator_id, threshold; '*' is all others."""
    values = _read_seed(project, "survey_threshold.csv", "indicator_id", "threshold")
    if _EVERY_INDICATOR not in values:
        raise ConfigError("survey_threshold.csv lacks the row '*'", remedy="Restore the seed from the repository.")
    return pl.DataFrame({"indicator_id": list(values), "threshold": list(values.values())})


def _classes(
    respondents: NDArray[Any],
    adverse: NDArray[Any],
    design_effect: NDArray[Any],
    threshold: NDArray[Any],
    *,
    rule: SurveyRule,
) -> list[str]:
    from scipy.stats import beta

    posterior = beta(
        rule.prior_alpha + adverse / design_effect, rule.prior_beta + (respondents - adverse) / design_effect
    )
    above, at_or_below = posterior.sf(threshold), posterior.cdf(threshold)
    may_fire = (adverse >= rule.minimum_adverse_respondents) & (respondents >= rule.minimum_respondents)
    chosen: list[str] = np.select(
        [
            may_fire & (above >= rule.fires_strongly_probability),
            may_fire & (above >= rule.fires_probability),
            at_or_below >= rule.clean_probability,
        ],
        ["fires_strongly", "fires", "clean"],
        default="undetermined",
    ).tolist()
    return chosen


def _decide_and_release(run: Run, terms: Sequence[SurveyTerms], names: list[str]) -> pl.DataFrame:
    if not run.home.restricted_warehouse.exists():
        if names:
            raise TierlineError("the restricted store is empty", remedy="Load the survey sources first: tierline load")
        return _no_classes()
    rule, thresholds = read_rule(run.project), read_thresholds(run.project)
    with sealed_store(run) as store:
        store.begin()
        store.execute(_LEDGER)
        store.register("terms", _terms_frame(terms))
        cells = store.execute(_UNDECIDED_CELLS, {"as_of": run.as_of}).pl()
        store.register("decided", decide_classes(cells, rule, thresholds))
        store.execute(_DECIDE, {"run_id": run.run_id})
        store.commit()
        return _released(store, names, run.as_of)


def _released(store: duckdb.DuckDBPyConnection, names: list[str], as_of: date) -> pl.DataFrame:
    return store.execute(_RELEASED, {"sources": names, "as_of": as_of}).pl()


def _no_classes() -> pl.DataFrame:
    with connect() as connection:
        connection.execute(_LEDGER)
        return _released(connection, [], date.max)


def _replace_classes(run: Run, released: pl.DataFrame) -> None:
    with connect(run.home.warehouse, memory_limit=run.settings.memory_limit, threads=run.settings.threads) as warehouse:
        warehouse.begin()
        warehouse.execute("DELETE FROM canonical.survey_class")
        warehouse.register("released", released)
        warehouse.execute("INSERT INTO canonical.survey_class BY NAME SELECT * FROM released ORDER BY release_id")
        warehouse.commit()


def _terms_frame(terms: Sequence[SurveyTerms]) -> pl.DataFrame:
    return pl.DataFrame(
        [astuple(term) for term in terms],
        schema={
            "source_name": pl.String,
            "months": pl.Int64,
            "closes_after_days": pl.Int64,
            "design_effect": pl.Float64,
            "is_answer_by_answer": pl.Boolean,
        },
        orient="row",
    )


def _read_seed(project: Path, name: str, key: str, value: str) -> dict[str, float]:
    path = project / _CATALOGUE / name
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            return {row[key]: float(row[value]) for row in csv.DictReader(stream)}
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ConfigError(
            f"the seed {name} cannot be used: {type(error).__name__} ({error})",
            remedy=f"It needs the columns {key} and {value}, with a number in each row.",
        ) from error
