"""Which references are told of otherwise than before: found over all of them, so by hashes and in two steps.

What is told of a reference is a set of rows, and its content the sum of their hashes, which the order of rows does not
change. References are summed up in few buckets first, which costs little, and one by one in buckets whose sum moved.
Two references of one hash count as one: both are told of otherwise then, which costs work and changes no outcome.
"""

import duckdb

_BUCKET = "(reference >> 48)::USMALLINT"
# The sum of eight million hashes of 40 bits fits into 64, which adds up in half the time of 128. That a change goes
# unseen has a chance of 1 in 2^40.
_CONTENT = "(content >> 24)::BIGINT"


def content_table_sql(table: str) -> str:
    """Gives the SQL that makes the table of what was told before: the sum of hashes by the hash of a reference."""
    return f"CREATE TABLE IF NOT EXISTS {table} (reference UBIGINT, content BIGINT);"


def find_moved_content(connection: duckdb.DuckDBPyConnection, told: str, table: str) -> None:
    """Leaves `moved_content(reference, step)`: hashes of references, and by how much their content is another now.

    `told` is the SQL of `supplier_ref, content` (a hash a row), `table` holds what was told before; it is not changed.
    """
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE content_step AS"
        f" SELECT hash(supplier_ref) AS reference, {_CONTENT} AS step FROM ({told}) AS told"
    )
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE moved_content AS
        WITH steps AS (FROM content_step UNION ALL SELECT reference, -content AS step FROM {table}),
        moved_bucket AS (SELECT {_BUCKET} AS bucket FROM steps GROUP BY bucket HAVING sum(step) <> 0)
        SELECT reference, sum(step)::BIGINT AS step
        FROM steps
        WHERE {_BUCKET} IN (FROM moved_bucket)
        GROUP BY reference
        HAVING sum(step) <> 0
    """)
    connection.execute("DROP TABLE content_step")


def keep_moved_content(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Takes `moved_content` into the table of what was told, so that nothing of it is other than before."""
    connection.execute(f"""
        MERGE INTO {table} AS known USING moved_content AS moved ON known.reference = moved.reference
        WHEN MATCHED AND known.content + moved.step = 0 THEN DELETE
        WHEN MATCHED THEN UPDATE SET content = known.content + moved.step
        WHEN NOT MATCHED THEN INSERT VALUES (moved.reference, moved.step)
    """)
