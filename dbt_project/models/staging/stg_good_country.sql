with source as (
    select * from {{ source('canonical', 'good_country') }}
),

final as (
    select
        row_id,
        source_id,
        record_no,
        known_on,
        country_code,
        country_text,
        good,
        sector_text as listed_sector,
        coalesce(child_labour, false) as is_child_labour,
        coalesce(forced_labour, false) as is_forced_labour,
        edition_year
    from source
    where {{ known_by_as_of('known_on') }}
)

select * from final
