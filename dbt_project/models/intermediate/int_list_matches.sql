with entries as (
    select
        staged.*,
        entry_ids.entry_id
    from {{ ref('stg_list_entry') }} as staged
    inner join {{ ref('int_list_entry_ids') }} as entry_ids on staged.row_id = entry_ids.row_id
    -- A person leaves on the day of delisting; what a company was listed for fades with time instead.
    where
        not (staged.entry_kind = 'person' and staged.list_status = 'ended')
        -- A good from somewhere is on the list, not a company.
        and staged.entry_kind <> 'good'
),

entities as (
    select * from {{ ref('int_entities_resolved') }}
    where is_supplier
),

same_identifier as (
    select distinct
        entities.supplier_id,
        entry_identifiers.row_id,
        entry_identifiers.method,
        entry_identifiers.method_rank
    from {{ ref('int_list_entry_identifiers') }} as entry_identifiers
    inner join {{ ref('int_supplier_identifiers') }} as supplier_identifiers
        on entry_identifiers.link_key = supplier_identifiers.link_key
    inner join entities on supplier_identifiers.supplier_ref = entities.supplier_ref
),

identified as (
    select
        supplier_id,
        row_id,
        {{ first_value_by('method', 'method_rank') }} as method,
        {{ explained_level("'identifier'", "'agrees: ' || " ~ joined_distinct("replace(method, '_', ' ')")) }}
            as explanation
    from same_identifier
    group by supplier_id, row_id
),

compared as (
    select
        entities.supplier_id,
        candidates.entry_row_id as row_id,
        candidates.match_weight,
        candidates.matched_on,
        candidates.explanation
    from {{ source('matching', 'list_candidate') }} as candidates
    inner join entities on candidates.supplier_ref = entities.supplier_ref
    -- Of the records of one supplier the one that is most like the entry speaks.
    qualify row_number() over (
        partition by entities.supplier_id, candidates.entry_row_id
        order by candidates.match_weight desc, candidates.supplier_ref asc
    ) = 1
),

-- A verdict may name a person by the id that is published, which is not the list's own.
entry_references as (
    select
        row_id,
        list_name,
        entry_ref
    from entries
    union
    select
        row_id,
        list_name,
        row_id as entry_ref
    from entries
    where entry_kind = 'person'
),

judged as (
    select
        entities.supplier_id,
        entry_references.row_id,
        verdicts.verdict,
        verdicts.decided_on,
        verdicts.decided_at,
        verdicts.row_id as verdict_row_id
    from {{ ref('stg_match_verdict') }} as verdicts
    inner join entities on verdicts.supplier_ref = entities.supplier_ref
    inner join entry_references
        on
            verdicts.list_name = entry_references.list_name
            and verdicts.entry_ref = entry_references.entry_ref
),

verdicts as (
    select
        supplier_id,
        row_id,
        {{ first_value_by('verdict', 'decided_on desc nulls last, decided_at desc nulls last, verdict_row_id desc') }}
            as verdict
    from judged
    group by supplier_id, row_id
),

pairs as (
    select
        supplier_id,
        row_id
    from identified
    union
    select
        supplier_id,
        row_id
    from compared
    union
    select
        supplier_id,
        row_id
    from verdicts
),

matched as (
    select
        pairs.supplier_id,
        pairs.row_id,
        verdicts.verdict,
        identified.method is not null as is_same_identifier,
        coalesce(identified.method, compared.matched_on, 'verdict') as matched_on,
        compared.match_weight,
        coalesce(compared.explanation, identified.explanation, []) as explanation
    from pairs
    left join identified
        on
            pairs.supplier_id = identified.supplier_id
            and pairs.row_id = identified.row_id
    left join compared
        on
            pairs.supplier_id = compared.supplier_id
            and pairs.row_id = compared.row_id
    left join verdicts
        on
            pairs.supplier_id = verdicts.supplier_id
            and pairs.row_id = verdicts.row_id
),

decided as (
    select
        matched.supplier_id,
        matched.row_id,
        matched.matched_on,
        matched.match_weight,
        {{ explanation_text('matched.explanation', 'matched.verdict') }} as explanation,
        case
            when matched.verdict in ('confirmed', 'rejected') then matched.verdict
            when matched.verdict is null and matched.is_same_identifier then 'confirmed'
            -- What is over and was never confirmed is history: nobody need judge it.
            when entries.list_status = 'ended' then 'past'
            else 'possible'
        end as match_status,
        case
            when matched.verdict in ('confirmed', 'rejected') then 'verdict'
            when matched.verdict is null and matched.is_same_identifier then 'identifier'
        end as confirmed_by,
        entries.entry_id,
        entries.list_status,
        entries.feeds_indicator,
        entries.is_second_hand
    from matched
    inner join entries on matched.row_id = entries.row_id
),

-- Suppliers merge and split: a match was known where any reference of the supplier had it, or the supplier itself.
known_references as (
    select
        entities.supplier_id,
        earlier.entry_id,
        earlier.first_known_on,
        earlier.was_hit,
        earlier.is_still_new
    from {{ source('matching', 'known_list_match') }} as earlier
    inner join entities on earlier.supplier_ref = entities.supplier_ref
    union
    select
        supplier_id,
        entry_id,
        first_known_on,
        was_hit,
        is_still_new
    from {{ source('matching', 'known_list_match') }}
),

known as (
    select
        supplier_id,
        entry_id,
        min(first_known_on) as first_known_on,
        bool_or(was_hit and not is_still_new) as was_hit
    from known_references
    group by supplier_id, entry_id
),

screenings as (
    select count(*) > 0 as are_earlier from {{ source('matching', 'earlier_screening') }}
),

final as (
    select
        {{ short_id('M', "decided.supplier_id || ' ' || decided.entry_id") }} as match_id,
        decided.supplier_id,
        decided.row_id,
        decided.entry_id,
        decided.matched_on,
        decided.match_weight,
        decided.explanation,
        decided.match_status,
        case when decided.match_status = 'confirmed' then decided.confirmed_by end as confirmed_by,
        decided.list_status,
        decided.feeds_indicator,
        coalesce(
            decided.match_status = 'confirmed'
            and decided.feeds_indicator in ('A01', 'A02', 'F12')
            and decided.list_status in ('in_force', 'modified')
            and not decided.is_second_hand,
            false
        ) as gates,
        coalesce(known.first_known_on, {{ as_of() }}) as first_known_on,
        screenings.are_earlier
        and decided.match_status in ('confirmed', 'possible')
        and decided.list_status <> 'ended'
        and not coalesce(known.was_hit, false) as is_new
    from decided
    cross join screenings
    left join known
        on
            decided.supplier_id = known.supplier_id
            and decided.entry_id = known.entry_id
)

select * from final
