with awards as (
    select * from {{ ref('stg_award') }}
),

entities as (
    select * from {{ ref('int_entities_resolved') }}
),

final as (
    select
        awards.row_id,
        awards.source_id,
        awards.snapshot_sha256,
        awards.record_no,
        entities.supplier_id,
        awards.award_ref,
        awards.process_ref,
        awards.buyer_ref,
        awards.buyer_name,
        awards.award_status as status,
        awards.awarded_on,
        cast(awards.amount as decimal(20, 2)) as amount,
        awards.currency,
        awards.classification_scheme,
        awards.classification_code,
        awards.labour_hours
    from awards
    inner join entities on awards.supplier_ref = entities.supplier_ref
    -- An amendment tells the award again: the newest telling counts.
    qualify row_number() over (
        partition by awards.award_ref, entities.supplier_id
        order by awards.known_on desc nulls last, awards.record_no desc, awards.row_id desc
    ) = 1
)

select * from final
