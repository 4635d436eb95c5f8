"""Which words and names are common: counted over all records, by adding what came and went since the last time."""

import duckdb

from models.linkage import RAREST_SHARE

# A word that more than this share of all records has in its name tells little of whose name it is (prior).
_COMMON_WORD_SHARE = 1 / 500
_COMMON_WORD_LEAST = 50
_LEAST_BEARERS_OF_A_COMMON_NAME = 4

TABLES = """
CREATE TABLE IF NOT EXISTS matching.borne_word (word VARCHAR, bearers BIGINT);
CREATE TABLE IF NOT EXISTS matching.common_word (word VARCHAR);
CREATE TABLE IF NOT EXISTS matching.compared_name (record_id UBIGINT, name_core VARCHAR);
CREATE TABLE IF NOT EXISTS matching.borne_name (name_core VARCHAR, bearers BIGINT);
CREATE TABLE IF NOT EXISTS matching.common_name (name_core VARCHAR, share DOUBLE);
"""


def _counted(table: str, column: str, steps: str) -> str:
    """Gives the SQL that adds `steps`, rows of a value and +1 or -1, to how many records bear each value."""
    return f"""
    MERGE INTO {table} AS known
    USING (SELECT {column}, sum(step)::BIGINT AS step FROM ({steps}) GROUP BY {column} HAVING sum(step) <> 0) AS steps
    ON known.{column} = steps.{column}
    WHEN MATCHED AND known.bearers + steps.step = 0 THEN DELETE
    WHEN MATCHED THEN UPDATE SET bearers = known.bearers + steps.step
    WHEN NOT MATCHED THEN INSERT VALUES (steps.{column}, steps.step);
    """


_WORD_STEPS = """
    SELECT unnest(string_split(name_sorted, ' ')) AS word, 1 AS step FROM new_record
    UNION ALL
    SELECT unnest(string_split(name_sorted, ' ')), -1 FROM gone_record
"""

_COMMON_WORDS = f"""
CREATE OR REPLACE TEMP TABLE common_word_now AS
SELECT word
FROM matching.borne_word
WHERE bearers >= {_COMMON_WORD_LEAST}
    AND bearers > (SELECT count(*) FROM matching.compared_record) * {_COMMON_WORD_SHARE};
CREATE OR REPLACE TEMP TABLE turned_word AS
(FROM common_word_now EXCEPT FROM matching.common_word) UNION ALL
(FROM matching.common_word EXCEPT FROM common_word_now);
DELETE FROM matching.common_word;
INSERT INTO matching.common_word FROM common_word_now;
"""

# Records that were known before and have a word that is common or rare now and was not. Few words turn, and to look
# for one within a name costs less than to split it.
_REWORDED = """
CREATE OR REPLACE TEMP TABLE reworded_record AS
WITH known AS (
    SELECT record_id, name_sorted FROM matching.compared_record
    WHERE (SELECT count(*) FROM turned_word) > 0 AND record_id NOT IN (SELECT record_id FROM new_record)
)
SELECT DISTINCT record_id, name_sorted
FROM known CROSS JOIN turned_word
WHERE contains(name_sorted, word) AND list_contains(string_split(name_sorted, ' '), word)
"""

# A name of common words alone keeps them: it is told apart by how many bear it.
_NAME_CORES = """
CREATE OR REPLACE TEMP TABLE old_name AS
SELECT record_id, name_core
FROM matching.compared_name
WHERE record_id IN (SELECT record_id FROM gone_record UNION ALL SELECT record_id FROM reworded_record);
DELETE FROM matching.compared_name WHERE record_id IN (SELECT record_id FROM old_name);
CREATE OR REPLACE TEMP TABLE new_name AS
WITH common AS (SELECT coalesce(list(word), []) AS words FROM matching.common_word),
worded AS (
    SELECT record_id, name_sorted, string_split(name_sorted, ' ') AS words
    FROM (SELECT record_id, name_sorted FROM new_record UNION ALL FROM reworded_record)
),
told AS (
    SELECT
        record_id,
        name_sorted,
        list_filter(worded.words, lambda word: NOT list_contains(common.words, word)) AS telling_words
    FROM worded CROSS JOIN common
)
SELECT
    record_id,
    CASE WHEN len(telling_words) > 0 THEN array_to_string(telling_words, ' ') ELSE name_sorted END AS name_core
FROM told;
INSERT INTO matching.compared_name FROM new_name;
"""

_NAME_STEPS = """
    SELECT name_core, 1 AS step FROM new_name UNION ALL SELECT name_core, -1 FROM old_name
"""

# Counted in powers of two, so that a share changes seldom and few records are compared anew for it.
_COMMON_NAMES = f"""
CREATE OR REPLACE TEMP TABLE common_name_now AS
WITH records AS (
    SELECT greatest(2.0 ** round(log2(greatest(count(*), 1))), {1 / RAREST_SHARE}) AS number
    FROM matching.compared_name
)
SELECT borne.name_core, 2.0 ** floor(log2(borne.bearers)) / records.number AS share
FROM matching.borne_name AS borne CROSS JOIN records
WHERE borne.bearers >= {_LEAST_BEARERS_OF_A_COMMON_NAME};
CREATE OR REPLACE TEMP TABLE turned_name AS
SELECT name_core FROM (FROM common_name_now EXCEPT FROM matching.common_name)
UNION
SELECT name_core FROM (FROM matching.common_name EXCEPT FROM common_name_now);
DELETE FROM matching.common_name WHERE name_core IN (FROM turned_name);
INSERT INTO matching.common_name FROM common_name_now SEMI JOIN turned_name USING (name_core);
"""

_TO_COMPARE = """
CREATE OR REPLACE TEMP TABLE changed_record AS
SELECT record_id FROM new_record UNION ALL SELECT record_id FROM reworded_record;
CREATE OR REPLACE TEMP TABLE renamed_record AS
SELECT record_id
FROM matching.compared_name SEMI JOIN turned_name USING (name_core) ANTI JOIN changed_record USING (record_id);
"""


def take_over_names(connection: duckdb.DuckDBPyConnection) -> None:
    """Brings the common words and names up to the compared records.

    Reads `new_record` and `gone_record`. Leaves the temporary tables `changed_record` (new, or with a word that has
    become common or rare) and `renamed_record` (of others, those of a name that has), each of record ids.
    """
    words = _counted("matching.borne_word", "word", _WORD_STEPS)
    names = _counted("matching.borne_name", "name_core", _NAME_STEPS)
    for statement in (words, _COMMON_WORDS, _REWORDED, _NAME_CORES, names, _COMMON_NAMES, _TO_COMPARE):
        connection.execute(statement)
    connection.execute("DROP TABLE old_name; DROP TABLE new_name")
