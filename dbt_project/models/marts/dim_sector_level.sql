with levels as (
    select * from {{ ref('int_sector_level') }}
),

sectors as (
    select * from {{ ref('sector') }}
),

final as (
    select
        levels.sector_key,
        sectors.sector_label,
        levels.sector_level,
        levels.sector_level_basis
    from levels
    inner join sectors on levels.sector_key = sectors.sector_key
)

select * from final
