with edges as (
    select * from {{ ref('int_network_edges') }}
),

parties as (
    select * from {{ ref('dim_network_party') }}
),

final as (
    select
        edges.edge_id,
        edges.row_id,
        edges.source_id,
        edges.snapshot_sha256,
        edges.record_no,
        edges.known_on,
        edges.edge_kind,
        edges.subject_id,
        edges.party_id,
        edges.supplier_id,
        edges.party_supplier_id,
        edges.party_ref,
        parties.party_kind,
        parties.name as party_name_published,
        edges.interest,
        edges.share_minimum,
        edges.share_maximum,
        edges.is_declared,
        edges.valid_from,
        edges.valid_to
    from edges
    inner join parties on edges.party_id = parties.party_id
)

select * from final
