"""What became of suppliers since the publication before: new, merged, split, moved, renamed, retired, and why."""

from datetime import date

import duckdb
import polars as pl

# References known both times whose supplier has another id now.
_PASSAGES = """
CREATE OR REPLACE TEMP TABLE passage AS
SELECT supplier_ref, earlier.supplier_id AS then_id, present.supplier_id AS now_id
FROM earlier_id AS earlier JOIN current_entity AS present USING (supplier_ref)
WHERE earlier.supplier_id <> present.supplier_id
"""

# What joins, today, references that had different ids: the keys they share, the verdicts and pairs between them.
_TIES = """
CREATE OR REPLACE TEMP TABLE tie AS
WITH concerned AS (
    SELECT supplier_ref, present.supplier_id AS now_id, coalesce(earlier.supplier_id, '') AS then_id
    FROM current_entity AS present LEFT JOIN earlier_id AS earlier USING (supplier_ref)
    WHERE present.supplier_id IN (SELECT now_id FROM passage)
),
keyed AS (
    SELECT DISTINCT now_id, then_id, method, method_rank, link_key
    FROM concerned JOIN entity_link_key USING (supplier_ref)
),
paired AS (
    SELECT left_ref AS one_ref, right_ref AS other_ref, weight FROM joining_pair
    UNION ALL SELECT right_ref, left_ref, weight FROM joining_pair
)
SELECT one.now_id, other.then_id, 'the same ' || replace(one.method, '_', ' ') AS reason, one.method_rank AS tie_rank
FROM keyed AS one JOIN keyed AS other USING (now_id, link_key)
WHERE one.then_id = one.now_id AND other.then_id <> one.now_id
UNION ALL
SELECT one.now_id, other.then_id,
    coalesce(format('a pair of weight {:.1f}', paired.weight), 'a verdict joins them'),
    CASE WHEN paired.weight IS NULL THEN 0 ELSE 7 END
FROM paired
JOIN concerned AS one ON paired.one_ref = one.supplier_ref
JOIN concerned AS other ON paired.other_ref = other.supplier_ref AND one.now_id = other.now_id
WHERE one.then_id = one.now_id AND other.then_id <> one.now_id
"""

# The spelling most often used, as it is published; a person has none.
_NAMES = """
CREATE OR REPLACE TEMP TABLE current_name AS
WITH spelled AS (
    SELECT supplier_id, supplier_name, country_code, is_declared, count(*) AS spelling_count
    FROM entity_record JOIN current_entity USING (supplier_ref)
    GROUP BY ALL
)
SELECT supplier_id,
    first(supplier_name ORDER BY is_declared DESC, spelling_count DESC, supplier_name, country_code) AS name
FROM spelled GROUP BY supplier_id
"""

_CHANGES = """
WITH present AS (SELECT DISTINCT supplier_id FROM current_entity),
known AS (SELECT supplier_id, bool_or(is_present) AS was_present FROM earlier_id GROUP BY supplier_id),
reasons AS (
    SELECT now_id, then_id, first(reason ORDER BY tie_rank, reason) AS reason FROM tie GROUP BY now_id, then_id
),
-- an id that nobody bears any more was merged into the one that most of its references bear
heirs AS (
    SELECT then_id, first(now_id ORDER BY reference_count DESC, now_id) AS now_id
    FROM (SELECT then_id, now_id, count(*) AS reference_count FROM passage GROUP BY ALL)
    WHERE then_id NOT IN (FROM present) GROUP BY then_id
),
parted AS (
    SELECT one.supplier_id AS one_id, other.supplier_id AS other_id FROM apart_pair
    JOIN current_entity AS one ON apart_pair.left_ref = one.supplier_ref
    JOIN current_entity AS other ON apart_pair.right_ref = other.supplier_ref
),
appeared AS (
    SELECT supplier_id, NULL AS other_supplier_id, NULL AS supplier_ref, 'new' AS kind,
        CASE WHEN was_present IS NULL THEN 'spoken of for the first time' ELSE 'spoken of again' END AS reason
    FROM present LEFT JOIN known USING (supplier_id)
    WHERE was_present IS NOT TRUE AND (was_present IS NOT NULL OR supplier_id NOT IN (SELECT now_id FROM passage))
),
merged AS (
    SELECT now_id, then_id, NULL, 'merge', coalesce(reason, 'joined through other records')
    FROM heirs LEFT JOIN reasons USING (now_id, then_id)
),
split AS (
    SELECT DISTINCT now_id, then_id, NULL, 'split',
        CASE WHEN EXISTS (FROM parted WHERE (one_id, other_id) IN ((now_id, then_id), (then_id, now_id)))
            THEN 'a verdict keeps them apart' ELSE 'nothing joins them any more' END
    FROM passage WHERE now_id NOT IN (SELECT supplier_id FROM known)
),
moved AS (
    SELECT now_id, then_id, supplier_ref, 'move', coalesce(reason, 'joined through other records')
    FROM passage LEFT JOIN reasons USING (now_id, then_id)
    ANTI JOIN heirs USING (now_id, then_id)
    WHERE now_id IN (SELECT supplier_id FROM known)
),
retired AS (
    SELECT supplier_id, NULL, NULL, 'retired', 'no record speaks of it any more' FROM known
    WHERE was_present AND supplier_id NOT IN (FROM present) AND supplier_id NOT IN (SELECT then_id FROM passage)
),
renamed AS (
    SELECT supplier_id, NULL, NULL, 'rename', 'was ' || earlier_name.name || ', is ' || current_name.name
    FROM earlier_name JOIN current_name USING (supplier_id) WHERE earlier_name.name <> current_name.name
),
told AS (
    SELECT * FROM appeared UNION ALL SELECT * FROM merged UNION ALL SELECT * FROM split
    UNION ALL SELECT * FROM moved UNION ALL SELECT * FROM retired UNION ALL SELECT * FROM renamed
)
SELECT 'E' || left(sha256(concat_ws('|', supplier_id, other_supplier_id, supplier_ref, kind, $changed_on, reason)), 16)
        AS change_id,
    supplier_id, CAST(other_supplier_id AS VARCHAR) AS other_supplier_id, CAST(supplier_ref AS VARCHAR) AS supplier_ref,
    kind, $changed_on AS changed_on, reason
FROM told ORDER BY change_id
"""


def entity_changes(connection: duckdb.DuckDBPyConnection, changed_on: date) -> pl.DataFrame:
    """Gives one row a change, in the columns of `matching.entity_change`; natural persons are not among them.

    Reads, besides what `matching.entity_scope` leaves, the relations `current_entity` (supplier_ref, supplier_id),
    `earlier_id` (the ledger), `earlier_name`, `joining_pair` (left_ref, right_ref, weight; a verdict has none) and
    `apart_pair`.
    """
    for statement in (_PASSAGES, _TIES, _NAMES):
        connection.execute(statement)
    changes = connection.execute(_CHANGES, {"changed_on": changed_on}).pl()
    for table in ("passage", "tie", "current_name"):
        connection.execute(f"DROP TABLE {table}")
    return changes
