-- A supplier that is a person is found by no name and no identifier; what stands in place of its name is none.
with persons as (
    select entities.supplier_id
    from {{ ref('int_supplier_records') }} as records
    inner join {{ ref('int_entities_resolved') }} as entities on records.supplier_ref = entities.supplier_ref
    group by entities.supplier_id
    having bool_and(records.is_natural_person)
)

select names.supplier_id
from {{ ref('dim_supplier_name') }} as names
left join persons on names.supplier_id = persons.supplier_id
where
    persons.supplier_id is not null
    or names.name like 'natural person, source %'
union all
select identifiers.supplier_id
from {{ ref('dim_supplier_identifier') }} as identifiers
inner join persons on identifiers.supplier_id = persons.supplier_id
