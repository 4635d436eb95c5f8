with awards as (
    select * from {{ ref('int_current_awards') }}
),

entities as (
    select * from {{ ref('int_entities_resolved') }}
),

rates as (
    select * from {{ ref('int_exchange_rates') }}
),

-- Where a source tells no states of a process, an amendment tells the award again: the newest telling counts.
told_last as (
    select
        awards.*,
        entities.supplier_id
    from awards
    inner join entities on awards.supplier_ref = entities.supplier_ref
    qualify row_number() over (
        partition by awards.award_ref, entities.supplier_id
        order by awards.known_on desc nulls last, awards.record_no desc, awards.row_id desc
    ) = 1
),

-- What each of several suppliers gets is not told: equal shares, which add up to the award.
shared as (
    select
        told_last.*,
        count(*) over (partition by told_last.award_ref) as supplier_count,
        {{ equal_share(
            'told_last.amount',
            'row_number() over (partition by told_last.award_ref order by told_last.supplier_id)',
            'count(*) over (partition by told_last.award_ref)'
        ) }} as amount_share
    from told_last
),

final as (
    select
        shared.row_id,
        shared.source_id,
        shared.snapshot_sha256,
        shared.record_no,
        shared.known_on,
        shared.supplier_id,
        shared.award_ref,
        shared.process_ref,
        shared.release_id,
        shared.package_url,
        shared.buyer_ref,
        shared.buyer_name,
        shared.award_status as status,
        -- What was pending, cancelled or failed was never bought.
        coalesce(lower(shared.award_status), 'active') = 'active'
        and not {{ is_called_off('shared.process_status') }} as is_effective,
        shared.awarded_on,
        cast(shared.amount as decimal(20, 2)) as amount,
        shared.currency,
        shared.supplier_count,
        shared.amount_share,
        {{ converted('shared.amount_share', 'shared.currency', 'rates.factor') }} as amount_converted,
        {{ conversion_currency('shared.currency', 'rates.factor') }} as conversion_currency,
        rates.rate_on,
        shared.classification_scheme,
        shared.classification_code,
        shared.labour_hours
    from shared
    left join rates
        on
            upper(trim(shared.currency)) = rates.currency
            and coalesce(shared.awarded_on, shared.known_on) between rates.rate_on and rates.valid_until
)

select * from final
