with sites as (
    select * from {{ ref('ftr_site') }}
),

facilities as (
    select * from {{ ref('dim_facility') }}
),

facts as (
    select * from {{ ref('ftr_indicator_fact') }}
),

with_orders as (
    select distinct supplier_id from {{ ref('fct_purchase_order_line') }}
),

with_awards as (
    select distinct supplier_id from {{ ref('fct_award') }}
),

loaded as (
    select
        (select count(*) from with_orders) > 0 as has_orders,
        (select count(*) from with_awards) > 0 as has_awards
),

without_dormitory as (
    select
        sites.supplier_id,
        sites.site_id,
        'F10' as indicator_id,
        'no dormitory' as reason
    from sites
    inner join facilities on sites.site_id = facilities.facility_id
    where not facilities.has_dormitory
),

-- Where no orders were loaded at all, nothing is known of them; that is not the same as having none.
without_orders as (
    select
        sites.supplier_id,
        sites.site_id,
        indicators.indicator_id,
        'no orders' as reason
    from sites
    cross join (values ('P03'), ('P04')) as indicators (indicator_id)
    cross join loaded
    left join with_orders on sites.supplier_id = with_orders.supplier_id
    where
        loaded.has_orders
        and with_orders.supplier_id is null
),

without_awards as (
    select
        sites.supplier_id,
        sites.site_id,
        'P02' as indicator_id,
        'no awards' as reason
    from sites
    cross join loaded
    left join with_awards on sites.supplier_id = with_awards.supplier_id
    where
        loaded.has_awards
        and with_awards.supplier_id is null
),

candidates as (
    select * from without_dormitory
    union all
    select * from without_orders
    union all
    select * from without_awards
),

final as (
    select
        candidates.supplier_id,
        candidates.site_id,
        candidates.indicator_id,
        candidates.reason
    from candidates
    where not exists (
        select 1 from facts
        where
            candidates.supplier_id = facts.supplier_id
            and candidates.indicator_id = facts.indicator_id
            and facts.kind = 'adverse'
    )
)

select * from final
