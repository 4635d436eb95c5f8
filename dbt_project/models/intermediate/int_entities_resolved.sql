with link_keys as (
    select * from {{ ref('int_supplier_link_keys') }}
),

links as (
    select
        supplier_ref as node,
        link_key
    from link_keys
),

{{ connected_components('links', var('link_rounds')) }},

strongest_methods as (
    select
        supplier_ref,
        {{ first_value_by('method', 'method_rank') }} as matched_by
    from link_keys
    group by supplier_ref
),

supplier_refs as (
    select
        supplier_ref,
        bool_or(is_natural_person) as is_natural_person
    from {{ ref('int_supplier_records') }}
    group by supplier_ref
),

final as (
    select
        supplier_refs.supplier_ref,
        {{ short_id('S', 'coalesce(components.component, supplier_refs.supplier_ref)') }} as supplier_id,
        coalesce(strongest_methods.matched_by, 'reference') as matched_by,
        supplier_refs.is_natural_person
    from supplier_refs
    left join components on supplier_refs.supplier_ref = components.node
    left join strongest_methods on supplier_refs.supplier_ref = strongest_methods.supplier_ref
)

select * from final
