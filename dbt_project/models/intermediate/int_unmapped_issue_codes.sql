with findings as (
    select * from {{ ref('stg_audit_finding') }}
    where issue_code is not null
),

crosswalk as (
    select * from {{ ref('int_audit_issue_crosswalk') }}
),

final as (
    select
        findings.scheme,
        findings.issue_code,
        {{ issue_mapping_state('findings', 'crosswalk') }} as reason,
        count(*) as finding_count,
        min(findings.issue_title) as issue_title
    from findings
    left join crosswalk
        on
            findings.scheme = crosswalk.scheme
            and findings.issue_code = crosswalk.issue_code
    where
        crosswalk.indicator_id is null
        or not crosswalk.is_verified
    group by
        findings.scheme, findings.issue_code, crosswalk.issue_code, crosswalk.indicator_id, crosswalk.is_verified
)

select * from final
