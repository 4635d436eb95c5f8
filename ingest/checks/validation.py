"""Great Expectations over DuckDB: tests suites where the data are and brings back counts, never a value."""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from ingest.checks.data_docs import DataDocs
from ingest.checks.suites import Expectation, Severity, Suite
from ingest.checks.uniqueness import find_repeated_rows, is_given, repeated_rows, unique_columns
from tierline.errors import CheckFailed

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult
    from great_expectations.core.expectation_validation_result import ExpectationValidationResult
    from great_expectations.datasource.fluent.sql_datasource import SQLDatasource

_SEVERITIES: dict[Severity, str] = {"stop": "critical", "warn": "warning"}
_POSITION = "position"
_TABLE_IS_THERE = Expectation("ExpectColumnToExist", "the table is there", "stop")
_COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}


@dataclass(frozen=True)
class Verdict:
    """How one expectation of one suite ended: counts of rows, and a sentence without a value of the data."""

    suite: Suite
    expectation: Expectation
    success: bool
    observed_count: int | None
    unexpected_count: int | None
    detail: str


def validate(
    connection: duckdb.DuckDBPyConnection, suites: Sequence[Suite], docs: DataDocs | None = None
) -> list[Verdict]:
    """Gives a verdict for every expectation of every suite, in order, and adds a page for each suite to the docs.

    Each suite is one batch, tested inside DuckDB. Raises CheckFailed, without the message of the fault that may quote
    data, where Great Expectations itself fails.
    """
    with _quiet(), ThreadPoolExecutor(1) as beside:
        # the library takes seconds to import, and what it is going to read takes DuckDB no less to find
        imported = beside.submit(_import_library)
        batches = [_Batch(suite, f"checked_{number}") for number, suite in enumerate(suites)]
        found = [_prepare(connection, batch) for batch in batches]
        imported.result()
        source = _source(connection)
        all_verdicts = []
        for batch, is_there in zip(batches, found, strict=True):
            verdicts, result = _verdicts(connection, source, batch) if is_there else ([_missing(batch.suite)], None)
            all_verdicts += verdicts
            if docs is not None:
                docs.add(verdicts, result)
        return all_verdicts


@dataclass(frozen=True)
class _Batch:
    """A suite and the view that it is tested on."""

    suite: Suite
    view: str

    def repeated(self, expectation: Expectation) -> str:
        """Gives the temporary table with the rows that an expectation of uniqueness does not expect."""
        return f"{self.view}_repeated_{self.suite.expectations.index(expectation)}"


def _prepare(connection: duckdb.DuckDBPyConnection, batch: _Batch) -> bool:
    """Makes the view of a suite, and finds its repeated keys; gives whether the table is there at all."""
    with _withheld(batch.suite):
        if not _make_view(connection, batch):
            return False
        for expectation in batch.suite.expectations:
            if unique_columns(expectation):
                # without a column that it must have, the library tells so, as it finds no such table
                with suppress(duckdb.BinderException):
                    find_repeated_rows(connection, expectation, view=batch.view, found=batch.repeated(expectation))
    return True


def _verdicts(
    connection: duckdb.DuckDBPyConnection, source: "SQLDatasource", batch: _Batch
) -> "tuple[list[Verdict], ExpectationSuiteValidationResult]":
    suite = batch.suite
    with _withheld(suite):
        _set_variables(connection, suite)
        result = _run(source, batch)
    result.results.sort(key=_position)
    rows = _count_rows(connection, batch.view, "true")
    pairs = zip(suite.expectations, result.results, strict=True)
    return [
        _verdict(suite, expectation, one, _rows_in_question(connection, batch.view, expectation, rows))
        for expectation, one in pairs
    ], result


def _missing(suite: Suite) -> Verdict:
    return Verdict(suite, _TABLE_IS_THERE, False, None, None, "missing, or without a column that it must have")


@contextmanager
def _withheld(suite: Suite) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # noqa: BLE001 - any fault of the library or of DuckDB; its message may quote data
        kind = type(error).__name__
        raise CheckFailed(
            f"checking {suite.table} failed with {kind}; the message is withheld, as it may quote data",
            source=suite.source_name,
            remedy="Load the source again; if it persists, its table does not have the shape of this version.",
        ) from None


