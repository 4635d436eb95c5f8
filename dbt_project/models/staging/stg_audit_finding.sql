with source as (
    select * from {{ source('canonical', 'audit_finding') }}
),

final as (
    select
        row_id,
        source_id,
        snapshot_sha256,
        record_no,
        known_on,
        finding_ref,
        audit_ref,
        facility_ref,
        supplier_ref,
        scheme,
        issue_code,
        title as issue_title,
        grade,
        outcome,
        case when status = 'closed' and closed_on > {{ as_of() }} then 'open' else status end as finding_status,
        found_on,
        {{ only_if_past('closed_on') }} as closed_on,
        case when {{ known_by_as_of('closed_on') }} then closure_verified_by end as closure_verified_by,
        source_type,
        interviewed_workers
    from source
    where
        {{ known_by_as_of('known_on') }}
        and {{ known_by_as_of('found_on') }}
)

select * from final
