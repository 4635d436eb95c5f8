with sites as (
    select * from {{ ref('ftr_site') }}
),

final as (
    select
        supplier_id,
        site_id,
        'N03' as indicator_id,
        'share of migrant or agency workers' as missing
    from sites
    where
        migrant_share is null
        and agency_share is null
)

select * from final
