"""Which suppliers may stand on which list: candidates for a person to judge, each explained feature by feature.

Names of suppliers and of entries (aliases, former names and subsidiaries included) that share a key are compared; the
pairs they stand for are weighed by name, country, town, address and identifiers, and kept from even odds on. A name
that is the same is kept whatever its weight, unless the country differs. Nothing here confirms anything.
"""

import duckdb

from matching.name_comparison import similarity_sql
from matching.screening_keys import write_name_pairs
from matching.tables import replace_rows, transaction
from tierline.log import get_logger

_LOG = get_logger(__name__)

LEAST_WEIGHT = 0.0
"""Even odds: the least match weight (log2) of a candidate whose name is not the same."""

CANDIDATES_AN_ENTRY = 100
"""The most suppliers that one entry may be a candidate for; those of the greatest weight stay, and the log tells."""

_BITS_OF_A_RARE_WORD = 16.6
"""Information of a word of weight 1, in bits: -log2 of the share from which on a word counts as rare (1 in 100,000)."""

_BITS_OF_A_LETTER = 4.0
"""The most that a letter adds (prior): an initial is borne by many, even where nobody counted it."""

_NAMES = """
CREATE OR REPLACE TEMP TABLE supplier_name AS
WITH spelled AS (
    SELECT supplier_ref, supplier_name AS spelling, false AS is_alias
    FROM intermediate.int_supplier_records WHERE NOT is_natural_person
    UNION
    SELECT supplier_ref, unnest(aliases), true
    FROM intermediate.int_supplier_records WHERE NOT is_natural_person
)
SELECT supplier_ref, name_key, name_feature, bool_and(is_alias) AS is_alias
FROM spelled JOIN intermediate.int_name_keys USING (spelling)
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE entry_name AS
SELECT row_id, spelling, name_role, name_key, name_feature
FROM intermediate.int_list_entry_names JOIN intermediate.int_name_keys USING (spelling);
"""

_SCORES = f"""
CREATE OR REPLACE TEMP TABLE name_score AS
WITH scored AS (
    SELECT supplier_feature, entry_feature, {similarity_sql("supplier_feature", "entry_feature")} AS score
    FROM name_pair
)
SELECT * FROM scored
WHERE score >= (SELECT min(least_value) FROM seeds.screening_weight WHERE feature = 'name' AND least_value > 0)
"""

# Who shares an identifier is compared whatever the names are, so that the hit can explain itself.
_COMPARED = f"""
CREATE OR REPLACE TEMP TABLE same_identifier AS
SELECT DISTINCT supplier_ref, row_id, entries.method
FROM intermediate.int_list_entry_identifiers AS entries
JOIN intermediate.int_supplier_identifiers AS suppliers USING (link_key)
SEMI JOIN supplier_name USING (supplier_ref)
SEMI JOIN entry_name USING (row_id);

CREATE OR REPLACE TEMP TABLE compared_name AS
WITH alike AS (
    SELECT supplier_ref, row_id, spelling, name_role, is_alias, score,
        suppliers.name_key = entries.name_key AS is_same, entries.name_feature AS feature
    FROM name_score
    JOIN supplier_name AS suppliers ON suppliers.name_feature = supplier_feature
    JOIN entry_name AS entries ON entries.name_feature = entry_feature
    UNION ALL BY NAME
    SELECT supplier_ref, row_id, spelling, name_role, is_alias,
        {similarity_sql("suppliers.name_feature", "entries.name_feature")} AS score,
        suppliers.name_key = entries.name_key AS is_same, entries.name_feature AS feature
    FROM (SELECT DISTINCT supplier_ref, row_id FROM same_identifier)
    JOIN supplier_name AS suppliers USING (supplier_ref)
    JOIN entry_name AS entries USING (row_id)
)
SELECT supplier_ref, row_id, spelling, name_role, is_alias, score, is_same,
    list_sum(list_transform(feature.words, lambda word, place:
        least(feature.weights[place] * {_BITS_OF_A_RARE_WORD}, length(word) * {_BITS_OF_A_LETTER}))) AS bits
FROM alike
QUALIFY row_number() OVER (
    PARTITION BY supplier_ref, row_id
    ORDER BY score DESC, is_same DESC, name_role = 'name' DESC, is_alias, list_sum(feature.weights) DESC, spelling
) = 1
"""


