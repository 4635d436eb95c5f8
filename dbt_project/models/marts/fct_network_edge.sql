with edges as (
    select * from {{ ref('stg_ownership_edge') }}
),

records as (
    select * from {{ ref('int_supplier_records') }}
),

entities as (
    select * from {{ ref('int_entities_resolved') }}
),

ownership as (
    select
        edges.row_id || ':ownership' as edge_id,
        edges.row_id,
        edges.source_id,
        edges.snapshot_sha256,
        edges.record_no,
        subjects.supplier_id,
        'ownership' as edge_kind,
        parties.supplier_id as party_supplier_id,
        case
            when edges.party_kind = 'company' then edges.party_ref
            when edges.party_kind = 'person' then {{ short_id('P', 'edges.party_ref') }}
        end as party_ref,
        case
            when edges.party_kind = 'company' then edges.party_name
            when edges.party_kind = 'person' then 'natural person'
            else 'not disclosed'
        end as party_name_published,
        edges.interest,
        edges.share_minimum,
        edges.share_maximum,
        edges.started_on,
        edges.ended_on
    from edges
    inner join entities as subjects on edges.subject_ref = subjects.supplier_ref
    left join entities as parties
        on
            edges.party_ref = parties.supplier_ref
            and edges.party_kind = 'company'
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
        parties.supplier_id as party_supplier_id,
        records.parent_ref as party_ref
    from records
    inner join entities as subjects on records.supplier_ref = subjects.supplier_ref
    inner join entities as parties on records.parent_ref = parties.supplier_ref
    where subjects.supplier_id <> parties.supplier_id
),

-- Agents are often natural persons and sources do not say which: they go by a key and never by name.
agents as (
    select
        records.row_id || ':agent' as edge_id,
        records.row_id,
        records.source_id,
        records.snapshot_sha256,
        records.record_no,
        subjects.supplier_id,
        'labour_agent' as edge_kind,
        {{ short_id('G', "coalesce(records.country_code, '') || ' ' || " ~ text_key('records.agent_name')) }}
            as party_ref,
        'labour agent' as party_name_published
    from records
    inner join entities as subjects on records.supplier_ref = subjects.supplier_ref
    where {{ text_key('records.agent_name') }} is not null
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
