with source as (
    select * from {{ source('canonical', 'facility') }}
),

final as (
    select
        row_id,
        source_id,
        snapshot_sha256,
        record_no,
        known_on,
        facility_ref,
        supplier_ref,
        name as facility_name,
        address,
        country_code,
        region,
        locality,
        latitude,
        longitude,
        workers,
        has_dormitory,
        migrant_share,
        capacity_units,
        labour_hours,
        agency_share,
        sector_scheme,
        sector_code,
        sector_text,
        os_id,
        is_closed
    from source
    where {{ known_by_as_of('known_on') }}
)

select * from final
