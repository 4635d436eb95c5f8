with source as (
    select * from {{ source('canonical', 'mitigation') }}
),

final as (
    select
        row_id,
        source_id,
        snapshot_sha256,
        record_no,
        known_on,
        mitigation_ref,
        supplier_ref,
        facility_ref,
        mitigation_kind,
        verified_by,
        {{ only_if_past('verified_on') }} as verified_on,
        valid_from,
        valid_to,
        evidence_ref
    from source
    where
        {{ known_by_as_of('known_on') }}
        and {{ known_by_as_of('valid_from') }}
)

select * from final
