"""Which records are compared at all: those that share a key that few others have, so that pairs stay near-linear."""

import duckdb

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
WITH records AS (
    SELECT
        *,
        coalesce(country_code, '') AS country,
        list_slice(list_sort(list_transform(list_filter(words, lambda word: len(word) > 1),
            lambda word: {{'size': -len(word), 'word': word}})), 1, {_WORDS}) AS long_words,
        list_slice(list_filter(address_words, lambda word: len(word) > 3 AND NOT regexp_matches(word, '^[0-9]')),
            1, {_ADDRESS_WORDS}) AS street_words
    FROM matching.compared_record SEMI JOIN new_record USING (record_id)
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

_TAKEN_OVER = """
CREATE OR REPLACE TEMP TABLE gone_key AS
FROM matching.compared_key SEMI JOIN gone_record USING (record_id);
CREATE OR REPLACE TEMP TABLE touched_key AS
WITH steps AS (
    SELECT key, 1 AS step FROM new_key UNION ALL SELECT key, -1 AS step FROM gone_key
)
SELECT key, sum(step) AS step FROM steps GROUP BY key HAVING sum(step) <> 0;
DELETE FROM matching.compared_key WHERE record_id IN (FROM gone_record);
INSERT INTO matching.compared_key FROM new_key;
CREATE OR REPLACE TEMP TABLE key_size AS
WITH present AS (
    SELECT key, count(*) AS records FROM matching.compared_key SEMI JOIN touched_key USING (key) GROUP BY key
)
SELECT
    touched.key,
    coalesce(present.records, 0) AS records,
    coalesce(present.records, 0) - touched.step AS records_before
FROM touched_key AS touched LEFT JOIN present ON touched.key = present.key
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

_FLIPPED = """
CREATE OR REPLACE TEMP TABLE flipped_record AS
SELECT DISTINCT keys.record_id
FROM matching.compared_key AS keys
INNER JOIN key_size AS sizes ON keys.key = sizes.key
WHERE (sizes.records <= $limit) <> (sizes.records_before <= $limit)
"""

_USABLE = """
CREATE OR REPLACE TEMP TABLE usable_key AS
WITH wanted AS (
    SELECT DISTINCT key FROM matching.compared_key SEMI JOIN changed_record USING (record_id)
),
held AS (FROM matching.compared_key SEMI JOIN wanted USING (key)),
sizes AS (SELECT key, count(*) AS records FROM held GROUP BY key)
SELECT held.record_id, held.key
FROM held INNER JOIN sizes ON held.key = sizes.key
WHERE sizes.records BETWEEN 2 AND $limit
"""

# A pair of two changed records is found from the smaller id, one of a changed record and another from the changed one.
_CANDIDATES = """
CREATE OR REPLACE TEMP TABLE candidate_pair AS
WITH one AS (
    FROM usable_key SEMI JOIN changed_record USING (record_id) WHERE record_id % $parts = $part
),
pairs AS (
    SELECT DISTINCT one.record_id AS one_id, other.record_id AS other_id
    FROM one INNER JOIN usable_key AS other ON one.key = other.key AND one.record_id <> other.record_id
)
SELECT least(one_id, other_id) AS left_id, greatest(one_id, other_id) AS right_id
FROM pairs LEFT JOIN changed_record AS changed ON pairs.other_id = changed.record_id
WHERE changed.record_id IS NULL OR pairs.one_id < pairs.other_id
"""

_PAIRS_AT_MOST = """
WITH sizes AS (SELECT key, count(*) AS records FROM usable_key GROUP BY key)
SELECT coalesce(sum(records * (records - 1) // 2), 0) FROM sizes
"""


def take_over_keys(connection: duckdb.DuckDBPyConnection) -> int:
    """Brings the blocking keys up to the compared records; gives the most records that a key may have.

    Reads `new_record` and `gone_record`. Adds to `changed_record` the records under a key that has come to be skipped
    or is no longer, and all records where the limit itself changed. Says in the log how many keys are skipped.
    """
    before = connection.execute("SELECT key_limit FROM matching.blocking_limit").fetchall()
    connection.execute(_KEYS)
    connection.execute(_TAKEN_OVER)
    connection.execute(_BOUNDS, [list(KEY_LIMITS)])
    connection.execute("DELETE FROM matching.blocking_bound")
    connection.execute("INSERT INTO matching.blocking_bound FROM bound_now")
    limit = _key_limit(connection)
    if before == [(limit,)]:
        connection.execute(_FLIPPED, {"limit": limit})
    else:
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE flipped_record AS SELECT record_id FROM matching.compared_record"
        )
    connection.execute("INSERT INTO changed_record FROM flipped_record ANTI JOIN changed_record USING (record_id)")
    connection.execute("DELETE FROM matching.blocking_limit")
    connection.execute("INSERT INTO matching.blocking_limit VALUES (?)", [limit])
    _tell(connection, limit)
    return limit


def find_candidates(connection: duckdb.DuckDBPyConnection, key_limit: int) -> int:
    """Prepares the keys of changed records, all but skipped ones; gives the most pairs that come of them."""
    connection.execute(_USABLE, {"limit": key_limit})
    row = connection.execute(_PAIRS_AT_MOST).fetchone()
    return int(row[0]) if row else 0


def write_candidates(connection: duckdb.DuckDBPyConnection, *, part: int, parts: int) -> int:
    """Writes the temporary table `candidate_pair(left_id, right_id)` for one of so many parts; gives its pairs."""
    connection.execute(_CANDIDATES, {"part": part, "parts": parts})
    row = connection.execute("SELECT count(*) FROM candidate_pair").fetchone()
    return int(row[0]) if row else 0


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
