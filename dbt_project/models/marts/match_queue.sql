with suppliers as (
    select * from {{ ref('dim_supplier') }}
),

-- A person's reference may hold the name: such a match is judged in a reviewed file.
entities as (
    select
        supplier_ref,
        supplier_id
    from {{ ref('int_entities_resolved') }}
    where
        is_supplier
        and not is_natural_person
),

first_refs as (
    select
        supplier_id,
        min(supplier_ref) as supplier_ref
    from entities
    group by supplier_id
),

list_matches as (
    select * from {{ ref('fct_list_match') }}
),

verdicts as (
    select
        least(supplier_ref, other_supplier_ref) as left_ref,
        greatest(supplier_ref, other_supplier_ref) as right_ref,
        {{ first_value_by('verdict', 'decided_on desc nulls last, decided_at desc nulls last, record_no desc') }}
            as verdict
    from {{ ref('stg_match_verdict') }}
    where subject = 'supplier'
    group by least(supplier_ref, other_supplier_ref), greatest(supplier_ref, other_supplier_ref)
),

list_verdicts as (
    select
        entities.supplier_id,
        verdicts.list_name,
        verdicts.entry_ref,
        {{ first_value_by('verdict', 'decided_on desc nulls last, decided_at desc nulls last, record_no desc') }}
            as verdict
    from {{ ref('stg_match_verdict') }} as verdicts
    inner join entities on verdicts.supplier_ref = entities.supplier_ref
    where verdicts.subject = 'list_entry'
    group by entities.supplier_id, verdicts.list_name, verdicts.entry_ref
),

-- Two suppliers that a person told apart wait no more, whichever of their records was looked at.
told_apart as (
    select distinct
        one.supplier_id,
        other.supplier_id as other_supplier_id
    from verdicts
    inner join entities as one on verdicts.left_ref = one.supplier_ref
    inner join entities as other on verdicts.right_ref = other.supplier_ref
    where verdicts.verdict = 'rejected'
),

supplier_pairs as (
    select
        pairs.left_ref,
        pairs.right_ref,
        one.supplier_id,
        other.supplier_id as other_supplier_id,
        pairs.match_weight,
        pairs.explanation,
        coalesce(verdicts.verdict = 'unsure', false) as is_unsure
    from {{ source('matching', 'supplier_pair') }} as pairs
    inner join entities as one on pairs.left_ref = one.supplier_ref
    inner join entities as other on pairs.right_ref = other.supplier_ref
    left join verdicts
        on
            pairs.left_ref = verdicts.left_ref
            and pairs.right_ref = verdicts.right_ref
    left join told_apart
        on
            least(one.supplier_id, other.supplier_id) = least(told_apart.supplier_id, told_apart.other_supplier_id)
            and greatest(one.supplier_id, other.supplier_id)
            = greatest(told_apart.supplier_id, told_apart.other_supplier_id)
    where
        one.supplier_id <> other.supplier_id
        and told_apart.supplier_id is null
    -- Of the records of two suppliers those that are most alike speak.
    qualify row_number() over (
        partition by least(one.supplier_id, other.supplier_id), greatest(one.supplier_id, other.supplier_id)
        order by pairs.match_weight desc, pairs.left_ref asc, pairs.right_ref asc
    ) = 1
),

gated as (
    select distinct supplier_id
    from list_matches
    where gates
),

order_totals as (
    select
        supplier_id,
        sum(amount_converted) as spend
    from {{ ref('fct_purchase_order_line') }}
    group by supplier_id
),

award_totals as (
    select
        supplier_id,
        sum(amount_converted) as spend
    from {{ ref('fct_award') }}
    where is_effective
    group by supplier_id
),

-- Orders may be placed under an award: awards count where there are no orders.
spend as (
    select
        suppliers.supplier_id,
        cast(coalesce(order_totals.spend, award_totals.spend) as double) as spend
    from suppliers
    left join order_totals on suppliers.supplier_id = order_totals.supplier_id
    left join award_totals on suppliers.supplier_id = award_totals.supplier_id
),

waiting as (
    select
        list_matches.match_id as queue_id,
        'list_entry' as kind,
        list_matches.supplier_id,
        first_refs.supplier_ref,
        cast(null as varchar) as other_supplier_id,
        cast(null as varchar) as other_supplier_ref,
        list_matches.list_name,
        list_matches.entry_ref,
        list_matches.entry_name_published as other_name,
        list_matches.match_weight,
        list_matches.explanation,
        list_matches.feeds_indicator,
        list_matches.feeds_indicator is not null
        and list_matches.list_status in ('in_force', 'modified')
        and not list_matches.second_hand as could_gate,
        coalesce(list_verdicts.verdict = 'unsure', false) as is_unsure,
        spend.spend
    from list_matches
    inner join spend on list_matches.supplier_id = spend.supplier_id
    left join first_refs on list_matches.supplier_id = first_refs.supplier_id
    left join list_verdicts
        on
            list_matches.supplier_id = list_verdicts.supplier_id
            and list_matches.list_name = list_verdicts.list_name
            and list_matches.entry_ref = list_verdicts.entry_ref
    where list_matches.match_status = 'possible'
    union all
    select
        {{ short_id('Q', "supplier_pairs.left_ref || ' ' || supplier_pairs.right_ref") }} as queue_id,
        'supplier' as kind,
        supplier_pairs.supplier_id,
        supplier_pairs.left_ref as supplier_ref,
        supplier_pairs.other_supplier_id,
        supplier_pairs.right_ref as other_supplier_ref,
        null as list_name,
        null as entry_ref,
        others.name as other_name,
        supplier_pairs.match_weight,
        {{ explanation_text('supplier_pairs.explanation', 'cast(null as varchar)') }} as explanation,
        null as feeds_indicator,
        -- Two that become one share what gates one of them.
        (one_gated.supplier_id is null) <> (other_gated.supplier_id is null) as could_gate,
        supplier_pairs.is_unsure,
        case
            when coalesce(spend.spend, other_spend.spend) is not null
                then coalesce(spend.spend, 0) + coalesce(other_spend.spend, 0)
        end as spend
    from supplier_pairs
    inner join suppliers as others on supplier_pairs.other_supplier_id = others.supplier_id
    inner join spend on supplier_pairs.supplier_id = spend.supplier_id
    inner join spend as other_spend on supplier_pairs.other_supplier_id = other_spend.supplier_id
    left join gated as one_gated on supplier_pairs.supplier_id = one_gated.supplier_id
    left join gated as other_gated on supplier_pairs.other_supplier_id = other_gated.supplier_id
),

final as (
    select
        waiting.queue_id,
        cast(row_number() over (
            order by
                waiting.is_unsure asc, waiting.could_gate desc, waiting.spend desc nulls last,
                waiting.match_weight desc nulls last, waiting.queue_id asc
        ) as integer) as queue_rank,
        waiting.kind,
        waiting.supplier_id,
        waiting.supplier_ref,
        suppliers.name as supplier_name,
        waiting.other_supplier_id,
        waiting.other_supplier_ref,
        waiting.list_name,
        waiting.entry_ref,
        waiting.other_name,
        waiting.match_weight,
        waiting.explanation,
        waiting.feeds_indicator,
        waiting.could_gate,
        waiting.is_unsure,
        waiting.spend
    from waiting
    inner join suppliers on waiting.supplier_id = suppliers.supplier_id
)

select * from final
