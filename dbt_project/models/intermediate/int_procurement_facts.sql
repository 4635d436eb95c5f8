with assessments as (
    select * from {{ ref('int_procurement_assessments') }}
    where outcome in ('adverse', 'clean')
),

indicators as (
    select * from {{ ref('indicator') }}
),

-- Buying is told of the company: its rows name no site.
final as (
    select
        assessments.indicator_id || ' ' || assessments.supplier_id as fact_id,
        assessments.supplier_id,
        cast(null as varchar) as site_id,
        assessments.indicator_id,
        assessments.outcome as kind,
        case when assessments.outcome = 'adverse' then indicators.default_strength end as strength,
        'procurement_data' as source_type,
        assessments.event_date,
        'buying ' || assessments.indicator_id || ' ' || assessments.supplier_id as origin_event_id,
        'reported' as confirmed_by,
        assessments.description,
        assessments.source_table,
        assessments.source_key,
        assessments.source_id,
        assessments.snapshot_sha256,
        assessments.source_record_no
    from assessments
    inner join indicators on assessments.indicator_id = indicators.indicator_id
)

select * from final
