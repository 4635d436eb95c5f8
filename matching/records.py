"""Records as the linkage model compares them: one a distinct name, place and set of identifiers of a supplier."""

import duckdb

from matching.record_features import NAME_LINE_BREAK
from matching.told_content import content_table_sql, find_moved_content, keep_moved_content

# Words that stand in most addresses and tell none apart (expert judgement): streets, plots and estates.
_ADDRESS_FILLERS = (
    *("ROAD", "RD", "STREET", "ST", "STR", "STRASSE", "AVENUE", "AVE", "AV", "BOULEVARD", "BLVD", "LANE", "LN"),
    *("DRIVE", "DR", "RUE", "RUA", "CALLE", "VIA", "ULICA", "UL", "VUL", "JALAN", "JL", "JLN", "SOI", "MOO"),
    *("PLOT", "NO", "NR", "NUMBER", "LOT", "UNIT", "BLOCK", "BLK", "FLOOR", "BUILDING", "BLDG", "PO", "BOX"),
    *("INDUSTRIAL", "IND", "AREA", "ESTATE", "ZONE", "PARK", "DISTRICT", "VILLAGE", "CITY", "PROVINCE"),
)
_NAMES_A_SUPPLIER = 40
_PLACES_A_SUPPLIER = 10

_TOLD_BEFORE = "matching.compared_supplier"

TABLES = f"""
CREATE SCHEMA IF NOT EXISTS matching;
{content_table_sql(_TOLD_BEFORE)}
CREATE TABLE IF NOT EXISTS matching.compared_record (
    record_id UBIGINT, name_sorted VARCHAR, name_lines VARCHAR, name_weights DOUBLE[],
    country_code VARCHAR, locality_key VARCHAR, address_key VARCHAR,
    identifiers VARCHAR[], doubtful_identifiers VARCHAR[], identifier_kinds VARCHAR[],
    latitude DOUBLE, longitude DOUBLE
);
CREATE TABLE IF NOT EXISTS matching.compared_record_supplier (record_id UBIGINT, supplier_ref VARCHAR);
"""


def _number_key(column: str) -> str:
    return f"regexp_replace(upper({column}), '[^A-Z0-9]', '', 'g')"


# Numbers that fail their check digits identify nobody and so are no supplier's identifiers, but agree or differ.
_DOUBTFUL = f"""
CREATE OR REPLACE TEMP TABLE doubtful_identifier AS
WITH failing AS (SELECT DISTINCT link_key FROM matching.identifier_check WHERE NOT is_sound),
told AS (
    SELECT supplier_ref, 'lei ' || {_number_key("lei")} AS link_key
    FROM intermediate.int_supplier_records
    UNION ALL
    SELECT supplier_ref, 'tax_number ' || country_code || ' ' || {_number_key("tax_number")}
    FROM intermediate.int_supplier_records
    UNION ALL
    SELECT supplier_ref, 'company_number ' || country_code || ' ' || {_number_key("company_number")}
    FROM intermediate.int_supplier_records
)
SELECT DISTINCT supplier_ref, link_key FROM told SEMI JOIN failing USING (link_key)
"""

_NO_PERSONS = """
    ANTI JOIN (SELECT supplier_ref FROM intermediate.int_supplier_records WHERE is_natural_person) AS persons
    USING (supplier_ref)
"""

# Only suppliers whose content changed are prepared anew, so the hash is over plain columns and costs little.
_TOLD = f"""
WITH said AS (
    SELECT
        records.supplier_ref,
        hash('place', records.country_code, coalesce(locality.latin, records.locality),
            coalesce(address.latin, records.address)) AS content
    FROM intermediate.int_supplier_records AS records
    LEFT JOIN matching.latin_spelling AS locality ON records.locality = locality.spelling
    LEFT JOIN matching.latin_spelling AS address ON records.address = address.spelling
    UNION ALL
    SELECT supplier_ref, hash('name', name_key) FROM intermediate.int_supplier_names_normalised
    UNION ALL
    SELECT supplier_ref, hash('identifier', link_key) FROM intermediate.int_supplier_identifiers
    UNION ALL
    SELECT supplier_ref, hash('doubtful identifier', link_key) FROM doubtful_identifier
    UNION ALL
    SELECT supplier_ref, hash('site', latitude, longitude)
    FROM staging.stg_facility
    WHERE latitude IS NOT NULL AND longitude IS NOT NULL
)
SELECT supplier_ref, content FROM said {_NO_PERSONS} WHERE supplier_ref IS NOT NULL
"""

