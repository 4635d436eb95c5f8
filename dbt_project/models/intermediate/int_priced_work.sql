with rules as (
    {{ procurement_rules(['period_days', 'labour_floor_factor']) }}
),

order_lines as (
    select
        row_id,
        'fct_purchase_order_line' as source_table,
        source_id,
        snapshot_sha256,
        record_no,
        supplier_id,
        ordered_on as priced_on,
        amount,
        currency,
        amount_converted,
        labour_hours,
        country_code
    from {{ ref('int_ordered_lines') }}
),

work_countries as (
    select * from {{ ref('int_work_countries') }}
),

-- The hours of an award that several won are not told apart.
awards as (
    select
        awards.row_id,
        'fct_award' as source_table,
        awards.source_id,
        awards.snapshot_sha256,
        awards.record_no,
        awards.supplier_id,
        coalesce(awards.awarded_on, awards.known_on) as priced_on,
        awards.amount,
        upper(trim(awards.currency)) as currency,
        awards.amount_converted,
        awards.labour_hours,
        work_countries.country_code
    from {{ ref('fct_award') }} as awards
    left join work_countries on awards.supplier_id = work_countries.supplier_id
    where
        awards.is_effective
        and awards.supplier_count = 1
        and coalesce(awards.awarded_on, awards.known_on) is not null
),

-- A credit note or a gift is no price.
prices as (
    select * from order_lines
    where amount > 0
    union all
    select * from awards
    where amount > 0
),

newest as (
    select
        supplier_id,
        max(priced_on) as last_priced_on
    from prices
    group by supplier_id
),

costs as (
    select * from {{ ref('int_labour_costs') }}
),

rates as (
    select * from {{ ref('int_exchange_rates') }}
),

floored as (
    select
        prices.*,
        costs.country_code is not null as has_labour_cost,
        costs.currency as cost_currency,
        cast(
            prices.labour_hours * costs.hourly_cost * rules.labour_floor_factor as decimal(20, 4)
        ) as floor_in_its_currency,
        cast(
            prices.labour_hours * costs.hourly_cost * rules.labour_floor_factor
            * case when costs.currency = {{ reporting_currency() }} then 1 else rates.factor end as decimal(20, 4)
        ) as floor_converted
    from prices
    inner join newest on prices.supplier_id = newest.supplier_id
    cross join rules
    left join costs
        on
            prices.country_code = costs.country_code
            and prices.priced_on between costs.valid_from and costs.valid_until
    left join rates
        on
            costs.currency = rates.currency
            and prices.priced_on between rates.rate_on and rates.valid_until
    where prices.priced_on > {{ days_later('newest.last_priced_on', '-cast(rules.period_days as integer)') }}
),

final as (
    select
        row_id,
        source_table,
        source_id,
        snapshot_sha256,
        record_no,
        supplier_id,
        priced_on,
        case
            when labour_hours is null or labour_hours <= 0 then 'labour hours of the order lines or awards'
            when country_code is null then 'the country where the work is done'
            when not has_labour_cost
                then 'a sourced labour cost for ' || country_code || ' in ' || extract(year from priced_on)
            when currency is null then 'the currency of the order lines or awards'
            when currency <> cost_currency and (amount_converted is null or floor_converted is null)
                then 'an exchange rate between ' || currency || ' and ' || cost_currency
        end as missing,
        -- Two currencies are compared in the reporting currency of that day, or not at all.
        round(cast(
            case
                when labour_hours > 0 and currency = cost_currency then amount / nullif(floor_in_its_currency, 0)
                when labour_hours > 0 then amount_converted / nullif(floor_converted, 0)
            end as double
        ), 9) as price_to_floor
    from floored
)

select * from final
