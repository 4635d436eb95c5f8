"""The restricted store for steps that only look: no error that leaves it can quote an answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ingest.restricted_store import restricted_connection
from tierline.errors import ContractError
from tierline.run import Run


@contextmanager
def sealed_store(
    run: Run, *, read_only: bool = False, database: Path | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Opens the restricted store for the length of a `with` block; see `restricted_connection`.

    An error of DuckDB, whose message may quote an answer, becomes a ContractError that names its kind and nothing else.
    """
    try:
        with restricted_connection(run.home, run.settings, read_only=read_only, database=database) as connection:
            yield connection
    except duckdb.Error as error:
        raise _told(error) from None


def _told(error: duckdb.Error) -> ContractError:
    if isinstance(error, duckdb.OutOfMemoryException):
        return ContractError(
            "the restricted store needs more memory than DuckDB may use", remedy="Raise memory_limit and run it again."
        )
    return ContractError(
        f"the restricted store failed with {type(error).__name__}; the message is withheld, as it may quote an answer",
        remedy="Load again. Do not delete the store: it holds the ledger of released survey classes.",
    )
