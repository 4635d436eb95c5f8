with source as (
    select * from {{ source('canonical', 'action_entry') }}
),

final as (
    select
        row_id,
        source_id,
        record_no,
        known_on,
        entry_no,
        entry,
        action_id,
        owner_role,
        due_on,
        outcome,
        happened_on,
        amount,
        currency,
        workers,
        by_role
    from source
    where
        {{ known_by_as_of('known_on') }}
        and {{ known_by_as_of('happened_on') }}
)

select * from final
