with records as (
    select * from {{ ref('int_supplier_records') }}
),

entities as (
    select * from {{ ref('int_entities_resolved') }}
),

parties as (
    select * from {{ ref('int_network_references') }}
),

final as (
    select
        records.row_id || ':parent' as edge_id,
        records.row_id,
        records.source_id,
        records.snapshot_sha256,
        records.record_no,
        records.known_on,
        'parent' as edge_kind,
        entities.supplier_id as subject_id,
        parties.party_id,
        parties.party_kind,
        parties.party_ref,
        parties.party_name
    from records
    inner join entities on records.supplier_ref = entities.supplier_ref
    inner join parties on records.parent_ref = parties.reference
    where entities.supplier_id <> parties.party_id
)

select * from final
