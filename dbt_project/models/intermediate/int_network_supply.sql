with links as (
    select * from {{ ref('stg_supply_link') }}
),

parties as (
    select * from {{ ref('int_network_references') }}
),

final as (
    select
        links.row_id || ':' || links.link_kind as edge_id,
        links.row_id,
        links.source_id,
        links.snapshot_sha256,
        links.record_no,
        links.known_on,
        links.link_kind as edge_kind,
        customers.party_id as subject_id,
        working.party_id,
        working.party_kind,
        working.party_ref,
        working.party_name,
        links.description as interest,
        links.is_declared,
        links.started_on as valid_from,
        links.ended_on as valid_to
    from links
    inner join parties as customers on links.customer_ref = customers.reference
    inner join parties as working on links.supplier_ref = working.reference
    where customers.party_id <> working.party_id
)

select * from final
