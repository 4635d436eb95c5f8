"""Which pairs of records are compared in a run: all of changed records, and few others whose weight or key moved."""

import duckdb

from matching.record_features import NAME_COMPACT
from matching.tables import few

# Four of five pairs under one key have neither; to see that costs a tenth of weighing them.
COMMON_GROUND = """
(
    jaro_winkler_similarity(one.name_core, other.name_core) >= 0.75
    OR list_has_any(string_split(one.name_core, ' '), string_split(other.name_core, ' '))
    OR one.compact_hash = other.compact_hash
    OR list_has_any(one.numbers, other.numbers)
) IS NOT FALSE
"""
"""SQL of whether the names of `one` and `other` have anything in common, or a number: no other pair is ever kept.

It holds wherever the model finds a name not different or a number the same (`matching.explanation.kept_sql`).
"""

# Records whose pairs may be other than before: told otherwise, of a name more or less common, or under a moved key.
_AFFECTED = """
CREATE OR REPLACE TEMP TABLE affected_record AS
FROM changed_record UNION FROM renamed_record UNION SELECT record_id FROM flipped_key
"""

# New records have the keys that `matching.blocking` has looked up already; of the others affected the rest is missing.

_USABLE = f"""
CREATE OR REPLACE TEMP TABLE usable_key AS
WITH known AS (SELECT record_id FROM affected_record ANTI JOIN new_record USING (record_id)),
wanted AS (
    SELECT DISTINCT key
    FROM matching.compared_key SEMI JOIN {few("known", "record_id")} USING (record_id) ANTI JOIN key_size USING (key)
),
further AS (FROM matching.compared_key SEMI JOIN {few("wanted", "key")} USING (key)),
sizes AS (
    SELECT key, records FROM key_size UNION ALL SELECT key, count(*) AS records FROM further GROUP BY key
)
SELECT held.record_id, held.key
FROM (FROM held_key UNION ALL FROM further) AS held INNER JOIN sizes ON held.key = sizes.key
WHERE sizes.records BETWEEN 2 AND $limit
"""

# Where all is compared, each of these has all keys or names of all records: room that the next steps need.
_KEYS_DONE = "DROP TABLE held_key; DROP TABLE key_size"
_CANDIDATES_DONE = "DROP TABLE usable_key; DROP TABLE spelled_record"

# How common a name is bears on a pair only where the names are the same; a key that opened, on the pairs under it.
# Names of the same words have the same core.
_REVISITED = """
CREATE OR REPLACE TEMP TABLE revisited_pair AS
WITH kept_key AS (FROM usable_key ANTI JOIN changed_record USING (record_id)),
renamed_key AS (FROM kept_key SEMI JOIN renamed_record USING (record_id)),
near AS (
    SELECT DISTINCT one.record_id AS one_id, other.record_id AS other_id
    FROM renamed_key AS one INNER JOIN kept_key AS other ON one.key = other.key AND one.record_id <> other.record_id
),
of_one_name AS (
    SELECT one_id, other_id
    FROM near
    INNER JOIN spelled_record AS one ON near.one_id = one.record_id
    INNER JOIN spelled_record AS other ON near.other_id = other.record_id
    WHERE one.name_core = other.name_core OR one.compact_hash = other.compact_hash
),
opened AS (
    SELECT one.record_id AS one_id, other.record_id AS other_id
    FROM flipped_key AS one INNER JOIN flipped_key AS other ON one.key = other.key AND one.record_id < other.record_id
    WHERE one.is_open
)
SELECT DISTINCT least(one_id, other_id) AS left_id, greatest(one_id, other_id) AS right_id
FROM (FROM of_one_name UNION ALL FROM opened)
"""

# A pair goes with the last key that both its records have and that is in use.
_LOST = """
CREATE OR REPLACE TEMP TABLE lost_pair AS
WITH closed AS (
    SELECT pairs.left_id, pairs.right_id
    FROM matching.compared_pair AS pairs
    INNER JOIN flipped_key AS one ON pairs.left_id = one.record_id AND NOT one.is_open
    INNER JOIN flipped_key AS other ON pairs.right_id = other.record_id AND one.key = other.key
    WHERE pairs.left_id <> pairs.right_id
)
FROM closed
EXCEPT
SELECT closed.left_id, closed.right_id
FROM closed
INNER JOIN usable_key AS one ON closed.left_id = one.record_id
INNER JOIN usable_key AS other ON closed.right_id = other.record_id AND one.key = other.key
"""

