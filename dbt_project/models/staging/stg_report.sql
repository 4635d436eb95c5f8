with source as (
    select * from {{ source('canonical', 'report') }}
),

final as (
    select
        row_id,
        source_id,
        snapshot_sha256,
        record_no,
        known_on,
        report_ref,
        supplier_ref,
        facility_ref,
        country_code,
        lei,
        os_id,
        tax_number,
        company_number,
        other_identifier,
        coalesce(indicator_id, 'A03') as indicator_id,
        publisher,
        publisher_kind,
        origin_id,
        published_on,
        url,
        language,
        coalesce(second_hand, false) as is_second_hand
    from source
    where
        {{ known_by_as_of('known_on') }}
        and {{ known_by_as_of('published_on') }}
)

select * from final
