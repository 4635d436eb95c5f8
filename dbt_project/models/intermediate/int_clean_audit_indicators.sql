with findings as (
    select
        *,
        {{ audit_key('audit_findings') }} as audit_key
    from {{ ref('fct_audit_finding') }} as audit_findings
),

eligibility as (
    select * from {{ ref('indicator_eligibility') }}
    where eligible
),

schemes as (
    select * from {{ ref('audit_scheme') }}
    where clears_unfound
),

scheme_indicators as (
    select distinct
        crosswalk.scheme,
        crosswalk.indicator_id
    from {{ ref('int_audit_issue_crosswalk') }} as crosswalk
    inner join schemes on crosswalk.scheme = schemes.scheme
    where
        crosswalk.indicator_id is not null
        and crosswalk.is_verified
),

-- What an unverified mapping may mean clears nothing, even if it adds no points.
adverse as (
    select distinct
        audit_key,
        supplier_id,
        facility_id,
        coalesce(indicator_id, possible_indicator_id) as indicator_id
    from findings
    where
        outcome = 'adverse'
        and coalesce(indicator_id, possible_indicator_id) is not null
),

-- An audit that found nothing at all clears what its kind of source can see.
clear_audits as (
    select
        findings.*,
        eligibility.indicator_id as cleared_indicator_id,
        1 as clearing_order
    from findings
    inner join eligibility on findings.source_type = eligibility.source_type
    where
        findings.outcome = 'clean'
        and findings.issue_code is null
),

-- An audit that goes through a whole list clears what is on the list and was not found.
unfound as (
    select
        findings.*,
        eligibility.indicator_id as cleared_indicator_id,
        2 as clearing_order
    from findings
    inner join scheme_indicators on findings.scheme = scheme_indicators.scheme
    inner join eligibility
        on
            findings.source_type = eligibility.source_type
            and scheme_indicators.indicator_id = eligibility.indicator_id
),

-- A clean answer to one question clears that one, if with little weight, whatever its source.
clean_answers as (
    select
        findings.*,
        findings.indicator_id as cleared_indicator_id,
        0 as clearing_order
    from findings
    where
        findings.outcome = 'clean'
        and findings.indicator_id is not null
),

cleared as (
    select * from clear_audits
    union all
    select * from unfound
    union all
    select * from clean_answers
),

final as (
    select
        cleared.row_id,
        cleared.source_id,
        cleared.snapshot_sha256,
        cleared.record_no,
        cleared.supplier_id,
        cleared.facility_id,
        cleared.cleared_indicator_id as indicator_id,
        cleared.audit_key,
        cleared.source_type,
        cleared.found_on,
        case cleared.clearing_order
            when 0 then 'Clean answer: ' || coalesce(cleared.title, cleared.issue_code)
            when 1 then 'Audit found nothing'
            else 'Audit looked and did not find it'
        end || ' (' || cleared.scheme || ')' as description,
        cleared.interviewed_workers
    from cleared
    left join adverse
        on
            cleared.audit_key = adverse.audit_key
            and cleared.supplier_id is not distinct from adverse.supplier_id
            and cleared.facility_id is not distinct from adverse.facility_id
            and cleared.cleared_indicator_id = adverse.indicator_id
    where adverse.audit_key is null
    qualify row_number() over (
        partition by cleared.audit_key, cleared.supplier_id, cleared.facility_id, cleared.cleared_indicator_id
        order by cleared.clearing_order, cleared.row_id
    ) = 1
)

select * from final
