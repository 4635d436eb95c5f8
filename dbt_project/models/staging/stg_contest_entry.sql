with source as (
    select * from {{ source('canonical', 'contest_entry') }}
),

final as (
    select
        row_id,
        source_id,
        record_no,
        known_on,
        entry_no,
        entry,
        contest_id,
        supplier_id,
        supplier_ref,
        contested_table,
        contested_key,
        contested_source_id,
        contested_event_id,
        indicator_id,
        raised_on,
        due_on,
        contact_role,
        outcome,
        decided_on,
        decided_by_role
    from source
    where
        {{ known_by_as_of('known_on') }}
        and {{ known_by_as_of('raised_on') }}
        and {{ known_by_as_of('decided_on') }}
)

select * from final
