with source as (
    select * from {{ source('canonical', 'match_verdict') }}
),

final as (
    select
        row_id,
        source_id,
        known_on,
        list_name,
        entry_ref,
        supplier_ref,
        verdict,
        decided_on,
        role as decided_by_role
    from source
    where
        {{ known_by_as_of('known_on') }}
        and {{ known_by_as_of('decided_on') }}
)

select * from final
