with findings as (
    select * from {{ ref('stg_audit_finding') }}
),

site_references as (
    select * from {{ ref('int_site_references') }}
),

facilities as (
    select * from {{ ref('int_facilities_resolved') }}
),

crosswalk as (
    select * from {{ ref('int_audit_issue_crosswalk') }}
),

final as (
    select
        findings.row_id as finding_id,
        findings.row_id,
        findings.source_id,
        findings.snapshot_sha256,
        findings.record_no,
        findings.known_on,
        site_references.supplier_id,
        facilities.facility_id,
        case when crosswalk.is_verified then crosswalk.indicator_id end as indicator_id,
        case when not crosswalk.is_verified then crosswalk.indicator_id end as possible_indicator_id,
        {{ issue_mapping_state('findings', 'crosswalk') }} as mapping_state,
        findings.audit_ref,
        findings.scheme,
        findings.issue_code,
        findings.issue_title as title,
        findings.grade,
        findings.outcome,
        findings.finding_status as status,
        findings.found_on,
        findings.closed_on,
        findings.closure_verified_by,
        findings.source_type,
        findings.interviewed_workers
    from findings
    left join site_references
        on
            findings.supplier_ref is not distinct from site_references.supplier_ref
            and findings.facility_ref is not distinct from site_references.facility_ref
    left join facilities
        on
            site_references.supplier_id = facilities.supplier_id
            and site_references.facility_ref = facilities.facility_ref
    left join crosswalk
        on
            findings.scheme = crosswalk.scheme
            and findings.issue_code = crosswalk.issue_code
)

select * from final
