with bids as (
    select * from {{ ref('stg_bid') }}
),

newest as (
    select * from {{ ref('int_process_states') }}
),

followed as (
    select distinct
        process_ref,
        source_id
    from {{ ref('stg_contracting_process') }}
),

entities as (
    select * from {{ ref('int_entities_resolved') }}
),

-- As with awards: a bid that the newest state of its process no longer has is gone.
told as (
    select bids.*
    from bids
    left join newest on bids.process_ref = newest.process_ref
    left join followed
        on
            bids.process_ref = followed.process_ref
            and bids.source_id = followed.source_id
    where
        followed.process_ref is null
        or (
            bids.source_id = newest.source_id
            and bids.snapshot_sha256 = newest.snapshot_sha256
            and bids.record_no = newest.record_no
            and bids.state_no = newest.state_no
        )
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
