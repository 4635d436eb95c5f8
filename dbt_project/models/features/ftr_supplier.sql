with suppliers as (
    select * from {{ ref('dim_supplier') }}
),

effective_awards as (
    select *
    from {{ ref('fct_award') }}
    where is_effective
),

awards as (
    select
        supplier_id,
        count(*) as award_count,
        count(distinct buyer_ref) as buyer_count
    from effective_awards
    group by supplier_id
),

order_lines as (
    select * from {{ ref('fct_purchase_order_line') }}
),

purchases as (
    {{ purchases() }}
),

amounts as (
    select
        supplier_id,
        currency,
        sum(amount) as amount,
        sum(amount_converted) as amount_converted,
        count(amount) as amount_count,
        count(amount_converted) as converted_count
    from purchases
    group by supplier_id, currency
),

-- Two currencies never add up: where a rate is missing, the currency with the largest sum stands for the supplier.
spend as (
    select
        supplier_id,
        cast(case
            when sum(amount_count) = sum(converted_count) then sum(amount_converted)
            else max(amount)
        end as double) as spend_total
    from amounts
    group by supplier_id
),

-- Rounded, so that the order in which threads add floats leaves no trace.
price_spreads as (
    select
        supplier_id,
        cast(
            stddev_samp(cast(unit_price as double)) / nullif(avg(cast(unit_price as double)), 0) as decimal(18, 6)
        ) as price_spread
    from order_lines
    group by supplier_id, category_scheme, category_code, currency
    having count(unit_price) >= 3
),

prices as (
    select
        supplier_id,
        avg(price_spread) as unit_price_dispersion
    from price_spreads
    group by supplier_id
),

orders as (
    select
        supplier_id,
        count(*) as order_line_count,
        median({{ days_between('invoiced_on', 'paid_on') }}) as median_payment_days,
        median({{ days_between('ordered_on', 'requested_on') }}) as median_lead_time_days,
        median({{ days_between('promised_on', 'delivered_on') }}) as median_delay_days,
        count(*) filter (where late_change) / nullif(count(late_change), 0) as late_change_share,
        count(distinct facility_id) as ordered_site_count
    from order_lines
    group by supplier_id
),

audit_findings as (
    select
        *,
        {{ audit_key('findings') }} as audit_key
    from {{ ref('fct_audit_finding') }} as findings
),

findings as (
    select
        supplier_id,
        count(*) filter (where outcome = 'adverse') as finding_count,
        count(*) filter (where grade = 'critical') / nullif(count(*) filter (where outcome = 'adverse'), 0)
            as critical_finding_share,
        count(distinct audit_key) as audit_count,
        {{ days_between('max(found_on)', as_of()) }} as days_since_last_audit
    from audit_findings
    where supplier_id is not null
    group by supplier_id
),

agents as (
    select
        supplier_id,
        count(distinct party_ref) as distinct_agents
    from {{ ref('fct_network_edge') }}
    where edge_kind = 'labour_agent'
    group by supplier_id
),

workers as (
    select
        supplier_id,
        sum(workers) as worker_count,
        count(*) filter (where has_dormitory) / nullif(count(has_dormitory), 0) as dormitory_share
    from {{ ref('dim_facility') }}
    group by supplier_id
),

final as (
    select
        suppliers.supplier_id,
        spend.spend_total,
        awards.award_count,
        awards.buyer_count,
        orders.order_line_count,
        orders.median_payment_days,
        orders.median_lead_time_days,
        orders.median_delay_days,
        orders.late_change_share,
        orders.ordered_site_count,
        prices.unit_price_dispersion,
        findings.finding_count,
        findings.critical_finding_share,
        findings.audit_count,
        findings.days_since_last_audit,
        agents.distinct_agents,
        cast(workers.worker_count as bigint) as worker_count,
        workers.dormitory_share,
        nullif(suppliers.site_count, 0) as site_count
    from suppliers
    left join spend on suppliers.supplier_id = spend.supplier_id
    left join awards on suppliers.supplier_id = awards.supplier_id
    left join orders on suppliers.supplier_id = orders.supplier_id
    left join prices on suppliers.supplier_id = prices.supplier_id
    left join findings on suppliers.supplier_id = findings.supplier_id
    left join agents on suppliers.supplier_id = agents.supplier_id
    left join workers on suppliers.supplier_id = workers.supplier_id
)

select * from final
