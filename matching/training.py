"""Training of the linkage model on the suppliers of a warehouse."""

import duckdb

from matching import common_names, records
from matching.pairs import compared_table_sql, empty_shares_sql, open_state, tables_of_splink, work_schema
from models.linkage import PAIRS_FOR_U, LinkageModel, load_model, train, untrained_settings
from tierline.errors import TierlineError

LEAST_RECORDS = 5_000


def train_model(
    connection: duckdb.DuckDBPyConnection, *, version: str, seed: int, pairs_for_u: int = PAIRS_FOR_U
) -> LinkageModel:
    """Gives a model fitted to the prepared suppliers of a warehouse; at which weights to act stays as stored.

    No label is used; `pairs_for_u` pairs drawn at random say what unlike records share. The next match of this
    warehouse compares all records anew. Raises TierlineError where there are too few records, or too alike.
    """
    from splink import DuckDBAPI, Linker

    stored = load_model()
    open_state(connection, stored, from_scratch=True)
    records.take_over_records(connection)
    common_names.take_over_names(connection)
    _refuse_too_few(connection)
    with work_schema(connection):
        connection.execute(compared_table_sql("SELECT record_id FROM matching.compared_record"))
        connection.execute(empty_shares_sql())
        with tables_of_splink(connection):
            database = DuckDBAPI(connection)
            linker = Linker(
                database.register("compared"), untrained_settings(), log_level=None, validate_settings=False
            )
            linker.table_management.register_term_frequency_lookup(database.register("shares"), "name_core")
            try:
                settings = train(linker, seed=seed, pairs_for_u=pairs_for_u)
            except ValueError as error:
                raise TierlineError(
                    f"these records do not suffice to train on: {error}",
                    remedy="Train on more records that speak of one supplier twice, or use the stored model.",
                ) from error
    return LinkageModel(version, stored.queue_weight, stored.automatic_weight, settings)


def _refuse_too_few(connection: duckdb.DuckDBPyConnection) -> None:
    row = connection.execute("SELECT count(*) FROM matching.compared_record").fetchone()
    number = int(row[0]) if row else 0
    if number < LEAST_RECORDS:
        raise TierlineError(
            f"{number} records are too few to train on; {LEAST_RECORDS} are needed",
            remedy="Use the stored model; it needs no training.",
        )
