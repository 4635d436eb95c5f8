with published as (
    select * from {{ ref('stg_exchange_rate') }}
),

rates as (
    select
        base_currency,
        currency,
        rate_on,
        rate,
        source_id,
        row_id
    from published
    union all
    select distinct
        base_currency,
        base_currency as currency,
        rate_on,
        1.0 as rate,
        '' as source_id,
        '' as row_id
    from published
),

reporting as (
    select
        base_currency,
        rate_on,
        rate
    from rates
    where currency = {{ reporting_currency() }}
    qualify row_number() over (partition by base_currency, rate_on order by source_id, row_id) = 1
),

-- From one currency to the other over the currency that both are counted against, on the same day.
crossed as (
    select
        rates.currency,
        rates.rate_on,
        reporting.rate / rates.rate as factor
    from rates
    inner join reporting
        on
            rates.base_currency = reporting.base_currency
            and rates.rate_on = reporting.rate_on
    where rates.currency <> {{ reporting_currency() }}
    qualify row_number() over (
        partition by rates.currency, rates.rate_on
        order by
            rates.base_currency = {{ reporting_currency() }} desc,
            rates.base_currency asc,
            rates.source_id asc,
            rates.row_id asc
    ) = 1
),

-- The rate of a day holds until the next one, and no longer than the days that are allowed.
final as (
    select
        currency,
        rate_on,
        least(
            {{ days_later('rate_on', var('exchange_rate_days')) }},
            coalesce(
                {{ days_later('lead(rate_on) over (partition by currency order by rate_on)', -1) }},
                {{ days_later('rate_on', var('exchange_rate_days')) }}
            )
        ) as valid_until,
        factor
    from crossed
)

select * from final
