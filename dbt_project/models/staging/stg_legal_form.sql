with source as (
    select * from {{ source('canonical', 'legal_form') }}
),

final as (
    select
        row_id,
        source_id,
        record_no,
        legal_form_code,
        country_code,
        jurisdiction,
        language,
        name as form_name,
        name_transliterated as form_name_latin,
        abbreviations,
        abbreviations_transliterated as abbreviations_latin
    from source
    where {{ known_by_as_of('known_on') }}
)

select * from final
