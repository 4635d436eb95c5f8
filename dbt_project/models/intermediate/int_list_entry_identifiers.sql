{{ config(tags='linkage') }}

with entries as (
    select * from {{ ref('stg_list_entry') }}
    -- A good from somewhere is on the list, not a company.
    where entry_kind <> 'good'
),

identifiers as (
    {{ identifier_rows('entries', 'row_id') }}
),

final as (
    select
        row_id,
        method,
        method_rank,
        link_key
    from identifiers
    where link_key is not null
)

select * from final
