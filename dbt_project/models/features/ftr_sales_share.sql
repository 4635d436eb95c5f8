with rules as (
    {{ procurement_rules(['sales_share_days', 'sales_years']) }}
),

suppliers as (
    select * from {{ ref('dim_supplier') }}
),

sales as (
    select * from {{ ref('int_supplier_sales') }}
),

purchases as (
    {{ purchases() }}
),

-- What has no day may be of the period: it makes the sum unknown and is not left out.
bought as (
    select
        purchases.supplier_id,
        sum(purchases.amount) as amount,
        sum(purchases.amount_converted) as amount_converted,
        bool_and(purchases.bought_on is not null and purchases.amount is not null) as is_whole,
        bool_and(purchases.amount_converted is not null) as is_converted,
        bool_and(coalesce(upper(trim(purchases.currency)) = sales.sales_currency, false)) as is_in_currency_of_sales
    from purchases
    cross join rules
    left join sales on purchases.supplier_id = sales.supplier_id
    where
        purchases.bought_on is null
        or (
            purchases.bought_on > {{ days_later(as_of(), '-cast(rules.sales_share_days as integer)') }}
            and purchases.bought_on <= {{ as_of() }}
        )
    group by purchases.supplier_id
),

-- Within one currency no rate is needed; two are compared in the reporting currency, or not at all.
compared as (
    select
        suppliers.supplier_id,
        sales.annual_sales,
        sales.sales_currency,
        sales.sales_year,
        extract(year from {{ as_of() }}) - rules.sales_years as oldest_year,
        coalesce(bought.amount > 0, false) as is_anything_bought,
        bought.is_whole,
        case
            when bought.is_in_currency_of_sales
                then round(cast(bought.amount as double) / cast(sales.annual_sales as double), 6)
            when bought.is_converted
                then round(cast(bought.amount_converted as double) / cast(sales.annual_sales_converted as double), 6)
        end as share
    from suppliers
    cross join rules
    left join sales on suppliers.supplier_id = sales.supplier_id
    left join bought on suppliers.supplier_id = bought.supplier_id
),

explained as (
    select
        supplier_id,
        share,
        case
            when annual_sales is null then 'no sales of it are stated'
            when sales_currency is null then 'the currency of its sales is not stated'
            when sales_year is null then 'the year of its sales is not stated'
            when sales_year < oldest_year then 'its sales are stated for too long ago'
            when not is_whole then 'a day or an amount of what was bought from it is missing'
            when not is_anything_bought then 'nothing is known to have been bought from it in the twelve months before'
            when share is null then 'an exchange rate for its sales or for what was bought from it is missing'
            when share > 1 then 'more was bought from it in twelve months than it is said to sell in a year'
        end as sales_share_reason
    from compared
),

final as (
    select
        supplier_id,
        case when sales_share_reason is null then share end as sales_share,
        sales_share_reason
    from explained
)

select * from final
