with rules as (
    {{ procurement_rules(['minimum_peers', 'fence_factor', 'assessed_share_minimum']) }}
),

suppliers as (
    select supplier_id from {{ ref('dim_supplier') }}
),

loaded as (
    select count(*) > 0 as has_awards from {{ ref('fct_award') }}
),

gaps as (
    select * from {{ ref('int_bid_gaps') }}
),

peer_values as (
    select
        sector_key as peer_group,
        supplier_id as member_id,
        row_id as value_id,
        bid_gap as value
    from gaps
    where
        is_labour_intensive
        and bid_gap is not null
),

{{ fences_of_others('peer_values', 'rules') }},

held as (
    select
        gaps.*,
        peer_fences.peer_count,
        peer_fences.upper_fence,
        gaps.bid_gap > peer_fences.upper_fence as is_outlier,
        case
            when gaps.missing is not null then gaps.missing
            when peer_fences.upper_fence is null
                then cast(rules.minimum_peers as integer) || ' comparable awards of others in its category'
        end as lacked
    from gaps
    cross join rules
    left join peer_fences
        on
            gaps.sector_key = peer_fences.peer_group
            and gaps.supplier_id = peer_fences.member_id
            and gaps.bid_gap is not null
    where
        gaps.is_labour_intensive
        or gaps.sector_key is null
),

awarded as (
    select
        supplier_id,
        count(*) as award_count
    from gaps
    group by supplier_id
),

summed as (
    select
        supplier_id,
        count(*) as award_count,
        count(upper_fence) as assessed_count,
        count(*) filter (where is_outlier) as outlier_count,
        max(awarded_on) filter (where upper_fence is not null) as last_awarded_on,
        max(awarded_on) filter (where is_outlier) as last_outlier_on,
        {{ joined_distinct('lacked') }} as lacked
    from held
    group by supplier_id
),

-- The award furthest above its fence; where none is, the newest that was looked at.
decisive as (
    select *
    from held
    where upper_fence is not null
    qualify row_number() over (
        partition by supplier_id
        order by case when is_outlier then bid_gap - upper_fence end desc nulls last, awarded_on desc, row_id asc
    ) = 1
),

judged as (
    select
        suppliers.supplier_id,
        awarded.award_count,
        summed.assessed_count,
        summed.outlier_count,
        summed.last_awarded_on,
        summed.last_outlier_on,
        summed.lacked,
        case
            when awarded.supplier_id is null and loaded.has_awards then 'not applicable'
            when awarded.supplier_id is not null and summed.supplier_id is null then 'not applicable'
            when summed.outlier_count > 0 then 'adverse'
            when
                summed.assessed_count > 0
                and summed.assessed_count >= rules.assessed_share_minimum * summed.award_count
                then 'clean'
            else 'not assessable'
        end as outcome
    from suppliers
    cross join rules
    cross join loaded
    left join awarded on suppliers.supplier_id = awarded.supplier_id
    left join summed on suppliers.supplier_id = summed.supplier_id
),

final as (
    select
        judged.supplier_id,
        'P02' as indicator_id,
        judged.outcome,
        case
            when judged.outcome = 'not applicable' and judged.award_count is null then 'no awards'
            when judged.outcome = 'not applicable' then 'no awards in labour-intensive categories'
            when judged.outcome = 'not assessable' then coalesce(judged.lacked, 'awards')
        end as reason,
        case judged.outcome
            when 'adverse' then judged.last_outlier_on
            when 'clean' then judged.last_awarded_on
        end as event_date,
        case judged.outcome
            when 'adverse'
                then
                    judged.outlier_count || ' of ' || judged.assessed_count || ' awards: the second lowest bid was '
                    || {{ percent('decisive.bid_gap') }} || ' above the one that won; the upper fence of '
                    || decisive.peer_count || ' awards of others in ' || decisive.sector_key || ' is '
                    || {{ percent('decisive.upper_fence') }}
            when 'clean'
                then
                    'The gap to the second lowest bid is within the upper fence of others in each of '
                    || judged.assessed_count || ' awards'
        end as description,
        {{ decided_lineage('judged', 'decisive', "'fct_award'") }}
    from judged
    left join decisive on judged.supplier_id = decisive.supplier_id
)

select * from final
