"""What scoring reads from the warehouse, a bounded number of suppliers at a time."""

from collections.abc import Iterator
from datetime import date

import polars as pl
from duckdb import DuckDBPyConnection

from scoring.confirmed_rate import with_peer_cases
from scoring.contested import with_contests
from scoring.follow_up import supplier_actions
from scoring.score import Features
from scoring.what_ifs import Rated
from tierline.warehouse import quote_identifier

_SUPPLIERS_AT_ONCE = 25_000


def supplier_ranges(connection: DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    """Yields the first and last id of each part of the suppliers, in the order of their ids."""
    ranges = connection.execute(
        """
        WITH numbered AS (
            SELECT supplier_id, (row_number() OVER (ORDER BY supplier_id) - 1) // ? AS part
            FROM (SELECT DISTINCT supplier_id FROM features.ftr_site)
        )
        SELECT min(supplier_id), max(supplier_id) FROM numbered GROUP BY part ORDER BY part
        """,
        [_SUPPLIERS_AT_ONCE],
    )
    yield from ranges.fetchall()


def read_features(connection: DuckDBPyConnection, first: str, last: str) -> Features:
    """Gives the features of the suppliers from the first to the last id."""

    def read(table: str) -> pl.DataFrame:
        query = f"FROM features.{quote_identifier(table)} WHERE supplier_id BETWEEN ? AND ?"
        return connection.execute(query, [first, last]).pl()

    undetermined = connection.execute(
        """
        SELECT supplier_id, facility_id AS site_id, indicator_id FROM marts.fct_survey_indicator
        WHERE class = 'undetermined' AND supplier_id BETWEEN ? AND ?
        """,
        [first, last],
    ).pl()
    return Features(
        sites=with_peer_cases(read("ftr_site"), read("ftr_peer_case")),
        facts=with_contests(_facts(connection, first, last), _contested(connection)),
        not_applicable=read("ftr_not_applicable"),
        undetermined=undetermined,
        not_assessable=read("ftr_not_assessable"),
    )


def _facts(connection: DuckDBPyConnection, first: str, last: str) -> pl.DataFrame:
    """Gives the facts that dbt made and those of network exposure, which the step writes before it scores."""
    return connection.execute(
        """
        FROM features.ftr_indicator_fact WHERE supplier_id BETWEEN $first AND $last
        UNION ALL BY NAME FROM scores.network_fact WHERE supplier_id BETWEEN $first AND $last
        """,
        {"first": first, "last": last},
    ).pl()


def read_actions(connection: DuckDBPyConnection, suppliers: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Gives the actions that follow from the scores, those of earlier runs included."""
    return supplier_actions(
        suppliers,
        connection.sql("FROM features.ftr_known_action").pl(),
        connection.sql("FROM features.ftr_action_entry").pl(),
        connection.sql("SELECT rule_id, due_days FROM seeds.action_deadline").pl(),
        as_of,
    )


def read_what_is_overdue(connection: DuckDBPyConnection) -> list[str]:
    """Gives, in words, how many actions and objections are past their day, and what is odd about objections."""
    lines = connection.sql(
        """
        SELECT 'OVERDUE  actions: ' || count(*) || ', the first since ' || min(due_on)
        FROM scores.supplier_action WHERE is_overdue HAVING count(*) > 0
        UNION ALL
        SELECT 'OVERDUE  decisions on objections: ' || count(*) || ', the first since ' || min(due_on)
        FROM features.ftr_contest WHERE is_overdue HAVING count(*) > 0
        UNION ALL
        SELECT line FROM (
            SELECT 'CONTEST  ' || contest_id || ', ' || problem || ': ' || explanation AS line
            FROM features.ftr_contest_problem ORDER BY line
        )
        """
    ).fetchall()
    return [str(line) for (line,) in lines]


def _contested(connection: DuckDBPyConnection) -> pl.DataFrame:
    return connection.sql("FROM features.ftr_contested_fact").pl()


def read_rated(connection: DuckDBPyConnection, first: str, last: str, limit: int) -> Rated:
    """Gives the worst sites of the suppliers whose next facts are reckoned, as they were scored.

    Those are all suppliers without a fact, whose sites are alike, and the first so many of the others in review order.
    """
    sites = connection.execute(
        """
        WITH told AS (
            SELECT supplier_id, row_number() OVER (ORDER BY review_rank) AS place
            FROM scores.supplier_score SEMI JOIN features.ftr_indicator_fact USING (supplier_id)
        )
        SELECT supplier_id, worst_site_id AS site_id, raw_score, score, band
        FROM scores.supplier_score LEFT JOIN told USING (supplier_id)
        WHERE supplier_id BETWEEN ? AND ? AND coalesce(place <= ?, true)
        ORDER BY supplier_id
        """,
        [first, last, limit],
    ).pl()
    return Rated(
        sites, _of_sites(connection, "supplier_indicator", sites), _of_sites(connection, "score_evidence", sites)
    )


def read_leverage(connection: DuckDBPyConnection) -> pl.DataFrame:
    """Gives, a supplier, country and sector of its worst site, spend, sales_share and its reason, and anomaly_rank.

    Spend and the buyer's share of the supplier's sales (0–1) are NULL where not known.
    """
    return connection.sql(
        """
        SELECT s.supplier_id, f.country_code, f.sector_key, b.spend_total AS spend, h.sales_share, h.sales_share_reason,
            a.anomaly_rank
        FROM scores.supplier_score AS s
        JOIN features.ftr_site AS f ON f.supplier_id = s.supplier_id AND f.site_id = s.worst_site_id
        LEFT JOIN features.ftr_supplier AS b ON b.supplier_id = s.supplier_id
        LEFT JOIN features.ftr_sales_share AS h ON h.supplier_id = s.supplier_id
        LEFT JOIN scores.supplier_anomaly AS a ON a.supplier_id = s.supplier_id
        ORDER BY s.supplier_id
        """
    ).pl()


def _of_sites(connection: DuckDBPyConnection, table: str, sites: pl.DataFrame) -> pl.DataFrame:
    connection.register("wanted", sites.select("supplier_id", "site_id").to_arrow())
    try:
        query = f"FROM scores.{quote_identifier(table)} SEMI JOIN wanted USING (supplier_id, site_id)"
        return connection.sql(query).pl()
    finally:
        connection.unregister("wanted")