_CHANGES = f"""
CREATE OR REPLACE TEMP TABLE changed_supplier AS
SELECT DISTINCT supplier_ref
FROM intermediate.int_supplier_names_normalised {_NO_PERSONS}
WHERE hash(supplier_ref) IN (SELECT reference FROM moved_content);
CREATE OR REPLACE TEMP TABLE dropped_supplier AS
SELECT DISTINCT supplier_ref
FROM matching.compared_record_supplier
WHERE hash(supplier_ref) IN (SELECT reference FROM moved_content);
"""


def _text_key(column: str) -> str:
    return f"nullif(trim(regexp_replace(upper(strip_accents({column})), '[^\\p{{L}}\\p{{N}}]+', ' ', 'g')), '')"


def _sorted_words(column: str) -> str:
    return f"list_sort(list_distinct(string_split({column}, ' ')))"


def _telling_address_words(column: str) -> str:
    fillers = ", ".join(f"'{word}'" for word in _ADDRESS_FILLERS)
    return f"list_filter({_sorted_words(column)}, lambda word: NOT list_contains([{fillers}], word))"


_DERIVED = f"""
CREATE OR REPLACE TEMP TABLE derived_record AS
WITH names AS (
    SELECT supplier_ref, name_key
    FROM intermediate.int_supplier_names_normalised SEMI JOIN changed_supplier USING (supplier_ref)
    QUALIFY row_number() OVER (PARTITION BY supplier_ref ORDER BY is_alias, name_key) <= {_NAMES_A_SUPPLIER}
),
-- Names of one key have one list of words; forms of law differ between them and are no part of it.
features AS (
    SELECT
        name_key,
        {{
            'words': any_value(name_feature).words,
            'weights': any_value(name_feature).weights,
            'kind': CAST(NULL AS VARCHAR)
        }} AS name_feature
    FROM intermediate.int_name_keys SEMI JOIN names USING (name_key)
    GROUP BY name_key
),
places AS (
    SELECT DISTINCT
        records.supplier_ref,
        records.country_code,
        {_text_key("coalesce(locality.latin, records.locality)")} AS locality_key,
        {_text_key("coalesce(address.latin, records.address)")} AS address_text
    FROM intermediate.int_supplier_records AS records
    SEMI JOIN changed_supplier USING (supplier_ref)
    LEFT JOIN matching.latin_spelling AS locality ON records.locality = locality.spelling
    LEFT JOIN matching.latin_spelling AS address ON records.address = address.spelling
),
kept_places AS (
    SELECT * FROM places
    QUALIFY row_number() OVER (
        PARTITION BY supplier_ref ORDER BY country_code, locality_key, address_text
    ) <= {_PLACES_A_SUPPLIER}
),
numbers AS (
    SELECT
        supplier_ref,
        list_sort(list(DISTINCT link_key)) AS identifiers,
        -- A company has many sites and many numbers of other kinds, but one number of each of these.
        list_sort(list(DISTINCT regexp_extract(link_key, '^(lei|(tax_number|company_number) \\w+) ', 1))
            FILTER (WHERE method IN ('lei', 'tax_number', 'company_number'))) AS identifier_kinds
    FROM intermediate.int_supplier_identifiers SEMI JOIN changed_supplier USING (supplier_ref)
    GROUP BY supplier_ref
),
doubtful AS (
    SELECT supplier_ref, list_sort(list(link_key)) AS doubtful_identifiers
    FROM doubtful_identifier
    GROUP BY supplier_ref
),
single_sites AS (
    SELECT supplier_ref, min(latitude) AS latitude, min(longitude) AS longitude
    FROM staging.stg_facility SEMI JOIN changed_supplier USING (supplier_ref)
    WHERE latitude IS NOT NULL AND longitude IS NOT NULL
    GROUP BY supplier_ref
    HAVING count(DISTINCT (latitude, longitude)) = 1
),
worded AS (
    SELECT
        names.supplier_ref,
        array_to_string({_sorted_words("names.name_key")}, ' ') AS name_sorted,
        features.name_feature,
        places.country_code,
        places.locality_key,
        nullif(array_to_string({_telling_address_words("places.address_text")}, ' '), '') AS address_key,
        coalesce(numbers.identifiers, []) AS identifiers,
        coalesce(doubtful.doubtful_identifiers, []) AS doubtful_identifiers,
        coalesce(numbers.identifier_kinds, []) AS identifier_kinds,
        single_sites.latitude,
        single_sites.longitude
    FROM names
    INNER JOIN features ON names.name_key = features.name_key
    INNER JOIN kept_places AS places ON names.supplier_ref = places.supplier_ref
    LEFT JOIN numbers ON names.supplier_ref = numbers.supplier_ref
    LEFT JOIN doubtful ON names.supplier_ref = doubtful.supplier_ref
    LEFT JOIN single_sites ON names.supplier_ref = single_sites.supplier_ref
)
SELECT
    hash(name_sorted, name_feature, country_code, locality_key, address_key, identifiers, doubtful_identifiers,
        latitude, longitude) AS record_id,
    * EXCLUDE (name_feature),
    array_to_string(name_feature.words, {NAME_LINE_BREAK}) AS name_lines,
    name_feature.weights AS name_weights
FROM worded
"""

