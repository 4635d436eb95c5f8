with source as (
    select * from {{ source('canonical', 'supplier') }}
),

final as (
    select
        row_id,
        source_id,
        snapshot_sha256,
        record_no,
        supplier_ref,
        name as supplier_name,
        aliases,
        country_code,
        region,
        locality,
        address,
        lei,
        os_id,
        tax_number,
        company_number,
        other_identifier,
        sector_scheme,
        sector_code,
        sector_text,
        parent_ref,
        agent_name,
        workers,
        coalesce(is_natural_person, false) as is_natural_person
    from source
    where {{ known_by_as_of('known_on') }}
)

select * from final
