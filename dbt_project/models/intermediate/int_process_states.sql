with states as (
    select * from {{ ref('stg_contracting_process') }}
),

final as (
    select *
    from states
    qualify row_number() over (
        partition by process_ref
        order by known_on desc nulls last, state_no desc, source_id asc, record_no desc, row_id desc
    ) = 1
)

select * from final
