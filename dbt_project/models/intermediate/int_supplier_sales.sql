with records as (
    select * from {{ ref('int_supplier_records') }}
    -- 0 stands for what nobody entered; sales of a year that has not begun are a plan.
    where annual_sales > 0 and (sales_year is null or sales_year <= extract(year from {{ as_of() }}))
),

entities as (
    select * from {{ ref('int_entities_resolved') }}
    where is_supplier
),

rates as (
    select * from {{ ref('int_exchange_rates') }}
),

-- The statement for the newest year counts; of several for it, the one known last.
stated as (
    select
        entities.supplier_id,
        records.row_id,
        records.source_id,
        records.known_on,
        records.annual_sales,
        upper(trim(records.sales_currency)) as sales_currency,
        records.sales_year,
        case
            when records.sales_year is not null
                then least({{ days_later(day_of('records.sales_year + 1', 1), -1) }}, {{ as_of() }})
        end as valued_on
    from records
    inner join entities on records.supplier_ref = entities.supplier_ref
    qualify row_number() over (
        partition by entities.supplier_id
        order by
            records.sales_year desc nulls last, records.known_on desc nulls last, records.source_id asc,
            records.record_no desc, records.row_id asc
    ) = 1
),

final as (
    select
        stated.supplier_id,
        stated.row_id,
        stated.source_id,
        stated.known_on,
        stated.annual_sales,
        stated.sales_currency,
        stated.sales_year,
        {{ converted('stated.annual_sales', 'stated.sales_currency', 'rates.factor') }} as annual_sales_converted
    from stated
    left join rates
        on
            stated.sales_currency = rates.currency
            and stated.valued_on between rates.rate_on and rates.valid_until
)

select * from final
