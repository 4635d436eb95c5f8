with regions as (
    select
        country_code,
        region_code,
        {{ text_key('region_code') }} as region_key
    from {{ ref('country_region') }}
    union
    select
        country_code,
        region_code,
        {{ text_key("replace(region_code, country_code || '-', '')") }} as region_key
    from {{ ref('country_region') }}
    union
    select
        country_code,
        region_code,
        {{ text_key('region_name') }} as region_key
    from {{ ref('country_region') }}
),

records as (
    select
        records.*,
        regions.region_code,
        {{ text_key('records.locality') }} as locality_key,
        {{ text_key('records.address') }} as address_key
    from {{ ref('int_supplier_records') }} as records
    left join regions
        on
            records.country_code = regions.country_code
            and {{ text_key('records.region') }} = regions.region_key
    -- A natural person is never joined to another record, by name least of all.
    where not records.is_natural_person
),

names as (
    select * from {{ ref('int_supplier_names_normalised') }}
),

identifying as (
    select identifiers.*
    from {{ ref('int_supplier_identifiers') }} as identifiers
    inner join (select distinct supplier_ref from records) as joinable
        on identifiers.supplier_ref = joinable.supplier_ref
),

named_places as (
    select distinct
        names.supplier_ref,
        names.name_key,
        records.country_code,
        records.region_code,
        records.locality_key,
        case when records.locality_key is null then records.address_key end as address_key
    from names
    inner join records on names.supplier_ref = records.supplier_ref
    where records.country_code is not null
),

localities as (
    select distinct
        name_key,
        country_code,
        locality_key
    from named_places
    where locality_key is not null
),

addresses as (
    select distinct
        name_key,
        country_code,
        address_key
    from named_places
    where address_key is not null
),

-- An address that names exactly one locality in which the same name is known lies there.
addressed as (
    select
        addresses.name_key,
        addresses.country_code,
        addresses.address_key,
        min(localities.locality_key) as locality_key
    from addresses
    inner join localities
        on
            addresses.name_key = localities.name_key
            and addresses.country_code = localities.country_code
    where contains(' ' || addresses.address_key || ' ', ' ' || localities.locality_key || ' ')
    group by addresses.name_key, addresses.country_code, addresses.address_key
    having count(*) = 1
),

placed_anywhere as (
    select
        supplier_ref,
        name_key,
        country_code,
        region_code,
        locality_key as place
    from named_places
    where locality_key is not null
    union
    select
        named_places.supplier_ref,
        named_places.name_key,
        named_places.country_code,
        named_places.region_code,
        coalesce(addressed.locality_key, 'at ' || named_places.address_key) as place
    from named_places
    left join addressed
        on
            named_places.name_key = addressed.name_key
            and named_places.country_code = addressed.country_code
            and named_places.address_key = addressed.address_key
    where named_places.address_key is not null
),

place_regions as (
    select
        name_key,
        country_code,
        place,
        count(distinct region_code) as region_count
    from placed_anywhere
    group by name_key, country_code, place
),

-- Towns of one name lie in several regions: there a record counts by its region, and one that tells none is left alone.
placed as (
    select
        placed_anywhere.supplier_ref,
        placed_anywhere.name_key,
        placed_anywhere.country_code,
        placed_anywhere.region_code,
        placed_anywhere.place
        || case when place_regions.region_count > 1 then ', ' || placed_anywhere.region_code else '' end as place
    from placed_anywhere
    inner join place_regions
        on
            placed_anywhere.name_key = place_regions.name_key
            and placed_anywhere.country_code = place_regions.country_code
            and placed_anywhere.place = place_regions.place
),

places as (
    select
        name_key,
        country_code,
        count(distinct place) + count(distinct case when place is null then supplier_ref end) as place_count,
        min(place) as place,
        min(region_code) as region_code
    from placed
    group by name_key, country_code
),

name_regions as (
    select
        name_key,
        country_code,
        count(distinct region_code) as region_count
    from named_places
    group by name_key, country_code
),

-- Without a place of its own a record goes by name only where the name does not stand for several places or regions;
-- where it stands in several regions, only with those of its own.
placeless as (
    select distinct
        named_places.supplier_ref,
        named_places.name_key,
        named_places.country_code,
        case
            when name_regions.region_count <= 1 then coalesce(places.place, 'anywhere')
            when places.place is null then 'in ' || named_places.region_code
            when places.region_code = named_places.region_code then places.place
        end as place
    from named_places
    inner join name_regions
        on
            named_places.name_key = name_regions.name_key
            and named_places.country_code = name_regions.country_code
    left join placed
        on
            named_places.supplier_ref = placed.supplier_ref
            and named_places.name_key = placed.name_key
            and named_places.country_code = placed.country_code
    left join places
        on
            named_places.name_key = places.name_key
            and named_places.country_code = places.country_code
    where
        placed.supplier_ref is null
        and coalesce(places.place_count, 0) <= 1
),

named as (
    select
        supplier_ref,
        'name' as method,
        6 as method_rank,
        'name ' || country_code || ' ' || name_key || ' @ ' || place as link_key
    from placed
    where place is not null
    union
    select
        supplier_ref,
        'name' as method,
        6 as method_rank,
        'name ' || country_code || ' ' || name_key || ' @ ' || place as link_key
    from placeless
    where place is not null
),

identifiers_by_name as (
    select
        named.link_key,
        identifying.method,
        count(distinct identifying.link_key) as identifier_count
    from named
    inner join identifying on named.supplier_ref = identifying.supplier_ref
    where identifying.method not in ('os_id', 'other_identifier')
    group by named.link_key, identifying.method
),

-- A name that several identifiers of one kind bear is borne by several companies: too generic to join by.
generic_names as (
    select distinct link_key
    from identifiers_by_name
    where identifier_count > {{ var('generic_name_identifier_limit') }}
),

keys as (
    select * from identifying
    union all
    select named.*
    from named
    left join generic_names on named.link_key = generic_names.link_key
    where generic_names.link_key is null
),

shared_keys as (
    select link_key
    from keys
    group by link_key
    having count(*) > 1
),

final as (
    select
        keys.supplier_ref,
        keys.method,
        keys.method_rank,
        keys.link_key
    from keys
    inner join shared_keys on keys.link_key = shared_keys.link_key
)

select * from final
