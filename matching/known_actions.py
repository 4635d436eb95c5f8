"""What an earlier publication knew of actions, so that one keeps its id and day while its rule asks for it."""

from pathlib import Path

import duckdb

from matching.tables import TABLES, replace_rows, transaction
from tierline.warehouse import quote_identifier

_TABLE = "known_action"
_PUBLISHED = "supplier_action"


def write_known_actions(connection: duckdb.DuckDBPyConnection, publication: Path | None) -> int:
    """Replaces `matching.known_action` by the actions of a publication; gives their number.

    It is empty without a publication, or with one of a version that kept no actions.
    """
    path = None if publication is None else publication / "parquet" / f"{_PUBLISHED}.parquet"
    columns = ", ".join(map(quote_identifier, TABLES[_TABLE]))
    with transaction(connection):
        if path is None or not path.is_file():
            connection.execute(
                f"CREATE OR REPLACE TEMP TABLE known AS SELECT {columns} FROM matching.{_TABLE} WHERE false"
            )
        else:
            query = f"CREATE OR REPLACE TEMP TABLE known AS SELECT {columns} FROM read_parquet(?) ORDER BY action_id"
            connection.execute(query, [str(path)])
        replace_rows(connection, _TABLE, "known")
        connection.execute("DROP TABLE known")
    return int(connection.execute(f"SELECT count(*) FROM matching.{_TABLE}").fetchall()[0][0])
