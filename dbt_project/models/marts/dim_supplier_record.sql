with records as (
    select * from {{ ref('int_supplier_records') }}
),

entities as (
    select * from {{ ref('int_entities_resolved') }}
),

final as (
    select
        entities.supplier_id,
        records.row_id,
        records.source_id,
        records.snapshot_sha256,
        records.record_no,
        records.known_on,
        case when records.is_natural_person then records.row_id else records.supplier_ref end as supplier_ref,
        records.supplier_name as name,
        case when records.is_declared then entities.matched_by else 'mention' end as matched_by
    from records
    inner join entities on records.supplier_ref = entities.supplier_ref
    where entities.is_supplier
)

select * from final
