with source as (
    select * from {{ source('canonical', 'labour_cost') }}
),

final as (
    select
        row_id,
        source_id,
        known_on,
        country_code,
        hourly_cost,
        upper(trim(currency)) as currency,
        valid_from,
        valid_until,
        basis,
        legal_source
    from source
    where {{ known_by_as_of('known_on') }}
)

select * from final
