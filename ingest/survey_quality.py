"""Quality of surveys: which sheets look rehearsed, and at which sites most do (Q02); inside the restricted store."""

from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from ingest.survey_classes import read_numbers
from tierline.errors import ConfigError

# A sheet is one respondent's last version. What is doubtful about it is told apart from whether it could be told at
# all: a survey without times, or whose questions all point one way, says nothing about rehearsal. Lists and distinct
# values of each sheet would be held in memory all at once, where sums and extremes go to disk.
_SHEETS = """
    CREATE OR REPLACE TEMP TABLE survey_sheet AS
    WITH two_sided AS (
        SELECT source_id FROM last_version GROUP BY source_id
        HAVING count(DISTINCT answer_word) FILTER (answer = 'adverse') > 1
            OR count(DISTINCT answer_word) FILTER (answer = 'not_adverse') > 1
    ), sheet AS (
        SELECT source_id, supplier_ref, facility_ref, wave_id, respondent_key,
            min(submitted_on) AS submitted_on, max(duration_seconds) AS duration_seconds,
            any_value(language) AS language, any_value(channel) AS channel, any_value(enumerator_key) AS enumerator_key,
            count(*) AS answered, count(*) FILTER (answer = 'adverse') AS adverse,
            count(answer_word) AS worded, min(answer_word) = max(answer_word) AS is_one_word,
            count(*) FILTER (answer_word IS NOT NULL AND answer = 'adverse') AS worded_adverse,
            sum(hash(question, answer)) AS answers_hash
        FROM last_version GROUP BY ALL
    ), timed AS (
        SELECT source_id, wave_id, median(duration_seconds) AS median_seconds
        FROM sheet GROUP BY ALL HAVING count(duration_seconds) >= $minimum_timed_sheets
    )
    SELECT sheet.*, median_seconds,
        coalesce(duration_seconds * $completion_divisor < median_seconds, false) AS is_fast,
        two_sided.source_id IS NOT NULL AND worded >= $minimum_answers AND is_one_word
            AND least(worded_adverse, worded - worded_adverse) >= $minimum_of_each_side AS is_straight_lined,
        duration_seconds IS NOT NULL AND answered >= $minimum_answers AND count(*) OVER (
            PARTITION BY source_id, supplier_ref, facility_ref, wave_id, submitted_on, duration_seconds, answers_hash
        ) > 1 AS is_duplicate,
        (duration_seconds IS NOT NULL AND median_seconds IS NOT NULL)
            OR (two_sided.source_id IS NOT NULL AND worded >= $minimum_answers) AS is_judged
    FROM sheet LEFT JOIN timed USING (source_id, wave_id) LEFT JOIN two_sided USING (source_id)
"""

# Zeros are implausible where even a site among the better quarter of the same wave would hardly give none.
_SITES = """
    CREATE OR REPLACE TEMP TABLE survey_site AS
    WITH site AS (
        SELECT source_id, supplier_ref, facility_ref, wave_id, count(*) AS sheets,
            count(*) FILTER (adverse > 0) AS reporting,
            count(*) FILTER (is_fast OR is_straight_lined OR is_duplicate) AS suspect,
            count(*) FILTER (is_judged) AS judged
        FROM survey_sheet GROUP BY ALL
    ), usual AS (
        SELECT source_id, wave_id, quantile_cont(reporting / sheets, 0.25) AS reporting_share
        FROM site WHERE sheets >= $minimum_sheets GROUP BY ALL HAVING count(*) >= $minimum_sites
    ), zeros AS (
        SELECT site.*, reporting_share IS NOT NULL AS has_usual,
            reporting = 0 AND pow(1 - reporting_share, sheets) < $implausible_zero_probability AS has_implausible_zeros
        FROM site LEFT JOIN usual USING (source_id, wave_id)
    )
    SELECT * EXCLUDE (has_usual, has_implausible_zeros),
        coalesce(has_implausible_zeros, false) AS has_implausible_zeros,
        CASE
            WHEN sheets < $minimum_sheets OR NOT (has_usual OR judged >= $judged_share * sheets) THEN NULL
            ELSE coalesce(has_implausible_zeros, false) OR suspect >= $suspect_share * sheets
        END AS is_coached
    FROM zeros
"""


@dataclass(frozen=True)
class QualityRule:
    """When a sheet is suspect and a site coached, from the seed `survey_quality_rule`; shares are 0 to 1."""

    completion_divisor: float
    minimum_timed_sheets: float
    minimum_answers: float
    minimum_of_each_side: float
    minimum_sheets: float
    minimum_sites: float
    implausible_zero_probability: float
    judged_share: float
    suspect_share: float


def read_quality_rule(project: Path) -> QualityRule:
    """Reads the rule of survey quality from its seed; raises ConfigError where a value is missing or no number."""
    name = "survey_quality_rule.csv"
    values = read_numbers(project, name)
    missing = sorted(QualityRule.__dataclass_fields__.keys() - values.keys())
    if missing:
        raise ConfigError(f"{name} lacks {', '.join(missing)}", remedy="Restore the seed from the repository.")
    return QualityRule(**{key: values[key] for key in QualityRule.__dataclass_fields__})


def judge_sheets(store: duckdb.DuckDBPyConnection, rule: QualityRule) -> None:
    """Makes the temporary tables `survey_sheet` and `survey_site` from `last_version`, answers as they stand.

    `survey_sheet` has a row a respondent, site and wave: what is suspect of it. `survey_site` has one a site and wave:
    `is_coached`, which is NULL where there are too few sheets, or nothing to judge them by.
    """
    numbers = asdict(rule)
    for statement in (_SHEETS, _SITES):
        store.execute(statement, {key: value for key, value in numbers.items() if f"${key}" in statement})
