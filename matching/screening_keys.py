"""Which names of suppliers are compared with which names on lists: those that share a key that few others have."""

import duckdb

from tierline.log import get_logger

_LOG = get_logger(__name__)

PAIRS_A_NAME = 10
"""The most pairs, on average, that a name of either side may be in."""

KEY_LIMITS = (3_000, 1_000, 300, 100, 30, 10)
"""The most pairs that one key may make; the largest of these under which all pairs stay within the bound is taken."""

_WORDS = 6
_TELLING_WORD = 0.5
_TYPED_WORD = 6
_TYPED_LETTERS = 4

# Keys of a name, each for one way in which two spellings of it differ: none or blanks and order of words; other words
# added; one word mistyped (its beginning or its end stays).
_KEYS = f"""
CREATE OR REPLACE TEMP TABLE name_key AS
WITH names AS (
    SELECT 's' AS side, name_feature AS feature FROM supplier_name
    UNION
    SELECT 'e', name_feature FROM entry_name
),
worded AS (
    SELECT side, feature,
        list_slice(list_reverse_sort(list_transform(feature.words, lambda word, place:
            {{'weight': feature.weights[place], 'word': word}})), 1, {_WORDS}) AS heaviest
    FROM names
),
keyed AS (
    SELECT side, feature, list_concat(
        ['=' || array_to_string(feature.words, ''), '=' || array_to_string(list_sort(feature.words), '')],
        list_transform(list_filter(heaviest, lambda one: one.weight >= {_TELLING_WORD}), lambda one: '1' || one.word),
        flatten(list_transform(heaviest, lambda one: list_transform(
            list_filter(heaviest, lambda other: other.word > one.word),
            lambda other: '2' || one.word || ' ' || other.word))),
        flatten(list_transform(
            list_filter(heaviest[1:2], lambda one: length(one.word) >= {_TYPED_WORD}),
            lambda one: ['<' || left(one.word, {_TYPED_LETTERS}), '>' || right(one.word, {_TYPED_LETTERS})]))
    ) AS keys
    FROM worded
)
SELECT DISTINCT side, feature, unnest(keys) AS key FROM keyed
"""

_KEY_SIZES = """
CREATE OR REPLACE TEMP TABLE key_size AS
SELECT key, count(*) FILTER (WHERE side = 's') * count(*) FILTER (WHERE side = 'e') AS pairs
FROM name_key GROUP BY key
HAVING count(DISTINCT side) = 2
"""

_LEAST_SHARE = 0.7
"""Names of which one weighs less than this share of the other cannot be alike: much of the longer one has no like."""

# A whole name is compared however many bear it; else a common name would pass unseen.
_USED = "(pairs <= $key_limit OR key LIKE '=%')"

_NAME_PAIRS = f"""
CREATE OR REPLACE TEMP TABLE name_pair AS
WITH used AS (SELECT key FROM key_size WHERE {_USED})
SELECT DISTINCT suppliers.feature AS supplier_feature, entries.feature AS entry_feature
FROM used
JOIN name_key AS suppliers ON suppliers.key = used.key AND suppliers.side = 's'
JOIN name_key AS entries ON entries.key = used.key AND entries.side = 'e'
WHERE used.key LIKE '=%'
    OR least(list_sum(suppliers.feature.weights), list_sum(entries.feature.weights))
        >= {_LEAST_SHARE} * greatest(list_sum(suppliers.feature.weights), list_sum(entries.feature.weights))
"""


def write_name_pairs(connection: duckdb.DuckDBPyConnection) -> None:
    """Leaves the temporary table `name_pair (supplier_feature, entry_feature)` of names that are to be compared.

    Expects `supplier_name` and `entry_name` with the column `name_feature`. Keys that too many names share are left
    out, and the log says how many; the pairs stay within PAIRS_A_NAME a name.
    """
    connection.execute(_KEYS)
    connection.execute(_KEY_SIZES)
    limit = _key_limit(connection)
    connection.execute(_NAME_PAIRS, {"key_limit": limit})
    left_out = connection.execute(f"SELECT count(*) FROM key_size WHERE NOT {_USED}", {"key_limit": limit}).fetchall()[
        0
    ][0]
    _LOG.info("names of suppliers and lists: %d keys that make over %d pairs each are left out", left_out, limit)
    connection.execute("DROP TABLE name_key; DROP TABLE key_size")


def _key_limit(connection: duckdb.DuckDBPyConnection) -> int:
    names = connection.execute("SELECT count(*) FROM (SELECT DISTINCT side, feature FROM name_key)").fetchall()[0][0]
    for limit in KEY_LIMITS:
        pairs = connection.execute(
            f"SELECT coalesce(sum(pairs), 0) FROM key_size WHERE {_USED}", {"key_limit": limit}
        ).fetchall()[0][0]
        if pairs <= PAIRS_A_NAME * names:
            return limit
    return KEY_LIMITS[-1]
