"""The queries that give ties between parties as FollowTheMoney has them: an owner, an officer, or any other link.

Ownership leads from owner to asset, Directorship from director to organization; both need a company at that end (an
asset is a company, and an organization too). Every other tie is an UnknownLink, whose subject is to its object what
`role` says. Schemas and properties are those of the schema files Ownership, Directorship, UnknownLink, Interest,
Interval and Address of followthemoney.tech. Natural persons and labour agents go by a set phrase, as published.
"""

from typing import Final

NETWORK_TABLES: Final = {"fct_network_edge", "dim_network_party"}
"""The tables that the queries read."""
_TIES: Final = """
    WITH subjects AS (
        SELECT supplier_id AS subject_id, NOT is_natural_person AS is_company FROM dim_supplier
        UNION ALL SELECT party_id, true FROM dim_network_party WHERE party_kind = 'company'
    ),
    ties AS (
        SELECT *, 'tie-' || md5(edge_id)[:16] AS id,
            if(party_kind = 'supplier', party_id, 'party-' || party_id) AS other_id,
            if(supplier_id IS NULL, 'party-' || subject_id, subject_id) AS object_id,
            CASE WHEN edge_kind = 'ownership' AND is_company THEN 'Ownership'
                WHEN edge_kind = 'officer' AND is_company THEN 'Directorship' ELSE 'UnknownLink' END AS schema,
            CASE edge_kind WHEN 'ownership' THEN 'owner' WHEN 'parent' THEN 'parent company'
                WHEN 'labour_agent' THEN 'labour agent' WHEN 'subcontract' THEN 'subcontractor'
                WHEN 'supply' THEN 'supplier' WHEN 'officer' THEN coalesce(interest, 'officer')
                ELSE coalesce(interest, edge_kind) END AS role,
            CASE WHEN share_minimum = share_maximum THEN printf('%g', share_minimum)
                WHEN share_minimum IS NOT NULL AND share_maximum IS NOT NULL
                    THEN printf('%g-%g', share_minimum, share_maximum)
                WHEN share_minimum IS NOT NULL THEN printf('>=%g', share_minimum)
                WHEN share_maximum IS NOT NULL THEN printf('<=%g', share_maximum) END AS percentage,
            edge_kind = 'ownership' AND party_kind NOT IN ('anonymous', 'unknown') AS tells_kind_of_interest
        FROM fct_network_edge LEFT JOIN subjects USING (subject_id)
    ),
    told AS (
        SELECT id, schema, source_id, row_id, edge_id, known_on, role, json_merge_patch('{}', json_object(
            'owner', if(schema = 'Ownership', [other_id], NULL), 'asset', if(schema = 'Ownership', [object_id], NULL),
            'director', if(schema = 'Directorship', [other_id], NULL),
            'organization', if(schema = 'Directorship', [object_id], NULL),
            'subject', if(schema = 'UnknownLink', [other_id], NULL),
            'object', if(schema = 'UnknownLink', [object_id], NULL),
            'role', if(schema = 'Ownership', NULL, [role]),
            'ownershipType',
            if(schema = 'Ownership' AND tells_kind_of_interest AND interest IS NOT NULL, [interest], NULL),
            'percentage', if(schema = 'Ownership' AND percentage IS NOT NULL, [percentage], NULL),
            'summary', if(interest IS NOT NULL AND (
                edge_kind IN ('subcontract', 'supply', 'parent', 'labour_agent')
                OR (edge_kind = 'ownership' AND NOT (schema = 'Ownership' AND tells_kind_of_interest))
            ), [interest], NULL),
            'startDate', if(valid_from IS NULL, NULL, [valid_from::VARCHAR]),
            'endDate', if(valid_to IS NULL, NULL, [valid_to::VARCHAR]),
            'recordId', [row_id]
        )) AS properties
        FROM ties
    )
"""
PARTIES: Final = """
    SELECT json_object(
        'id', 'party-' || party_id, 'caption', name,
        'schema', CASE party_kind WHEN 'company' THEN 'Company' WHEN 'person' THEN 'Person'
            WHEN 'address' THEN 'Address' ELSE 'LegalEntity' END,
        'properties', json_merge_patch('{}', json_object(
            'name', [name], 'full', if(party_kind = 'address', [name], NULL),
            'country', if(country_code IS NULL, NULL, [lower(country_code)])
        )),
        'datasets', ['network'], 'referents', [], 'target', false
    )::VARCHAR AS line
    FROM dim_network_party WHERE party_kind <> 'supplier' ORDER BY party_id
"""
"""Parties that are no suppliers; those are there as suppliers."""
STATEMENT: Final = """
    SELECT json_object(
        'canonical_id', canonical_id, 'entity_id', entity_id, 'prop', prop, 'schema', schema, 'value', value,
        'dataset', dataset, 'lang', NULL, 'original_value', NULL, 'first_seen', known_on::VARCHAR,
        'last_seen', known_on::VARCHAR, 'external', false, 'origin', origin,
        'id', sha1(concat_ws('.', dataset, entity_id, prop, value))
    )::VARCHAR AS line
"""
"""One statement a row of (canonical_id, entity_id, prop, schema, value, dataset, known_on, origin), as its line."""
TIES: Final = (
    _TIES
    + """
    SELECT json_object(
        'id', id, 'caption', role, 'schema', schema, 'properties', properties,
        'datasets', list_filter(['network', source_id], lambda one: one IS NOT NULL), 'referents', [edge_id],
        'target', false
    )::VARCHAR AS line
    FROM told ORDER BY edge_id
"""
)
TIE_STATEMENTS: Final = (
    _TIES
    + """
    , flat AS (
        SELECT id AS canonical_id, edge_id AS entity_id, schema, unnest(json_keys(properties)) AS prop,
            coalesce(source_id, 'network') AS dataset, known_on, row_id AS origin, properties
        FROM told
    ),
    valued AS (SELECT *, properties->prop->>0 AS value FROM flat)
"""
    + STATEMENT
    + """    FROM valued ORDER BY canonical_id, prop
"""
)
"""What each source says of a tie; ids as FollowTheMoney makes them."""
