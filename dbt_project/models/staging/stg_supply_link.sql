with source as (
    select * from {{ source('canonical', 'supply_link') }}
),

final as (
    select
        row_id,
        source_id,
        snapshot_sha256,
        record_no,
        known_on,
        customer_ref,
        supplier_ref,
        coalesce(link_kind, 'supply') as link_kind,
        is_declared,
        description,
        started_on,
        {{ only_if_past('ended_on') }} as ended_on
    from source
    where
        {{ known_by_as_of('known_on') }}
        and {{ known_by_as_of('started_on') }}
)

select * from final
