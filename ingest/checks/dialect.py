"""DuckDB for Great Expectations: a SQLAlchemy dialect whose results outlive their connection.

Great Expectations reads a result after it has closed the connection; a DuckDB cursor is empty by then. So every result
is fetched whole as soon as its statement has run. Results are counts: whole is small.
"""

import duckdb
from duckdb_sqlalchemy import ConnectionWrapper, Dialect, DuckDBExecutionContext
from sqlalchemy.dialects import registry
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

SCHEME = "tierline_duckdb"
CONNECTION_STRING = f"{SCHEME}://"


class BufferedExecutionContext(DuckDBExecutionContext):
    """Runs a statement and keeps all its rows."""

    def post_exec(self) -> None:
        """Fetches the rows while the connection is open."""
        super().post_exec()  # type: ignore[no-untyped-call]  # untyped library
        if self.cursor.description:
            self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                self.cursor, self.cursor.description, self.cursor.fetchall()
            )


class BufferedDialect(Dialect):
    """The dialect of DuckDB with results that outlive their connection."""

    execution_ctx_cls = BufferedExecutionContext
    supports_statement_cache = True


def as_dbapi(connection: duckdb.DuckDBPyConnection) -> ConnectionWrapper:
    """Gives the open connection as SQLAlchemy wants it; whoever opened it closes it."""
    return ConnectionWrapper(connection)


registry.register(SCHEME, __name__, BufferedDialect.__name__)
