with seed_forms as (
    select
        form,
        kind,
        may_lead,
        1 as rank_of_source
    from {{ ref('legal_form') }}
),

listed_names as (
    select form_name as form from {{ ref('stg_legal_form') }}
    union
    select form_name_latin as form from {{ ref('stg_legal_form') }}
),

listed_abbreviations as (
    select {{ exploded('abbreviations') }} as form from {{ ref('stg_legal_form') }}
    union
    select {{ exploded('abbreviations_latin') }} as form from {{ ref('stg_legal_form') }}
),

spelled as (
    select
        form,
        kind,
        may_lead,
        rank_of_source,
        false as is_written_out
    from seed_forms
    union all
    select
        form,
        'any' as kind,
        false as may_lead,
        2 as rank_of_source,
        true as is_written_out
    from listed_names
    union all
    select
        form,
        'any' as kind,
        false as may_lead,
        2 as rank_of_source,
        false as is_written_out
    from listed_abbreviations
),

keyed as (
    select
        spelled.form,
        spelled.kind,
        spelled.may_lead,
        spelled.rank_of_source,
        spelled.is_written_out,
        {{ words_of(text_key('coalesce(spellings.latin, spelled.form)')) }} as words
    from spelled
    left join {{ source('matching', 'latin_spelling') }} as spellings on spelled.form = spellings.spelling
),

-- A code list names much that is no form at the end of a name: of it, short abbreviations and what takes three words.
usable as (
    select
        form,
        kind,
        may_lead,
        rank_of_source,
        {{ joined_words('words') }} as form_key,
        {{ word_count('words') }} > 1 as has_words
    from keyed
    where
        rank_of_source = 1
        or (is_written_out and {{ word_count('words') }} between 3 and {{ var('legal_form_words') }})
        or (
            not is_written_out
            and {{ word_count('words') }} <= {{ var('legal_form_words') }}
            and length({{ joined_words('words') }})
            between 3 and (case when {{ word_count('words') }} = 1 then 5 else 8 end)
        )
),

final as (
    select
        form_key,
        {{ first_value_by('kind', 'rank_of_source, form') }} as kind,
        bool_or(may_lead) as may_lead,
        bool_or(has_words) as has_words
    from usable
    where form_key <> ''
    group by form_key
    having {{ first_value_by('kind', 'rank_of_source, form') }} <> 'part of the name'
)

select * from final
