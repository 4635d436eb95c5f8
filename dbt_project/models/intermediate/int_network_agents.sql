with records as (
    select * from {{ ref('int_supplier_records') }}
),

entities as (
    select * from {{ ref('int_entities_resolved') }}
),

named_agents as (
    select
        *,
        coalesce(country_code, '') || ' ' || {{ text_key('agent_name') }} as agent_key
    from records
    where {{ text_key('agent_name') }} is not null
),

-- Agents are often natural persons and sources do not say which: they go by a number and never by name.
numbered_agents as (
    select
        agent_key,
        'G' || row_number() over (order by sha256(agent_key)) as agent_no
    from named_agents
    group by agent_key
),

final as (
    select
        named_agents.row_id || ':agent' as edge_id,
        named_agents.row_id,
        named_agents.source_id,
        named_agents.snapshot_sha256,
        named_agents.record_no,
        named_agents.known_on,
        'labour_agent' as edge_kind,
        entities.supplier_id as subject_id,
        numbered_agents.agent_no as party_id,
        'labour_agent' as party_kind,
        numbered_agents.agent_no as party_ref,
        'labour agent' as party_name
    from named_agents
    inner join entities on named_agents.supplier_ref = entities.supplier_ref
    inner join numbered_agents on named_agents.agent_key = numbered_agents.agent_key
    where entities.is_supplier
)

select * from final
