with suppliers as (
    select * from {{ ref('dim_supplier') }}
),

ties as (
    select * from {{ ref('ftr_network_tie') }}
),

tied as (
    select supplier_id
    from ties
    where supplier_id is not null
    union
    select party_supplier_id as supplier_id
    from ties
    where
        party_supplier_id is not null
        and carries_to_party
),

with_agents as (
    select distinct supplier_id
    from ties
    where
        edge_kind = 'labour_agent'
        and supplier_id is not null
),

looked as (
    select count(*) > 0 as are_cases_told from {{ ref('int_case_sources_told') }}
),

lacking as (
    select
        suppliers.supplier_id,
        'W01' as indicator_id,
        'ownership, agents, addresses or subcontractors' as missing
    from suppliers
    left join tied on suppliers.supplier_id = tied.supplier_id
    where tied.supplier_id is null
    union all
    select
        suppliers.supplier_id,
        'W02' as indicator_id,
        'labour agents' as missing
    from suppliers
    left join with_agents on suppliers.supplier_id = with_agents.supplier_id
    where with_agents.supplier_id is null
    union all
    select
        suppliers.supplier_id,
        indicators.indicator_id,
        'a source of confirmed cases' as missing
    from suppliers
    cross join (values ('W01'), ('W02')) as indicators (indicator_id)
    cross join looked
    where not looked.are_cases_told
),

final as (
    select
        supplier_id,
        cast(null as varchar) as site_id,
        indicator_id,
        missing
    from lacking
)

select * from final
