with source as (
    select * from {{ source('canonical', 'country_context') }}
),

final as (
    select
        row_id,
        source_id,
        record_no,
        known_on,
        country_code,
        measure,
        year as measured_year,
        value_text,
        value
    from source
    where {{ known_by_as_of('known_on') }}
)

select * from final
