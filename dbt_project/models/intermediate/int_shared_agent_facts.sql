with ties as (
    select * from {{ ref('ftr_network_tie') }}
    where
        edge_kind = 'labour_agent'
        and supplier_id is not null
),

cases as (
    select
        supplier_id,
        bool_or(in_force) as in_force,
        max(fades_from) as fades_from
    from {{ ref('fct_confirmed_case') }}
    group by supplier_id
),

clients as (
    select
        party_id,
        supplier_id,
        {{ first_value_by('edge_id', 'edge_id') }} as edge_id
    from ties
    group by party_id, supplier_id
),

shared as (
    select
        own.party_id,
        own.supplier_id,
        count(*) as case_count,
        bool_or(cases.in_force) as in_force,
        max(cases.fades_from) as fades_from
    from clients as own
    inner join clients as others
        on
            own.party_id = others.party_id
            and own.supplier_id <> others.supplier_id
    inner join cases on others.supplier_id = cases.supplier_id
    group by own.party_id, own.supplier_id
),

told as (
    select
        clients.supplier_id,
        clients.edge_id,
        clients.party_id,
        shared.case_count,
        case when shared.in_force then {{ as_of() }} else shared.fades_from end as shared_on,
        bool_or(shared.party_id is not null) over (partition by clients.supplier_id) as is_sharing
    from clients
    left join shared
        on
            clients.party_id = shared.party_id
            and clients.supplier_id = shared.supplier_id
),

looked as (
    select count(*) > 0 as are_cases_told from {{ ref('int_case_sources_told') }}
),

final as (
    select
        told.edge_id || ':W02' as fact_id,
        told.supplier_id,
        cast(null as varchar) as site_id,
        'W02' as indicator_id,
        case when told.is_sharing then 'adverse' else 'clean' end as kind,
        case when told.is_sharing then indicators.default_strength end as strength,
        'network' as source_type,
        -- A tie stands on the day; what fades is the case, from its end.
        case when told.is_sharing then told.shared_on else {{ as_of() }} end as event_date,
        'labour agent ' || told.party_id || ' of ' || told.supplier_id as origin_event_id,
        'reported' as confirmed_by,
        case
            when not told.is_sharing
                then 'No other company of labour agent ' || told.party_id || ' has a confirmed case'
            when told.case_count = 1
                then 'Shares labour agent ' || told.party_id || ' with another company that has a confirmed case'
            else
                'Shares labour agent ' || told.party_id || ' with ' || told.case_count
                || ' other companies that have a confirmed case'
        end as description,
        'fct_network_edge' as source_table,
        ties.row_id as source_key,
        ties.source_id,
        ties.snapshot_sha256,
        ties.record_no as source_record_no
    from told
    inner join ties on told.edge_id = ties.edge_id
    inner join {{ ref('indicator') }} as indicators on indicators.indicator_id = 'W02'
    cross join looked
    where
        looked.are_cases_told
        and (told.case_count is not null or not told.is_sharing)
)

select * from final
