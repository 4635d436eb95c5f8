with spellings as (
    select supplier_name as spelling from {{ ref('int_supplier_records') }}
    union
    select {{ exploded('aliases') }} as spelling from {{ ref('int_supplier_records') }}
    union
    select spelling from {{ ref('int_list_entry_names') }}
),

worded as (
    select
        spellings.spelling,
        {{ words_of(text_key('coalesce(latin.latin, spellings.spelling)')) }} as words
    from spellings
    left join {{ source('matching', 'latin_spelling') }} as latin on spellings.spelling = latin.spelling
    where {{ text_key('coalesce(latin.latin, spellings.spelling)') }} is not null
),

initialled as (
    select
        spelling,
        {{ with_initials_joined('words') }} as words
    from worded
),

{{ without_legal_forms('initialled', ref('int_legal_forms'), rounds_at_end=3, rounds_at_start=2) }},

abbreviations as (
    select {{ mapped('abbreviation', 'word') }} as words_by_abbreviation from {{ ref('name_abbreviation') }}
),

written_out as (
    select
        formless.spelling,
        {{ replaced_by_map('formless.words', 'abbreviations.words_by_abbreviation') }} as words,
        formless.kind
    from formless
    cross join abbreviations
),

numbered as (
    select
        spelling,
        {{ exploded('words') }} as word,
        {{ exploded(places_of('words')) }} as place
    from written_out
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
        written_out.spelling,
        array_to_string(written_out.words, ' ') as name_key,
        written_out.kind as legal_form_kind,
        {{ name_feature('written_out.words', 'weighted.weights', 'written_out.kind') }} as name_feature
    from written_out
    inner join weighted on written_out.spelling = weighted.spelling
)

select * from final
