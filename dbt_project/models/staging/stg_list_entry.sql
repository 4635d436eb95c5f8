with source as (
    select * from {{ source('canonical', 'list_entry') }}
),

known as (
    select * from source
    where
        {{ known_by_as_of('known_on') }}
        and {{ known_by_as_of('listed_on') }}
),

-- An entry that a later edition of its list tells again is as that edition says, from the day on which it was known.
newest as (
    select *
    from known
    qualify known_on is not distinct from max(known_on) over (partition by list_name, entry_ref)
),

final as (
    select
        row_id,
        source_id,
        snapshot_sha256,
        record_no,
        known_on,
        entry_ref,
        list_name,
        programme,
        coalesce(entry_kind, 'unknown') as entry_kind,
        name as entry_name,
        aliases,
        country_code,
        region,
        locality,
        address,
        lei,
        os_id,
        tax_number,
        company_number,
        other_identifier,
        industry,
        listed_on,
        ended_on,
        -- An end that has passed ends it, whatever the list says; without one an entry stands.
        case
            when ended_on <= {{ as_of() }} then 'ended'
            when status = 'ended' and ended_on > {{ as_of() }} then 'in_force'
            else coalesce(status, 'in_force')
        end as list_status,
        feeds_indicator,
        coalesce(second_hand, false) as is_second_hand,
        note
    from newest
)

select * from final
