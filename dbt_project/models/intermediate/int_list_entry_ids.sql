with entries as (
    select * from {{ ref('stg_list_entry') }}
),

-- The reference of a person may hold the name, and a hash of a name can be guessed: list, programme and day stand in.
keyed as (
    select
        row_id,
        source_id,
        record_no,
        entry_ref,
        programme,
        listed_on,
        ended_on,
        entry_name,
        case
            when entry_kind = 'person' then concat_ws(' ', list_name, 'person', programme, cast(listed_on as varchar))
            else list_name || ' ' || entry_ref
        end as entry_key
    from entries
),

-- A list may hold an entry twice, with other days or programmes.
numbered as (
    select
        row_id,
        entry_key,
        row_number() over (
            partition by entry_key
            order by source_id, entry_ref, listed_on nulls first, programme, ended_on, entry_name, record_no, row_id
        ) as place
    from keyed
),

final as (
    select
        row_id,
        {{ short_id('E', "entry_key || case when place > 1 then ' ' || place else '' end") }} as entry_id
    from numbered
)

select * from final
