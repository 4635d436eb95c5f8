with findings as (
    select * from {{ ref('fct_audit_finding') }}
    where outcome = 'adverse'
),

crosswalk as (
    select * from {{ ref('int_audit_issue_crosswalk') }}
),

indicators as (
    select * from {{ ref('indicator') }}
),

final as (
    select
        findings.row_id,
        findings.source_id,
        findings.snapshot_sha256,
        findings.record_no,
        findings.supplier_id,
        findings.facility_id,
        findings.indicator_id,
        {{ audit_key('findings') }} as audit_key,
        findings.source_type,
        findings.found_on,
        coalesce(crosswalk.strength, indicators.default_strength) as strength,
        coalesce(findings.status = 'closed' and findings.closure_verified_by = 'workers', false)
            as is_closure_verified_by_workers,
        coalesce(findings.title, crosswalk.observed_as, indicators.name)
        || ' (' || findings.scheme || ' ' || findings.issue_code || coalesce(', ' || findings.grade, '') || ')'
            as description
    from findings
    inner join crosswalk
        on
            findings.scheme = crosswalk.scheme
            and findings.issue_code = crosswalk.issue_code
    inner join indicators on findings.indicator_id = indicators.indicator_id
    where
        -- Some issues bear on their indicator only when they are grave; lesser grades stay visible as findings.
        crosswalk.minimum_grade is null
        or {{ grade_rank('findings.grade') }} >= {{ grade_rank('crosswalk.minimum_grade') }}
)

select * from final
