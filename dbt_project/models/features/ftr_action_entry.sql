with entries as (
    select * from {{ ref('stg_action_entry') }}
),

final as (
    select
        entry_no,
        entry,
        action_id,
        owner_role,
        due_on,
        outcome,
        happened_on,
        cast(amount as decimal(20, 2)) as amount,
        currency,
        workers,
        by_role
    from entries
)

select * from final
