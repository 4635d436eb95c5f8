with mitigations as (
    select * from {{ ref('fct_mitigation') }}
    where supplier_id is not null
),

kinds as (
    select * from {{ ref('mitigation_kind') }}
),

verifiers as (
    select * from {{ ref('mitigation_verifier') }}
),

final as (
    select
        mitigations.row_id as fact_id,
        mitigations.supplier_id,
        mitigations.facility_id as site_id,
        'M01' as indicator_id,
        'mitigation' as kind,
        verifiers.source_type,
        coalesce(mitigations.verified_on, mitigations.valid_from) as event_date,
        -- What was done at a site counts once, however often it is recorded.
        'mitigation ' || mitigations.mitigation_kind || ' of ' || mitigations.supplier_id as origin_event_id,
        'reported' as confirmed_by,
        kinds.points as row_points,
        case mitigations.status
            when 'ended' then 'it has ended'
            when 'not verified by workers' then 'workers did not verify it'
            when 'verified on no known day' then 'no day is given on which workers verified it'
            when 'site not known' then 'the site that it names is not known'
        end as set_aside_reason,
        kinds.name || ', verified by ' || verifiers.name as description,
        'fct_mitigation' as source_table,
        mitigations.row_id as source_key,
        mitigations.source_id,
        mitigations.snapshot_sha256,
        mitigations.record_no as source_record_no
    from mitigations
    inner join kinds on mitigations.mitigation_kind = kinds.mitigation_kind
    inner join verifiers on mitigations.verified_by = verifiers.verified_by
)

select * from final
