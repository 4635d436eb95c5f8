with edges as (
    select * from {{ ref('fct_network_edge') }}
),

parties as (
    select * from {{ ref('dim_network_party') }}
),

ties as (
    select * from {{ ref('exposure_tie') }}
),

-- A tie says little where very many share the party; nothing is carried through it.
final as (
    select
        edges.edge_id,
        edges.row_id,
        edges.source_id,
        edges.snapshot_sha256,
        edges.record_no,
        edges.edge_kind,
        edges.subject_id,
        edges.party_id,
        edges.supplier_id,
        edges.party_supplier_id,
        ties.carries_to_party
    from edges
    inner join ties on edges.edge_kind = ties.edge_kind
    inner join parties as subjects on edges.subject_id = subjects.party_id
    inner join parties as others on edges.party_id = others.party_id
    where
        edges.valid_to is null
        and edges.subject_id <> edges.party_id
        and not subjects.is_hub
        and not others.is_hub
)

select * from final
