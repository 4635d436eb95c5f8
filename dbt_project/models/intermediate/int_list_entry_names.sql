{{ config(tags='linkage') }}

with entries as (
    select * from {{ ref('stg_list_entry') }}
    -- A natural person is never found by name, and a good from somewhere names no company.
    where entry_kind not in ('person', 'good')
),

listed_names as (
    select * from {{ source('matching', 'listed_name') }}
),

names as (
    select
        entries.row_id,
        coalesce(listed_names.spelling, entries.entry_name) as spelling,
        coalesce(listed_names.name_role, 'name') as name_role
    from entries
    left join listed_names on entries.entry_name = listed_names.text and not listed_names.is_note
),

texts_of_aliases as (
    select
        row_id,
        {{ exploded('aliases') }} as alias_text
    from entries
),

aliases as (
    select
        texts_of_aliases.row_id,
        coalesce(listed_names.spelling, texts_of_aliases.alias_text) as spelling,
        coalesce(nullif(listed_names.name_role, 'name'), 'alias') as name_role
    from texts_of_aliases
    left join listed_names on texts_of_aliases.alias_text = listed_names.text and not listed_names.is_note
),

notes as (
    select
        entries.row_id,
        listed_names.spelling,
        listed_names.name_role
    from entries
    inner join listed_names on entries.note = listed_names.text and listed_names.is_note
),

spelled as (
    select * from names
    union
    select * from aliases
    union
    select * from notes
),

final as (
    select
        row_id,
        spelling,
        -- What a text says of a name tells more than that it is one of several.
        {{ first_value_by('name_role', list_name_rank('name_role')) }} as name_role
    from spelled
    where spelling is not null
    group by row_id, spelling
)

select * from final
