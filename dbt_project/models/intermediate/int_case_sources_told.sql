with entries as (
    select * from {{ ref('dim_list_entry') }}
),

findings as (
    select * from {{ ref('fct_audit_finding') }}
),

case_sources as (
    select * from {{ ref('confirmed_case_source') }}
),

told as (
    select
        feeds_indicator as indicator_id,
        'list' as found_in,
        source_id
    from entries
    where not second_hand
    union all
    select
        case_sources.indicator_id,
        findings.source_type as found_in,
        findings.source_id
    from findings
    inner join case_sources on findings.source_type = case_sources.found_in
),

final as (
    select distinct
        told.source_id,
        told.indicator_id
    from told
    inner join case_sources
        on
            told.indicator_id = case_sources.indicator_id
            and told.found_in = case_sources.found_in
)

select * from final
