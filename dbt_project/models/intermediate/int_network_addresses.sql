with entities as (
    select * from {{ ref('int_entities_resolved') }}
),

addresses as (
    select
        row_id || ':address' as edge_id,
        row_id,
        source_id,
        snapshot_sha256,
        record_no,
        known_on,
        supplier_ref,
        'address of the company' as interest,
        address,
        locality,
        country_code
    from {{ ref('int_supplier_records') }}
    union all
    select
        row_id || ':site_address' as edge_id,
        row_id,
        source_id,
        snapshot_sha256,
        record_no,
        known_on,
        supplier_ref,
        'address of a site' as interest,
        address,
        locality,
        country_code
    from {{ ref('stg_facility') }}
),

keyed as (
    select
        *,
        {{ text_key('address') }} as address_key,
        coalesce({{ text_key('locality') }}, '') as locality_key
    from addresses
    where
        address is not null
        and country_code is not null
),

-- Whether the town stands in the address or beside it makes no difference.
placed as (
    select
        *,
        trim(case
            when {{ has_words('address_key', 'locality_key') }} or locality_key = '' then address_key
            else address_key || ' ' || locality_key
        end) as place_key,
        {{ without_words('address_key', 'locality_key') }} as within_place
    from keyed
),

-- Words without a number, or a number without words, name a town or a post code and no house.
told_of_a_house as (
    select
        *,
        country_code || ' ' || place_key as house_key
    from placed
    where {{ has_letters_and_digits('within_place') }}
),

-- Where a natural person lives ties nobody.
of_companies as (
    select
        told_of_a_house.*,
        entities.supplier_id
    from told_of_a_house
    inner join entities on told_of_a_house.supplier_ref = entities.supplier_ref
    where not entities.is_natural_person
),

shared as (
    select
        house_key,
        {{ first_value_by('address', 'row_id') }} as address_shown
    from of_companies
    group by house_key
    having count(distinct supplier_id) > 1
),

final as (
    select
        of_companies.edge_id,
        of_companies.row_id,
        of_companies.source_id,
        of_companies.snapshot_sha256,
        of_companies.record_no,
        of_companies.known_on,
        'address' as edge_kind,
        of_companies.supplier_id as subject_id,
        {{ short_id('A', 'shared.house_key') }} as party_id,
        'address' as party_kind,
        {{ short_id('A', 'shared.house_key') }} as party_ref,
        shared.address_shown as party_name,
        of_companies.country_code as party_country_code,
        of_companies.interest
    from of_companies
    inner join shared on of_companies.house_key = shared.house_key
)

select * from final
