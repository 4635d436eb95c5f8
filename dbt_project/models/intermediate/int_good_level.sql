with flagged as (
    select * from {{ ref('int_listed_goods') }}
    where
        is_forced_labour
        and country_code is not null
),

rules as (
    select * from {{ ref('good_level_rule') }}
),

by_good as (
    select
        country_code,
        sector_key,
        good,
        'good' as matched_on,
        good || ' flagged for forced labour, edition ' || max(edition_year) as good_level_basis,
        {{ joined_distinct("source_id || ' record ' || record_no") }} as good_level_lineage
    from flagged
    group by country_code, sector_key, good
),

by_sector as (
    select
        country_code,
        sector_key,
        null as good,
        'sector' as matched_on,
        'goods of the sector flagged for forced labour: ' || {{ joined_distinct('good') }} || ', edition '
        || max(edition_year) as good_level_basis,
        {{ joined_distinct("source_id || ' record ' || record_no") }} as good_level_lineage
    from flagged
    where sector_key is not null
    group by country_code, sector_key
),

levels as (
    select * from by_good
    union all
    select * from by_sector
),

final as (
    select
        levels.country_code,
        levels.sector_key,
        levels.good,
        levels.matched_on,
        cast(rules.good_level as double) as good_level,
        levels.good_level_basis,
        levels.good_level_lineage
    from levels
    inner join rules on levels.matched_on = rules.matched_on
)

select * from final
