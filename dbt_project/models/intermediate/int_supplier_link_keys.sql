with records as (
    select
        *,
        {{ text_key('locality') }} as locality_key,
        {{ text_key('address') }} as address_key
    from {{ ref('int_supplier_records') }}
    -- A natural person is never joined to another record, by name least of all.
    where not is_natural_person
),

names as (
    select * from {{ ref('int_supplier_names_normalised') }}
),

identifiers as (
    {{ identifier_rows('records', 'supplier_ref') }}
),

-- One number under very many names is a placeholder or an agent's, not an identity.
shared_too_widely as (
    select identifiers.link_key
    from identifiers
    inner join names on identifiers.supplier_ref = names.supplier_ref
    where identifiers.link_key is not null
    group by identifiers.link_key
    having count(distinct names.name_key) > {{ var('identifier_name_limit') }}
),

identifying as (
    select identifiers.*
    from identifiers
    left join shared_too_widely on identifiers.link_key = shared_too_widely.link_key
    where
        identifiers.link_key is not null
        and shared_too_widely.link_key is null
),

named_places as (
    select distinct
        names.supplier_ref,
        names.name_key,
        records.country_code,
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

placed as (
    select
        supplier_ref,
        name_key,
        country_code,
        locality_key as place
    from named_places
    where locality_key is not null
    union
    select
        named_places.supplier_ref,
        named_places.name_key,
        named_places.country_code,
        coalesce(addressed.locality_key, 'at ' || named_places.address_key) as place
    from named_places
    left join addressed
        on
            named_places.name_key = addressed.name_key
            and named_places.country_code = addressed.country_code
            and named_places.address_key = addressed.address_key
    where named_places.address_key is not null
),

places as (
    select
        name_key,
        country_code,
        count(distinct place) as place_count,
        min(place) as place
    from placed
    group by name_key, country_code
),

-- Without a place of its own a record goes by name only where the name does not stand for several places.
placeless as (
    select distinct
        named_places.supplier_ref,
        named_places.name_key,
        named_places.country_code,
        coalesce(places.place, 'anywhere') as place
    from named_places
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
    union
    select
        supplier_ref,
        'name' as method,
        6 as method_rank,
        'name ' || country_code || ' ' || name_key || ' @ ' || place as link_key
    from placeless
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
