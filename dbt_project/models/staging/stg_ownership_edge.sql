with source as (
    select * from {{ source('canonical', 'ownership_edge') }}
),

final as (
    select
        row_id,
        source_id,
        snapshot_sha256,
        record_no,
        known_on,
        subject_ref,
        party_ref,
        party_name,
        party_kind,
        interest,
        share_minimum,
        share_maximum,
        started_on,
        {{ only_if_past('ended_on') }} as ended_on,
        statement_ref,
        stated_on
    from source
    where
        {{ known_by_as_of('known_on') }}
        and {{ known_by_as_of('started_on') }}
        and {{ known_by_as_of('stated_on') }}
)

select * from final
