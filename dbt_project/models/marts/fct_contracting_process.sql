with processes as (
    select * from {{ ref('int_process_states') }}
),

final as (
    select
        row_id,
        source_id,
        snapshot_sha256,
        record_no,
        process_ref,
        known_on,
        buyer_ref,
        buyer_name,
        title,
        process_status as status,
        {{ is_called_off('process_status') }} as is_called_off,
        procurement_method,
        tender_opened_on,
        tender_closed_on,
        tenderer_count,
        cast(amount as decimal(20, 2)) as amount,
        currency,
        award_count
    from processes
)

select * from final
