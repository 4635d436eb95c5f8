with entries as (
    select
        staged.*,
        entry_ids.entry_id
    from {{ ref('stg_list_entry') }} as staged
    inner join {{ ref('int_list_entry_ids') }} as entry_ids on staged.row_id = entry_ids.row_id
    where not (staged.entry_kind = 'person' and staged.list_status = 'ended')
),

final as (
    select
        row_id,
        source_id,
        snapshot_sha256,
        record_no,
        known_on,
        case when entry_kind = 'person' then row_id else entry_ref end as entry_ref,
        entry_id,
        list_name,
        programme,
        entry_kind,
        case
            when entry_kind = 'person' then 'natural person, list ' || list_name || ', entry ' || row_id
            else entry_name
        end as name,
        country_code,
        listed_on,
        ended_on,
        list_status as status,
        feeds_indicator,
        is_second_hand as second_hand
    from entries
)

select * from final
