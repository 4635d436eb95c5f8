with contested as (
    select
        marked.fact_id,
        contests.contest_id,
        contests.state,
        contests.due_on,
        contests.decided_on,
        row_number() over (
            partition by marked.fact_id, contests.state = 'pending'
            order by coalesce(contests.decision_no, 0) desc, contests.entry_no desc
        ) as newest_first
    from {{ ref('ftr_contest_row') }} as marked
    inner join {{ ref('int_contests') }} as contests on marked.contest_id = contests.contest_id
),

pending as (
    select
        fact_id,
        min(due_on) as decision_due_on
    from contested
    where state = 'pending'
    group by fact_id
),

newest as (
    select
        fact_id,
        max(case when state = 'pending' then contest_id end) as pending_contest_id,
        max(case when state <> 'pending' then contest_id end) as decided_contest_id,
        max(case when state <> 'pending' then state end) as state,
        max(case when state <> 'pending' then decided_on end) as decided_on
    from contested
    where newest_first = 1
    group by fact_id
),

final as (
    select
        newest.fact_id,
        coalesce(newest.pending_contest_id, newest.decided_contest_id) as contest_id,
        pending.fact_id is not null as objection_pending,
        pending.decision_due_on,
        case when newest.state = 'upheld' then newest.decided_on end as objection_upheld_on,
        coalesce(newest.state = 'partly', false) as partly_upheld
    from newest
    left join pending on newest.fact_id = pending.fact_id
)

select * from final
