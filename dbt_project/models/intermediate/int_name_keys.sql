with spellings as (
    select supplier_name as spelling from {{ ref('int_supplier_records') }}
    union
    select {{ exploded('aliases') }} as spelling from {{ ref('int_supplier_records') }}
    union
    select entry_name as spelling from {{ ref('stg_list_entry') }}
    where entry_kind <> 'person'
    union
    select {{ exploded('aliases') }} as spelling from {{ ref('stg_list_entry') }}
    where entry_kind <> 'person'
    union
    select spelling from {{ ref('int_list_entry_names') }}
),

abbreviations as (
    select {{ mapped('abbreviation', 'word') }} as words_by_abbreviation from {{ ref('name_abbreviation') }}
),

worded as (
    select
        spellings.spelling,
        {{ words_of(text_key('coalesce(latin.latin, spellings.spelling)')) }} as words
    from spellings
    left join {{ source('matching', 'latin_spelling') }} as latin on spellings.spelling = latin.spelling
    where {{ text_key('coalesce(latin.latin, spellings.spelling)') }} is not null
),

written_out as (
    select
        worded.spelling,
        {{ replaced_by_map(with_initials_joined('worded.words'), 'abbreviations.words_by_abbreviation') }} as words
    from worded
    cross join abbreviations
),

{{ without_legal_forms('written_out', ref('int_legal_forms'), rounds_at_end=3, rounds_at_start=2) }},

numbered as (
    select
        spelling,
        {{ exploded('words') }} as word,
        {{ exploded(places_of('words')) }} as place
    from formless
),

weighted as (
    select
        numbered.spelling,
        {{ collected_by(name_word_weight('shares.share'), 'numbered.place') }} as weights
    from numbered
    left join {{ ref('name_word_share') }} as shares on numbered.word = shares.word
    group by numbered.spelling
),

final as (
    select
        formless.spelling,
        array_to_string(formless.words, ' ') as name_key,
        formless.kind as legal_form_kind,
        {{ name_feature('formless.words', 'weighted.weights', 'formless.kind') }} as name_feature
    from formless
    inner join weighted on formless.spelling = weighted.spelling
)

select * from final
