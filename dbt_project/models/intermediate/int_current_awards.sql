with awards as (
    select * from {{ ref('stg_award') }}
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

-- An award that the newest state of its process no longer has is gone; of one whose source tells no states, each
-- telling is looked at.
final as (
    select
        awards.*,
        newest.process_status
    from awards
    left join newest on awards.process_ref = newest.process_ref
    left join followed
        on
            awards.process_ref = followed.process_ref
            and awards.source_id = followed.source_id
    where
        followed.process_ref is null
        or (
            awards.source_id = newest.source_id
            and awards.snapshot_sha256 = newest.snapshot_sha256
            and awards.record_no = newest.record_no
            and awards.state_no = newest.state_no
        )
)

select * from final
