with assessments as (
    select * from {{ ref('int_p01_assessments') }}
    union all by name
    select * from {{ ref('int_p02_assessments') }}
    union all by name
    select * from {{ ref('int_p03_assessments') }}
    union all by name
    select * from {{ ref('int_p04_assessments') }}
    union all by name
    select * from {{ ref('int_p05_assessments') }}
    union all by name
    select * from {{ ref('int_p06_assessments') }}
),

final as (
    select
        supplier_id,
        indicator_id,
        outcome,
        reason,
        event_date,
        description,
        source_table,
        source_key,
        source_id,
        snapshot_sha256,
        source_record_no
    from assessments
)

select * from final
