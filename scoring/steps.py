"""The scoring step: reads features and seeds from the warehouse, writes the schema `scores` in one transaction."""

from typing import Any

import polars as pl
from duckdb import DuckDBPyConnection

from models.anomaly import anomalies
from scoring.catalogue import Catalogue, read_catalogue
from scoring.inherent import portfolio_medians
from scoring.network_step import exposed_network
from scoring.next_facts import next_facts
from scoring.reading import (
    read_actions,
    read_features,
    read_leverage,
    read_rated,
    read_what_is_overdue,
    supplier_ranges,
)
from scoring.review_candidates import review_candidates
from scoring.review_queue import draw_rule, review_queue
from scoring.score import Scores, in_review_order, scored
from scoring.sensitivity_step import sensitivity_of
from scoring.tables import (
    BANDS,
    NETWORK_EXPOSURE,
    NETWORK_EXPOSURE_STEP,
    NETWORK_FACT,
    NEXT_FACT,
    PRIOR_SENSITIVITY,
    REVIEW_CANDIDATE,
    REVIEW_QUEUE,
    SCORE_EVIDENCE,
    SENSITIVITY_SUMMARY,
    SITE_SCORE,
    SUPPLIER_ACTION,
    SUPPLIER_ANOMALY,
    SUPPLIER_CONTRADICTION,
    SUPPLIER_INDICATOR,
    SUPPLIER_SCORE,
    Schema,
    conform,
)
from tierline.errors import ContractError
from tierline.log import get_logger
from tierline.run import Run
from tierline.warehouse import connect, quote_identifier

WRITING_THREADS = 1
"""DuckDB writes rows in order with half the work of two (docs/measurements.md); Polars has its own threads."""
_LOG = get_logger(__name__)
_TABLES: dict[str, Schema] = {
    "network_fact": NETWORK_FACT,
    "network_exposure": NETWORK_EXPOSURE,
    "network_exposure_step": NETWORK_EXPOSURE_STEP,
    "score_evidence": SCORE_EVIDENCE,
    "supplier_score": SUPPLIER_SCORE,
    "site_score": SITE_SCORE,
    "supplier_indicator": SUPPLIER_INDICATOR,
    "supplier_contradiction": SUPPLIER_CONTRADICTION,
    "supplier_anomaly": SUPPLIER_ANOMALY,
    "supplier_action": SUPPLIER_ACTION,
    "next_fact": NEXT_FACT,
    "review_candidate": REVIEW_CANDIDATE,
    "review_queue": REVIEW_QUEUE,
    "prior_sensitivity": PRIOR_SENSITIVITY,
    "sensitivity_summary": SENSITIVITY_SUMMARY,
}


def score(run: Run) -> dict[str, Any]:
    """Scores every supplier of the warehouse; gives counts by band and what readers must be told.

    Replaces the schema `scores` as a whole or not at all. Raises ConfigError for incomplete seeds, ContractError for
    features at odds with themselves.
    """
    settings = run.settings
    with connect(run.home.warehouse, memory_limit=settings.memory_limit, threads=WRITING_THREADS) as connection:
        catalogue = read_catalogue(connection)
        _refuse_siteless_suppliers(connection)
        connection.execute("BEGIN")
        try:
            _create_tables(connection)
            _write_network(connection, catalogue, run)
            suppliers = _score_in_parts(connection, catalogue, run)
            ranked = in_review_order(_with_unconfirmed_matches(connection, suppliers))
            _append(connection, "supplier_score", ranked)
            _append(connection, "supplier_anomaly", _anomalies(connection, settings.seed))
            _append(connection, "supplier_action", read_actions(connection, ranked, run.as_of))
            _review_tables(connection, catalogue, run, ranked)
            _write_sensitivity(connection, catalogue, run)
            outcome = _outcome(connection, ranked, catalogue)
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
    for warning in outcome["warnings"]:
        _LOG.warning("%s", warning)
    run.write_outcome("score", outcome)
    return outcome


def _write_network(connection: DuckDBPyConnection, catalogue: Catalogue, run: Run) -> None:
    network = exposed_network(connection, catalogue, run.as_of)
    _append(connection, "network_fact", network.facts)
    _append(connection, "network_exposure", network.exposures)
    _append(connection, "network_exposure_step", network.steps)


def _score_in_parts(connection: DuckDBPyConnection, catalogue: Catalogue, run: Run) -> pl.DataFrame:
    """Scores a bounded number of suppliers at a time, in the order of their ids; gives all their supplier scores."""
    medians = _medians(connection, catalogue)
    parts = [pl.DataFrame(schema=SUPPLIER_SCORE)]
    for first, last in supplier_ranges(connection):
        part = scored(read_features(connection, first, last), medians, catalogue, run.as_of)
        _write_part(connection, part)
        parts.append(part.suppliers)
    return pl.concat(parts)


def _medians(connection: DuckDBPyConnection, catalogue: Catalogue) -> dict[str, float]:
    levels = connection.sql("SELECT country_level, sector_level, good_level FROM features.ftr_site").pl()
    return portfolio_medians(levels, catalogue.inherent)


