"""Which records are compared at all: those that share a key that few others have, so that pairs stay near-linear."""

import duckdb

from matching.record_features import FEATURES, WORDS
from matching.tables import few
from tierline.log import get_logger

_LOG = get_logger(__name__)
PAIRS_A_RECORD = 30
# So few pairs cost nothing, and the bound counts a pair under each key that it shares.
PAIRS_ANYWAY = 100_000
# The most records that a key may have; the largest of these under which the pairs stay within the bound is taken.
KEY_LIMITS = (30, 20, 14, 10, 7, 5, 3, 2)
_WORDS = 6
_WORDS_IN_PAIRS = 5
_ADDRESS_WORDS = 5

TABLES = """
CREATE TABLE IF NOT EXISTS matching.compared_key (record_id UBIGINT, key UBIGINT);
CREATE TABLE IF NOT EXISTS matching.blocking_limit (key_limit INTEGER);
CREATE TABLE IF NOT EXISTS matching.blocking_bound (key_limit INTEGER, pairs HUGEINT, skipped_keys HUGEINT);
"""

# Longer words first: short ones are mostly articles and initials.
_KEYS = f"""
CREATE OR REPLACE TEMP TABLE new_key AS
WITH described AS (SELECT {WORDS} AS words, {FEATURES} FROM new_record),
records AS (
    SELECT
        *,
        coalesce(country_code, '') AS country,
        list_slice(list_sort(list_transform(list_filter(words, lambda word: len(word) > 1),
            lambda word: {{'size': -len(word), 'word': word}})), 1, {_WORDS}) AS long_words,
        list_slice(list_filter(address_words, lambda word: len(word) > 3 AND NOT regexp_matches(word, '^[0-9]')),
            1, {_ADDRESS_WORDS}) AS street_words
    FROM described
),
listed AS (
    SELECT
        record_id,
        list_concat(
            list_transform(list_concat(identifiers, doubtful_identifiers), lambda number: hash('i', number)),
            [hash('n', name_sorted), hash('c', country, name_sorted), hash('b', country, name_compact)],
            CASE WHEN locality_key IS NOT NULL THEN list_concat(
                [hash('s', country, locality_key, left(replace(name_sorted, ' ', ''), 4))],
                list_transform(long_words, lambda long: hash('p', country, locality_key, long.word))
            ) ELSE [] END,
            flatten(list_transform(list_slice(long_words, 1, {_WORDS_IN_PAIRS}), lambda one:
                list_transform(list_filter(list_slice(long_words, 1, {_WORDS_IN_PAIRS}),
                    lambda other: other.word > one.word),
                    lambda other: hash('w', country, one.word, other.word)))),
            CASE WHEN len(address_numbers) > 0 THEN list_transform(street_words, lambda word:
                hash('a', country, list_min(address_numbers), word)) ELSE [] END,
            CASE WHEN latitude IS NOT NULL AND longitude IS NOT NULL
                THEN [hash('g', round(latitude, 2), round(longitude, 2), left(long_words[1].word, 2))]
                ELSE [] END
        ) AS keys
    FROM records
)
SELECT DISTINCT record_id, unnest(keys) AS key FROM listed
"""

# All records under the keys that came or went: how many there are, and later which pairs they make.
_TAKEN_OVER = f"""
CREATE OR REPLACE TEMP TABLE gone_key AS
FROM matching.compared_key WHERE record_id IN (SELECT record_id FROM gone_record);
CREATE OR REPLACE TEMP TABLE touched_key AS
WITH steps AS (
    SELECT key, 1 AS step FROM new_key UNION ALL SELECT key, -1 AS step FROM gone_key
)
SELECT key, sum(step)::BIGINT AS step FROM steps GROUP BY key;
DELETE FROM matching.compared_key WHERE record_id IN (SELECT record_id FROM gone_record);
INSERT INTO matching.compared_key FROM new_key;
DROP TABLE new_key; DROP TABLE gone_key;
CREATE OR REPLACE TEMP TABLE held_key AS
FROM matching.compared_key SEMI JOIN {few("touched_key", "key")} USING (key);
CREATE OR REPLACE TEMP TABLE key_size AS
WITH present AS (SELECT key, count(*) AS records FROM held_key GROUP BY key)
SELECT
    touched.key,
    coalesce(present.records, 0) AS records,
    coalesce(present.records, 0) - touched.step AS records_before
FROM touched_key AS touched LEFT JOIN present ON touched.key = present.key;
DROP TABLE touched_key;
"""

