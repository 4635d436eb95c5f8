-- A match says that it gates exactly where its fact is a confirmed act in force, neither contested nor second-hand.
with gating_facts as (
    select source_key || ' ' || supplier_id as match_key
    from {{ ref('ftr_indicator_fact') }}
    where
        source_table = 'fct_list_match'
        and confirmed_by in ('identifier', 'verdict')
        and in_force
        and not contested
        and not second_hand
),

gating_matches as (
    select row_id || ' ' || supplier_id as match_key
    from {{ ref('fct_list_match') }}
    where gates
)

select coalesce(gating_facts.match_key, gating_matches.match_key) as match_key
from gating_facts
full join gating_matches on gating_facts.match_key = gating_matches.match_key
where
    gating_facts.match_key is null
    or gating_matches.match_key is null
