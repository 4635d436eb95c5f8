with awards as (
    select * from {{ ref('stg_award') }}
),

-- An award that the newest state of its process no longer has is gone; of one whose source tells no states, each
-- telling is looked at.
final as (
    select
        awards.*,
        newest.process_status
    from awards
    {{ told_by_newest_state('awards') }}
)

select * from final