_STALE_PAIRS = """
CREATE OR REPLACE TEMP TABLE shared_record AS
SELECT record_id
FROM matching.compared_record_supplier
SEMI JOIN (FROM touched_record UNION FROM changed_record UNION FROM renamed_record) AS touched USING (record_id)
GROUP BY record_id
HAVING count(*) > 1;
CREATE OR REPLACE TEMP TABLE stale_record AS
SELECT record_id FROM gone_record UNION (SELECT record_id FROM changed_record ANTI JOIN new_record USING (record_id));
DELETE FROM matching.compared_pair
WHERE left_id IN (FROM stale_record) OR right_id IN (FROM stale_record);
DELETE FROM matching.compared_pair AS pairs
USING (FROM lost_pair UNION ALL FROM revisited_pair) AS stale
WHERE pairs.left_id = stale.left_id AND pairs.right_id = stale.right_id;
DELETE FROM matching.compared_pair
WHERE left_id = right_id AND (
    left_id IN (FROM renamed_record) OR left_id IN (FROM touched_record ANTI JOIN shared_record USING (record_id))
);
"""

# A pair of two changed records is found from the smaller id, one of a changed record and another from the changed one.
_CANDIDATES = f"""
CREATE OR REPLACE TEMP TABLE candidate_pair AS
WITH one AS (
    FROM usable_key SEMI JOIN changed_record USING (record_id) WHERE record_id % $parts = $part
),
pairs AS (
    SELECT DISTINCT one.record_id AS one_id, other.record_id AS other_id
    FROM one INNER JOIN usable_key AS other ON one.key = other.key AND one.record_id <> other.record_id
),
found AS (
    SELECT one_id, other_id
    FROM pairs LEFT JOIN changed_record AS changed ON pairs.other_id = changed.record_id
    WHERE changed.record_id IS NULL OR pairs.one_id < pairs.other_id
)
SELECT least(one_id, other_id) AS left_id, greatest(one_id, other_id) AS right_id
FROM found
INNER JOIN spelled_record AS one ON found.one_id = one.record_id
INNER JOIN spelled_record AS other ON found.other_id = other.record_id
WHERE {COMMON_GROUND}
UNION ALL
FROM revisited_pair WHERE left_id % $parts = $part
"""

# One record may speak of several references: it is compared with itself, so that they are a pair as well.
_SHARED_RECORDS = """
INSERT INTO candidate_pair
SELECT record_id AS left_id, record_id AS right_id
FROM shared_record AS shared
ANTI JOIN matching.compared_pair AS pairs ON shared.record_id = pairs.left_id AND shared.record_id = pairs.right_id
"""

_PAIRS_AT_MOST = """
WITH sizes AS (SELECT key, count(*) AS records FROM usable_key GROUP BY key)
SELECT coalesce(sum(records * (records - 1) // 2), 0) FROM sizes
"""


def spelled_records_sql(wanted: str) -> str:
    """Gives the SQL that makes `spelled_record`: what COMMON_GROUND reads of the records that `wanted` selects."""
    return f"""
    CREATE OR REPLACE TEMP TABLE spelled_record AS
    WITH wanted AS MATERIALIZED ({wanted}),
    cores AS (FROM matching.compared_name SEMI JOIN {few("wanted", "record_id")} USING (record_id))
    SELECT
        record_id, name_core, hash({NAME_COMPACT}) AS compact_hash,
        list_concat(identifiers, doubtful_identifiers) AS numbers
    FROM matching.compared_record INNER JOIN cores USING (record_id)
    """


def find_candidates(connection: duckdb.DuckDBPyConnection, key_limit: int) -> int:
    """Prepares the keys of records whose pairs may have changed; gives the most pairs that come of them.

    Takes the pairs that are stale out of matching.compared_pair. Leaves `affected_record`.
    """
    connection.execute(_AFFECTED)
    connection.execute(_USABLE, {"limit": key_limit})
    spelled = spelled_records_sql("SELECT DISTINCT record_id FROM usable_key")
    for statement in (_KEYS_DONE, spelled, _REVISITED, _LOST, _STALE_PAIRS):
        connection.execute(statement)
    row = connection.execute(_PAIRS_AT_MOST).fetchone()
    return int(row[0]) if row else 0


def write_candidates(connection: duckdb.DuckDBPyConnection, *, part: int, parts: int) -> int:
    """Writes the temporary table `candidate_pair(left_id, right_id)` for one of so many parts; gives its pairs.

    Pairs without a common ground are left out. The first part has shared records as well, each paired with itself.
    """
    connection.execute(_CANDIDATES, {"part": part, "parts": parts})
    if part == 0:
        connection.execute(_SHARED_RECORDS)
    row = connection.execute("SELECT count(*) FROM candidate_pair").fetchone()
    return int(row[0]) if row else 0


def drop_candidates(connection: duckdb.DuckDBPyConnection) -> None:
    """Drops what the candidates were found from, once the last part is written."""
    connection.execute(_CANDIDATES_DONE)
