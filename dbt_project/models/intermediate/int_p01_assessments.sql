with rules as (
    {{ procurement_rules(['assessed_share_minimum', 'labour_floor_factor']) }}
),

suppliers as (
    select supplier_id from {{ ref('dim_supplier') }}
),

work as (
    select * from {{ ref('int_priced_work') }}
),

purchases as (
    select supplier_id from {{ ref('fct_purchase_order_line') }}
    union
    select supplier_id from {{ ref('fct_award') }}
    where is_effective
),

loaded as (
    select count(*) > 0 as has_purchases from purchases
),

summed as (
    select
        supplier_id,
        count(*) as price_count,
        count(price_to_floor) as assessed_count,
        count(*) filter (where price_to_floor < 1) as low_count,
        min(price_to_floor) as lowest,
        min(priced_on) filter (where price_to_floor is not null) as first_priced_on,
        max(priced_on) filter (where price_to_floor is not null) as last_priced_on,
        max(priced_on) filter (where price_to_floor < 1) as last_low_on,
        {{ joined_distinct('missing') }} as missing
    from work
    group by supplier_id
),

-- The price that lies lowest; where none lies below, the newest that was looked at.
decisive as (
    select *
    from work
    where price_to_floor is not null
    qualify row_number() over (
        partition by supplier_id
        order by least(price_to_floor, 1), priced_on desc, row_id asc
    ) = 1
),

judged as (
    select
        suppliers.supplier_id,
        summed.assessed_count,
        summed.low_count,
        summed.lowest,
        summed.first_priced_on,
        summed.last_priced_on,
        summed.last_low_on,
        purchases.supplier_id is not null as has_purchases,
        summed.missing,
        rules.labour_floor_factor,
        case
            when purchases.supplier_id is null and loaded.has_purchases then 'not applicable'
            when summed.low_count > 0 then 'adverse'
            when
                summed.assessed_count > 0
                and summed.assessed_count >= rules.assessed_share_minimum * summed.price_count
                then 'clean'
            else 'not assessable'
        end as outcome
    from suppliers
    cross join rules
    cross join loaded
    left join purchases on suppliers.supplier_id = purchases.supplier_id
    left join summed on suppliers.supplier_id = summed.supplier_id
),

final as (
    select
        judged.supplier_id,
        'P01' as indicator_id,
        judged.outcome,
        case judged.outcome
            when 'not applicable' then 'no orders or awards'
            when 'not assessable'
                then coalesce(
                    judged.missing,
                    case
                        when judged.has_purchases
                            then 'a price above zero for an order line or for an award of its own'
                    end,
                    'orders or awards'
                )
        end as reason,
        case judged.outcome
            when 'adverse' then judged.last_low_on
            when 'clean' then judged.last_priced_on
        end as event_date,
        case judged.outcome
            when 'adverse'
                then
                    judged.low_count || ' of ' || judged.assessed_count || ' prices '
                    || {{ from_to('judged.first_priced_on', 'judged.last_priced_on') }}
                    || ' below the labour floor (hours x legal labour cost x ' || judged.labour_floor_factor
                    || '); the lowest is ' || {{ percent('judged.lowest') }} || ' of it'
            when 'clean'
                then
                    'None of ' || judged.assessed_count || ' prices '
                    || {{ from_to('judged.first_priced_on', 'judged.last_priced_on') }} || ' below the labour floor'
        end as description,
        {{ decided_lineage('judged', 'decisive', 'decisive.source_table') }}
    from judged
    left join decisive on judged.supplier_id = decisive.supplier_id
)

select * from final
