with entries as (
    select * from {{ ref('stg_list_entry') }}
    -- A person leaves on the day of delisting; what a company was listed for fades with time instead.
    where
        not (entry_kind = 'person' and list_status = 'ended')
        -- A good from somewhere is on the list, not a company.
        and entry_kind <> 'good'
),

records as (
    select * from {{ ref('int_supplier_records') }}
),

entities as (
    select * from {{ ref('int_entities_resolved') }}
    where is_supplier
),

name_keys as (
    select * from {{ ref('int_name_keys') }}
),

entry_identifiers as (
    {{ identifier_rows('entries', 'row_id') }}
),

same_identifier as (
    select
        entities.supplier_id,
        entry_identifiers.row_id,
        entry_identifiers.method as matched_on,
        entry_identifiers.method_rank
    from entry_identifiers
    inner join {{ ref('int_supplier_identifiers') }} as supplier_identifiers
        on entry_identifiers.link_key = supplier_identifiers.link_key
    inner join entities on supplier_identifiers.supplier_ref = entities.supplier_ref
),

supplier_names as (
    select distinct
        names.supplier_ref,
        names.name_key,
        names.is_alias,
        records.country_code
    from {{ ref('int_supplier_names_normalised') }} as names
    inner join records on names.supplier_ref = records.supplier_ref
    -- A natural person is joined by reference alone.
    where not records.is_natural_person
),

entry_spellings as (
    select
        row_id,
        country_code,
        entry_name as spelling,
        false as is_alias
    from entries
    where entry_kind <> 'person'
    union all
    select
        row_id,
        country_code,
        {{ exploded('aliases') }} as spelling,
        true as is_alias
    from entries
    where entry_kind <> 'person'
),

entry_names as (
    select
        entry_spellings.row_id,
        entry_spellings.country_code,
        entry_spellings.is_alias,
        name_keys.name_key
    from entry_spellings
    inner join name_keys on entry_spellings.spelling = name_keys.spelling
),

same_name as (
    select
        entities.supplier_id,
        entry_names.row_id,
        case when entry_names.is_alias or supplier_names.is_alias then 'alias' else 'name' end as matched_on,
        case when entry_names.is_alias or supplier_names.is_alias then 7 else 6 end as method_rank
    from entry_names
    inner join supplier_names on entry_names.name_key = supplier_names.name_key
    inner join entities on supplier_names.supplier_ref = entities.supplier_ref
    where coalesce(entry_names.country_code = supplier_names.country_code, true)
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
        {{ first_value_by('verdict', 'decided_on desc nulls last, verdict_row_id desc') }} as verdict
    from judged
    group by supplier_id, row_id
),

candidates as (
    select * from same_identifier
    union all
    select * from same_name
    union all
    select
        supplier_id,
        row_id,
        'verdict' as matched_on,
        8 as method_rank
    from verdicts
),

matched as (
    select
        supplier_id,
        row_id,
        {{ first_value_by('matched_on', 'method_rank') }} as matched_on,
        min(method_rank) <= 5 as is_same_identifier
    from candidates
    group by supplier_id, row_id
),

judged_matches as (
    select
        matched.*,
        case
            when verdicts.verdict in ('confirmed', 'rejected') then verdicts.verdict
            when verdicts.verdict = 'unsure' then 'possible'
            when matched.is_same_identifier then 'confirmed'
            else 'possible'
        end as match_status,
        case
            when verdicts.verdict in ('confirmed', 'rejected') then 'verdict'
            when verdicts.verdict is null and matched.is_same_identifier then 'identifier'
        end as confirmed_by
    from matched
    left join verdicts
        on
            matched.supplier_id = verdicts.supplier_id
            and matched.row_id = verdicts.row_id
),

final as (
    select
        {{ short_id('M', "judged_matches.supplier_id || ' ' || judged_matches.row_id") }} as match_id,
        judged_matches.supplier_id,
        judged_matches.row_id,
        judged_matches.matched_on,
        judged_matches.match_status,
        case when judged_matches.match_status = 'confirmed' then judged_matches.confirmed_by end as confirmed_by,
        entries.list_status,
        entries.feeds_indicator,
        coalesce(
            judged_matches.match_status = 'confirmed'
            and entries.feeds_indicator in ('A01', 'A02', 'F12')
            and entries.list_status in ('in_force', 'modified')
            and not entries.is_second_hand,
            false
        ) as gates
    from judged_matches
    inner join entries on judged_matches.row_id = entries.row_id
)

select * from final
