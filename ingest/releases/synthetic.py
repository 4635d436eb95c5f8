"""Synthetic records for sharing: a differentially private release by `pac-synth`, with a ledger of spent budget.

The library draws its noise from the operating system and takes no seed, so no two releases are the same.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import duckdb
import polars as pl

from ingest.sealed_store import sealed_store
from ingest.survey import answers_as_they_stand
from tierline.errors import ConfigError, TierlineError
from tierline.run import Run

if TYPE_CHECKING:
    from pacsynth import Dataset, DpAggregateSeededSynthesizer

REPORTING_LENGTH: Final = 2
"""Columns that are counted together, at most two, as everywhere."""

DELTA: Final = 1e-6
"""Chance with which the bound on ε may fail; a constant, as one made from the number of workers would tell it."""

RECORD_COUNT_SHARE: Final = 0.05
"""Share of ε for the number of respondents; pac-synth's own .005 (meant for surveys far larger) draws noise of 400
respondents at ε .5, which a survey of a thousand falls below zero with in one release of twenty-five."""

_LEDGER = """
    CREATE SCHEMA IF NOT EXISTS release;
    CREATE TABLE IF NOT EXISTS release.privacy_budget (
        entry_no BIGINT PRIMARY KEY, decided_in_run VARCHAR NOT NULL, spent_on DATE NOT NULL,
        epsilon DOUBLE NOT NULL, delta DOUBLE NOT NULL
    );
"""

# One record a respondent, so that the bound is of a person: the newest closed wave that the person answered. Protected
# classes move the odds of an answer as far as may be already, so of their waves nothing more is told.
_RECORDS = """
    WITH newest AS (
        SELECT respondent_key, indicator_id, answer, source_id, wave_id, facility_ref
        FROM last_version JOIN release.survey_wave USING (source_id, wave_id)
        WHERE class_kind = 'exact'
        QUALIFY rank() OVER (PARTITION BY respondent_key ORDER BY closes_on DESC, source_id, facility_ref) = 1
    ), answered AS (
        SELECT respondent_key, wave_id, facility_ref, indicator_id,
            CASE WHEN bool_or(answer = 'adverse') THEN 'adverse' ELSE 'not_adverse' END AS answer
        FROM newest GROUP BY ALL
    )
    SELECT wave_id, coalesce(country_code, '') AS country_code, coalesce(sector_key, '') AS sector_key,
        map_from_entries(list((indicator_id, answer) ORDER BY indicator_id)) AS answers
    FROM answered LEFT JOIN place USING (facility_ref)
    GROUP BY respondent_key, wave_id, country_code, sector_key ORDER BY hash(respondent_key)
