with sectors as (
    select * from {{ ref('sector') }}
),

listed_goods as (
    select * from {{ ref('int_listed_goods') }}
),

editions as (
    select max(edition_year) as edition_year from listed_goods
),

flagged_goods as (
    select distinct
        sector_key,
        country_code,
        good
    from listed_goods
    where is_forced_labour
),

flagged as (
    select
        sector_key,
        count(*) as flagged_count
    from flagged_goods
    group by sector_key
),

counted as (
    select
        sectors.sector_key,
        editions.edition_year,
        coalesce(flagged.flagged_count, 0) as flagged_count
    from sectors
    inner join editions on editions.edition_year is not null
    left join flagged on sectors.sector_key = flagged.sector_key
    -- The list names goods: of a service its silence says nothing.
    where sectors.on_goods_list
),

rules as (
    select * from {{ ref('sector_level_rule') }}
),

rated as (
    select
        counted.sector_key,
        cast(max(rules.sector_level) as double) as sector_level,
        counted.flagged_count || ' goods and countries flagged for forced labour, edition ' || counted.edition_year
            as sector_level_basis
    from counted
    inner join rules on counted.flagged_count >= rules.flagged_minimum
    group by counted.sector_key, counted.flagged_count, counted.edition_year
),

final as (
    select
        sectors.sector_key,
        coalesce(rated.sector_level, cast(sectors.prior_level as double)) as sector_level,
        coalesce(
            rated.sector_level_basis,
            sectors.prior_level_source || '; the list of goods does not cover this sector',
            'no edition of the list of goods was known on the day'
        ) as sector_level_basis
    from sectors
    left join rated on sectors.sector_key = rated.sector_key
)

select * from final
