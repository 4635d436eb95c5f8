with source as (
    select * from {{ source('canonical', 'award') }}
),

final as (
    select
        row_id,
        source_id,
        snapshot_sha256,
        record_no,
        known_on,
        award_ref,
        process_ref,
        release_id,
        package_url,
        coalesce(state_no, 1) as state_no,
        supplier_ref,
        supplier_name,
        buyer_ref,
        buyer_name,
        status as award_status,
        awarded_on,
        amount,
        currency,
        classification_scheme,
        classification_code,
        description,
        labour_hours
    from source
    where
        {{ known_by_as_of('known_on') }}
        and {{ known_by_as_of('awarded_on') }}
)

select * from final
