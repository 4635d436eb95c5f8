{# All that was bought: order lines, and shares in awards of suppliers without orders, as orders may be placed under an award. #}
{% macro purchases() -%}
    select
        supplier_id,
        ordered_on as bought_on,
        amount,
        currency,
        amount_converted
    from {{ ref('fct_purchase_order_line') }}
    union all
    select
        supplier_id,
        coalesce(awarded_on, known_on) as bought_on,
        amount_share as amount,
        currency,
        amount_converted
    from {{ ref('fct_award') }}
    where
        is_effective
        and supplier_id not in (
            select distinct order_lines.supplier_id from {{ ref('fct_purchase_order_line') }} as order_lines
        )
{%- endmacro %}
