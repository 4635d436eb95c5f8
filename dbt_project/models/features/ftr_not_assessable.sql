-- Each rule that lacked something adds its rows here, as a part of its own.
with no_rule as (
    select
        cast(null as varchar) as supplier_id,
        cast(null as varchar) as site_id,
        cast(null as varchar) as indicator_id,
        cast(null as varchar) as missing
    where false
),

parts as (
    select * from no_rule
    union all
    select * from {{ ref('int_procurement_not_assessable') }}
    union all
    select * from {{ ref('int_network_not_assessable') }}
    union all
    select * from {{ ref('int_report_not_assessable') }}
    union all
    select * from {{ ref('int_mitigation_not_assessable') }}
),

final as (
    select distinct
        supplier_id,
        site_id,
        indicator_id,
        missing
    from parts
    where supplier_id is not null
)

select * from final
