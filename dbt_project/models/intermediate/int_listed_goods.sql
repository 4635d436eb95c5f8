with listed as (
    select * from {{ ref('stg_good_country') }}
),

releases as (
    select * from {{ ref('reference_release') }}
    where measure = 'goods_list'
),

known as (
    select listed.*
    from listed
    cross join releases
    where {{ day_of('listed.edition_year + releases.years_after', 'releases.release_month') }} <= {{ as_of() }}
),

newest as (
    select *
    from known
    qualify edition_year = max(edition_year) over ()
),

goods as (
    select distinct
        good,
        listed_sector,
        {{ text_key('good') }} as good_key,
        {{ text_key('listed_sector') }} as listed_sector_key
    from newest
),

crosswalk as (
    select * from {{ ref('good_sector') }}
),

sectors as (
    select
        goods.good,
        goods.listed_sector,
        {{ first_value_by('crosswalk.sector_key', "length(crosswalk.word) desc, crosswalk.word") }} as sector_key
    from goods
    inner join crosswalk
        on
            {{ has_words('goods.listed_sector_key', 'upper(crosswalk.listed_sector)') }}
            and (crosswalk.word = '*' or {{ has_words('goods.good_key', 'crosswalk.word') }})
    group by goods.good, goods.listed_sector
),

final as (
    select
        newest.row_id,
        newest.source_id,
        newest.record_no,
        newest.country_code,
        newest.good,
        sectors.sector_key,
        newest.is_child_labour,
        newest.is_forced_labour,
        newest.edition_year
    from newest
    inner join goods
        on
            newest.good = goods.good
            and newest.listed_sector is not distinct from goods.listed_sector
    left join sectors
        on
            newest.good = sectors.good
            and newest.listed_sector is not distinct from sectors.listed_sector
)

select * from final