# `new_record` and `gone_record` have what the next steps read of them, so that these need not look among all records.
_TAKEN_OVER = """
CREATE OR REPLACE TEMP TABLE touched_record AS
SELECT record_id FROM matching.compared_record_supplier WHERE supplier_ref IN (FROM dropped_supplier);
DELETE FROM matching.compared_record_supplier WHERE supplier_ref IN (FROM dropped_supplier);
INSERT INTO matching.compared_record_supplier SELECT DISTINCT record_id, supplier_ref FROM derived_record;
CREATE OR REPLACE TEMP TABLE gone_record AS
SELECT record_id, name_sorted
FROM matching.compared_record
WHERE record_id IN (FROM touched_record ANTI JOIN matching.compared_record_supplier USING (record_id));
CREATE OR REPLACE TEMP TABLE new_record AS
SELECT DISTINCT ON (record_id) * EXCLUDE (supplier_ref)
FROM derived_record ANTI JOIN matching.compared_record USING (record_id);
INSERT INTO touched_record SELECT record_id FROM derived_record;
DROP TABLE derived_record;
DELETE FROM matching.compared_record WHERE record_id IN (SELECT record_id FROM gone_record);
INSERT INTO matching.compared_record BY NAME FROM new_record;
"""


def take_over_records(connection: duckdb.DuckDBPyConnection) -> None:
    """Brings the compared records up to the suppliers of today, set-based, doing work for what changed only.

    Leaves the temporary tables `new_record` (with what is stored of each) and `gone_record`; `touched_record`, ids of
    those that other suppliers tell than before; and `changed_supplier` and `dropped_supplier`, those told otherwise
    than before, as of now and then.
    Records of natural persons are left out: they are never matched by name.
    """
    connection.execute(_DOUBTFUL)
    find_moved_content(connection, _TOLD, _TOLD_BEFORE)
    for statement in (_CHANGES, _DERIVED, _TAKEN_OVER):
        connection.execute(statement)
    keep_moved_content(connection, _TOLD_BEFORE)
