-- The match step speaks of every reference of a supplier record; one left out would be gone from all that follows.
select records.supplier_ref
from {{ ref('int_supplier_records') }} as records
left join {{ ref('int_entities_resolved') }} as entities on records.supplier_ref = entities.supplier_ref
where entities.supplier_id is null
