"""Writes `matching.supplier_entity`: one row a supplier reference with the supplier it belongs to."""

from typing import Any

import duckdb
import polars as pl

from matching.clusters import components
from matching.tables import replace_rows, transaction

_REFERENCES = """
    SELECT supplier_ref, bool_or(is_natural_person) AS is_natural_person, min(row_id) AS first_row_id
    FROM intermediate.int_supplier_records GROUP BY supplier_ref ORDER BY supplier_ref
"""

_KEY_LINKS = """
    SELECT min(supplier_ref) OVER (PARTITION BY link_key) AS "left", supplier_ref AS "right"
    FROM intermediate.int_supplier_link_keys
"""

_ENTITIES = """
    WITH strongest AS (
        SELECT supplier_ref, first(method ORDER BY method_rank) AS matched_by
        FROM intermediate.int_supplier_link_keys GROUP BY supplier_ref
    )
    SELECT supplier_ref,
        -- a person's reference may hold the name, and a hash of a name can be guessed
        'S' || left(sha256(CASE WHEN is_natural_person THEN first_row_id ELSE component END), 12) AS supplier_id,
        coalesce(matched_by, 'reference') AS matched_by, CAST(NULL AS DOUBLE) AS link_weight
    FROM "references" JOIN components ON supplier_ref = node LEFT JOIN strongest USING (supplier_ref)
    ORDER BY supplier_ref
"""


def write_supplier_entities(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """Replaces `matching.supplier_entity` whole; gives counts of references and suppliers."""
    references = connection.sql(_REFERENCES).pl()
    found = components(references["supplier_ref"], connection.sql(_KEY_LINKS).pl())
    connection.register("references", references.to_arrow())
    connection.register("components", found.to_arrow())
    with transaction(connection):
        connection.execute(f"CREATE TEMP TABLE new_entity AS {_ENTITIES}")
        replace_rows(connection, "supplier_entity", "new_entity")
        connection.execute("DROP TABLE new_entity")
    connection.unregister("references")
    connection.unregister("components")
    return {"references": len(references), "suppliers": _count(found)}


def _count(found: pl.DataFrame) -> int:
    return found["component"].n_unique()