def _place(column: str) -> str:
    """Gives the SQL for a place or address as it is compared: in Latin capitals, without accents and punctuation."""
    return (
        f"nullif(trim(regexp_replace(upper(strip_accents(coalesce(latin_{column}.latin, {column}))),"
        " '[^\\p{L}\\p{N}]+', ' ', 'g')), '')"
    )


_PLACES = f"""
CREATE OR REPLACE TEMP TABLE place AS
WITH places AS (
    SELECT supplier_ref AS owner, country_code, locality, address
    FROM intermediate.int_supplier_records SEMI JOIN compared_name USING (supplier_ref)
    UNION ALL
    SELECT row_id, country_code, locality, address
    FROM staging.stg_list_entry SEMI JOIN compared_name USING (row_id)
)
SELECT owner,
    list(DISTINCT country_code) FILTER (WHERE country_code IS NOT NULL) AS countries,
    list(DISTINCT {_place("locality")}) FILTER (WHERE {_place("locality")} IS NOT NULL) AS towns,
    list(DISTINCT {_place("address")}) FILTER (WHERE {_place("address")} IS NOT NULL) AS streets
FROM places
LEFT JOIN matching.latin_spelling AS latin_locality ON latin_locality.spelling = locality
LEFT JOIN matching.latin_spelling AS latin_address ON latin_address.spelling = address
GROUP BY owner;

CREATE OR REPLACE TEMP TABLE other_identifier AS
WITH kinds AS (
    SELECT supplier_ref AS owner, regexp_replace(link_key, ' [^ ]*$', '') AS kind
    FROM intermediate.int_supplier_identifiers SEMI JOIN compared_name USING (supplier_ref)
    WHERE method IN ('lei', 'tax_number', 'company_number')
    UNION
    SELECT row_id, regexp_replace(link_key, ' [^ ]*$', '')
    FROM intermediate.int_list_entry_identifiers SEMI JOIN compared_name USING (row_id)
    WHERE method IN ('lei', 'tax_number', 'company_number')
)
SELECT DISTINCT supplier_ref, row_id
FROM compared_name
JOIN kinds AS suppliers ON suppliers.owner = supplier_ref
JOIN kinds AS entries ON entries.owner = row_id AND entries.kind = suppliers.kind
"""

# A town agrees where it is the same, or where the other side's address names it.
_LEVELS = """
CREATE OR REPLACE TEMP TABLE feature_level AS
WITH identified AS (
    SELECT supplier_ref, row_id, string_agg(replace(method, '_', ' '), ', ' ORDER BY method) AS methods
    FROM same_identifier GROUP BY ALL
),
placed AS (
    SELECT names.*, methods, other_identifier.row_id IS NOT NULL AS has_other_identifier,
        suppliers.countries AS supplier_countries, entries.countries AS entry_countries,
        suppliers.towns AS supplier_towns, entries.towns AS entry_towns,
        suppliers.streets AS supplier_streets, entries.streets[1] AS entry_street
    FROM compared_name AS names
    JOIN place AS suppliers ON suppliers.owner = supplier_ref
    JOIN place AS entries ON entries.owner = row_id
    LEFT JOIN identified USING (supplier_ref, row_id)
    LEFT JOIN other_identifier USING (supplier_ref, row_id)
),
told AS (
    SELECT supplier_ref, row_id, score, bits, methods,
        CASE WHEN supplier_countries IS NULL OR entry_countries IS NULL THEN 'not known'
            WHEN list_has_any(supplier_countries, entry_countries) THEN 'agrees' ELSE 'differs' END AS country,
        CASE WHEN supplier_towns IS NULL THEN 'not known'
            WHEN list_has_any(supplier_towns, entry_towns) OR list_bool_or(list_transform(supplier_towns, lambda town:
                contains(' ' || entry_street || ' ', ' ' || town || ' '))) THEN 'agrees'
            WHEN entry_towns IS NULL THEN 'not known' ELSE 'differs' END AS town,
        CASE WHEN supplier_streets IS NULL OR entry_street IS NULL THEN 'not known' END AS address,
        list_max(list_transform(supplier_streets, lambda street:
            len(list_intersect(string_split(street, ' '), string_split(entry_street, ' ')))
            / len(list_distinct(string_split(street || ' ' || entry_street, ' '))))) AS overlap,
        CASE WHEN methods IS NOT NULL THEN 'agrees' WHEN has_other_identifier THEN 'differs'
            ELSE 'not known' END AS identifier
    FROM placed
)
SELECT supplier_ref, row_id, feature, level, "value", methods, "order" FROM (
    SELECT supplier_ref, row_id, methods, unnest([
        {'order': 1, 'feature': 'prior', 'level': 'any pair', 'value': NULL},
        {'order': 2, 'feature': 'name', 'level': NULL, 'value': score},
        {'order': 3, 'feature': 'words', 'level': NULL, 'value': bits},
        {'order': 4, 'feature': 'country', 'level': country, 'value': NULL},
        {'order': 5, 'feature': 'town', 'level': town, 'value': NULL},
        {'order': 6, 'feature': 'address', 'level': address, 'value': overlap},
        {'order': 7, 'feature': 'identifier', 'level': identifier, 'value': NULL}
    ], recursive := true)
    FROM told
)
"""

