with contests as (
    select * from {{ ref('int_contests') }}
),

marked as (
    select
        contest_id,
        min(found_by) as found_by,
        count(*) as fact_count
    from {{ ref('ftr_contest_row') }}
    group by contest_id
),

final as (
    select
        contests.contest_id,
        contests.supplier_id,
        contests.contested_table,
        contests.contested_key,
        contests.contested_source_id,
        contests.contested_event_id,
        contests.indicator_id,
        contests.raised_on,
        contests.received_on,
        contests.due_on,
        contests.contact_role,
        contests.state,
        contests.decided_on,
        contests.decided_by_role,
        contests.decision_count,
        contests.is_overdue,
        marked.found_by,
        coalesce(marked.fact_count, 0) as fact_count
    from contests
    left join marked on contests.contest_id = marked.contest_id
)

select * from final
