with suppliers as (
    select * from {{ ref('dim_supplier') }}
),

known_sites as (
    select
        supplier_id,
        facility_id as site_id,
        false as is_unknown_site,
        name as site_name,
        country_code,
        sector_key,
        migrant_share,
        agency_share
    from {{ ref('dim_facility') }}
),

-- A supplier of which no site is known is one site, so that it is scored and its gap is seen.
unknown_sites as (
    select
        supplier_id,
        supplier_id || ':unknown' as site_id,
        true as is_unknown_site,
        'site not known' as site_name,
        country_code,
        sector_key,
        cast(null as double) as migrant_share,
        cast(null as double) as agency_share
    from suppliers
    where site_count = 0
),

sites as (
    select * from known_sites
    union all
    select * from unknown_sites
),

country_levels as (
    select * from {{ ref('int_country_level') }}
),

sector_levels as (
    select * from {{ ref('int_sector_level') }}
),

good_levels as (
    select * from {{ ref('int_good_level') }}
),

levels_by_good as (
    select
        country_code,
        good,
        max(good_level) as good_level,
        min(good_level_basis) as good_level_basis,
        min(good_level_lineage) as good_level_lineage
    from good_levels
    where matched_on = 'good'
    group by country_code, good
),

levels_by_sector as (
    select * from good_levels
    where matched_on = 'sector'
),

editions as (
    select max(edition_year) as edition_year from {{ ref('int_listed_goods') }}
),

no_level as (
    select
        cast(rules.good_level as double) as good_level,
        rules.meaning || ', edition ' || editions.edition_year as good_level_basis,
        editions.edition_year
    from editions
    cross join {{ ref('good_level_rule') }} as rules
    where rules.matched_on = 'none'
),

final as (
    select
        sites.supplier_id,
        sites.site_id,
        sites.is_unknown_site,
        sites.site_name,
        sites.country_code,
        sites.sector_key,
        suppliers.good,
        country_levels.country_level,
        country_levels.country_level_year,
        country_levels.country_level_basis,
        country_levels.country_level_lineage,
        sector_levels.sector_level,
        coalesce(sector_levels.sector_level_basis, 'missing: sector') as sector_level_basis,
        -- That nothing is flagged can be said only of a known country and sector, and of a list that was there.
        coalesce(
            levels_by_good.good_level,
            levels_by_sector.good_level,
            case
                when
                    sites.country_code is not null
                    and sites.sector_key is not null
                    and no_level.edition_year is not null
                    then no_level.good_level
            end
        ) as good_level,
        coalesce(
            levels_by_good.good_level_basis,
            levels_by_sector.good_level_basis,
            'missing: ' || nullif(
                concat_ws(
                    ', ',
                    case when sites.country_code is null then 'country' end,
                    case when sites.sector_key is null then 'sector' end,
                    case when no_level.edition_year is null then 'an edition of the list of goods known on the day' end
                ),
                ''
            ),
            no_level.good_level_basis
        ) as good_level_basis,
        coalesce(levels_by_good.good_level_lineage, levels_by_sector.good_level_lineage) as good_level_lineage,
        sites.migrant_share,
        sites.agency_share
    from sites
    inner join suppliers on sites.supplier_id = suppliers.supplier_id
    left join country_levels on sites.country_code = country_levels.country_code
    left join sector_levels on sites.sector_key = sector_levels.sector_key
    left join levels_by_good
        on
            sites.country_code = levels_by_good.country_code
            and suppliers.good = levels_by_good.good
    left join levels_by_sector
        on
            sites.country_code = levels_by_sector.country_code
            and sites.sector_key = levels_by_sector.sector_key
    cross join no_level
)

select * from final
