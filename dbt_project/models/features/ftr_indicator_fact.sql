with indicators as (
    select * from {{ ref('indicator') }}
),

-- A reader knows a list by its title.
list_titles as (
    select
        source_name,
        min(title) as title
    from {{ source('ingest', 'source_load') }}
    group by source_name
),

adverse_findings as (
    select
        findings.row_id as fact_id,
        findings.supplier_id,
        findings.facility_id as site_id,
        findings.indicator_id,
        'adverse' as kind,
        findings.strength,
        findings.source_type,
        findings.found_on as event_date,
        'audit ' || findings.audit_key as origin_event_id,
        findings.is_closure_verified_by_workers as closure_verified_by_workers,
        'reported' as confirmed_by,
        findings.description,
        'fct_audit_finding' as source_table,
        findings.row_id as source_key,
        findings.source_id,
        findings.snapshot_sha256,
        findings.record_no as source_record_no
    from {{ ref('int_adverse_findings') }} as findings
),

clean_audits as (
    select
        clean.row_id || ':clean:' || clean.indicator_id as fact_id,
        clean.supplier_id,
        clean.facility_id as site_id,
        clean.indicator_id,
        'clean' as kind,
        clean.source_type,
        clean.found_on as event_date,
        'audit ' || clean.audit_key as origin_event_id,
        'reported' as confirmed_by,
        clean.description,
        clean.interviewed_workers,
        'fct_audit_finding' as source_table,
        clean.row_id as source_key,
        clean.source_id,
        clean.snapshot_sha256,
        clean.record_no as source_record_no
    from {{ ref('int_clean_audit_indicators') }} as clean
),

audit_facts as (
    select * from adverse_findings
    union all by name
    select * from clean_audits
),

class_strengths as (
    select
        classes.survey_class,
        least_points.strength as strength_maximum,
        least_points.points as points_maximum
    from {{ ref('survey_class_strength') }} as classes
    inner join {{ ref('strength') }} as least_points on classes.strength_maximum = least_points.strength
),

survey_facts as (
    select
        surveys.release_id as fact_id,
        surveys.supplier_id,
        surveys.facility_id as site_id,
        surveys.indicator_id,
        case when surveys.class = 'clean' then 'clean' else 'adverse' end as kind,
        case
            when surveys.class = 'clean' then null
            when own.points > class_strengths.points_maximum then class_strengths.strength_maximum
            else indicators.default_strength
        end as strength,
        surveys.source_type,
        surveys.wave_closed_on as event_date,
        case surveys.source_type when 'grievance' then 'grievance wave ' else 'survey wave ' end
        || surveys.wave_id as origin_event_id,
        'reported' as confirmed_by,
        case surveys.source_type when 'grievance' then 'Grievances and helpline, wave ' else 'Worker survey, wave ' end
        || surveys.wave_id || ': ' || case surveys.class
            when 'clean' then 'likely at or below the threshold'
            when 'fires' then 'likely above the threshold'
            else 'very likely above the threshold'
        end as description,
        surveys.respondents_at_least,
        surveys.is_coached,
        'fct_survey_indicator' as source_table,
        surveys.release_id as source_key,
        surveys.release_id
    from {{ ref('fct_survey_indicator') }} as surveys
    inner join indicators on surveys.indicator_id = indicators.indicator_id
    left join {{ ref('strength') }} as own on indicators.default_strength = own.strength
    left join class_strengths on surveys.class = class_strengths.survey_class
    where surveys.class in ('fires', 'fires_strongly', 'clean')
),

list_facts as (
    select
        matches.match_id as fact_id,
        matches.supplier_id,
        matches.feeds_indicator as indicator_id,
        'adverse' as kind,
        indicators.default_strength as strength,
        'official_order' as source_type,
        coalesce(matches.listed_on, matches.ended_on) as event_date,
        matches.list_status in ('in_force', 'modified', 'appealed') as in_force,
        matches.ended_on,
        'list ' || matches.list_name || ' ' || matches.entry_ref as origin_event_id,
        matches.confirmed_by,
        matches.second_hand,
        matches.list_status = 'appealed' as contested,
        coalesce(list_titles.title, 'List ' || matches.list_name)
        || coalesce(' (' || matches.programme || ')', '') || ': ' || matches.entry_name_published
        || ', ' || replace(matches.list_status, '_', ' ')
        || case
            when matches.list_status = 'ended' and matches.ended_on is null
                then ' on a day that the list does not give, so it fades from the day of listing'
            else ''
        end as description,
        'fct_list_match' as source_table,
        matches.row_id as source_key,
        matches.source_id,
        matches.snapshot_sha256,
        matches.record_no as source_record_no
    from {{ ref('fct_list_match') }} as matches
    inner join indicators on matches.feeds_indicator = indicators.indicator_id
    left join list_titles on matches.source_id = list_titles.source_name
    where
        matches.match_status = 'confirmed'
        -- An act that is over fades from a day; without any day there is nothing to fade from.
        and (
            matches.list_status in ('in_force', 'modified', 'appealed')
            or coalesce(matches.listed_on, matches.ended_on) is not null
        )
),

facts as (
    select * from audit_facts
    union all by name
    select * from survey_facts
    union all by name
    select * from list_facts
    union all by name
    select * from {{ ref('int_procurement_facts') }}
    union all by name
    select * from {{ ref('int_report_facts') }}
    union all by name
    select * from {{ ref('int_shared_agent_facts') }}
    union all by name
    select * from {{ ref('int_mitigation_facts') }}
),

final as (
    select
        fact_id,
        supplier_id,
        site_id,
        indicator_id,
        kind,
        strength,
        source_type,
        event_date,
        coalesce(in_force, false) as in_force,
        ended_on,
        origin_event_id,
        confirmed_by,
        coalesce(second_hand, false) as second_hand,
        coalesce(contested, false) as contested,
        coalesce(closure_verified_by_workers, false) as closure_verified_by_workers,
        row_points,
        set_aside_reason,
        description,
        interviewed_workers,
        respondents_at_least,
        is_coached,
        source_table,
        source_key,
        source_id,
        snapshot_sha256,
        source_record_no,
        release_id
    from facts
    where supplier_id is not null
)

select * from final
