with contests as (
    select * from {{ ref('ftr_contest') }}
),

entries as (
    select * from {{ ref('stg_contest_entry') }}
),

without_objection as (
    select distinct
        contest_id,
        'decision without objection' as problem,
        'A decision names an objection that the ledger does not hold.' as explanation
    from entries
    where
        entry = 'decision'
        and contest_id not in (select contests.contest_id from contests)
),

differing as (
    select
        contest_id,
        'decisions differ' as problem,
        'Decided ' || decision_count || ' times, and not alike; the last one entered holds: ' || state as explanation
    from {{ ref('int_contests') }}
    where decisions_differ
),

numbered as (
    select
        contest_id,
        first_value(contest_id) over same_row as first_contest_id
    from {{ ref('int_contests') }}
    window
        same_row as (
            partition by supplier_id, contested_table, contested_key, indicator_id
            order by entry_no
        )
),

repeated as (
    select
        contest_id,
        'second objection' as problem,
        'The same row was contested before, in ' || first_contest_id as explanation
    from numbered
    where contest_id <> first_contest_id
),

-- Two objections to one row may be decided each on its own.
against_each_other as (
    select
        fact.fact_id,
        max(contests.contest_id) as contest_id,
        {{ joined_distinct("contests.contest_id || ' ' || contests.state") }} as told
    from {{ ref('ftr_contest_row') }} as fact
    inner join contests on fact.contest_id = contests.contest_id
    where contests.state <> 'pending'
    group by fact.fact_id
    having count(distinct contests.state) > 1
),

rulings_differ as (
    select
        contest_id,
        'decisions on one row differ' as problem,
        'Of objections to one row the last decision entered holds: ' || min(told) as explanation
    from against_each_other
    group by contest_id
),

homeless as (
    select
        contest_id,
        'no such row' as problem,
        'No fact of this run comes from the row that it names; its source may have corrected it or taken it back.'
            as explanation
    from contests
    where fact_count = 0
),

final as (
    select * from without_objection
    union all
    select * from differing
    union all
    select * from repeated
    union all
    select * from rulings_differ
    union all
    select * from homeless
)

select * from final
