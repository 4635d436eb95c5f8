with recursive suppliers as (
    select * from {{ ref('dim_supplier') }}
),

links as (
    select
        edge_id,
        supplier_id as customer_supplier_id,
        party_supplier_id as supplier_id,
        is_declared
    from {{ ref('fct_network_edge') }}
    where
        edge_kind in ('subcontract', 'supply')
        and valid_to is null
        and supplier_id is not null
        and party_supplier_id is not null
),

bought_from as (
    select supplier_id
    from {{ ref('fct_award') }}
    where is_effective
    union
    select supplier_id
    from {{ ref('fct_purchase_order_line') }}
),

-- Who is a customer in the chain and nobody's supplier stands at its top, although no order to it is known.
tops as (
    select distinct customers.customer_supplier_id as supplier_id
    from links as customers
    left join links as deliveries on customers.customer_supplier_id = deliveries.supplier_id
    where deliveries.supplier_id is null
),

firsts as (
    select
        supplier_id,
        'bought from' as basis
    from bought_from
    union all
    select
        tops.supplier_id,
        'top of a chain' as basis
    from tops
    left join bought_from on tops.supplier_id = bought_from.supplier_id
    where bought_from.supplier_id is null
),

steps as (
    select distinct
        customer_supplier_id,
        supplier_id
    from links
),

-- A circle of suppliers ends at the depth that the project sets.
reached as (
    select
        supplier_id,
        1 as tier
    from firsts
    union
    select
        steps.supplier_id,
        reached.tier + 1 as tier
    from reached
    inner join steps on reached.supplier_id = steps.customer_supplier_id
    where reached.tier < {{ var('supply_chain_depth') }}
),

nearest as (
    select
        supplier_id,
        min(tier) as tier
    from reached
    group by supplier_id
),

shown as (
    select
        links.supplier_id,
        {{ first_value_by('links.customer_supplier_id', 'links.customer_supplier_id, links.edge_id') }}
            as customer_supplier_id,
        {{ first_value_by('links.edge_id', 'links.customer_supplier_id, links.edge_id') }} as edge_id,
        count(distinct links.customer_supplier_id) as customer_count,
        bool_or(links.is_declared) as is_declared
    from links
    inner join nearest on links.supplier_id = nearest.supplier_id
    inner join nearest as customers
        on
            links.customer_supplier_id = customers.supplier_id
            and customers.tier = nearest.tier - 1
    group by links.supplier_id
),

upstream as (
    select
        customer_supplier_id,
        count(distinct supplier_id) as upstream_count
    from links
    group by customer_supplier_id
),

final as (
    select
        suppliers.supplier_id,
        nearest.tier,
        case
            when nearest.tier > 1 then 'works for a supplier of the tier before'
            when nearest.tier = 1 then firsts.basis
            else 'no purchase leads to it'
        end as basis,
        shown.customer_supplier_id,
        coalesce(shown.customer_count, 0) as customer_count,
        shown.edge_id,
        shown.is_declared,
        coalesce(upstream.upstream_count, 0) as upstream_count
    from suppliers
    left join nearest on suppliers.supplier_id = nearest.supplier_id
    left join firsts on suppliers.supplier_id = firsts.supplier_id
    left join shown on suppliers.supplier_id = shown.supplier_id
    left join upstream on suppliers.supplier_id = upstream.customer_supplier_id
)

select * from final
