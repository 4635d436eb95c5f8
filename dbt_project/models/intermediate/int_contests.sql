with entries as (
    select * from {{ ref('stg_contest_entry') }}
),

objections as (
    select * from entries
    where entry = 'objection'
),

decisions as (
    select
        contest_id,
        outcome,
        decided_on,
        decided_by_role,
        entry_no as decision_no,
        row_number() over (partition by contest_id order by entry_no desc) as newest_first,
        count(*) over (partition by contest_id) as decision_count,
        min(outcome) over (partition by contest_id) <> max(outcome) over (partition by contest_id) as decisions_differ
    from entries
    where entry = 'decision'
),

final as (
    select
        objections.contest_id,
        objections.entry_no,
        coalesce(entities.supplier_id, objections.supplier_id) as supplier_id,
        objections.contested_table,
        objections.contested_key,
        objections.contested_source_id,
        objections.contested_event_id,
        objections.indicator_id,
        objections.raised_on,
        objections.known_on as received_on,
        objections.due_on,
        objections.contact_role,
        coalesce(decisions.outcome, 'pending') as state,
        decisions.decided_on,
        decisions.decided_by_role,
        decisions.decision_no,
        coalesce(decisions.decision_count, 0) as decision_count,
        coalesce(decisions.decisions_differ, false) as decisions_differ,
        decisions.contest_id is null and coalesce(objections.due_on < {{ as_of() }}, false) as is_overdue
    from objections
    left join decisions
        on
            objections.contest_id = decisions.contest_id
            and decisions.newest_first = 1
    left join {{ ref('int_entities_resolved') }} as entities
        on objections.supplier_ref = entities.supplier_ref
)

select * from final
