with edges as (
    select * from {{ ref('stg_ownership_edge') }}
),

records as (
    select * from {{ ref('int_supplier_records') }}
),

entities as (
    select * from {{ ref('int_entities_resolved') }}
),

suppliers as (
    select
        supplier_ref,
        supplier_id
    from entities
    where is_supplier
),

-- What the other party is, the statement says or its own record shows.
parties as (
    select
        supplier_ref as party_ref,
        bool_or(is_natural_person) as is_natural_person,
        {{ first_value_by('supplier_name', 'is_declared desc, row_id') }} as party_name
    from records
    group by supplier_ref
),

owners as (
    select
        edges.*,
        coalesce(edges.party_name, parties.party_name) as known_party_name,
        case
            when parties.is_natural_person then 'person'
            when edges.party_kind is not null then edges.party_kind
            when parties.party_ref is not null then 'company'
            when edges.party_ref is null then 'anonymous'
            else 'unknown'
        end as known_party_kind
    from edges
    left join parties on edges.party_ref = parties.party_ref
),

-- The hash of a person's name or reference can be guessed, a place in the order of hashes cannot.
persons as (
    select
        party_ref,
        'P' || row_number() over (order by sha256(party_ref)) as person_no
    from owners
    where known_party_kind = 'person'
    group by party_ref
),

ownership as (
    select
        owners.row_id || ':ownership' as edge_id,
        owners.row_id,
        owners.source_id,
        owners.snapshot_sha256,
        owners.record_no,
        subjects.supplier_id,
        'ownership' as edge_kind,
        case when owners.known_party_kind = 'company' then owning_suppliers.supplier_id end as party_supplier_id,
        case
            when owners.known_party_kind in ('company', 'unknown') then owners.party_ref
            else persons.person_no
        end as party_ref,
        case owners.known_party_kind
            when 'company' then owners.known_party_name
            when 'person' then 'natural person'
            when 'anonymous' then 'not disclosed'
            else 'not described by its source'
        end as party_name_published,
        owners.interest,
        owners.share_minimum,
        owners.share_maximum,
        owners.started_on,
        owners.ended_on
    from owners
    inner join suppliers as subjects on owners.subject_ref = subjects.supplier_ref
    left join suppliers as owning_suppliers on owners.party_ref = owning_suppliers.supplier_ref
    left join persons on owners.party_ref = persons.party_ref
),

parents as (
    select
        records.row_id || ':parent' as edge_id,
        records.row_id,
        records.source_id,
        records.snapshot_sha256,
        records.record_no,
        subjects.supplier_id,
        'parent' as edge_kind,
        owning_suppliers.supplier_id as party_supplier_id,
        records.parent_ref as party_ref
    from records
    inner join suppliers as subjects on records.supplier_ref = subjects.supplier_ref
    inner join suppliers as owning_suppliers on records.parent_ref = owning_suppliers.supplier_ref
    where subjects.supplier_id <> owning_suppliers.supplier_id
),

named_agents as (
    select
        row_id,
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

agents as (
    select
        records.row_id || ':agent' as edge_id,
        records.row_id,
        records.source_id,
        records.snapshot_sha256,
        records.record_no,
        subjects.supplier_id,
        'labour_agent' as edge_kind,
        numbered_agents.agent_no as party_ref,
        'labour agent' as party_name_published
    from records
    inner join suppliers as subjects on records.supplier_ref = subjects.supplier_ref
    inner join named_agents on records.row_id = named_agents.row_id
    inner join numbered_agents on named_agents.agent_key = numbered_agents.agent_key
),

final as (
    select * from ownership
    union all by name
    select * from parents
    union all by name
    select * from agents
)

select
    edge_id,
    row_id,
    source_id,
    snapshot_sha256,
    record_no,
    supplier_id,
    edge_kind,
    party_supplier_id,
    party_ref,
    party_name_published,
    interest,
    share_minimum,
    share_maximum,
    started_on,
    ended_on
from final
