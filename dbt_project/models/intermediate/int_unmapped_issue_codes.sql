with findings as (
    select * from {{ ref('stg_audit_finding') }}
    where issue_code is not null
),

crosswalk as (
    select * from {{ ref('audit_issue_crosswalk') }}
),

final as (
    select
        findings.scheme,
        findings.issue_code,
        case when crosswalk.issue_code is null then 'not in the crosswalk' else 'bears on no indicator' end as reason,
        count(*) as finding_count,
        min(findings.issue_title) as issue_title
    from findings
    left join crosswalk
        on
            findings.scheme = crosswalk.scheme
            and findings.issue_code = crosswalk.issue_code
    where crosswalk.indicator_id is null
    group by findings.scheme, findings.issue_code, crosswalk.issue_code
)

select * from final
