with source as (
    select * from {{ source('canonical', 'supplier') }}
),

final as (
    select
        row_id,
        source_id,
        snapshot_sha256,
        record_no,
        known_on,
        supplier_ref,
        -- A person's name goes no further than this; what a sole trader trades under is no person's name at its source.
        case
            when is_natural_person then 'natural person, source ' || source_id || ', record ' || row_id
            else name
        end as supplier_name,
        case when not coalesce(is_natural_person, false) then aliases end as aliases,
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
        -- What a person earns is nobody's business.
        case when not coalesce(is_natural_person, false) then annual_sales end as annual_sales,
        case when not coalesce(is_natural_person, false) then sales_currency end as sales_currency,
        case when not coalesce(is_natural_person, false) then sales_year end as sales_year,
        coalesce(is_natural_person, false) as is_natural_person,
        is_closed
    from source
    where {{ known_by_as_of('known_on') }}
)

select * from final