"""


@dataclass(frozen=True)
class Utility:
    """What the noise cost for combinations of one order: against true counts, so not for sharing."""

    order: int
    mean_absolute_error: float
    combinations: int
    retained: int
    made_up: int


@dataclass(frozen=True)
class SyntheticRelease:
    """Synthetic records, noisy counts by combination, what was spent, and what it cost in usefulness."""

    columns: tuple[str, ...]
    records: tuple[tuple[str, ...], ...]
    counts: tuple[tuple[str, int], ...]
    protected_records: int
    epsilon: float
    delta: float
    epsilon_spent: float
    delta_spent: float
    epsilon_total: float
    utility: tuple[Utility, ...]


def synthesize(run: Run, places: pl.DataFrame, epsilon: float) -> SyntheticRelease:
    """Spends `epsilon` of the configured total and gives a release of all closed waves.

    The budget is spent before a count is made: a release that fails has spent it. Raises ConfigError where ε is not
    above 0 or the total would be passed, TierlineError where no wave is closed or noise leaves no respondents. Waves
    whose classes are protected are left out.
    """
    if not 0 < epsilon < float("inf"):
        raise ConfigError("ε must be above 0", remedy="Give --epsilon a number such as 0.5.")
    if not run.home.restricted_warehouse.exists():
        raise TierlineError("the restricted store is empty", remedy="Load the survey sources first: tierline load")
    with sealed_store(run) as store:
        answers_as_they_stand(run, store)
        rows = _rows(store, places)
        spent = _spend(store, run, epsilon)
    return _release(rows, epsilon, spent, run.settings.privacy_budget)


def _rows(store: duckdb.DuckDBPyConnection, places: pl.DataFrame) -> list[list[str]]:
    store.register("place", places)
    found = store.execute(_RECORDS).fetchall()
    store.unregister("place")
    if not found:
        raise TierlineError(
            "no survey wave is closed by the day whose answers may be released",
            remedy="Release once a wave is closed. Of waves with protected classes nothing more is ever told.",
        )
    indicators = sorted({indicator for *_, answers in found for indicator in answers})
    heading = ["wave_id", "country_code", "sector_key", *indicators]
    return [heading, *([*place, *(answers.get(name, "") for name in indicators)] for *place, answers in found)]


def _spend(store: duckdb.DuckDBPyConnection, run: Run, epsilon: float) -> tuple[float, float]:
    """Writes the entry and gives ε and δ of all releases, this one with them; they add up (basic composition)."""
    store.execute(_LEDGER)
    summed = "SELECT coalesce(sum(epsilon), 0), coalesce(sum(delta), 0), count(*) FROM release.privacy_budget"
    ((before, delta, entries),) = store.execute(summed).fetchall()
    total = run.settings.privacy_budget
    if before + epsilon > total + 1e-9:
        raise ConfigError(
            f"ε {epsilon:g} would pass the budget: {before:g} of {total:g} is spent",
            remedy="Take a smaller --epsilon. A greater privacy_budget in the configuration weakens what was promised.",
        )
    store.execute(
        "INSERT INTO release.privacy_budget VALUES (?, ?, ?, ?, ?)",
        [entries + 1, run.run_id, run.as_of, epsilon, DELTA],
    )
    return before + epsilon, delta + DELTA


def _release(rows: list[list[str]], epsilon: float, spent: tuple[float, float], total: float) -> SyntheticRelease:
    from pacsynth import Dataset

    true = Dataset(rows)
    synthesizer = _fitted(true, epsilon)
    heading, *records = synthesizer.sample()
    counts = synthesizer.get_dp_aggregates(";")
    return SyntheticRelease(
        columns=tuple(heading),
        records=tuple(sorted(map(tuple, records))),
        counts=tuple(sorted(counts.items())),
        protected_records=synthesizer.get_dp_number_of_records(),
        epsilon=epsilon,
        delta=DELTA,
        epsilon_spent=spent[0],
        delta_spent=spent[1],
        epsilon_total=total,
        utility=utility_of(true.get_aggregates(REPORTING_LENGTH, ";"), counts),
    )


def _fitted(true: "Dataset", epsilon: float) -> "DpAggregateSeededSynthesizer":
    from pacsynth import DpAggregateSeededParametersBuilder, DpAggregateSeededSynthesizer

    settings = DpAggregateSeededParametersBuilder().reporting_length(REPORTING_LENGTH).epsilon(epsilon).delta(DELTA)
    settings = settings.number_of_records_epsilon_proportion(RECORD_COUNT_SHARE)
    synthesizer = DpAggregateSeededSynthesizer(settings.build())
    try:
        synthesizer.fit(true)
    except BaseException as panic:  # a panic of the library's Rust is no Exception, and its class cannot be imported
        if type(panic).__name__ != "PanicException":
            raise
        # That noise went below zero is itself a noisy count, so telling it tells no more than ε allows.
        raise TierlineError(
            f"nothing was released, and ε {epsilon:g} is spent: {panic}",
            remedy="The noise outweighs so few respondents: wait for a larger wave, or take a larger --epsilon.",
        ) from None
    return synthesizer


def utility_of(true: dict[str, int], noisy: dict[str, int]) -> tuple[Utility, ...]:
    """Gives how near noisy counts are to true ones, by how many columns are counted together; a missing count is 0."""
    told = []
    for order in range(1, REPORTING_LENGTH + 1):
        names = {name for name in (*true, *noisy) if name.count(";") == order - 1}
        errors = [abs(true.get(name, 0) - noisy.get(name, 0)) for name in names]
        present = [name for name in names if name in true]
        retained = sum(name in noisy for name in present)
        mean = sum(errors) / max(len(errors), 1)
        told.append(Utility(order, mean, len(present), retained, len(names) - len(present)))
    return tuple(told)
