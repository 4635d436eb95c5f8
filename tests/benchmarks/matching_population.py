"""Invented supplier records at any scale: names, places and numbers as frequent and as spoilt as in real portfolios.

Every value is a function of a record's number and the seed, so half as many records are the first half of them.
What is assumed: words of names follow Zipf's law with few very common words; a third of the companies are told of
more than once; one company in twenty has the name of another of its group; a tenth sits in an industrial estate and a
hundredth at an address of hundreds; one record in ten tells of another office, a third of these in another town;
spellings, places and numbers are missing or wrong in set shares.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


def _words(text: str) -> list[str]:
    return text.split(" ")


_SYLLABLES = _words(
    "BA BE BI BO BU DA DE DI DO DU FA FE GA GO HA HI HO JA JI KA KE KI KO KU LA LE LI LO LU MA ME MI MO MU NA NE NI NO"
    " NU PA PE PI PO RA RE RI RO RU SA SE SHI SO SU TA TE TI TO TU VA VI WA XI YA YO ZA ZE ZHU KHA TRA NDA"
)
_TRADES = _words(
    "TEXTILE GARMENTS FASHION APPAREL TRADING INDUSTRIES INDUSTRIAL INTERNATIONAL ENTERPRISES GROUP EXPORTS KNITWEAR"
    " SPINNING MILLS FOOTWEAR LEATHER ELECTRONICS PLASTICS FOODS SEAFOOD PALM OIL RUBBER PRODUCTS MANUFACTURING FACTORY"
    " CONSTRUCTION SERVICES LOGISTICS TRANSPORT FARMS AGRO SUGAR COTTON STEEL METAL ENGINEERING TECHNOLOGY SOLAR GLOVES"
    " FURNITURE TIMBER BRICKS MINING CHEMICAL PHARMA PACKAGING PAPER PRINTING DYEING WASHING EMBROIDERY ACCESSORIES"
    " CLEANING SECURITY CATERING RECRUITMENT HOLDINGS DEVELOPMENT RESOURCES IMPEX OVERSEAS BROTHERS SONS NEW STAR"
)
_COUNTRIES = _words("CN IN BD VN TR PK ID US GB DE TH MY BR MX LK KH EG MA PT IT ES PL RO UA KE")
_RECORDS_A_COMPANY = 1.47

_MACROS = """
CREATE OR REPLACE MACRO chance(number, what) AS (hash(number, what, {seed}) % 1000003) / 1000003.0;
CREATE OR REPLACE MACRO ranked(draw, kinds, flat) AS CAST(floor(flat * (pow(kinds / flat + 1, draw) - 1)) AS BIGINT);
CREATE OR REPLACE MACRO syllable(place) AS list_extract({syllables}, CAST(1 + place % {count} AS INTEGER));
CREATE OR REPLACE MACRO word(rank) AS syllable(rank * 7 + 3) || syllable(rank // {count})
    || CASE WHEN rank >= {count} THEN syllable(rank // {count} // {count} + rank) ELSE '' END
    || CASE WHEN rank % 3 = 0 THEN syllable(rank * 11 // 3) ELSE '' END;
CREATE OR REPLACE MACRO trade(draw) AS
    list_extract({trades}, CAST(1 + ranked(draw, {trade_count}, 8.0) % {trade_count} AS INTEGER));
CREATE OR REPLACE MACRO without_letter(text, draw) AS
    left(text, CAST(1 + draw * (len(text) - 2) AS INTEGER))
    || substr(text, CAST(3 + draw * (len(text) - 2) AS INTEGER));
CREATE OR REPLACE MACRO swapped(text, draw) AS
    left(text, CAST(1 + draw * (len(text) - 3) AS INTEGER))
    || substr(text, CAST(3 + draw * (len(text) - 3) AS INTEGER), 1)
    || substr(text, CAST(2 + draw * (len(text) - 3) AS INTEGER), 1)
    || substr(text, CAST(4 + draw * (len(text) - 3) AS INTEGER));
"""

_COMPANIES = """
CREATE OR REPLACE TEMP TABLE companies AS
WITH drawn AS (
    SELECT
        i AS company,
        CASE WHEN chance(i, 'group') < 0.05 THEN greatest(i - 1 - CAST(chance(i, 'of') * 20 AS BIGINT), 0) ELSE i END
            AS namesake,
        list_extract({countries}, CAST(1 + ranked(chance(i, 'country'), 25, 4.0) AS INTEGER)) AS country_code,
        ranked(chance(i, 'town'), 3000, 1.5) AS town
    FROM range({companies}) AS numbers(i)
)
SELECT
    company,
    country_code,
    word(ranked(chance(namesake, 'one'), 250000, 60.0)) AS first_word,
    CASE WHEN chance(namesake, 'has two') < 0.55 THEN word(ranked(chance(namesake, 'two'), 250000, 60.0)) END
        AS second_word,
    trade(chance(company, 'trade')) AS trade_word,
    CASE WHEN chance(company, 'more') < 0.4 THEN trade(chance(company, 'other trade')) END AS other_trade_word,
    CASE WHEN chance(company, 'unit') < 0.02 THEN CAST(1 + company % 4 AS VARCHAR) END AS unit,
    word(town * 31 + ascii(country_code)) || CASE WHEN town % 2 = 0 THEN 'PUR' ELSE 'TON' END AS town_name,
    CASE
        WHEN chance(company, 'estate') < 0.01 THEN '1 ' || word(town % 7 * 1009) || ' TOWER'
        WHEN chance(company, 'estate') < 0.11
            THEN 'PLOT ' || CAST(1 + chance(company, 'plot') * 400 AS INTEGER) || ' '
                || word(town * 13 + CAST(chance(company, 'park') * 3 AS BIGINT)) || ' INDUSTRIAL AREA'
        ELSE CAST(1 + CAST(pow(chance(company, 'number'), 2) * 300 AS INTEGER) AS VARCHAR) || ' '
            || word(ranked(chance(company, 'street'), 40000, 40.0)) || ' ROAD'
    END AS street,
    5.0 + (town * 7919 % 4500) / 100.0 + chance(company, 'north') / 20 AS latitude,
    (town * 104729 % 16000) / 100.0 - 60 + chance(company, 'east') / 20 AS longitude
FROM drawn
"""

_RECORDS = """
CREATE OR REPLACE TEMP TABLE spoilt AS
WITH told AS (
    SELECT companies.*, copy, company * 8 + copy AS record
    FROM companies
    CROSS JOIN range(5) AS copies(copy)
    WHERE copy = 0 OR chance(company, 'copies') < list_extract([0.32, 0.1, 0.035, 0.015], CAST(copy AS INTEGER))
),
worded AS (
    SELECT
        *,
        chance(record, 'spoil name') AS spoil_name,
        chance(record, 'spoil street') AS spoil_street,
        copy > 0 AND chance(record, 'office') < 0.1 AS is_other_office,
        copy > 0 AND chance(record, 'office') < 0.03 AS is_other_town,
        concat_ws(' ', second_word, trade_word, other_trade_word, unit) AS later_words
    FROM told
)
SELECT
    company,
    'source' || copy || ':' || lpad(CAST(record AS VARCHAR), 9, '0') AS supplier_ref,
    CASE
        WHEN copy = 0 OR spoil_name < 0.5 THEN concat_ws(' ', first_word, later_words)
        WHEN spoil_name < 0.58 THEN concat_ws(' ', without_letter(first_word, chance(record, 'at')), later_words)
        WHEN spoil_name < 0.64 THEN concat_ws(' ', swapped(first_word, chance(record, 'at')), later_words)
        WHEN spoil_name < 0.76 THEN concat_ws(' ', first_word, second_word, trade_word, unit)
        WHEN spoil_name < 0.84 THEN concat_ws(' ', first_word, second_word, unit)
        WHEN spoil_name < 0.90 THEN concat_ws(' ', first_word, later_words, town_name)
        WHEN spoil_name < 0.95 THEN concat_ws(' ', later_words, first_word)
        WHEN spoil_name < 0.98 THEN first_word || replace(later_words, ' ', '')
        ELSE concat_ws(' ', first_word, second_word, trade(chance(record, 'wrong trade')))
    END AS name_key,
    CASE WHEN chance(record, 'country known') < 0.97 THEN country_code END AS country_code,
    CASE
        WHEN is_other_town
            THEN word(ranked(chance(record, 'other town'), 3000, 1.5) * 31 + ascii(country_code)) || 'PUR'
        WHEN chance(record, 'town known') < 0.8 THEN town_name
    END AS locality,
    CASE
        WHEN is_other_office THEN CAST(1 + record % 290 AS VARCHAR) || ' '
            || word(ranked(chance(record, 'other street'), 40000, 40.0)) || ' STREET'
        WHEN spoil_street < 0.45 THEN street
        WHEN spoil_street < 0.65 THEN street || ', ' || town_name
        WHEN spoil_street < 0.75 THEN replace(replace(street, ' ROAD', ' RD'), 'INDUSTRIAL AREA', 'IND. AREA')
        WHEN spoil_street < 0.83 THEN regexp_replace(street, '^(PLOT )?[0-9]+ ', '')
        WHEN spoil_street < 0.86 THEN 'PO BOX ' || CAST(record % 997 AS VARCHAR)
    END AS address,
    CASE WHEN chance(company, 'taxed') < 0.7 AND chance(record, 'tax told') < 0.6
        THEN 'T' || lpad(CAST(company * 7919 + CAST(chance(record, 'tax wrong') < 0.01 AS INTEGER) AS VARCHAR), 11, '0')
    END AS tax_number,
    CASE WHEN chance(company, 'lei') < 0.06 AND chance(record, 'lei told') < 0.8
        THEN 'L' || lpad(CAST(company AS VARCHAR), 17, '0') || '00' END AS lei,
    CASE
        WHEN NOT is_other_office AND chance(record, 'located') < 0.25
            THEN latitude + chance(record, 'n') / 500
    END AS latitude,
    longitude + chance(record, 'e') / 500 AS longitude
FROM worded
"""

_TABLES = """
CREATE SCHEMA IF NOT EXISTS intermediate;
CREATE SCHEMA IF NOT EXISTS staging;
CREATE SCHEMA IF NOT EXISTS matching;
CREATE OR REPLACE TABLE intermediate.int_supplier_records AS
SELECT
    supplier_ref, supplier_ref AS row_id, name_key AS supplier_name, true AS is_declared, country_code,
    CAST(NULL AS VARCHAR) AS region, locality, address, lei, tax_number, CAST(NULL AS VARCHAR) AS company_number,
    false AS is_natural_person
FROM spoilt;
CREATE OR REPLACE TABLE intermediate.int_supplier_names_normalised AS
SELECT supplier_ref, name_key, false AS is_alias FROM spoilt;
CREATE OR REPLACE TABLE intermediate.int_name_keys AS
SELECT DISTINCT
    name_key,
    {{
        'words': string_split(name_key, ' '),
        'weights': list_transform(string_split(name_key, ' '),
            lambda word: CASE WHEN list_contains({trades}, word) THEN 0.5 ELSE 1.0 END),
        'kind': CAST(NULL AS VARCHAR)
    }} AS name_feature
FROM spoilt;
CREATE OR REPLACE TABLE intermediate.int_supplier_identifiers AS
SELECT supplier_ref, 'tax_number' AS method, 'tax_number ' || country_code || ' ' || tax_number AS link_key
FROM spoilt WHERE tax_number IS NOT NULL AND country_code IS NOT NULL
UNION ALL
SELECT supplier_ref, 'lei', 'lei ' || lei FROM spoilt WHERE lei IS NOT NULL;
CREATE OR REPLACE TABLE intermediate.int_supplier_link_keys AS
WITH keys AS (
    SELECT supplier_ref, method, CASE method WHEN 'lei' THEN 1 ELSE 3 END AS method_rank, link_key
    FROM intermediate.int_supplier_identifiers
    UNION ALL
    SELECT supplier_ref, 'name', 6, 'name ' || country_code || ' ' || name_key || ' @ ' || locality
    FROM spoilt WHERE country_code IS NOT NULL AND locality IS NOT NULL
)
FROM keys QUALIFY count(*) OVER (PARTITION BY link_key) > 1;
CREATE OR REPLACE TABLE staging.stg_match_verdict (
    subject VARCHAR, supplier_ref VARCHAR, other_supplier_ref VARCHAR, verdict VARCHAR, decided_on DATE,
    decided_at VARCHAR, decided_by_role VARCHAR, source_id VARCHAR, record_no BIGINT
);
CREATE OR REPLACE TABLE staging.stg_facility AS
SELECT supplier_ref, latitude, longitude FROM spoilt WHERE latitude IS NOT NULL;
CREATE OR REPLACE TABLE truth AS SELECT supplier_ref, company FROM spoilt;
"""


def write_population(connection: "duckdb.DuckDBPyConnection", records: int, *, seed: int) -> int:
    """Writes the tables that matching reads for about so many records, and `truth`; gives how many there are."""
    companies = round(records / _RECORDS_A_COMPANY)
    write_companies(connection, companies, seed=seed)
    connection.execute(_RECORDS)
    connection.execute(_TABLES.format(trades=_sql_list(_TRADES)))
    row = connection.execute("SELECT count(*) FROM truth").fetchone()
    connection.execute("DROP TABLE spoilt; DROP TABLE companies")
    return int(row[0]) if row else 0


def write_companies(connection: "duckdb.DuckDBPyConnection", companies: int, *, seed: int) -> None:
    """Writes the temporary table `companies`: the words of each name, and where it is."""
    connection.execute(
        _MACROS.format(
            seed=seed,
            syllables=_sql_list(_SYLLABLES),
            count=len(_SYLLABLES),
            trades=_sql_list(_TRADES),
            trade_count=len(_TRADES),
        )
    )
    connection.execute(_COMPANIES.format(countries=_sql_list(_COUNTRIES), companies=companies))


def _sql_list(words: list[str]) -> str:
    return "[" + ", ".join(f"'{word}'" for word in words) + "]"
