with classes as (
    select * from {{ ref('stg_survey_class') }}
),

site_references as (
    select * from {{ ref('int_site_references') }}
),

facilities as (
    select * from {{ ref('int_facilities_resolved') }}
),

final as (
    select
        classes.release_id,
        site_references.supplier_id,
        facilities.facility_id,
        classes.indicator_id,
        classes.wave_id,
        classes.wave_closed_on,
        classes.survey_class as class,
        classes.class_kind,
        classes.source_type,
        classes.respondents_at_least,
        classes.is_coached
    from classes
    left join site_references
        on
            classes.supplier_ref is not distinct from site_references.supplier_ref
            and classes.facility_ref is not distinct from site_references.facility_ref
    left join facilities
        on
            site_references.supplier_id = facilities.supplier_id
            and site_references.facility_ref = facilities.facility_ref
)

select * from final
