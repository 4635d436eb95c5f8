-- References that share a key are one supplier, unless something keeps them apart, which matching then says.
with keys as (
    select * from {{ ref('int_supplier_link_keys') }}
),

parted as (
    select
        keys.link_key,
        count(distinct entities.supplier_id) as supplier_count
    from keys
    inner join {{ ref('int_entities_resolved') }} as entities on keys.supplier_ref = entities.supplier_ref
    group by keys.link_key
    having count(distinct entities.supplier_id) > 1
),

refused as (
    select distinct one.link_key
    from {{ source('matching', 'refused_link') }} as links
    inner join keys as one
        on
            links.left_ref = one.supplier_ref
            and links.matched_by = one.method
    inner join keys as other
        on
            links.right_ref = other.supplier_ref
            and one.link_key = other.link_key
)

select parted.*
from parted
left join refused on parted.link_key = refused.link_key
where refused.link_key is null
