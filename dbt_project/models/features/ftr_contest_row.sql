with contests as (
    select * from {{ ref('int_contests') }}
),

facts as (
    select
        fact_id,
        supplier_id,
        indicator_id,
        origin_event_id,
        source_table,
        source_key,
        source_id,
        count(*) over (
            partition by supplier_id, indicator_id, source_table, source_id, origin_event_id
        ) as facts_of_event
    from {{ ref('ftr_indicator_fact') }}
    where kind = 'adverse'
),

by_row as (
    select
        contests.contest_id,
        facts.fact_id,
        'row' as found_by
    from contests
    inner join facts
        on
            contests.supplier_id = facts.supplier_id
            and contests.indicator_id = facts.indicator_id
            and contests.contested_table = facts.source_table
            and contests.contested_key = facts.source_key
),

-- A new delivery of the source gives its rows new ids; the event that they stem from keeps its own. What is decided
-- goes over to the only row of the event, but not to several, of which one may be new.
by_event as (
    select
        contests.contest_id,
        facts.fact_id,
        'event' as found_by
    from contests
    inner join facts
        on
            contests.supplier_id = facts.supplier_id
            and contests.indicator_id = facts.indicator_id
            and contests.contested_table = facts.source_table
            and contests.contested_source_id = facts.source_id
            and contests.contested_event_id = facts.origin_event_id
    where
        contests.contest_id not in (select by_row.contest_id from by_row)
        and (contests.state = 'pending' or facts.facts_of_event = 1)
),

final as (
    select * from by_row
    union all
    select * from by_event
)

select * from final
