with rules as (
    {{ procurement_rules(['minimum_lines', 'lead_time_ratio', 'late_change_share']) }}
),

suppliers as (
    select supplier_id from {{ ref('dim_supplier') }}
),

order_lines as (
    select * from {{ ref('int_ordered_lines') }}
),

loaded as (
    select count(*) > 0 as has_orders from {{ ref('fct_purchase_order_line') }}
),

-- What was usual before the period, for the same category.
usual as (
    select
        order_lines.supplier_id,
        order_lines.category,
        median(order_lines.lead_days) as usual_lead_days
    from order_lines
    cross join rules
    where not order_lines.is_in_period
    group by order_lines.supplier_id, order_lines.category
    having
        count(order_lines.lead_days) >= max(rules.minimum_lines)
        and median(order_lines.lead_days) > 0
),

compared as (
    select
        order_lines.*,
        round(order_lines.lead_days / usual.usual_lead_days, 6) as lead_ratio
    from order_lines
    left join usual
        on
            order_lines.supplier_id = usual.supplier_id
            and order_lines.category = usual.category
    where order_lines.is_in_period
),

summed as (
    select
        supplier_id,
        count(lead_ratio) as ratio_count,
        round(median(lead_ratio), 6) as median_ratio,
        count(late_change) as told_count,
        count(*) filter (where late_change) as changed_count,
        min(ordered_on) as first_ordered_on,
        max(ordered_on) as last_ordered_on
    from compared
    group by supplier_id
),

found as (
    select
        summed.*,
        rules.minimum_lines,
        summed.ratio_count >= rules.minimum_lines as has_ratio,
        summed.told_count >= rules.minimum_lines as has_changes,
        summed.ratio_count >= rules.minimum_lines and summed.median_ratio < rules.lead_time_ratio as is_hurried,
        summed.told_count >= rules.minimum_lines
        and summed.changed_count > rules.late_change_share * summed.told_count as is_changed
    from summed
    cross join rules
),

-- Of a squeeze the line asked for most hurriedly, or the largest that was changed; otherwise the newest.
decisive as (
    select compared.*
    from compared
    inner join found on compared.supplier_id = found.supplier_id
    qualify row_number() over (
        partition by compared.supplier_id
        order by
            case when found.is_hurried then compared.lead_ratio end asc nulls last,
            case when found.is_changed and compared.late_change then compared.amount end desc nulls last,
            compared.ordered_on desc,
            compared.row_id asc
    ) = 1
),

judged as (
    select
        suppliers.supplier_id,
        found.has_ratio,
        found.has_changes,
        found.is_hurried,
        found.is_changed,
        found.minimum_lines,
        found.ratio_count,
        found.median_ratio,
        found.told_count,
        found.changed_count,
        found.first_ordered_on,
        found.last_ordered_on,
        case
            when found.supplier_id is null and loaded.has_orders then 'not applicable'
            when found.is_hurried or found.is_changed then 'adverse'
            when found.has_ratio and found.has_changes then 'clean'
            else 'not assessable'
        end as outcome
    from suppliers
    cross join loaded
    left join found on suppliers.supplier_id = found.supplier_id
),

final as (
    select
        judged.supplier_id,
        'P03' as indicator_id,
        judged.outcome,
        case judged.outcome
            when 'not applicable' then 'no orders'
            when 'not assessable'
                then coalesce(
                    nullif(
                        concat_ws(
                            '; ',
                            case
                                when not judged.has_ratio
                                    then
                                        cast(judged.minimum_lines as integer) || ' order lines of a year with a '
                                        || 'requested day, and as many earlier ones of the same category'
                            end,
                            case
                                when not judged.has_changes
                                    then
                                        cast(judged.minimum_lines as integer)
                                        || ' order lines of a year that say whether they were changed late'
                            end
                        ),
                        ''
                    ),
                    'orders'
                )
        end as reason,
        case when judged.outcome in ('adverse', 'clean') then judged.last_ordered_on end as event_date,
        case
            when judged.outcome in ('adverse', 'clean')
                then
                    'Orders by the buyer ' || {{ from_to('judged.first_ordered_on', 'judged.last_ordered_on') }} || ': '
                    || concat_ws(
                        '; ',
                        case
                            when judged.has_ratio
                                then
                                    'requested lead time ' || {{ percent('judged.median_ratio') }}
                                    || ' of the usual one over ' || judged.ratio_count || ' lines'
                        end,
                        case
                            when judged.has_changes
                                then judged.changed_count || ' of ' || judged.told_count || ' lines changed late'
                        end
                    )
                    || case
                        when judged.outcome = 'adverse' then '. The responsibility of the buyer, not of the supplier'
                        else ''
                    end
        end as description,
        {{ decided_lineage('judged', 'decisive', "'fct_purchase_order_line'") }}
    from judged
    left join decisive on judged.supplier_id = decisive.supplier_id
)

select * from final
