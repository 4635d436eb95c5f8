"""The table matching.supplier_pair: pairs of records told as pairs of supplier references."""

import duckdb

from matching.explanation import explanation_sql
from matching.tables import transaction
from models.linkage import LinkageModel

TABLE = """
CREATE TABLE IF NOT EXISTS matching.supplier_pair (
    left_ref VARCHAR, right_ref VARCHAR, match_weight DOUBLE, match_probability DOUBLE, is_automatic BOOLEAN,
    explanation STRUCT(feature VARCHAR, level VARCHAR, weight DOUBLE)[]
);
"""


def _rows(record_pairs: str, model: LinkageModel) -> str:
    """Gives the SQL of the rows that come of some pairs of records; what Splink said of each is put into words.

    A record stands for its smallest reference; others that share it are tied to that one.
    """
    return f"""
    WITH paired AS (SELECT left_id AS record_id FROM {record_pairs} UNION SELECT right_id FROM {record_pairs}),
    tellers AS (FROM matching.compared_record_supplier SEMI JOIN paired USING (record_id)),
    first_refs AS (SELECT record_id, min(supplier_ref) AS supplier_ref FROM tellers GROUP BY record_id),
    between_records AS (
        SELECT one.supplier_ref AS one_ref, other.supplier_ref AS other_ref, pairs.*
        FROM {record_pairs} AS pairs
        INNER JOIN first_refs AS one ON pairs.left_id = one.record_id
        INNER JOIN first_refs AS other ON pairs.right_id = other.record_id
        WHERE pairs.left_id <> pairs.right_id AND one.supplier_ref <> other.supplier_ref
        UNION ALL
        SELECT one.supplier_ref, other.supplier_ref, pairs.*
        FROM {record_pairs} AS pairs
        INNER JOIN first_refs AS one ON pairs.left_id = one.record_id
        INNER JOIN tellers AS other ON pairs.left_id = other.record_id
        WHERE pairs.left_id = pairs.right_id AND one.supplier_ref <> other.supplier_ref
    ),
    ordered AS (
        SELECT
            least(one_ref, other_ref) AS left_ref,
            greatest(one_ref, other_ref) AS right_ref,
            * EXCLUDE (one_ref, other_ref)
        FROM between_records
    ),
    strongest AS (
        FROM ordered
        QUALIFY row_number() OVER (
            PARTITION BY left_ref, right_ref ORDER BY is_automatic DESC, match_weight DESC, left_id, right_id
        ) = 1
    )
    SELECT left_ref, right_ref, match_weight, match_probability, is_automatic, {explanation_sql(model)} AS explanation
    FROM strongest
    """


# What a reference is paired with hangs on the pairs of all its records, changed or not.
_TOUCHED = """
CREATE OR REPLACE TEMP TABLE touched_supplier AS
SELECT supplier_ref FROM dropped_supplier
UNION
SELECT supplier_ref FROM changed_supplier
UNION
SELECT supplier_ref FROM matching.compared_record_supplier
WHERE record_id IN (FROM touched_record) OR record_id IN (FROM affected_record);
CREATE OR REPLACE TEMP TABLE touched_pair AS
WITH theirs AS (SELECT DISTINCT record_id FROM matching.compared_record_supplier SEMI JOIN touched_supplier
    USING (supplier_ref))
FROM matching.compared_pair WHERE left_id IN (FROM theirs) OR right_id IN (FROM theirs)
"""

_OLD_ROWS = """
DELETE FROM matching.supplier_pair
WHERE left_ref IN (FROM touched_supplier) OR right_ref IN (FROM touched_supplier)
"""

_NEW_ROWS = """
INSERT INTO matching.supplier_pair
FROM ({rows}) AS found WHERE left_ref IN (FROM touched_supplier) OR right_ref IN (FROM touched_supplier)
"""


def write_all(connection: duckdb.DuckDBPyConnection, model: LinkageModel) -> None:
    """Writes the table whole from matching.compared_pair, in one statement."""
    rows = _rows("matching.compared_pair", model)
    connection.execute(f"CREATE OR REPLACE TABLE matching.supplier_pair AS FROM ({rows}) AS found")


def write_changed(connection: duckdb.DuckDBPyConnection, model: LinkageModel) -> None:
    """Replaces the rows of suppliers that changed or whose records did, in one transaction; leaves the others.

    The order of the rows tells nothing. Reads the temporary tables that `matching.records` and `matching.candidates`
    leave.
    """
    connection.execute(_TOUCHED)
    with transaction(connection):
        connection.execute(_OLD_ROWS)
        connection.execute(_NEW_ROWS.format(rows=_rows("touched_pair", model)))
