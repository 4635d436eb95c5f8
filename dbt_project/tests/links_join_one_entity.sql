-- Two references that share a key are one supplier; a key with two says that the rounds of linking did not suffice.
select
    link_keys.link_key,
    count(distinct entities.supplier_id) as supplier_count
from {{ ref('int_supplier_link_keys') }} as link_keys
inner join {{ ref('int_entities_resolved') }} as entities on link_keys.supplier_ref = entities.supplier_ref
group by link_keys.link_key
having count(distinct entities.supplier_id) > 1
