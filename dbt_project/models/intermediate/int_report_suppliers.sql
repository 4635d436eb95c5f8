with reports as (
    select * from {{ ref('stg_report') }}
),

entities as (
    select * from {{ ref('int_entities_resolved') }}
    where is_supplier
),

verdicts as (
    select
        verdicts.entry_ref as report_ref,
        entities.supplier_id,
        {{ first_value_by(
            'verdicts.verdict',
            'verdicts.decided_on desc nulls last, verdicts.decided_at desc nulls last, verdicts.row_id desc'
        ) }} as verdict
    from {{ ref('stg_match_verdict') }} as verdicts
    inner join entities on verdicts.supplier_ref = entities.supplier_ref
    where
        verdicts.subject = 'list_entry'
        and verdicts.list_name = 'reports'
    group by verdicts.entry_ref, entities.supplier_id
),

by_reference as (
    select
        reports.row_id,
        reports.report_ref,
        entities.supplier_id,
        'reference' as matched_by,
        1 as strongest_first
    from reports
    inner join entities on reports.supplier_ref = entities.supplier_ref
),

identifiers as (
    {{ identifier_rows('reports', 'row_id') }}
),

-- An identifier that leads to two suppliers says of neither that it is meant.
by_identifier as (
    select
        identifiers.row_id,
        min(entities.supplier_id) as supplier_id
    from identifiers
    inner join {{ ref('int_supplier_identifiers') }} as supplier_identifiers
        on identifiers.link_key = supplier_identifiers.link_key
    inner join entities on supplier_identifiers.supplier_ref = entities.supplier_ref
    where identifiers.link_key is not null
    group by identifiers.row_id
    having count(distinct entities.supplier_id) = 1
),

told as (
    select * from by_reference
    union all
    select
        reports.row_id,
        reports.report_ref,
        by_identifier.supplier_id,
        'identifier' as matched_by,
        2 as strongest_first
    from by_identifier
    inner join reports on by_identifier.row_id = reports.row_id
),

-- A person may say that the row means somebody else, or nobody of ours.
allowed as (
    select told.*
    from told
    left join verdicts
        on
            told.report_ref = verdicts.report_ref
            and told.supplier_id = verdicts.supplier_id
    where coalesce(verdicts.verdict, 'confirmed') <> 'rejected'
    qualify row_number() over (partition by told.row_id order by told.strongest_first) = 1
),

by_verdict as (
    select
        reports.row_id,
        reports.report_ref,
        verdicts.supplier_id,
        'verdict' as matched_by,
        3 as strongest_first
    from reports
    inner join verdicts on reports.report_ref = verdicts.report_ref
    left join allowed on reports.row_id = allowed.row_id
    where
        verdicts.verdict = 'confirmed'
        and allowed.row_id is null
),

final as (
    select
        row_id,
        supplier_id,
        matched_by
    from allowed
    union all
    select
        row_id,
        supplier_id,
        matched_by
    from by_verdict
)

select * from final
