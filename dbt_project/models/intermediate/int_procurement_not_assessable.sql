with assessments as (
    select * from {{ ref('int_procurement_assessments') }}
    where outcome = 'not assessable'
),

final as (
    select
        supplier_id,
        cast(null as varchar) as site_id,
        indicator_id,
        reason as missing
    from assessments
)

select * from final
