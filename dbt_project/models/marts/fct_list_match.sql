with matches as (
    select * from {{ ref('int_list_matches') }}
),

entries as (
    select * from {{ ref('dim_list_entry') }}
),

final as (
    select
        matches.match_id,
        matches.supplier_id,
        entries.row_id,
        entries.source_id,
        entries.snapshot_sha256,
        entries.record_no,
        entries.list_name,
        entries.entry_ref,
        matches.entry_id,
        entries.name as entry_name_published,
        entries.programme,
        matches.matched_on,
        matches.match_status,
        matches.confirmed_by,
        matches.match_weight,
        matches.explanation,
        matches.first_known_on,
        matches.is_new,
        entries.status as list_status,
        entries.listed_on,
        entries.ended_on,
        entries.feeds_indicator,
        matches.gates,
        entries.second_hand
    from matches
    inner join entries on matches.row_id = entries.row_id
)

select * from final
