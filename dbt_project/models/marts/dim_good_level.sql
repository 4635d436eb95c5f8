with levels as (
    select * from {{ ref('int_good_level') }}
),

final as (
    select
        country_code,
        sector_key,
        good,
        matched_on,
        good_level,
        good_level_basis
    from levels
)

select * from final
