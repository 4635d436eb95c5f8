with told as (
    select distinct supplier_id
    from {{ ref('fct_mitigation') }}
    where
        status = 'not verified by workers'
        and supplier_id is not null
),

final as (
    select
        supplier_id,
        cast(null as varchar) as site_id,
        'M01' as indicator_id,
        'verification by workers of what is said to have been done' as missing
    from told
)

select * from final
