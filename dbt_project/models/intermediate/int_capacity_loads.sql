with order_lines as (
    select * from {{ ref('int_ordered_lines') }}
    where is_in_period
),

site_capacities as (
    select
        supplier_id,
        case when count(capacity_units) = count(*) then sum(capacity_units) end as capacity_units
    from {{ ref('dim_facility') }}
    where not coalesce(is_closed, false)
    group by supplier_id
),

-- Lines may tell the capacity for what they order; whatever they leave open is made at the sites.
by_category as (
    select
        supplier_id,
        category,
        sum(quantity) as quantity,
        count(quantity) = count(*) as is_whole,
        max(capacity_units) as capacity_units
    from order_lines
    group by supplier_id, category
),

needs as (
    select
        by_category.supplier_id,
        case when by_category.capacity_units is null then 'sites' else by_category.category end as made_where,
        sum(by_category.quantity) as quantity,
        bool_and(by_category.is_whole) as is_whole,
        coalesce(max(by_category.capacity_units), max(site_capacities.capacity_units)) as capacity_units
    from by_category
    left join site_capacities on by_category.supplier_id = site_capacities.supplier_id
    group by
        by_category.supplier_id,
        case when by_category.capacity_units is null then 'sites' else by_category.category end
),

loads as (
    select
        supplier_id,
        max(quantity / nullif(capacity_units, 0)) as highest_load,
        coalesce(bool_or(quantity > capacity_units), false) as is_above,
        bool_and(capacity_units is not null) as has_capacity,
        bool_and(is_whole) as is_whole
    from needs
    group by supplier_id
),

order_periods as (
    select
        supplier_id,
        count(*) as line_count,
        min(ordered_on) as first_ordered_on,
        max(ordered_on) as last_ordered_on
    from order_lines
    group by supplier_id
),

largest_lines as (
    select *
    from order_lines
    qualify row_number() over (
        partition by supplier_id
        order by quantity desc nulls last, ordered_on desc, row_id asc
    ) = 1
),

final as (
    select
        loads.supplier_id,
        order_periods.line_count,
        order_periods.first_ordered_on,
        order_periods.last_ordered_on,
        loads.highest_load,
        loads.is_above,
        loads.has_capacity,
        loads.is_whole,
        largest_lines.row_id,
        largest_lines.source_id,
        largest_lines.snapshot_sha256,
        largest_lines.record_no
    from loads
    inner join order_periods on loads.supplier_id = order_periods.supplier_id
    inner join largest_lines on loads.supplier_id = largest_lines.supplier_id
)

select * from final
