"""What network exposure reads from the warehouse and writes beside the facts, before suppliers are scored in parts."""

from datetime import date

import polars as pl
from duckdb import DuckDBPyConnection

from scoring.catalogue import Catalogue
from scoring.network_facts import Network, NetworkFacts, network_facts


def exposed_network(connection: DuckDBPyConnection, catalogue: Catalogue, as_of: date) -> NetworkFacts:
    """Gives the facts of W01 for all suppliers at once: exposure crosses the parts in which they are scored."""
    return network_facts(_read(connection), catalogue, as_of)


def _read(connection: DuckDBPyConnection) -> Network:
    return Network(
        ties=connection.sql("FROM features.ftr_network_tie").pl(),
        parties=_parties(connection),
        cases=connection.sql(
            "SELECT case_id, supplier_id, indicator_id, told_by, in_force, fades_from FROM marts.fct_confirmed_case"
        ).pl(),
        cases_are_told=_is_told(connection),
    )


def _parties(connection: DuckDBPyConnection) -> pl.DataFrame:
    return connection.sql("SELECT party_id, party_kind, name FROM marts.dim_network_party").pl()


def _is_told(connection: DuckDBPyConnection) -> bool:
    told = connection.sql("SELECT count(*) > 0 FROM intermediate.int_case_sources_told").fetchone()
    return bool(told and told[0])
