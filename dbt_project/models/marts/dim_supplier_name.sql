with records as (
    select * from {{ ref('int_supplier_records') }}
    -- A person is found by no name, and what stands in its place is none.
    where not is_natural_person
),

entities as (
    select * from {{ ref('int_entities_resolved') }}
    where is_supplier
),

suppliers as (
    select * from {{ ref('dim_supplier') }}
),

name_keys as (
    select * from {{ ref('int_name_keys') }}
),

spelled as (
    select
        supplier_ref,
        supplier_name as name
    from records
    union
    select
        supplier_ref,
        {{ exploded('aliases') }} as name
    from records
),

final as (
    select distinct
        entities.supplier_id,
        spelled.name,
        case when spelled.name = suppliers.name then 'name' else 'other name' end as kind,
        name_keys.name_key
    from spelled
    inner join entities on spelled.supplier_ref = entities.supplier_ref
    inner join suppliers on entities.supplier_id = suppliers.supplier_id
    inner join name_keys on spelled.name = name_keys.spelling
    where name_keys.name_key <> ''
)

select * from final