def _rows_in_question(connection: duckdb.DuckDBPyConnection, view: str, expectation: Expectation, rows: int) -> int:
    try:
        return _count_rows(connection, view, is_given(expectation)) if unique_columns(expectation) else rows
    except duckdb.BinderException:
        return rows  # without a column that it must have, it was not tested


def _count_rows(connection: duckdb.DuckDBPyConnection, view: str, condition: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {view} WHERE {condition}").fetchone()
    return int(row[0]) if row else 0


def _make_view(connection: duckdb.DuckDBPyConnection, batch: _Batch) -> bool:
    _set_variables(connection, batch.suite)
    try:
        connection.execute(f"CREATE TEMP VIEW {batch.view} AS {batch.suite.query}")
    except (duckdb.CatalogException, duckdb.BinderException):
        return False
    return True


def _set_variables(connection: duckdb.DuckDBPyConnection, suite: Suite) -> None:
    for name, value in suite.variables.items():
        connection.execute(f"SET VARIABLE {name} = ?", [value])


def _run(source: "SQLDatasource", batch: _Batch) -> "ExpectationSuiteValidationResult":
    import great_expectations as gx
    from great_expectations import expectations

    suite = batch.suite
    label = f"{suite.source_name}: {suite.table}"
    whole = source.add_table_asset(label, table_name=batch.view).add_batch_definition_whole_table("whole")
    made = gx.ExpectationSuite(name=label)
    made.expectations = [
        getattr(expectations, kind)(**arguments, severity=_SEVERITIES[one.severity], meta={_POSITION: position})
        for position, one in enumerate(suite.expectations)
        for kind, arguments in [_as_tested(batch, one)]
    ]
    return whole.get_batch().validate(made, result_format=_COUNTS_ONLY)


def _as_tested(batch: _Batch, expectation: Expectation) -> tuple[str, dict[str, Any]]:
    if unique_columns(expectation):
        return "UnexpectedRowsExpectation", repeated_rows(expectation, batch.repeated(expectation))
    return expectation.kind, dict(expectation.arguments)


def _position(result: Any) -> int:
    return int(result.expectation_config.meta[_POSITION])


def _verdict(suite: Suite, expectation: Expectation, result: "ExpectationValidationResult", rows: int) -> Verdict:
    found = dict(result.result or {})
    observed = _looked_at(found)
    unexpected = _whole(found.get("unexpected_count"))
    if expectation.kind == "ExpectTableRowCountToBeBetween":
        observed = _whole(found.get("observed_value"))
    elif (unique_columns(expectation) or expectation.kind == "UnexpectedRowsExpectation") and found:
        observed, unexpected = rows, _whole(found.get("observed_value"))
    success = bool(result.success)
    raised = not found and expectation.kind != "ExpectColumnToExist"
    return Verdict(
        suite=suite,
        expectation=expectation,
        success=success,
        observed_count=observed,
        unexpected_count=unexpected,
        detail=_detail(expectation, success, observed, unexpected, raised),
    )


def _detail(expectation: Expectation, success: bool, observed: int | None, unexpected: int | None, raised: bool) -> str:
    if raised:
        return "could not be tested: a column is missing or of another type"
    if expectation.kind == "ExpectColumnToExist":
        return "present" if success else "missing"
    if expectation.kind == "ExpectTableRowCountToBeBetween":
        return f"{observed} rows"
    return f"{unexpected} of {observed} rows do not meet it"


def _looked_at(found: dict[str, Any]) -> int | None:
    """Gives how many rows the expectation looked at: blanks that it passes over are none of them."""
    rows = found.get("element_count")
    return None if rows is None else int(rows) - int(found.get("missing_count") or 0)


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def _import_library() -> None:
    import great_expectations.expectations  # noqa: F401 - brings the rest of the library with it

    import ingest.checks.dialect  # noqa: F401 - registers the dialect


def _source(connection: duckdb.DuckDBPyConnection) -> Any:
    from ingest.checks.dialect import CONNECTION_STRING, as_dbapi

    engine = {"creator": lambda: as_dbapi(connection), "poolclass": _one_connection()}
    return _context().data_sources.add_sql("checked", connection_string=CONNECTION_STRING, kwargs=engine)


def _context() -> Any:
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
    )
    return gx.get_context(mode="ephemeral", project_config=config)


def _one_connection() -> Callable[..., Any]:
    from sqlalchemy.pool import StaticPool

    return StaticPool


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps the library from logging statements and errors, which may quote data."""
    logger = logging.getLogger("great_expectations")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)
