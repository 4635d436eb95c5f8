with identifiers as (
    select * from {{ ref('int_list_entry_identifiers') }}
),

entries as (
    select * from {{ ref('dim_list_entry') }}
    -- Of a natural person no identifier is published.
    where entry_kind <> 'person'
),

final as (
    select
        identifiers.row_id,
        identifiers.method,
        identifiers.link_key
    from identifiers
    inner join entries on identifiers.row_id = entries.row_id
)

select * from final
