with suppliers as (
    select supplier_id from {{ ref('dim_supplier') }}
),

loaded as (
    select count(*) > 0 as has_orders from {{ ref('fct_purchase_order_line') }}
),

told as (
    select * from {{ ref('int_subcontracting_told') }}
),

loads as (
    select * from {{ ref('int_capacity_loads') }}
),

judged as (
    select
        suppliers.supplier_id,
        told.subcontractor_count,
        told.is_told_whether_declared,
        coalesce(told.hidden_count, 0) as hidden_count,
        told.depth,
        told.last_told_on,
        loads.line_count,
        loads.first_ordered_on,
        loads.last_ordered_on,
        loads.highest_load,
        loads.has_capacity,
        loads.is_whole,
        coalesce(loads.is_above, false) as is_above,
        case
            when told.hidden_count > 0 or loads.is_above then 'adverse'
            when loads.supplier_id is null and told.supplier_id is null and loaded.has_orders then 'not applicable'
            when loads.has_capacity and loads.is_whole and told.is_told_whether_declared then 'clean'
            else 'not assessable'
        end as outcome
    from suppliers
    cross join loaded
    left join told on suppliers.supplier_id = told.supplier_id
    left join loads on suppliers.supplier_id = loads.supplier_id
),

-- A told subcontractor stands before a sum of orders.
decisive as (
    select
        supplier_id,
        'fct_network_edge' as source_table,
        row_id,
        source_id,
        snapshot_sha256,
        record_no
    from told
    where hidden_count > 0
    union all
    select
        loads.supplier_id,
        'fct_purchase_order_line' as source_table,
        loads.row_id,
        loads.source_id,
        loads.snapshot_sha256,
        loads.record_no
    from loads
    left join told on loads.supplier_id = told.supplier_id
    where coalesce(told.hidden_count, 0) = 0
),

final as (
    select
        judged.supplier_id,
        'P05' as indicator_id,
        judged.outcome,
        case judged.outcome
            when 'not applicable' then 'no orders'
            when 'not assessable'
                then concat_ws(
                    '; ',
                    case when judged.line_count is null then 'orders' end,
                    case
                        when not judged.has_capacity
                            then 'the declared capacity of all its sites, or of its order lines'
                    end,
                    case when not judged.is_whole then 'quantities of all order lines' end,
                    case when judged.subcontractor_count is null then 'what is told of its subcontractors' end,
                    case when not judged.is_told_whether_declared then 'whether it declared its subcontractors' end
                )
        end as reason,
        case
            when judged.outcome = 'clean' then judged.last_ordered_on
            when judged.outcome = 'adverse'
                then greatest(
                    case when judged.hidden_count > 0 then coalesce(judged.last_told_on, {{ as_of() }}) end,
                    case when judged.is_above then judged.last_ordered_on end
                )
        end as event_date,
        case judged.outcome
            when 'clean'
                then
                    judged.line_count || ' order lines '
                    || {{ from_to('judged.first_ordered_on', 'judged.last_ordered_on') }} || ' need '
                    || {{ percent('judged.highest_load') }} || ' of the declared capacity, and the '
                    || judged.subcontractor_count || ' subcontractors told of are declared'
            when 'adverse'
                then concat_ws(
                    '; ',
                    case
                        when judged.hidden_count > 0
                            then
                                'Subcontractors that others tell of and that it did not declare: '
                                || judged.hidden_count || ', at depth ' || judged.depth || ' counted from the buyer'
                    end,
                    case
                        when judged.is_above
                            then
                                judged.line_count || ' order lines '
                                || {{ from_to('judged.first_ordered_on', 'judged.last_ordered_on') }} || ' need '
                                || coalesce({{ percent('judged.highest_load') }}, 'all and more')
                                || ' of the declared capacity'
                    end
                )
        end as description,
        {{ decided_lineage('judged', 'decisive', 'decisive.source_table') }}
    from judged
    left join decisive on judged.supplier_id = decisive.supplier_id
)

select * from final
