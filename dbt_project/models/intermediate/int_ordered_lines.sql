with rules as (
    {{ procurement_rules(['period_days']) }}
),

order_lines as (
    select * from {{ ref('fct_purchase_order_line') }}
),

facilities as (
    select * from {{ ref('dim_facility') }}
),

work_countries as (
    select * from {{ ref('int_work_countries') }}
),

last_orders as (
    select
        supplier_id,
        max(ordered_on) as last_ordered_on
    from order_lines
    group by supplier_id
),

final as (
    select
        order_lines.row_id,
        order_lines.source_id,
        order_lines.snapshot_sha256,
        order_lines.record_no,
        order_lines.supplier_id,
        order_lines.ordered_on,
        order_lines.ordered_on > {{ days_later('last_orders.last_ordered_on', '-cast(rules.period_days as integer)') }}
            as is_in_period,
        coalesce(order_lines.category_scheme, '') || ' ' || coalesce(order_lines.category_code, '') as category,
        case
            when order_lines.requested_on >= order_lines.ordered_on
                then {{ days_between('order_lines.ordered_on', 'order_lines.requested_on') }}
        end as lead_days,
        order_lines.late_change,
        coalesce(order_lines.invoiced_on, order_lines.delivered_on) as payable_on,
        order_lines.paid_on,
        order_lines.quantity,
        order_lines.amount,
        upper(trim(order_lines.currency)) as currency,
        order_lines.amount_converted,
        order_lines.labour_hours,
        order_lines.capacity_units,
        case
            when order_lines.facility_id is not null then facilities.country_code
            else work_countries.country_code
        end as country_code
    from order_lines
    inner join last_orders on order_lines.supplier_id = last_orders.supplier_id
    left join facilities on order_lines.facility_id = facilities.facility_id
    left join work_countries on order_lines.supplier_id = work_countries.supplier_id
    cross join rules
)

select * from final
