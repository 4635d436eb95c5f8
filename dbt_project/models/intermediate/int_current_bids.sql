with bids as (
    select * from {{ ref('stg_bid') }}
),

entities as (
    select * from {{ ref('int_entities_resolved') }}
),

-- As with awards: a bid that the newest state of its process no longer has is gone.
told as (
    select bids.*
    from bids
    {{ told_by_newest_state('bids') }}
    qualify row_number() over (
        partition by bids.bid_ref
        order by bids.known_on desc nulls last, bids.record_no desc, bids.row_id desc
    ) = 1
),

final as (
    select
        told.row_id,
        told.process_ref,
        told.bid_ref,
        told.supplier_ref,
        entities.supplier_id,
        told.tenderer_count,
        coalesce(lower(trim(told.bid_status)), 'valid') = 'valid' as is_valid,
        told.amount,
        upper(trim(told.currency)) as currency
    from told
    left join entities on told.supplier_ref = entities.supplier_ref
)

select * from final
