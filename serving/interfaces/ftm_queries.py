"""The queries that give entities and statements of FollowTheMoney, one JSON text a row, in the order of their ids."""

from typing import Final

from serving.interfaces.ftm_ties import NETWORK_TABLES, PARTIES, STATEMENT, TIE_STATEMENTS, TIES

_SUPPLIERS: Final = """
    WITH names AS (
        SELECT records.supplier_id, list(DISTINCT records.name ORDER BY records.name) AS alias
        FROM dim_supplier_record AS records JOIN dim_supplier AS supplier USING (supplier_id)
        WHERE NOT supplier.is_natural_person AND records.name <> supplier.name GROUP BY ALL
    ),
    refs AS (
        SELECT supplier_id, list(DISTINCT supplier_ref ORDER BY supplier_ref) AS referents
        FROM dim_supplier_record WHERE supplier_ref <> row_id GROUP BY ALL
    ),
    sites AS (
        SELECT supplier_id, list(DISTINCT address ORDER BY address) AS address
        FROM dim_facility WHERE address IS NOT NULL GROUP BY ALL
    ),
    numbers AS ({numbers})
    SELECT json_object(
        'id', supplier_id, 'caption', supplier.name,
        'schema', if(is_natural_person, 'LegalEntity', 'Company'),
        'properties', json_merge_patch('{{}}', json_object(
            'name', [supplier.name], 'alias', names.alias, 'address', sites.address,
            'country', if(country_code IS NULL, NULL, [lower(country_code)]),
            'jurisdiction', if(country_code IS NULL, NULL, [lower(country_code)]),
            'sector', if(sector_label IS NULL, NULL, [sector_label]),
            'status', if(is_closed, ['closed'], NULL),
            'leiCode', numbers.lei, 'taxNumber', numbers.tax_number, 'registrationNumber', numbers.company_number
        )),
        'datasets', ['suppliers'], 'referents', coalesce(refs.referents, []), 'target', false
    )::VARCHAR AS line
    FROM dim_supplier AS supplier
    LEFT JOIN names USING (supplier_id) LEFT JOIN refs USING (supplier_id) LEFT JOIN sites USING (supplier_id)
    LEFT JOIN numbers USING (supplier_id)
    ORDER BY supplier_id
"""
_NUMBERS: Final = """
        SELECT supplier_id,
            nullif(list(told ORDER BY told) FILTER (WHERE method = 'lei'), []) AS lei,
            nullif(list(substr(told, 4) ORDER BY told) FILTER (WHERE method = 'tax_number'), []) AS tax_number,
            nullif(list(substr(told, 4) ORDER BY told) FILTER (WHERE method = 'company_number'), []) AS company_number
        FROM (SELECT *, substr(link_key, length(method) + 2) AS told FROM dim_supplier_identifier)
        GROUP BY supplier_id
"""
_NO_NUMBERS: Final = """
        SELECT supplier_id, NULL::VARCHAR[] AS lei, NULL::VARCHAR[] AS tax_number, NULL::VARCHAR[] AS company_number
        FROM dim_supplier
"""
_ENTRIES: Final = """
    WITH entries AS (
        SELECT entry_id, any_value(name ORDER BY row_id) AS name, any_value(entry_kind ORDER BY row_id) AS entry_kind,
            any_value(list_name ORDER BY row_id) AS list_name, any_value(country_code ORDER BY row_id) AS country_code,
            any_value(programme ORDER BY row_id) AS programme, min(listed_on) AS listed_on, max(ended_on) AS ended_on,
            any_value(status ORDER BY row_id) AS status, any_value(source_id ORDER BY row_id) AS source_name
        FROM dim_list_entry WHERE entry_kind <> 'good' GROUP BY entry_id
    ),
    publishers AS (
        SELECT source_name, any_value(publisher ORDER BY snapshot_sha256) AS publisher FROM source_snapshot GROUP BY ALL
    ),
    told AS (SELECT * FROM entries LEFT JOIN publishers USING (source_name))
"""
_LISTED: Final = (
    _ENTRIES
    + """
    SELECT json_object(
        'id', entry_id, 'caption', name,
        'schema', CASE entry_kind WHEN 'company' THEN 'Company' WHEN 'vessel' THEN 'Vessel' WHEN 'person' THEN 'Person'
            ELSE 'LegalEntity' END,
        'properties', json_merge_patch('{}', json_object(
            'name', [name], 'country', if(country_code IS NULL, NULL, [lower(country_code)]),
            'publisher', if(publisher IS NULL, NULL, [publisher]), 'program', if(programme IS NULL, NULL, [programme])
        )),
        'datasets', [list_name], 'referents', [], 'target', true
    )::VARCHAR AS line FROM told ORDER BY entry_id
"""
)
_SANCTIONS: Final = (
    _ENTRIES
    + """
    SELECT json_object(
        'id', 'sanction-' || entry_id, 'caption', coalesce(programme, list_name), 'schema', 'Sanction',
        'properties', json_merge_patch('{}', json_object(
            'entity', [entry_id], 'authority', if(publisher IS NULL, NULL, [publisher]),
            'program', if(programme IS NULL, NULL, [programme]),
            'listingDate', if(listed_on IS NULL, NULL, [listed_on::VARCHAR]),
            'endDate', if(ended_on IS NULL, NULL, [ended_on::VARCHAR]), 'status', [status]
        )),
        'datasets', [list_name], 'referents', [], 'target', false
    )::VARCHAR AS line FROM told ORDER BY entry_id
"""
)
_AWARDS: Final = """
    WITH links AS ({links}, row_id, supplier_id, buyer_ref, process_ref, classification_scheme, classification_code
        FROM fct_award)
"""
_BUYERS: Final = (
    _AWARDS
    + """
    SELECT json_object(
        'id', 'buyer-' || md5(buyer_ref)[:12], 'caption', any_value(buyer_name ORDER BY row_id), 'schema', 'PublicBody',
        'properties', json_object('name', [any_value(buyer_name ORDER BY row_id)]),
        'datasets', ['awards'], 'referents', [buyer_ref], 'target', false
    )::VARCHAR AS line
    FROM links WHERE buyer_ref IS NOT NULL AND buyer_name IS NOT NULL GROUP BY buyer_ref ORDER BY buyer_ref
"""
)
_CONTRACTS: Final = (
    _AWARDS
    + """
    SELECT json_object(
        'id', 'contract-' || md5(process_ref)[:12], 'caption', process_ref, 'schema', 'Contract',
        'properties', json_merge_patch('{{}}', json_object(
            'name', [process_ref], 'title', [process_ref],
            'procedureNumber', if(any_value(ocid) IS NULL, NULL, [any_value(ocid)]),
            'authority', if(bool_or(buyer_name IS NOT NULL),
                ['buyer-' || md5(any_value(buyer_ref ORDER BY row_id))[:12]], NULL)
        )),
        'datasets', ['awards'], 'referents', [process_ref], 'target', false
    )::VARCHAR AS line FROM links WHERE process_ref IS NOT NULL GROUP BY process_ref ORDER BY process_ref
"""
)
_CONTRACT_AWARDS: Final = (
    _AWARDS
    + """
    SELECT json_object(
        'id', 'award-' || md5(row_id)[:16], 'caption', award_ref, 'schema', 'ContractAward',
        'properties', json_merge_patch('{{}}', json_object(
            'supplier', [supplier_id], 'contract', ['contract-' || md5(process_ref)[:12]],
            'amount', if(amount IS NULL, NULL, [amount::VARCHAR]), 'currency', if(currency IS NULL, NULL, [currency]),
            'date', if(awarded_on IS NULL, NULL, [awarded_on::VARCHAR]),
            'documentNumber', if(award_id IS NULL, NULL, [award_id]),
            'recordId', if(release_id IS NULL, NULL, [release_id]),
            'sourceUrl', if(regexp_matches(package_url, '^https?://'), [package_url], NULL),
            'cpvCode', if(classification_scheme = 'CPV', [classification_code], NULL)
        )),
        'datasets', ['awards', source_id], 'referents', [award_ref], 'target', false
    )::VARCHAR AS line
    FROM links WHERE process_ref IS NOT NULL AND supplier_id IS NOT NULL ORDER BY row_id
"""
)
_STATEMENTS: Final = (
    """
    WITH told AS (
        SELECT supplier_id AS canonical_id, supplier_ref AS entity_id, 'Company' AS schema, 'name' AS prop,
            name AS value, source_id AS dataset, known_on, row_id AS origin
        FROM dim_supplier_record ANTI JOIN (FROM dim_supplier WHERE is_natural_person) USING (supplier_id)
        UNION ALL BY NAME
        SELECT entry_id AS canonical_id, entry_ref AS entity_id,
            CASE entry_kind WHEN 'company' THEN 'Company' WHEN 'person' THEN 'Person' WHEN 'vessel' THEN 'Vessel'
                ELSE 'LegalEntity' END AS schema,
            unnest(['name', 'country', 'program']) AS prop,
            unnest([name, lower(country_code), programme]) AS value,
            source_id AS dataset, known_on, row_id AS origin
        FROM dim_list_entry WHERE entry_kind <> 'good'
    )
"""
    + STATEMENT
    + """    FROM told WHERE value IS NOT NULL ORDER BY canonical_id, dataset, entity_id, prop, value, origin
"""
)
"""What each source says of a name, a country or a programme; ids as FollowTheMoney makes them."""


def entity_queries(known: set[str], links: str) -> list[str]:
    """Gives the queries for suppliers, entries of lists, what lists say of them, buyers, contracts, awards and ties.

    `known` are the tables of the publication, `links` the columns of an award that lead to its release.
    """
    numbers = _NUMBERS if "dim_supplier_identifier" in known else _NO_NUMBERS
    return [
        _SUPPLIERS.format(numbers=numbers),
        _LISTED,
        _SANCTIONS,
        *(query.format(links=links) for query in (_BUYERS, _CONTRACTS, _CONTRACT_AWARDS)),
        *((PARTIES, TIES) if known >= NETWORK_TABLES else ()),
    ]


def statement_queries(known: set[str]) -> list[str]:
    """Gives the queries for what each source says of names, countries, programmes and ties."""
    return [_STATEMENTS, *((TIE_STATEMENTS,) if known >= NETWORK_TABLES else ())]
