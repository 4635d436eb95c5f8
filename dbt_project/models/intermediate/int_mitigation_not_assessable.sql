with suppliers as (
    select * from {{ ref('dim_supplier') }}
),

told as (
    select distinct supplier_id
    from {{ ref('fct_mitigation') }}
    where status = 'not verified by workers'
),

final as (
    select
        suppliers.supplier_id,
        cast(null as varchar) as site_id,
        'M01' as indicator_id,
        case
            when told.supplier_id is null then 'remedy, an agreement or union access that workers verified'
            else 'verification by workers of what is said to have been done'
        end as missing
    from suppliers
    left join told on suppliers.supplier_id = told.supplier_id
)

select * from final
