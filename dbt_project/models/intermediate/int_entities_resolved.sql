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
        bool_or(is_natural_person) as is_natural_person,
        bool_or(not is_ownership_statement) as is_supplying,
        min(row_id) as first_row_id
    from {{ ref('int_supplier_records') }}
    group by supplier_ref
),

-- A person's reference may hold the name, and a hash of a name can be guessed: the id of a person comes from a row id.
identified as (
    select
        supplier_refs.supplier_ref,
        {{ short_id('S', 'case when supplier_refs.is_natural_person then supplier_refs.first_row_id '
            'else coalesce(components.component, supplier_refs.supplier_ref) end') }} as supplier_id,
        coalesce(strongest_methods.matched_by, 'reference') as matched_by,
        supplier_refs.is_natural_person,
        supplier_refs.is_supplying
    from supplier_refs
    left join components on supplier_refs.supplier_ref = components.node
    left join strongest_methods on supplier_refs.supplier_ref = strongest_methods.supplier_ref
),

final as (
    select
        supplier_ref,
        supplier_id,
        matched_by,
        is_natural_person,
        -- Who is known from ownership statements alone owns or is owned, and supplies nobody.
        bool_or(is_supplying) over (partition by supplier_id) as is_supplier
    from identified
)

select * from final
