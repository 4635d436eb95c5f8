with identifiers as (
    select * from {{ ref('int_supplier_identifiers') }}
),

records as (
    select * from {{ ref('int_supplier_records') }}
    -- Of a natural person no identifier is published.
    where not is_natural_person
),

entities as (
    select * from {{ ref('int_entities_resolved') }}
    where is_supplier
),

final as (
    select distinct
        entities.supplier_id,
        identifiers.method,
        identifiers.link_key
    from identifiers
    inner join entities on identifiers.supplier_ref = entities.supplier_ref
    inner join records on identifiers.supplier_ref = records.supplier_ref
)

select * from final
