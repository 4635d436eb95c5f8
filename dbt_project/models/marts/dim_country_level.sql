with levels as (
    select * from {{ ref('int_country_level') }}
),

final as (
    select
        country_code,
        country_level,
        country_level_year,
        country_level_basis
    from levels
    where country_code is not null
)

select * from final
