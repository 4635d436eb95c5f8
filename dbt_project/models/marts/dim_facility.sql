with resolved as (
    select * from {{ ref('int_facilities_resolved') }}
),

sites as (
    select * from {{ ref('stg_facility') }}
),

suppliers as (
    select * from {{ ref('dim_supplier') }}
),

classifications as (
    select * from {{ ref('int_classifications') }}
),

described as (
    select
        resolved.facility_id,
        resolved.supplier_id,
        resolved.facility_ref,
        sites.row_id,
        sites.facility_name,
        sites.country_code,
        sites.address,
        sites.latitude,
        sites.longitude,
        sites.workers,
        sites.has_dormitory,
        sites.capacity_units,
        sites.labour_hours,
        sites.migrant_share,
        sites.agency_share,
        sites.is_closed,
        classifications.sector_key
    from resolved
    left join sites on resolved.facility_ref = sites.facility_ref
    left join classifications
        on
            sites.sector_scheme is not distinct from classifications.sector_scheme
            and sites.sector_code is not distinct from classifications.sector_code
            and sites.sector_text is not distinct from classifications.sector_text
),

facilities as (
    select
        facility_id,
        supplier_id,
        coalesce({{ first_value_by('facility_name', 'row_id') }}, min(facility_ref)) as name,
        {{ first_value_by('country_code', 'row_id') }} as country_code,
        {{ first_value_by('address', 'row_id') }} as address,
        {{ first_value_by('latitude', 'row_id') }} as latitude,
        {{ first_value_by('longitude', 'row_id') }} as longitude,
        {{ first_value_by('workers', 'row_id') }} as workers,
        -- Sources that disagree: a dormitory that one of them saw is there, and the greatest share is taken.
        bool_or(has_dormitory) as has_dormitory,
        {{ first_value_by('capacity_units', 'row_id') }} as capacity_units,
        {{ first_value_by('labour_hours', 'row_id') }} as labour_hours,
        max(migrant_share) as migrant_share,
        max(agency_share) as agency_share,
        bool_and(is_closed) as is_closed,
        {{ first_value_by('sector_key', 'row_id') }} as sector_key,
        count(row_id) as record_count
    from described
    group by facility_id, supplier_id
),

final as (
    select
        facilities.facility_id,
        facilities.supplier_id,
        case when suppliers.is_natural_person then 'site of a natural person' else facilities.name end as name,
        coalesce(facilities.country_code, suppliers.country_code) as country_code,
        -- Where a natural person works is often where it lives.
        case when not suppliers.is_natural_person then facilities.address end as address,
        case when not suppliers.is_natural_person then facilities.latitude end as latitude,
        case when not suppliers.is_natural_person then facilities.longitude end as longitude,
        facilities.workers,
        facilities.has_dormitory,
        facilities.capacity_units,
        facilities.labour_hours,
        facilities.migrant_share,
        facilities.agency_share,
        facilities.is_closed,
        coalesce(facilities.sector_key, suppliers.sector_key) as sector_key,
        facilities.record_count
    from facilities
    inner join suppliers on facilities.supplier_id = suppliers.supplier_id
)

select * from final
