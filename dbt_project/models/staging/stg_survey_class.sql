with source as (
    select * from {{ source('canonical', 'survey_class') }}
),

final as (
    select
        release_id,
        facility_ref,
        supplier_ref,
        indicator_id,
        wave_id,
        wave_closed_on,
        class as survey_class,
        class_kind,
        source_type,
        respondents_at_least,
        is_coached
    from source
    where
        {{ known_by_as_of('known_on') }}
        and {{ known_by_as_of('wave_closed_on') }}
)

select * from final
