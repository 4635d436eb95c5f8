with source as (
    select * from {{ source('canonical', 'purchase_order_line') }}
),

final as (
    select
        row_id,
        source_id,
        snapshot_sha256,
        record_no,
        known_on,
        order_ref,
        line_no,
        supplier_ref,
        facility_ref,
        ordered_on,
        requested_on,
        promised_on,
        {{ only_if_past('delivered_on') }} as delivered_on,
        {{ only_if_past('invoiced_on') }} as invoiced_on,
        {{ only_if_past('paid_on') }} as paid_on,
        category_scheme,
        category_code,
        description,
        quantity,
        unit_price,
        amount,
        currency,
        payment_terms_days,
        late_change as is_late_change,
        labour_hours,
        capacity_units
    from source
    where
        {{ known_by_as_of('known_on') }}
        and {{ known_by_as_of('ordered_on') }}
)

select * from final
