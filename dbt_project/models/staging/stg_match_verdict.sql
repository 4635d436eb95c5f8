with source as (
    select * from {{ source('canonical', 'match_verdict') }}
),

final as (
    select
        row_id,
        source_id,
        record_no,
        known_on,
        subject,
        list_name,
        entry_ref,
        supplier_ref,
        other_supplier_ref,
        verdict,
        decided_on,
        decided_at,
        role as decided_by_role,
        reason
    from source
    where
        {{ known_by_as_of('known_on') }}
        and {{ known_by_as_of('decided_on') }}
)

select * from final
