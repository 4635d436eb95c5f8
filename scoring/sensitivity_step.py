"""Sensitivity as a part of the scoring step, and by itself with more draws; reads features, writes two tables."""

from collections.abc import Callable
from dataclasses import fields

import polars as pl
from duckdb import DuckDBPyConnection

from scoring.catalogue import Catalogue, read_catalogue
from scoring.inherent import portfolio_medians
from scoring.reading import read_features, supplier_ranges
from scoring.rescoring import Rescoring
from scoring.score import Features, banded
from scoring.sensitivity import Sensitivity, no_sensitivity, sensitivity
from scoring.tables import PRIOR_SENSITIVITY, SENSITIVITY_SUMMARY, conform
from tierline.errors import ContractError
from tierline.log import get_logger
from tierline.run import Run
from tierline.warehouse import connect, quote_identifier

_LOG = get_logger(__name__)
_TABLES = {"prior_sensitivity": PRIOR_SENSITIVITY, "sensitivity_summary": SENSITIVITY_SUMMARY}


def sensitivity_of(
    connection: DuckDBPyConnection,
    catalogue: Catalogue,
    run: Run,
    draws: int,
    most: int,
    seed: int,
    told: Callable[[int, int], None] | None = None,
) -> Sensitivity:
    """Gives what moves when the priors move, for at most so many suppliers, drawn by the seed where more are.

    No draws and no suppliers give empty tables. Raises what `scored` raises.
    """
    row = connection.sql("SELECT count(DISTINCT supplier_id) FROM features.ftr_site").fetchone()
    portfolio = int(row[0]) if row else 0
    if not draws or not portfolio:
        return no_sensitivity()
    levels = connection.sql("SELECT country_level, sector_level, good_level FROM features.ftr_site").pl()
    medians = portfolio_medians(levels, catalogue.inherent)
    features = _features(connection, _chosen(connection, most, seed) if portfolio > most else None)
    made = banded(features, medians, catalogue, run.as_of)
    rescoring = Rescoring(made, features, medians, catalogue)
    return sensitivity(rescoring, catalogue, draws, seed, portfolio, told)


def renew_sensitivity(
    run: Run, draws: int, most: int, seed: int, told: Callable[[int, int], None] | None = None
) -> Sensitivity:
    """Gives the same and puts it in place of what the scoring step wrote; the next publication tells it.

    Raises ContractError where nothing was scored yet.
    """
    settings = run.settings
    with connect(run.home.warehouse, memory_limit=settings.memory_limit, threads=settings.threads) as connection:
        _refuse_unscored(connection)
        found = sensitivity_of(connection, read_catalogue(connection), run, draws, most, seed, told)
        connection.execute("BEGIN")
        for name, frame in (("prior_sensitivity", found.by_prior), ("sensitivity_summary", found.summary)):
            connection.register("rows", conform(frame, _TABLES[name]).to_arrow())
            connection.execute(f"CREATE OR REPLACE TABLE scores.{quote_identifier(name)} AS FROM rows")
            connection.unregister("rows")
        connection.execute("COMMIT")
    return found


def _refuse_unscored(connection: DuckDBPyConnection) -> None:
    scored = connection.sql(
        "SELECT 1 FROM information_schema.tables WHERE table_schema = 'scores' AND table_name = 'supplier_score'"
    ).fetchone()
    if scored is None:
        raise ContractError("nothing is scored here yet", remedy="Run `tierline run` first, with the same --config.")


def _chosen(connection: DuckDBPyConnection, most: int, seed: int) -> pl.Series:
    """Draws suppliers by the hash of the seed and their id: the same for the same seed, whatever else there is."""
    drawn = connection.execute(
        """
        SELECT supplier_id FROM (SELECT DISTINCT supplier_id FROM features.ftr_site)
        ORDER BY md5(? || supplier_id), supplier_id LIMIT ?
        """,
        [f"{seed}:", most],
    ).pl()
    _LOG.info("sensitivity is told of %d suppliers drawn at random", len(drawn))
    return drawn["supplier_id"]


def _features(connection: DuckDBPyConnection, chosen: pl.Series | None) -> Features:
    parts = []
    for first, last in supplier_ranges(connection):
        part = read_features(connection, first, last)
        parts.append(part if chosen is None else _of_suppliers(part, chosen))
    return Features(
        **{field.name: pl.concat([getattr(part, field.name) for part in parts]) for field in fields(Features)}
    )


def _of_suppliers(features: Features, chosen: pl.Series) -> Features:
    wanted = pl.col("supplier_id").is_in(chosen.implode())
    return Features(**{field.name: getattr(features, field.name).filter(wanted) for field in fields(Features)})
