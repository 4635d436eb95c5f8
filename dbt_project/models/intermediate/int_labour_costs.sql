with rules as (
    {{ procurement_rules(['labour_cost_days']) }}
),

-- Whoever brings figures for a country answers for all of them: ours are not mixed in.
brought as (
    select
        country_code,
        currency,
        hourly_cost,
        valid_from,
        valid_until,
        legal_source
    from {{ ref('stg_labour_cost') }}
    where hourly_cost > 0
    qualify row_number() over (partition by country_code, valid_from order by known_on desc nulls last, row_id asc) = 1
),

own as (
    select
        country_code,
        currency,
        hourly_cost,
        valid_from,
        valid_until,
        source as legal_source
    from {{ ref('labour_cost') }}
    where country_code not in (select brought.country_code from brought)
),

costs as (
    select * from brought
    union all
    select * from own
),

followed as (
    select
        *,
        lead(valid_from) over (partition by country_code order by valid_from) as next_from
    from costs
),

final as (
    select
        followed.country_code,
        followed.currency,
        followed.hourly_cost,
        followed.valid_from,
        least(
            coalesce(
                followed.valid_until,
                {{ days_later('followed.valid_from', 'cast(rules.labour_cost_days as integer)') }}
            ),
            coalesce({{ days_later('followed.next_from', -1) }}, cast('9999-12-31' as date))
        ) as valid_until,
        followed.legal_source
    from followed
    cross join rules
)

select * from final
