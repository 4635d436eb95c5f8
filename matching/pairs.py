"""Pairs of suppliers that may be one, with their weights: compared by Splink, for what changed only."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from matching import blocking, candidates, common_names, records, supplier_pairs
from matching.explanation import automatic_sql, kept_sql, said_columns
from matching.name_comparison import similarity_sql
from matching.record_features import FEATURES
from matching.tables import few
from models.linkage import RAREST_SHARE, LinkageModel, load_model, model_text
from tierline.log import get_logger
from tierline.warehouse import quote_identifier

_LOG = get_logger(__name__)
_PAIRS_AT_ONCE = 3_000_000
_PAIRS_IN_MEMORY = 300_000
# A thread takes one row group at a time; of the usual size, few pairs would all go to one.
_ROWS_A_THREAD = 8_192
WORK_SCHEMA = "matching_work"

# What Splink says of a pair takes little room as it says it; it is put into words for pairs of suppliers.
_SAID = said_columns()
_TABLES = f"""
CREATE TABLE IF NOT EXISTS matching.latin_spelling (spelling VARCHAR, latin VARCHAR);
CREATE TABLE IF NOT EXISTS matching.identifier_check (link_key VARCHAR, is_sound BOOLEAN);
CREATE TABLE IF NOT EXISTS matching.compared_pair (
    left_id UBIGINT, right_id UBIGINT, match_weight DOUBLE, match_probability DOUBLE, is_automatic BOOLEAN,
    {", ".join(f"{name} {sql_type}" for name, sql_type in _SAID.items())}
);
"""
_STATE_TABLES = (records.TABLES, common_names.TABLES, blocking.TABLES, supplier_pairs.TABLE, _TABLES)
_STATE = (
    *("compared_supplier", "compared_record", "compared_record_supplier", "borne_word", "common_word"),
    *("compared_name", "borne_name", "common_name", "compared_key", "blocking_bound", "blocking_limit"),
    "compared_pair",
)

_IN_CANDIDATES = "SELECT left_id AS record_id FROM candidate_pair UNION SELECT right_id FROM candidate_pair"
_BLOCKED = f"""
CREATE OR REPLACE TABLE {WORK_SCHEMA}.blocked AS
SELECT '0' AS match_key, left_id AS join_key_l, right_id AS join_key_r FROM candidate_pair
"""


def write_supplier_pairs(connection: duckdb.DuckDBPyConnection, *, from_scratch: bool = False) -> int:
    """Writes matching.supplier_pair from the prepared suppliers; gives its number of pairs.

    Only what is new or changed since the last time is compared, with all others; the same suppliers give the same
    table whatever was compared before. `from_scratch` forgets what was compared.
    The table is written in one statement or transaction, so that a run that is killed leaves the earlier one.
    """
    model = load_model()
    is_whole = open_state(connection, model, from_scratch=from_scratch)
    records.take_over_records(connection)
    common_names.take_over_names(connection)
    limit = blocking.take_over_keys(connection)
    _compare(connection, model, limit)
    if is_whole:
        supplier_pairs.write_changed(connection, model)
    else:
        supplier_pairs.write_all(connection, model)
    pairs = _count(connection, "matching.supplier_pair")
    connection.execute("INSERT INTO matching.linkage_basis VALUES (?)", [_basis(model, pairs)])
    return pairs


def compared_table_sql(wanted: str) -> str:
    """Gives the SQL of the table that Splink compares: the records that `wanted` selects, and how common a name is.

    Its lists of words are made once, here: a view would make them anew for either end of the pairs.
    """
    return f"""
    CREATE OR REPLACE TABLE {WORK_SCHEMA}.compared AS
    WITH wanted AS MATERIALIZED ({wanted}),
    names AS (
        SELECT known.record_id, known.name_core, coalesce(common.share, {RAREST_SHARE!r}) AS tf_name_core
        FROM matching.compared_name AS known
        SEMI JOIN {few("wanted", "record_id")} AS wanted ON known.record_id = wanted.record_id
        LEFT JOIN matching.common_name AS common ON known.name_core = common.name_core
    ),
    stored AS (FROM matching.compared_record INNER JOIN names USING (record_id))
    SELECT {FEATURES}, name_core, string_split(name_core, ' ') AS core_words, tf_name_core FROM stored
    """


def empty_shares_sql() -> str:
    """Gives the SQL of the table that keeps Splink from counting names itself: the shares stand with the records."""
    return (
        f"CREATE OR REPLACE TABLE {WORK_SCHEMA}.shares AS"
        " SELECT CAST(NULL AS VARCHAR) AS name_core, CAST(NULL AS DOUBLE) AS tf_name_core WHERE false"
    )


def open_state(connection: duckdb.DuckDBPyConnection, model: LinkageModel, *, from_scratch: bool) -> bool:
    """Makes the tables of what was compared; gives whether they hold the earlier match.

    Empties them where asked to, where another model wrote them, or where pairs of suppliers have been lost since.
    """
    connection.execute("CREATE SCHEMA IF NOT EXISTS matching")
    connection.execute("CREATE TABLE IF NOT EXISTS matching.linkage_basis (basis_sha256 VARCHAR)")
    connection.execute(supplier_pairs.TABLE)
    before = connection.execute("FROM matching.linkage_basis").fetchall()
    # Until all is done there is no basis: after a run that was killed half-way everything is compared anew.
    connection.execute("DELETE FROM matching.linkage_basis")
    is_whole = not from_scratch and before == [(_basis(model, _count(connection, "matching.supplier_pair")),)]
    if not is_whole:
        for table in _STATE:
            connection.execute(f"DROP TABLE IF EXISTS matching.{table}")
    for tables in _STATE_TABLES:
        connection.execute(tables)
    return is_whole


def _basis(model: LinkageModel, pairs: int) -> str:
    """Gives a hash of what the state depends on besides the suppliers: the model, the tables and how many pairs."""
    return hashlib.sha256("".join((model_text(model), *_STATE_TABLES, str(pairs))).encode()).hexdigest()


def _compare(connection: duckdb.DuckDBPyConnection, model: LinkageModel, key_limit: int) -> None:
    most = candidates.find_candidates(connection, key_limit)
    parts = most // _PAIRS_AT_ONCE + 1
    compared = 0
    for part in range(parts):
        pairs = candidates.write_candidates(connection, part=part, parts=parts)
        compared += pairs
        with work_schema(connection, in_memory=pairs <= _PAIRS_IN_MEMORY):
            _score(connection, model)
    candidates.drop_candidates(connection)
    changed, known = _count(connection, "changed_record"), _count(connection, "matching.compared_record")
    _LOG.info("compared %d pairs of %d new or changed records among %d", compared, changed, known)


def _score(connection: duckdb.DuckDBPyConnection, model: LinkageModel) -> None:
    """Lets Splink weigh the pairs of `candidate_pair`, and keeps those at or above the queue's weight."""
    if _count(connection, "candidate_pair") == 0:
        return
    from splink import DuckDBAPI, Linker

    connection.execute(compared_table_sql(_IN_CANDIDATES))
    connection.execute(_BLOCKED)
    connection.execute(empty_shares_sql())
    with tables_of_splink(connection):
        database = DuckDBAPI(connection)
        compared = database.register("compared")
        linker = Linker(compared, model.splink, log_level=None, validate_settings=False)
        linker.table_management.register_term_frequency_lookup(database.register("shares"), "name_core")
        blocked = linker.table_management.register_blocked_pairs_for_predict(database.register("blocked"))
        # `compared` has the records of these pairs and no others: without this Splink copies them out for either end.
        blocked.metadata["registered_for_predict"] = False
        predicted = linker.inference.predict(threshold_match_weight=model.queue_weight, warning_mode="never")
    connection.execute(
        f"INSERT INTO matching.compared_pair SELECT record_id_l, record_id_r, match_weight, match_probability,"
        f" {automatic_sql(model)}, {', '.join(_SAID)} FROM {WORK_SCHEMA}.{predicted.physical_name}"
        f" WHERE {kept_sql(model)}"
    )
    with tables_of_splink(connection):
        predicted.drop_table_from_database_and_remove_from_cache()


