with records as (
    select * from {{ ref('int_supplier_records') }}
),

names as (
    select * from {{ ref('int_supplier_names_normalised') }}
),

identifiers as (
    {{ identifier_rows('records', 'supplier_ref') }}
),

-- One number under very many names is a placeholder or an agent's, not an identity.
shared_too_widely as (
    select identifiers.link_key
    from identifiers
    inner join names on identifiers.supplier_ref = names.supplier_ref
    where identifiers.link_key is not null
    group by identifiers.link_key
    having count(distinct names.name_key) > {{ var('identifier_name_limit') }}
),

placeholders as (
    select * from {{ ref('placeholder_identifier') }}
),

-- A number that fails its check digits was mistyped or made up: it identifies nobody.
failing as (
    select link_key from {{ source('matching', 'identifier_check') }}
    where not is_sound
),

final as (
    select
        identifiers.supplier_ref,
        identifiers.method,
        identifiers.method_rank,
        identifiers.link_key
    from identifiers
    left join shared_too_widely on identifiers.link_key = shared_too_widely.link_key
    left join placeholders on identifiers.identifier = placeholders.identifier
    left join failing on identifiers.link_key = failing.link_key
    where
        identifiers.link_key is not null
        and shared_too_widely.link_key is null
        and placeholders.identifier is null
        and failing.link_key is null
)

select * from final
