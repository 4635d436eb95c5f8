with source as (
    select * from {{ source('canonical', 'legal_entity') }}
),

final as (
    select
        row_id,
        source_id,
        snapshot_sha256,
        record_no,
        known_on,
        entity_ref,
        name as entity_name,
        country_code,
        lei,
        os_id,
        tax_number,
        company_number,
        other_identifier
    from source
    where
        {{ known_by_as_of('known_on') }}
        and {{ known_by_as_of('registered_on') }}
)

select * from final
