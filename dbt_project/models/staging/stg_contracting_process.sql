with source as (
    select * from {{ source('canonical', 'contracting_process') }}
),

final as (
    select
        row_id,
        source_id,
        snapshot_sha256,
        record_no,
        known_on,
        process_ref,
        coalesce(state_no, 1) as state_no,
        buyer_ref,
        buyer_name,
        title,
        status as process_status,
        procurement_method,
        tender_opened_on,
        tender_closed_on,
        tenderer_count,
        amount,
        currency,
        award_count
    from source
    where {{ known_by_as_of('known_on') }}
)

select * from final
