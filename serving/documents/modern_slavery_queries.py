"""What the draft of the report on modern slavery counts; `chosen` are the suppliers that it is about."""

from typing import Final

CHOSEN: Final = """
    CREATE OR REPLACE TEMP TABLE chosen AS
    SELECT * FROM dim_supplier
    WHERE ($countries IS NULL OR list_contains($countries::VARCHAR[], country_code))
        AND ($sectors IS NULL OR list_contains($sectors::VARCHAR[], sector_key))
        AND ($suppliers IS NULL OR list_contains($suppliers::VARCHAR[], supplier_id))
"""
SIZE: Final = """
    SELECT count(*) AS suppliers, (SELECT count(*) FROM site_score SEMI JOIN chosen USING (supplier_id)) AS sites
    FROM chosen
"""
BY_COUNTRY: Final = "SELECT country_code AS what, count(*) AS n FROM chosen GROUP BY ALL ORDER BY n DESC, what"
BY_SECTOR: Final = "SELECT sector_label AS what, count(*) AS n FROM chosen GROUP BY ALL ORDER BY n DESC, what"
BY_TIER: Final = """
    SELECT tier AS what, count(*) AS n FROM fct_supplier_tier SEMI JOIN chosen USING (supplier_id)
    GROUP BY ALL ORDER BY what NULLS LAST
"""
WORKERS: Final = """
    SELECT sum(workers) AS workers, count(workers) AS told, count(*) AS sites
    FROM dim_facility SEMI JOIN chosen USING (supplier_id)
"""
INHERENT: Final = """
    SELECT inherent_level AS what, count(*) AS n FROM supplier_score SEMI JOIN chosen USING (supplier_id)
    GROUP BY ALL ORDER BY n DESC, what
"""
OBSERVED: Final = """
    SELECT name AS what, count(DISTINCT supplier_id) AS n
    FROM score_evidence SEMI JOIN chosen USING (supplier_id) JOIN indicator USING (indicator_id)
    WHERE score_evidence.kind = 'adverse' AND set_aside IS NULL AND indicator.kind IN ('labour', 'official', 'observed')
        AND source_type IN (SELECT source_type FROM contestable_source WHERE is_contestable)
    GROUP BY ALL ORDER BY n DESC, what
"""
KNOWN: Final = """
    SELECT count(*) FILTER (WHERE band = 'Unknown') AS unknown, count(*) AS suppliers
    FROM supplier_score SEMI JOIN chosen USING (supplier_id)
"""
LOOKED: Final = """
    SELECT source_type AS what, count(DISTINCT (supplier_id, audit_ref)) AS n
    FROM fct_audit_finding SEMI JOIN chosen USING (supplier_id)
    WHERE found_on > $as_of - INTERVAL 12 MONTH AND found_on <= $as_of
    GROUP BY ALL ORDER BY n DESC, what
"""
TYPE_NAMES: Final = "SELECT source_type, name FROM reliability"
WAVES: Final = (
    "SELECT count(DISTINCT wave_id) AS n FROM survey_quality WHERE wave_closed_on > $as_of - INTERVAL 12 MONTH"
)
RATES: Final = """
    SELECT indicator.name AS what, rate_percent, wave_closed_on FROM survey_rate JOIN indicator USING (indicator_id)
    WHERE state = 'told' AND breakdown = 'wave' ORDER BY wave_closed_on DESC, what
"""
ACTIONS: Final = """
    SELECT state AS what, count(*) AS n FROM supplier_action SEMI JOIN chosen USING (supplier_id)
    GROUP BY ALL ORDER BY n DESC, what
"""
REMEDY: Final = """
    SELECT kind.name AS what, count(*) AS n
    FROM fct_mitigation SEMI JOIN chosen USING (supplier_id) JOIN mitigation_kind AS kind USING (mitigation_kind)
    WHERE is_verified_by_workers GROUP BY ALL ORDER BY n DESC, what
"""
CLOSURES: Final = """
    SELECT count(*) FILTER (WHERE closure_verified_by = 'workers') AS workers, count(*) AS closed
    FROM fct_audit_finding SEMI JOIN chosen USING (supplier_id) WHERE outcome = 'adverse' AND closed_on IS NOT NULL
"""
CONTRADICTIONS: Final = "SELECT count(*) AS n FROM supplier_contradiction SEMI JOIN chosen USING (supplier_id)"
OVERDUE: Final = "SELECT count(*) AS n FROM supplier_action SEMI JOIN chosen USING (supplier_id) WHERE is_overdue"
BUYER: Final = """
    SELECT name AS what, count(DISTINCT supplier_id) AS n
    FROM score_evidence SEMI JOIN chosen USING (supplier_id) JOIN indicator USING (indicator_id)
    WHERE score_evidence.kind = 'adverse' AND indicator_id IN ('P03', 'P04') GROUP BY ALL ORDER BY n DESC, what
"""
CONTESTS: Final = (
    "SELECT state AS what, count(*) AS n FROM contest SEMI JOIN chosen USING (supplier_id) GROUP BY ALL ORDER BY what"
)
