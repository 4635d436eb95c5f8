with source as (
    select * from {{ source('canonical', 'bid') }}
),

final as (
    select
        row_id,
        source_id,
        snapshot_sha256,
        record_no,
        known_on,
        bid_ref,
        process_ref,
        coalesce(state_no, 1) as state_no,
        supplier_ref,
        tenderer_count,
        status as bid_status,
        submitted_on,
        amount,
        currency
    from source
    where
        {{ known_by_as_of('known_on') }}
        and {{ known_by_as_of('submitted_on') }}
)

select * from final
