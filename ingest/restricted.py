"""The door to the restricted store: answers of single workers, which only its owner's account can read."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from tierline.errors import ContractError
from tierline.run import Run
from tierline.warehouse import connect


@contextmanager
def restricted_store(run: Run, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Opens the restricted store for the length of a `with` block, all its files 0600 in folders 0700.

    What DuckDB spills stays below `restricted/`. An error of DuckDB, whose message may quote an answer, is raised as a
    ContractError that names its kind and nothing else.
    """
    home = run.home
    home.restricted.mkdir(parents=True, exist_ok=True)
    home.restricted.chmod(0o700)
    before = os.umask(0o077)
    try:
        with connect(
            home.restricted_warehouse,
            read_only=read_only,
            memory_limit=run.settings.memory_limit,
            threads=run.settings.threads,
            temp_directory=home.restricted / "spill",
        ) as connection:
            yield connection
    except duckdb.Error as error:
        kind = type(error).__name__
        raise ContractError(
            f"the restricted store failed with {kind}; the message is withheld, as it may quote an answer",
            remedy="Load again. Do not delete the store: it holds the ledger of released survey classes.",
        ) from None
    finally:
        os.umask(before)