_CANDIDATES = f"""
CREATE OR REPLACE TEMP TABLE weighed AS
SELECT levels.supplier_ref, levels.row_id, levels."order", levels.feature, weights.level, weights.weight, levels.methods
FROM feature_level AS levels
JOIN seeds.screening_weight AS weights
    ON weights.feature = levels.feature
    AND (weights.level = levels.level OR levels.level IS NULL AND weights.least_value <= levels."value" + 1e-9)
QUALIFY row_number() OVER (
    PARTITION BY levels.supplier_ref, levels.row_id, levels.feature ORDER BY weights.least_value DESC NULLS LAST
) = 1;

CREATE OR REPLACE TEMP TABLE new_list_candidate AS
WITH explained AS (
    SELECT supplier_ref, row_id, sum(weight ORDER BY "order") AS match_weight, max(methods) AS methods,
        bool_or(feature = 'country' AND level = 'differs') AS is_elsewhere,
        list({{
            'feature': feature,
            'level': CASE
                WHEN feature = 'name' THEN level || ' (' || replace(name_role, '_', ' ') || ' “' || spelling || '”)'
                WHEN feature = 'identifier' THEN concat_ws(': ', level, methods)
                ELSE level END,
            'weight': weight
        }} ORDER BY "order") AS explanation
    FROM weighed JOIN compared_name USING (supplier_ref, row_id)
    GROUP BY supplier_ref, row_id
)
SELECT supplier_ref, row_id AS entry_row_id, match_weight,
    CASE WHEN NOT is_same THEN 'similar_name' WHEN name_role <> 'name' THEN name_role
        WHEN is_alias THEN 'alias' ELSE 'name' END AS matched_on,
    explanation
FROM explained JOIN compared_name USING (supplier_ref, row_id)
WHERE match_weight >= {LEAST_WEIGHT!r} OR methods IS NOT NULL OR (is_same AND NOT is_elsewhere)
ORDER BY supplier_ref, entry_row_id
"""

_TOO_MANY = f"""
CREATE OR REPLACE TEMP TABLE too_many AS
SELECT supplier_ref, entry_row_id FROM new_list_candidate
QUALIFY row_number() OVER (
    PARTITION BY entry_row_id ORDER BY match_weight DESC, supplier_ref
) > {CANDIDATES_AN_ENTRY};
DELETE FROM new_list_candidate USING too_many
WHERE new_list_candidate.supplier_ref = too_many.supplier_ref
    AND new_list_candidate.entry_row_id = too_many.entry_row_id;
"""
_TEMPORARY = (
    *("supplier_name", "entry_name", "name_score", "same_identifier", "compared_name", "place"),
    *("other_identifier", "feature_level", "weighed", "new_list_candidate", "too_many", "name_pair"),
)


def write_list_candidates(connection: duckdb.DuckDBPyConnection) -> int:
    """Replaces `matching.list_candidate` whole, in one transaction; gives its number of rows.

    One row a supplier reference and entry whose names are alike enough, or that share an identifier; the weights (log2)
    come from the seed `screening_weight`, and their sum is `match_weight`. Natural persons and goods have no row. What
    is left out because a key is too common, or an entry has too many candidates, is counted in the log.
    """
    connection.execute(_NAMES)
    write_name_pairs(connection)
    with transaction(connection):
        for statement in (_SCORES, _COMPARED, _PLACES, _LEVELS, _CANDIDATES, _TOO_MANY):
            connection.execute(statement)
        replace_rows(connection, "list_candidate", "new_list_candidate")
    kept, left_out = _count(connection, "matching.list_candidate"), _count(connection, "too_many")
    _LOG.info("%d candidates on lists; %d more left out of entries with over %d", kept, left_out, CANDIDATES_AN_ENTRY)
    for table in _TEMPORARY:
        connection.execute(f"DROP TABLE {table}")
    return kept


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])