_BOUNDS = """
CREATE OR REPLACE TEMP TABLE bound_now AS
WITH limits AS (SELECT unnest(?::INTEGER[]) AS key_limit),
sizes AS (
    SELECT records, records_before, count(*) AS keys FROM key_size GROUP BY records, records_before
),
steps AS (
    SELECT
        limits.key_limit,
        sum(keys * (
            CASE WHEN records <= key_limit THEN records * (records - 1) // 2 ELSE 0 END
            - CASE WHEN records_before <= key_limit THEN records_before * (records_before - 1) // 2 ELSE 0 END
        )) AS pairs,
        sum(keys * ((records > key_limit)::INTEGER - (records_before > key_limit)::INTEGER)) AS skipped_keys
    FROM sizes CROSS JOIN limits
    GROUP BY limits.key_limit
)
SELECT
    limits.key_limit,
    coalesce(before.pairs, 0) + coalesce(steps.pairs, 0) AS pairs,
    coalesce(before.skipped_keys, 0) + coalesce(steps.skipped_keys, 0) AS skipped_keys
FROM limits
LEFT JOIN steps ON limits.key_limit = steps.key_limit
LEFT JOIN matching.blocking_bound AS before ON limits.key_limit = before.key_limit
"""

# Keys that have come to be skipped or are no longer, with the records under them that are not compared anew anyway.
_FLIPPED = """
CREATE OR REPLACE TEMP TABLE flipped_key AS
WITH flipped AS (
    SELECT key, records <= $limit AS is_open
    FROM key_size
    WHERE (records <= $limit) <> (records_before <= $limit)
)
SELECT keys.record_id, flipped.key, flipped.is_open
FROM held_key AS keys
INNER JOIN flipped ON keys.key = flipped.key
WHERE keys.record_id NOT IN (FROM changed_record)
"""

_ALL_CHANGED = """
CREATE OR REPLACE TEMP TABLE changed_record AS SELECT record_id FROM matching.compared_record;
DELETE FROM renamed_record;
"""


def take_over_keys(connection: duckdb.DuckDBPyConnection) -> int:
    """Brings the blocking keys up to the compared records; gives the most records that a key may have.

    Reads `new_record` and `gone_record`. Leaves `flipped_key(record_id, key, is_open)`: keys that have come to be
    skipped or are no longer; `held_key(record_id, key)`, all records under the keys of new and gone records, and
    `key_size(key, records, records_before)` of these. Where the limit itself changed, all records are in
    `changed_record` afterwards. Says in the log how many keys are skipped.
    """
    before = connection.execute("SELECT key_limit FROM matching.blocking_limit").fetchall()
    connection.execute(_KEYS)
    connection.execute(_TAKEN_OVER)
    connection.execute(_BOUNDS, [list(KEY_LIMITS)])
    connection.execute("DELETE FROM matching.blocking_bound")
    connection.execute("INSERT INTO matching.blocking_bound FROM bound_now")
    limit = _key_limit(connection)
    if before != [(limit,)]:
        connection.execute(_ALL_CHANGED)
    connection.execute(_FLIPPED, {"limit": limit})
    connection.execute("DELETE FROM matching.blocking_limit")
    connection.execute("INSERT INTO matching.blocking_limit VALUES (?)", [limit])
    _tell(connection, limit)
    return limit


def _key_limit(connection: duckdb.DuckDBPyConnection) -> int:
    """Gives the largest limit under which the pairs stay within the bound; the smallest where none does."""
    row = connection.execute(
        "SELECT max(key_limit) FROM matching.blocking_bound"
        " WHERE pairs <= greatest(?, ? * (SELECT count(*) FROM matching.compared_record))",
        [PAIRS_ANYWAY, PAIRS_A_RECORD],
    ).fetchone()
    return int(row[0]) if row and row[0] is not None else min(KEY_LIMITS)


def _tell(connection: duckdb.DuckDBPyConnection, limit: int) -> None:
    row = connection.execute(
        "SELECT pairs, skipped_keys FROM matching.blocking_bound WHERE key_limit = ?", [limit]
    ).fetchone()
    if row:
        _LOG.info("blocking: %d keys of more than %d records are skipped; at most %d pairs", row[1], limit, row[0])
