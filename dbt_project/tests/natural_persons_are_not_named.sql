-- A listed person is published by list and entry only; its name must not slip through under any column.
with persons as (
    select
        row_id,
        entry_name
    from {{ ref('stg_list_entry') }}
    where entry_kind = 'person'
),

published as (
    select
        row_id,
        name as entry_name,
        entry_ref
    from {{ ref('dim_list_entry') }}
    union all
    select
        row_id,
        entry_name_published as entry_name,
        entry_ref
    from {{ ref('fct_list_match') }}
)

select published.row_id
from published
inner join persons on published.row_id = persons.row_id
where
    published.entry_name not like 'natural person, list %'
    or published.entry_ref <> published.row_id
union all
-- Neither has it another name or an identifier there.
select names.row_id
from {{ ref('dim_list_entry_name') }} as names
inner join persons on names.row_id = persons.row_id
union all
select identifiers.row_id
from {{ ref('dim_list_entry_identifier') }} as identifiers
inner join persons on identifiers.row_id = persons.row_id
