with reports as (
    select * from {{ ref('fct_report') }}
    where supplier_id is not null
),

indicators as (
    select * from {{ ref('indicator') }}
),

-- What is told of a supplier as a whole is told of each of its sites.
places as (
    select distinct
        supplier_id,
        indicator_id,
        facility_id
    from reports
),

bearing as (
    select
        reports.*,
        places.facility_id as site_id,
        (places.facility_id is null or reports.facility_id is not null) as is_of_the_place
    from places
    inner join reports
        on
            places.supplier_id = reports.supplier_id
            and places.indicator_id = reports.indicator_id
            and (reports.facility_id is null or places.facility_id = reports.facility_id)
),

-- A story is as old as its origin, however often others copy it; without a named origin it corroborates nothing.
origins as (
    select
        supplier_id,
        site_id,
        indicator_id,
        origin_id,
        bool_or(is_of_the_place) as is_of_the_place,
        coalesce(max(published_on) filter (where not second_hand), min(published_on)) as told_on,
        bool_and(second_hand) as second_hand,
        count(*) as report_count,
        {{ joined_distinct('publisher') }} as publishers,
        {{ first_value_by('report_id', 'is_of_the_place desc, second_hand, published_on desc, report_id') }}
            as report_id
    from bearing
    group by supplier_id, site_id, indicator_id, origin_id
),

newest_first as (
    select
        *,
        row_number() over (
            partition by supplier_id, site_id, indicator_id
            order by told_on desc, origin_id asc
        ) as place
    from origins
    where origin_id is not null
),

-- Two origins stand together from the day on which the second of them was told, the newest two counted.
together as (
    select
        supplier_id,
        site_id,
        indicator_id,
        count(*) as origin_count,
        min(told_on) filter (where place <= 2) as told_on,
        count(*) filter (where not second_hand) < 2 as second_hand,
        {{ joined_distinct('publishers') }} as publishers,
        {{ first_value_by('report_id', 'abs(place - 2), place') }} as report_id
    from newest_first
    group by supplier_id, site_id, indicator_id
    having count(*) > 1
),

told as (
    select
        report_id || ':origin' as fact_id,
        supplier_id,
        site_id,
        indicator_id,
        'single_media' as source_type,
        'W' as report_strength,
        told_on,
        second_hand,
        report_id,
        'Report by ' || publishers || case when report_count > 1 then ', one origin' else '' end
        || case when second_hand then ', who repeat what others told' else '' end as description
    from origins
    where is_of_the_place
    union all
    select
        supplier_id || ':' || coalesce(site_id, 'company') || ':' || indicator_id || ':origins' as fact_id,
        supplier_id,
        site_id,
        indicator_id,
        'ngo_multiple_origins' as source_type,
        'M' as report_strength,
        told_on,
        second_hand,
        report_id,
        'Reports of ' || origin_count || ' independent origins: ' || publishers as description
    from together
),

final as (
    select
        told.fact_id,
        told.supplier_id,
        told.site_id,
        told.indicator_id,
        'adverse' as kind,
        case when told.indicator_id = 'A03' then told.report_strength else indicators.default_strength end as strength,
        told.source_type,
        told.told_on as event_date,
        -- Reports speak once, by the largest of their rows: more of them add certainty and no second case.
        'reports on ' || told.supplier_id || ' ' || told.indicator_id as origin_event_id,
        'reported' as confirmed_by,
        told.second_hand,
        told.description,
        'fct_report' as source_table,
        reports.row_id as source_key,
        reports.source_id,
        reports.snapshot_sha256,
        reports.record_no as source_record_no
    from told
    inner join reports on told.report_id = reports.report_id
    inner join indicators on told.indicator_id = indicators.indicator_id
)

select * from final
