with rules as (
    {{ procurement_rules(['minimum_peers', 'fence_factor']) }}
),

suppliers as (
    select supplier_id from {{ ref('dim_supplier') }}
),

loaded as (
    select count(*) > 0 as has_orders from {{ ref('fct_purchase_order_line') }}
),

order_lines as (
    select * from {{ ref('int_ordered_lines') }}
    where is_in_period
),

-- Units of different goods do not add up, and the hours of a site are not told apart by good.
ordered as (
    select
        supplier_id,
        count(*) as line_count,
        sum(quantity) as quantity,
        count(quantity) = count(*) as is_whole,
        count(distinct category) as category_count,
        min(category) as category,
        min(ordered_on) as first_ordered_on,
        max(ordered_on) as last_ordered_on
    from order_lines
    group by supplier_id
),

declared_hours as (
    select
        supplier_id,
        case when count(labour_hours) = count(*) then sum(labour_hours) end as labour_hours
    from {{ ref('dim_facility') }}
    where not coalesce(is_closed, false)
    group by supplier_id
),

rated as (
    select
        ordered.*,
        declared_hours.labour_hours,
        case
            when
                ordered.is_whole
                and ordered.category_count = 1
                and trim(ordered.category) <> ''
                and ordered.quantity > 0
                then round(ordered.quantity / nullif(declared_hours.labour_hours, 0), 9)
        end as units_an_hour
    from ordered
    left join declared_hours on ordered.supplier_id = declared_hours.supplier_id
),

peer_values as (
    select
        category as peer_group,
        supplier_id as member_id,
        supplier_id as value_id,
        units_an_hour as value
    from rated
    where units_an_hour is not null
),

{{ fences_of_others('peer_values', 'rules') }},

decisive as (
    select *
    from order_lines
    qualify row_number() over (
        partition by supplier_id
        order by quantity desc nulls last, ordered_on desc, row_id asc
    ) = 1
),

judged as (
    select
        suppliers.supplier_id,
        rules.minimum_peers,
        rated.line_count,
        rated.quantity,
        rated.is_whole,
        rated.category,
        rated.category_count,
        rated.labour_hours,
        rated.units_an_hour,
        rated.first_ordered_on,
        rated.last_ordered_on,
        peer_fences.peer_count,
        peer_fences.upper_fence,
        case
            when rated.supplier_id is null and loaded.has_orders then 'not applicable'
            when rated.units_an_hour > peer_fences.upper_fence then 'adverse'
            when peer_fences.upper_fence is not null then 'clean'
            else 'not assessable'
        end as outcome
    from suppliers
    cross join rules
    cross join loaded
    left join rated on suppliers.supplier_id = rated.supplier_id
    left join peer_fences
        on
            suppliers.supplier_id = peer_fences.member_id
            and rated.category = peer_fences.peer_group
),

final as (
    select
        judged.supplier_id,
        'P06' as indicator_id,
        judged.outcome,
        case
            when judged.outcome = 'not applicable' then 'no orders'
            when judged.outcome = 'not assessable' and judged.line_count is null then 'orders'
            when judged.outcome = 'not assessable'
                then concat_ws(
                    '; ',
                    case
                        when coalesce(judged.labour_hours, 0) <= 0 then 'the worker-hours that all its sites declare'
                    end,
                    case when not judged.is_whole then 'quantities of all order lines' end,
                    case when judged.is_whole and judged.quantity <= 0 then 'order lines that are not taken back' end,
                    case
                        when judged.category_count > 1 or trim(judged.category) = '' then 'orders of one category'
                    end,
                    case
                        when judged.units_an_hour is not null
                            then cast(judged.minimum_peers as integer) || ' comparable suppliers in its category'
                    end
                )
        end as reason,
        case when judged.outcome in ('adverse', 'clean') then judged.last_ordered_on end as event_date,
        case
            when judged.outcome in ('adverse', 'clean')
                then
                    round(judged.units_an_hour, 3) || ' units per declared worker-hour over ' || judged.line_count
                    || ' order lines ' || {{ from_to('judged.first_ordered_on', 'judged.last_ordered_on') }}
                    || case when judged.outcome = 'adverse' then ', above' else ', within' end
                    || ' the upper fence of ' || judged.peer_count || ' peers, ' || round(judged.upper_fence, 3)
        end as description,
        {{ decided_lineage('judged', 'decisive', "'fct_purchase_order_line'") }}
    from judged
    left join decisive on judged.supplier_id = decisive.supplier_id
)

select * from final
