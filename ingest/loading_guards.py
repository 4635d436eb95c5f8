"""What stands around the load of one source: no table left behind, all or nothing, and DuckDB's errors in words."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import duckdb

from ingest.landing import LandedFile
from tierline.errors import ContractError

_DECLARATION_FAULTS = (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException)


@contextmanager
def dropped_afterwards(connection: duckdb.DuckDBPyConnection, table: str) -> Iterator[None]:
    """Makes sure that no such table is there before or after a `with` block."""
    # records wait in a table of their own, outside of the transaction: DuckDB reads what is committed on all cores
    try:
        connection.execute(f"DROP TABLE IF EXISTS {table}")
        yield
    finally:
        connection.execute(f"DROP TABLE IF EXISTS {table}")


@contextmanager
def whole_transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commits what a `with` block wrote, or nothing of it where the block raises."""
    connection.begin()
    try:
        yield
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


@contextmanager
def told_in_words(files: Sequence[LandedFile]) -> Iterator[None]:
    """Raises errors of DuckDB within a `with` block as ContractError, without what they may quote of a record."""
    try:
        yield
    except duckdb.Error as error:
        raise _told(error, files) from None


def _told(error: duckdb.Error, files: Sequence[LandedFile]) -> ContractError:
    kind = type(error).__name__
    if isinstance(error, _DECLARATION_FAULTS):
        told = str(error).splitlines()[0]
        return ContractError(f"its mapping is no valid SQL: {told}", remedy="Correct the declaration of the source.")
    if isinstance(error, duckdb.OutOfMemoryException):
        return ContractError("it needs more memory than DuckDB may use", remedy="Raise memory_limit.")
    return ContractError(
        f"DuckDB could not load it ({kind}; its message is withheld, as it may quote a record)",
        remedy=f"Look for an unusual record in {', '.join(file.name for file in files)}.",
    )
