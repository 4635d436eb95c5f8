with mitigations as (
    select * from {{ ref('stg_mitigation') }}
),

entities as (
    select * from {{ ref('int_entities_resolved') }}
    where is_supplier
),

facilities as (
    select * from {{ ref('int_facilities_resolved') }}
),

verifiers as (
    select * from {{ ref('mitigation_verifier') }}
),

final as (
    select
        mitigations.row_id,
        mitigations.source_id,
        mitigations.snapshot_sha256,
        mitigations.record_no,
        mitigations.known_on,
        mitigations.mitigation_ref,
        entities.supplier_id,
        facilities.facility_id,
        mitigations.mitigation_kind,
        mitigations.verified_by,
        verifiers.is_by_workers as is_verified_by_workers,
        mitigations.verified_on,
        mitigations.valid_from,
        mitigations.valid_to,
        case
            when mitigations.valid_to < {{ as_of() }} then 'ended'
            when not verifiers.is_by_workers then 'not verified by workers'
            when mitigations.verified_on is null then 'verified on no known day'
            when mitigations.facility_ref is not null and facilities.facility_id is null then 'site not known'
            else 'counts'
        end as status,
        mitigations.evidence_ref
    from mitigations
    inner join verifiers on mitigations.verified_by = verifiers.verified_by
    left join entities on mitigations.supplier_ref = entities.supplier_ref
    left join facilities
        on
            entities.supplier_id = facilities.supplier_id
            and mitigations.facility_ref = facilities.facility_ref
)

select * from final
