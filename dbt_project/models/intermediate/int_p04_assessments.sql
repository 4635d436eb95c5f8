with rules as (
    {{ procurement_rules(['minimum_lines', 'payment_days']) }}
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

-- What is unpaid after the limit is late already, by at least so many days; what is unpaid before it says nothing yet.
delays as (
    select
        order_lines.*,
        order_lines.paid_on is null as is_unpaid,
        case
            when order_lines.paid_on is not null
                then {{ days_between('order_lines.payable_on', 'order_lines.paid_on') }}
            when {{ days_between('order_lines.payable_on', as_of()) }} > rules.payment_days
                then {{ days_between('order_lines.payable_on', as_of()) }}
        end as payment_days
    from order_lines
    cross join rules
    where order_lines.is_in_period
),

summed as (
    select
        supplier_id,
        count(payment_days) as assessed_count,
        median(payment_days) as median_days,
        count(*) filter (where payment_days is not null and is_unpaid) as unpaid_count,
        min(ordered_on) filter (where payment_days is not null) as first_ordered_on,
        max(ordered_on) filter (where payment_days is not null) as last_ordered_on
    from delays
    group by supplier_id
),

-- The line paid latest; where nothing was late, the newest.
decisive as (
    select delays.*
    from delays
    inner join summed on delays.supplier_id = summed.supplier_id
    cross join rules
    where delays.payment_days is not null
    qualify row_number() over (
        partition by delays.supplier_id
        order by
            case when summed.median_days > rules.payment_days then delays.payment_days end desc nulls last,
            delays.ordered_on desc,
            delays.row_id asc
    ) = 1
),

judged as (
    select
        suppliers.supplier_id,
        rules.minimum_lines,
        summed.assessed_count,
        summed.median_days,
        summed.unpaid_count,
        summed.first_ordered_on,
        summed.last_ordered_on,
        case
            when summed.supplier_id is null and loaded.has_orders then 'not applicable'
            when summed.assessed_count >= rules.minimum_lines and summed.median_days > rules.payment_days then 'adverse'
            when summed.assessed_count >= rules.minimum_lines then 'clean'
            else 'not assessable'
        end as outcome
    from suppliers
    cross join rules
    cross join loaded
    left join summed on suppliers.supplier_id = summed.supplier_id
),

final as (
    select
        judged.supplier_id,
        'P04' as indicator_id,
        judged.outcome,
        case
            when judged.outcome = 'not applicable' then 'no orders'
            when judged.outcome = 'not assessable' and judged.assessed_count is null then 'orders'
            when judged.outcome = 'not assessable'
                then
                    cast(judged.minimum_lines as integer)
                    || ' order lines of a year with the days of invoice and payment'
        end as reason,
        case when judged.outcome in ('adverse', 'clean') then judged.last_ordered_on end as event_date,
        case
            when judged.outcome in ('adverse', 'clean')
                then
                    'Payment by the buyer: median ' || cast(round(judged.median_days) as integer) || ' days after the '
                    || 'invoice over ' || judged.assessed_count || ' order lines '
                    || {{ from_to('judged.first_ordered_on', 'judged.last_ordered_on') }}
                    || case
                        when judged.unpaid_count > 0
                            then ', ' || judged.unpaid_count || ' of them not paid yet'
                        else ''
                    end
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
