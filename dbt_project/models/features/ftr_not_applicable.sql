with sites as (
    select * from {{ ref('ftr_site') }}
),

facilities as (
    select * from {{ ref('dim_facility') }}
),

facts as (
    select * from {{ ref('ftr_indicator_fact') }}
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

-- Where no orders or awards were loaded at all, nothing is known of them; that is not the same as having none.
without_purchases as (
    select
        sites.supplier_id,
        sites.site_id,
        assessments.indicator_id,
        assessments.reason
    from sites
    inner join {{ ref('int_procurement_assessments') }} as assessments on sites.supplier_id = assessments.supplier_id
    where assessments.outcome = 'not applicable'
),

candidates as (
    select * from without_dormitory
    union all
    select * from without_purchases
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
