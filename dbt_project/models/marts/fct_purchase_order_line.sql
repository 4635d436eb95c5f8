with order_lines as (
    select * from {{ ref('stg_purchase_order_line') }}
),

entities as (
    select * from {{ ref('int_entities_resolved') }}
),

facilities as (
    select * from {{ ref('int_facilities_resolved') }}
),

rates as (
    select * from {{ ref('int_exchange_rates') }}
),

final as (
    select
        order_lines.row_id,
        order_lines.source_id,
        order_lines.snapshot_sha256,
        order_lines.record_no,
        order_lines.known_on,
        entities.supplier_id,
        facilities.facility_id,
        order_lines.order_ref,
        order_lines.line_no,
        order_lines.ordered_on,
        order_lines.requested_on,
        order_lines.promised_on,
        order_lines.delivered_on,
        order_lines.invoiced_on,
        order_lines.paid_on,
        order_lines.category_scheme,
        order_lines.category_code,
        order_lines.quantity,
        cast(order_lines.unit_price as decimal(20, 4)) as unit_price,
        cast(order_lines.amount as decimal(20, 2)) as amount,
        order_lines.currency,
        {{ converted('order_lines.amount', 'order_lines.currency', 'rates.factor') }} as amount_converted,
        {{ conversion_currency('order_lines.currency', 'rates.factor') }} as conversion_currency,
        rates.rate_on,
        order_lines.payment_terms_days,
        order_lines.is_late_change as late_change,
        order_lines.labour_hours,
        order_lines.capacity_units
    from order_lines
    inner join entities on order_lines.supplier_ref = entities.supplier_ref
    left join facilities
        on
            entities.supplier_id = facilities.supplier_id
            and order_lines.facility_ref = facilities.facility_ref
    left join rates
        on
            upper(trim(order_lines.currency)) = rates.currency
            and order_lines.ordered_on between rates.rate_on and rates.valid_until
)

select * from final
