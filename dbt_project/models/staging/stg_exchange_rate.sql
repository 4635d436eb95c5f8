with source as (
    select * from {{ source('canonical', 'exchange_rate') }}
),

final as (
    select
        row_id,
        source_id,
        known_on,
        upper(trim(base_currency)) as base_currency,
        upper(trim(currency)) as currency,
        rate_on,
        rate
    from source
    where
        {{ known_by_as_of('known_on') }}
        and {{ known_by_as_of('rate_on') }}
        and rate > 0
)

select * from final
