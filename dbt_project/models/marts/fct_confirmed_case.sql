with matches as (
    select * from {{ ref('fct_list_match') }}
),

findings as (
    select * from {{ ref('int_adverse_findings') }}
),

loads as (
    select
        source_name,
        min(title) as title
    from {{ source('ingest', 'source_load') }}
    group by source_name
),

case_sources as (
    select * from {{ ref('confirmed_case_source') }}
),

-- An act under appeal is doubtful and ties nobody to it; one that ended fades from its end.
listed as (
    select
        matches.match_id as case_id,
        matches.supplier_id,
        cast(null as varchar) as facility_id,
        matches.feeds_indicator as indicator_id,
        'list' as found_in,
        matches.list_status in ('in_force', 'modified') as in_force,
        coalesce(matches.ended_on, matches.listed_on) as fades_from,
        coalesce(loads.title, 'List ' || matches.list_name) as told_by,
        matches.row_id,
        matches.source_id,
        matches.snapshot_sha256,
        matches.record_no
    from matches
    left join loads on matches.source_id = loads.source_name
    where
        matches.match_status = 'confirmed'
        and matches.list_status in ('in_force', 'modified', 'ended')
        and not matches.second_hand
),

observed as (
    select
        findings.row_id as case_id,
        findings.supplier_id,
        findings.facility_id,
        findings.indicator_id,
        findings.source_type as found_in,
        false as in_force,
        findings.found_on as fades_from,
        coalesce(loads.title, findings.source_id) as told_by,
        findings.row_id,
        findings.source_id,
        findings.snapshot_sha256,
        findings.record_no
    from findings
    left join loads on findings.source_id = loads.source_name
    where not findings.is_closure_verified_by_workers
),

told as (
    select * from listed
    union all
    select * from observed
),

final as (
    select
        told.case_id,
        told.row_id,
        told.source_id,
        told.snapshot_sha256,
        told.record_no,
        told.supplier_id,
        told.facility_id,
        told.indicator_id,
        told.told_by,
        told.in_force,
        case when not told.in_force then told.fades_from end as fades_from
    from told
    inner join case_sources
        on
            told.indicator_id = case_sources.indicator_id
            and told.found_in = case_sources.found_in
    where
        told.supplier_id is not null
        and (told.in_force or told.fades_from is not null)
)

select * from final
