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
),

legal_forms as (
    select
        {{ collected('word') }} as trailing_forms,
        coalesce({{ collected('case when may_lead then word end') }}, []) as leading_forms
    from {{ ref('legal_form') }}
),

keyed as (
    select
        spelling,
        {{ words_of(text_key('spelling')) }} as words
    from spellings
),

final as (
    select
        keyed.spelling,
        {{ without_legal_forms('keyed.words', 'legal_forms.trailing_forms', 'legal_forms.leading_forms') }} as name_key
    from keyed
    cross join legal_forms
    where keyed.words is not null
)

select * from final