def _next_facts(connection: DuckDBPyConnection, catalogue: Catalogue, run: Run) -> pl.DataFrame:
    """Reckons what single facts would change, for the worst sites, a bounded number of suppliers at a time."""
    medians = _medians(connection, catalogue)
    limit = int(catalogue.parameters["what_if_suppliers"])
    parts = [pl.DataFrame(schema=NEXT_FACT)]
    for first, last in supplier_ranges(connection):
        rated = read_rated(connection, first, last, limit)
        parts.append(next_facts(rated, read_features(connection, first, last), medians, catalogue, run.as_of))
    return pl.concat(parts)


def _review_tables(connection: DuckDBPyConnection, catalogue: Catalogue, run: Run, suppliers: pl.DataFrame) -> None:
    facts = _next_facts(connection, catalogue, run)
    candidates = review_candidates(suppliers, facts, read_leverage(connection), catalogue)
    capacity = run.settings.review_capacity or int(catalogue.parameters["review_capacity"])
    _append(connection, "next_fact", facts)
    _append(connection, "review_candidate", candidates)
    _append(
        connection,
        "review_queue",
        review_queue(candidates, capacity, draw_rule(catalogue.parameters), run.settings.seed),
    )


def _write_sensitivity(connection: DuckDBPyConnection, catalogue: Catalogue, run: Run) -> None:
    most = int(catalogue.parameters["sensitivity_suppliers"])
    draws, seed = run.settings.sensitivity_draws, run.settings.seed
    found = sensitivity_of(connection, catalogue, run, draws, most, seed)
    _append(connection, "prior_sensitivity", found.by_prior)
    _append(connection, "sensitivity_summary", found.summary)


def _write_part(connection: DuckDBPyConnection, part: Scores) -> None:
    _append(connection, "score_evidence", part.evidence)
    _append(connection, "site_score", part.sites)
    _append(connection, "supplier_indicator", part.indicators)
    _append(connection, "supplier_contradiction", part.contradictions)


def _create_tables(connection: DuckDBPyConnection) -> None:
    connection.execute("DROP SCHEMA IF EXISTS scores CASCADE")
    connection.execute("CREATE SCHEMA scores")
    for name, schema in _TABLES.items():
        connection.register("empty", pl.DataFrame(schema=schema).to_arrow())
        connection.execute(f"CREATE TABLE scores.{quote_identifier(name)} AS FROM empty")
        connection.unregister("empty")


def _append(connection: DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    connection.register("rows", conform(frame, _TABLES[table]).to_arrow())
    connection.execute(f"INSERT INTO scores.{quote_identifier(table)} FROM rows")
    connection.unregister("rows")


def _with_unconfirmed_matches(connection: DuckDBPyConnection, suppliers: pl.DataFrame) -> pl.DataFrame:
    possible = connection.sql(
        """
        SELECT supplier_id, count(*) AS unconfirmed_match_count
        FROM marts.fct_list_match WHERE match_status = 'possible' GROUP BY supplier_id
        """
    ).pl()
    counted = suppliers.drop("unconfirmed_match_count").join(possible, on="supplier_id", how="left")
    return counted.with_columns(pl.col("unconfirmed_match_count").fill_null(0))


def _anomalies(connection: DuckDBPyConnection, seed: int) -> pl.DataFrame:
    peers = connection.sql(
        """
        SELECT f.*, s.peer_group FROM features.ftr_supplier AS f
        LEFT JOIN (SELECT supplier_id, min(sector_key) AS peer_group FROM features.ftr_site GROUP BY supplier_id) AS s
        USING (supplier_id) ORDER BY supplier_id
        """
    ).pl()
    return anomalies(peers, seed=seed)


def _refuse_siteless_suppliers(connection: DuckDBPyConnection) -> None:
    siteless = connection.sql(
        """
        SELECT supplier_id FROM features.ftr_supplier
        ANTI JOIN features.ftr_site USING (supplier_id) ORDER BY supplier_id LIMIT 1
        """
    ).fetchone()
    if siteless is not None:
        raise ContractError(
            f"supplier {siteless[0]} has no site in features.ftr_site",
            remedy="A supplier with no known site must have one row with is_unknown_site; look at the dbt model.",
        )


def _outcome(connection: DuckDBPyConnection, suppliers: pl.DataFrame, catalogue: Catalogue) -> dict[str, Any]:
    counts = dict(suppliers.group_by("band").len().iter_rows())
    bands = {band: int(counts.get(band, 0)) for band in BANDS}
    critical_share = bands["Critical"] / len(suppliers) if len(suppliers) else 0.0
    evidence = connection.sql("SELECT count(*) FROM scores.score_evidence").fetchone()
    sites = connection.sql("SELECT count(*) FROM scores.site_score").fetchone()
    return {
        "bands": bands,
        "suppliers": len(suppliers),
        "sites": sites[0] if sites else 0,
        "evidence_rows": evidence[0] if evidence else 0,
        "critical_share": critical_share,
        "warnings": _warnings(critical_share, catalogue.parameters["critical_share_warning"]),
        "rule_version": catalogue.version,
        "to_follow_up": read_what_is_overdue(connection),
    }


def _warnings(critical_share: float, limit: float) -> list[str]:
    if critical_share <= limit:
        return []
    return [f"{critical_share:.1%} of suppliers are Critical, more than {limit:.0%}: look at the sources before acting"]
