"""Cases of grievance channels: counted to the same classes as surveys, but silence is never clean, and few stay inside.

The rate is the share of a site's cases that bear on the indicator, since nobody knows how many would have complained.
"""

from datetime import date

import duckdb
import polars as pl

from ingest.survey_classes import SurveyRule, decide_classes

# A case that was withdrawn or not upheld counts no more. One complainant with several cases is one.
_CELLS = """
    WITH told AS (
        SELECT grievance_case.*, terms.design_effect, make_date(
                year(reported_on), (month(reported_on) - 1) // terms.months * terms.months + 1, 1
            ) + to_months(terms.months) - INTERVAL 1 DAY + to_days(terms.closes_after_days) AS closes_on
        FROM canonical.grievance_case JOIN terms ON grievance_case.source_id = terms.source_name
        WHERE reported_on <= $as_of AND (known_on IS NULL OR known_on <= $as_of)
            AND source_id NOT IN (SELECT source_name FROM ingest.source_load WHERE status = 'failed')
    ), last_version AS (
        SELECT * REPLACE (coalesce(complainant_key, case_key) AS complainant_key) FROM told
        QUALIFY row_number() OVER (
            PARTITION BY source_id, case_key ORDER BY reported_on DESC, known_on DESC NULLS LAST, record_no DESC
        ) = 1
    ), counted AS (
        SELECT * FROM last_version WHERE coalesce(status, 'open') NOT IN ('withdrawn', 'not_upheld')
    ), wave AS (
        SELECT source_id, wave_id, CAST(max(closes_on) AS DATE) AS wave_closed_on FROM counted GROUP BY ALL
    ), site AS (
        SELECT source_id, supplier_ref, facility_ref, wave_id, count(DISTINCT complainant_key) AS respondents
        FROM counted GROUP BY ALL
    ), cell AS (
        SELECT source_id, supplier_ref, facility_ref, indicator_id, wave_id, any_value(design_effect) AS design_effect,
            count(DISTINCT complainant_key) AS adverse_respondents, max(known_on) AS known_on,
            'R' || left(sha256(concat_ws(
                '|', 'grievance', source_id, coalesce(supplier_ref, ''), facility_ref, indicator_id, wave_id
            )), 16) AS cell_id
        FROM counted WHERE indicator_id IS NOT NULL GROUP BY ALL
    )
    SELECT cell.* EXCLUDE (known_on), 'grievance' AS source_type, site.respondents, wave_closed_on,
        CAST(NULL AS BOOLEAN) AS is_coached, greatest(wave_closed_on, known_on) AS known_on
    FROM cell JOIN wave USING (source_id, wave_id)
    JOIN site ON site.source_id = cell.source_id AND site.wave_id = cell.wave_id
        AND site.facility_ref = cell.facility_ref AND site.supplier_ref IS NOT DISTINCT FROM cell.supplier_ref
    WHERE wave_closed_on <= $as_of
        AND cell_id NOT IN (SELECT cell_id FROM release.survey_class WHERE superseded_on IS NULL)
"""


def decide_grievances(
    store: duckdb.DuckDBPyConnection, rule: SurveyRule, thresholds: pl.DataFrame, as_of: date
) -> pl.DataFrame:
    """Gives the undecided cells of closed waves with their class, none of which is clean.

    Needs the table `terms`. A class of too few cases is decided and never leaves, see `released_classes`: that there
    was a case at all would tell of the one who complained.
    """
    cells = store.execute(_CELLS, {"as_of": as_of}).pl()
    decided = decide_classes(cells, rule, thresholds)
    return decided.with_columns(pl.col("class").replace({"clean": "undetermined"}))
