with country_levels as (
    select * from {{ ref('int_country_level') }}
),

flagged_goods as (
    select * from {{ ref('int_listed_goods') }}
    where is_forced_labour
),

level_rows as (
    select
        'country' as level_kind,
        country_code,
        null as sector_key,
        null as good,
        tip_row_id as row_id
    from country_levels
    where tip_row_id is not null
    union all
    select
        'country' as level_kind,
        country_code,
        null as sector_key,
        null as good,
        cpi_row_id as row_id
    from country_levels
    where cpi_row_id is not null
    union all
    -- A sector's level is a number of flagged goods and countries: each of them is one of its sources.
    select
        'sector' as level_kind,
        null as country_code,
        sector_key,
        null as good,
        row_id
    from flagged_goods
    where sector_key is not null
    union all
    select
        'good' as level_kind,
        country_code,
        sector_key,
        good,
        row_id
    from flagged_goods
    where country_code is not null
),

source_rows as (
    select
        row_id,
        source_id,
        snapshot_sha256,
        record_no,
        known_on
    from {{ source('canonical', 'country_context') }}
    union all
    select
        row_id,
        source_id,
        snapshot_sha256,
        record_no,
        known_on
    from {{ source('canonical', 'good_country') }}
),

final as (
    select
        {{ short_id('L', "level_rows.level_kind || ' ' || level_rows.row_id") }} as level_source_id,
        source_rows.source_id,
        source_rows.snapshot_sha256,
        source_rows.record_no,
        source_rows.row_id,
        source_rows.known_on,
        level_rows.level_kind,
        level_rows.country_code,
        level_rows.sector_key,
        level_rows.good
    from level_rows
    inner join source_rows on level_rows.row_id = source_rows.row_id
)

select * from final