@contextmanager
def work_schema(connection: duckdb.DuckDBPyConnection, *, in_memory: bool = False) -> Iterator[None]:
    """Makes the place for the tables that Splink reads and writes, which is gone afterwards.

    In memory they cost less to write; many of them must be able to leave it.
    """
    connection.execute(f"DROP SCHEMA IF EXISTS {WORK_SCHEMA} CASCADE")
    make, remove = "CREATE SCHEMA {}", "DROP SCHEMA {} CASCADE"
    if in_memory:
        make, remove = f"ATTACH ':memory:' AS {{}} (ROW_GROUP_SIZE {_ROWS_A_THREAD})", "DETACH {}"
    connection.execute(make.format(WORK_SCHEMA))
    connection.execute(f"CREATE OR REPLACE TEMP MACRO name_similarity(one, other) AS {similarity_sql('one', 'other')}")
    try:
        yield
    finally:
        connection.execute(remove.format(WORK_SCHEMA))


@contextmanager
def tables_of_splink(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Lets names without a schema mean the place of `work_schema`, as Splink writes them."""
    database, schema = connection.execute("SELECT current_database(), current_schema()").fetchall()[0]
    connection.execute(f"USE {WORK_SCHEMA}")
    try:
        yield
    finally:
        connection.execute(f"USE {quote_identifier(database)}.{quote_identifier(schema)}")


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0
